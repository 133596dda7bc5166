import { createHash } from 'node:crypto'
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { convolutionAndGradients, KernelAgreement, normals } from './kernel-agreement.js'

const agreement = await KernelAgreement.load()
const { tf } = agreement

describe('the WASM kernels agree with the cpu back end on convolutions and their gradients', () => {
  it('with 3 × 3 and 5 × 5 filters of many channels, which are computed by Winograd’s algorithm', async () => {
    const eights = fc.integer({ min: 1, max: 2 }).map(count => 8 * count)
    const sizes = fc
      .record({
        batch: fc.integer({ min: 1, max: 2 }),
        height: fc.integer({ min: 1, max: 11 }),
        width: fc.integer({ min: 1, max: 11 }),
        filterSize: fc.constantFrom(3, 5),
        inputs: eights,
        outputs: eights,
        pad: fc.oneof(fc.constantFrom<'valid' | 'same'>('valid', 'same'), fc.integer({ min: 0, max: 3 })),
      })
      .filter(({ height, width, filterSize, pad }) => pad === 'same' || (height >= filterSize && width >= filterSize))
    await fc.assert(
      fc.asyncProperty(sizes, ({ batch, height, width, filterSize, inputs, outputs, pad }) => {
        const x = [batch, height, width, inputs]
        const filter = [filterSize, filterSize, inputs, outputs]
        return agreement.expect(
          [{ shape: x }, { shape: filter }],
          convolutionAndGradients(tf, { strides: [1, 1], pad }),
        )
      }),
      { numRuns: 15, seed: 20260103 },
    )
  })

  it.each([
    ['7 × 7 at stride 2, as a ResNet starts', [2, 17, 17, 3], [7, 7, 3, 16], 2, 3],
    ['11 × 11 at stride 4, as AlexNet starts', [1, 35, 35, 3], [11, 11, 3, 8], 4, 2],
    ['3 × 3 at stride 2, between stages', [2, 9, 9, 8], [3, 3, 8, 16], 2, 1],
    ['3 × 3 at stride 2 without padding', [2, 9, 8, 8], [3, 3, 8, 12], 2, 'valid'],
    ['1 × 1 at stride 2, in a shortcut', [2, 9, 9, 8], [1, 1, 8, 16], 2, 'valid'],
    ['1 × 1', [2, 5, 7, 24], [1, 1, 24, 8], 1, 'valid'],
    ['5 × 5 of few channels, as in LeNet-5', [3, 14, 14, 6], [5, 5, 6, 16], 1, 'valid'],
  ] as const)('%s', async (_, x, filter, stride, pad) => {
    const run = convolutionAndGradients(tf, { strides: [stride, stride], pad })
    await agreement.expect([{ shape: x }, { shape: filter }], run)
  })
})

it.each([
  ['3 × 3', [2, 9, 10, 8], [3, 3, 8, 16], 1, 'same'],
  ['5 × 5', [2, 11, 9, 16], [5, 5, 16, 8], 1, 'valid'],
  ['5 × 5 of one channel', [2, 9, 9, 1], [5, 5, 1, 8], 1, 'valid'],
  ['7 × 7 at stride 2', [1, 17, 17, 3], [7, 7, 3, 8], 2, 3],
] as const)('the gradients of a %s convolution are its slopes', async (_, x, filter, stride, pad) => {
  const convolve = (input: Tensor, weights: Tensor): Tensor =>
    tf.conv2d(input as Tensor4D, weights as Tensor4D, stride, pad)
  await agreement.expectSlopes([{ shape: x }, { shape: filter }], convolve, 1)
})

describe.each([
  ['by direct summation', [4, 9, 9, 5], [3, 3, 5, 7]],
  ['by Winograd’s algorithm', [4, 13, 9, 16], [3, 3, 16, 8]],
  ['by Winograd’s algorithm, 5 × 5', [4, 13, 9, 8], [5, 5, 8, 16]],
] as const)('a convolution %s', (_, x, filter) => {
  const run = convolutionAndGradients(tf, { strides: [1, 1], pad: 'same' })
  const compute = (backend: 'wasm' | 'cpu', values: readonly number[]) =>
    agreement.compute(backend, [{ shape: x, values }, { shape: filter }], run)

  it('gives the same bits each time, whatever else the memory has been used for', async () => {
    const digest = async (): Promise<string> => {
      const hash = createHash('sha256')
      for (const { values } of await compute('wasm', normals(x, 0))) hash.update(Float32Array.from(values))
      return hash.digest('hex')
    }
    const first = await digest()
    await agreement.compute('wasm', [{ shape: [8, 20, 20, 24] }, { shape: [5, 5, 24, 32] }], (input, weights) =>
      tf.conv2d(tf.div(input as Tensor4D, 0), weights as Tensor4D, 1, 'same'),
    )
    expect(await digest()).toBe(first)
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('lets %s pass through', async special => {
    const values = normals(x, 0).map((value, index) => (index === 200 ? special : value))
    const expected = await compute('cpu', values)
    const found = await compute('wasm', values)
    const lost = expected.map((output, index) =>
      output.values.filter((value, at) => !Number.isFinite(value) && Number.isFinite(found[index]?.values[at])),
    )
    expect(lost.map(({ length }) => length)).toEqual([0, 0, 0])
  })
})
