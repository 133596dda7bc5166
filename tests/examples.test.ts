import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Arguments that make an example short, where they aren't `--quick` alone. */
const shortForms: Readonly<Record<string, readonly string[]>> = JSON.parse(
  readFileSync(join(root, 'scripts', 'short-examples.json'), 'utf8'),
)

/** What the last lines of each example's short form must say. */
const examples: Record<string, { readonly says: RegExp }> = {
  activations: { says: /^relu +He +mean ± sd[\s\S]*\n19 pictures: /m },
  'dropout-regression': {
    says: /^Without dropout w1 is 10\.00 times w2; at 0\.6 w2 is 9\.\d+ times w1\n3 pictures: /m,
  },
  'eggholder-regression': {
    says: /^The function's own standard deviation is 298\.2[\s\S]*\n4 pictures: /m,
  },
  edges: {
    says: /^With 90 images, permuted pixels cost the CNN \d+\.\d points of accuracy, the MLP -?\d+\.\d\n5 pictures: /m,
  },
  perceptron: {
    says: /^The perceptron converged on 12 of 12 squares, within the bound R²\/γ² on 12$/m,
  },
  'relu-collapse': { says: /^ReLU, He +\d+\.\d %[\s\S]*\n3 pictures: /m },
  'mnist-grid': {
    says: /^Test accuracy \d+\.\d\d % on the 10,000 test images\n4 pictures: /m,
  },
  'mnist-l1': { says: /^sparsest L1 \* .* %\n.*\n5 pictures: /m },
  'mnist-optimizers': { says: /^Adam +0\.\d+ .* %.*\n3 pictures: /m },
  'mnist-batch-normalization': { says: /^batch normalization .* %.*\n3 pictures: /m },
  'lenet-5-mnist': { says: /^ +dense2 +84 +.*\n5 pictures: /m },
  'lenet-5-cifar-10': { says: /^L2, λ 0\.001 +\d+\.\d\d % .*\n11 pictures: /m },
  'mlp-optimizers': {
    says: /^Adam, dropout +0\.\d+ +\d\.\d+ +[\d.]+ % +[\d.]+ % [\s\S]*\n5 pictures: /m,
  },
  'mini-googlenet': {
    says: /^cyclical batch size +[\d.e-]+ +\d+ … \d+ [\s\S]*\n6 pictures: /m,
  },
  'quick-start': { says: /^loss \S+ with \{ lr: [\d.]+, momentum: [\d.]+ \}$/m },
  'ask-and-tell': { says: /^50 trials made \d+ reports instead of 1350$/m },
  'conditional-space': { says: /^error 0\.\d+ with \{/m },
  'compare-searchers': { says: /^network +auto +0\.\d+ .*\ncompare-searchers\.csv has/m },
  'compare-strategies': {
    says: /^- 7 strategies, 2 problems and 2 seeds make 4 blocks [\s\S]*\ncompare-strategies\.md has the advantages/m,
  },
  'population-based-training': { says: /^PBT +1\.\d+/m },
  'resume-and-extend': { says: /same to the last bit: true\n.*\n.*from the start: true$/m },
  'memory-by-batch-size': {
    says: /^ResNet-20 +Adam +1\.1 +2\.2 +\d+\.\d[\s\S]*\n2 pictures: /m,
  },
  'resnet-cifar-10': {
    says: /^divided by 10 +\d\.\d{4} +[\d.]+ % [\s\S]*\n8 layers, 6 epochs of 200 images\.[\s\S]*\n3 pictures: /m,
  },
  'transfer-learning': {
    says: /^last layer, then all +0\.\d+ +\d+ +\d \+ \d +\d+ +[\d.]+ % +[\d.]+ % [\s\S]*\n6 pictures: /m,
  },
  'tune-mnist': {
    says: /^Test accuracy +\d+\.\d\d % on the 10,000 test images$/m,
  },
  'understand-a-study': {
    says: /^- \[[a-z]+\] Leave lr > 0\.\d+ out of the space[\s\S]*\nand comes to 0\.\d+; the best trial came to 0\.\d+$/m,
  },
}

let directory: string

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'tunewright-examples-'))
})

afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe('the examples', () => {
  it('are all run here', () => {
    const files = readdirSync(join(root, 'examples')).filter(file => file.endsWith('.ts'))
    expect(Object.keys(examples).sort()).toEqual(files.map(file => file.slice(0, -'.ts'.length)).sort())
  })

  it.for(Object.entries(examples))(
    'include %s, which runs to its end',
    { timeout: 120_000 },
    async ([name, { says }]) => {
      const script = join(root, 'dist', 'examples', `${name}.js`)
      const args = shortForms[name] ?? ['--quick']
      const { stdout } = await promisify(execFile)(process.execPath, [script, ...args], { cwd: directory })
      expect(stdout).toMatch(says)
    },
  )
})
