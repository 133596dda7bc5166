import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Arguments that make an example short, and what its last lines must say. */
const examples: Record<string, { readonly args?: readonly string[]; readonly says: RegExp }> = {
  activations: { args: ['--quick'], says: /^relu +He +mean ± sd[\s\S]*\n19 pictures: /m },
  'dropout-regression': {
    args: ['--quick'],
    says: /^Without dropout w1 is 10\.00 times w2; at 0\.6 w2 is 9\.\d+ times w1\n3 pictures: /m,
  },
  'eggholder-regression': {
    args: ['--quick'],
    says: /^The function's own standard deviation is 298\.2[\s\S]*\n4 pictures: /m,
  },
  perceptron: {
    args: ['--quick'],
    says: /^The perceptron converged on 12 of 12 squares, within the bound R²\/γ² on 12$/m,
  },
  'relu-collapse': { args: ['--quick'], says: /^ReLU, He +\d+\.\d %[\s\S]*\n3 pictures: /m },
  'mnist-grid': {
    args: ['--quick', '--folds', '2'],
    says: /^Test accuracy \d+\.\d\d % on the 10,000 test images\n4 pictures: /m,
  },
  'mnist-l1': { args: ['--quick'], says: /^L1, from the weights of L2 .* %\n4 pictures: /m },
  'mnist-optimizers': { args: ['--quick'], says: /^Adam +0\.\d+ .* %.*\n3 pictures: /m },
  'mnist-batch-normalization': { args: ['--quick'], says: /^batch normalization .* %.*\n3 pictures: /m },
  'lenet-5-mnist': { args: ['--quick'], says: /^ +dense2 +84 +.*\n5 pictures: /m },
  'lenet-5-cifar-10': { args: ['--quick'], says: /^L2, λ 0\.001 +\d+\.\d\d % .*\n11 pictures: /m },
  'quick-start': { says: /^loss \S+ with \{ lr: [\d.]+, momentum: [\d.]+ \}$/m },
  'ask-and-tell': { says: /^50 trials made \d+ reports instead of 1350$/m },
  'conditional-space': { says: /^error 0\.\d+ with \{/m },
  'compare-searchers': { says: /^network +auto +0\.\d+ .*\ncompare-searchers\.csv has/m },
  'compare-strategies': {
    args: ['--repeats', '2'],
    says: /^- 7 strategies, 2 problems and 2 seeds make 4 blocks [\s\S]*\ncompare-strategies\.md has the advantages/m,
  },
  'population-based-training': { args: ['--seeds', '1'], says: /^PBT +1\.\d+/m },
  'resume-and-extend': { says: /same to the last bit: true\n.*\n.*from the start: true$/m },
  'memory-by-batch-size': {
    args: ['--quick'],
    says: /^ResNet-20 +Adam +1\.1 +2\.2 +\d+\.\d[\s\S]*\n2 pictures: /m,
  },
  'resnet-cifar-10': {
    args: ['--quick'],
    says: /^divided by 10 +\d\.\d{4} +[\d.]+ % [\s\S]*\n8 layers, 6 epochs of 200 images\.[\s\S]*\n3 pictures: /m,
  },
  'transfer-learning': {
    args: ['--quick'],
    says: /^last layer, then all +0\.\d+ +\d+ +\d \+ \d +\d+ +[\d.]+ % +[\d.]+ % [\s\S]*\n6 pictures: /m,
  },
  'tune-mnist': {
    args: ['--trials', '2', '--train-images', '200', '--final-images', '200'],
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
    const files = readdirSync(join(root, 'examples')).map(file => file.replace(/\.ts$/, ''))
    expect(Object.keys(examples).sort()).toEqual(files.sort())
  })

  it.for(Object.entries(examples))(
    'include %s, which runs to its end',
    { timeout: 120_000 },
    async ([name, { args = [], says }]) => {
      const script = join(root, 'dist', 'examples', `${name}.js`)
      const { stdout } = await promisify(execFile)(process.execPath, [script, ...args], { cwd: directory })
      expect(stdout).toMatch(says)
    },
  )
})
