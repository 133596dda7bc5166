import type { Tensor4D } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { convolutionAndGradients, KernelAgreement, runKernel, upstream } from './kernel-agreement.js'

const agreement = await KernelAgreement.load()
const { tf } = agreement

const runs = { numRuns: 40, seed: 20260101 }

const small = fc.integer({ min: 1, max: 3 })
const convolution = fc
  .record({
    batch: small,
    height: fc.integer({ min: 1, max: 9 }),
    width: fc.integer({ min: 1, max: 9 }),
    filterHeight: fc.integer({ min: 1, max: 4 }),
    filterWidth: fc.integer({ min: 1, max: 4 }),
    inputs: fc.integer({ min: 1, max: 9 }),
    outputs: fc.integer({ min: 1, max: 18 }),
    strides: fc.tuple(small, small),
    dilation: fc.integer({ min: 1, max: 2 }),
    pad: fc.oneof(fc.constantFrom<'valid' | 'same'>('valid', 'same'), fc.integer({ min: 0, max: 2 })),
  })
  // tfjs-core takes filters and strides for squares when the padding is a number
  .map(sizes =>
    typeof sizes.pad === 'number'
      ? { ...sizes, filterWidth: sizes.filterHeight, strides: [sizes.strides[0], sizes.strides[0]] as [number, number] }
      : sizes,
  )
  .filter(
    ({ height, width, filterHeight, filterWidth, pad }) =>
      pad === 'same' || (height >= filterHeight && width >= filterWidth),
  )

describe('the WASM kernels agree with the cpu back end on', () => {
  it('convolutions and their gradients', async () => {
    await fc.assert(
      fc.asyncProperty(
        convolution,
        ({ batch, height, width, filterHeight, filterWidth, inputs, outputs, strides, pad }) => {
          const x = [batch, height, width, inputs]
          const filter = [filterHeight, filterWidth, inputs, outputs]
          return agreement.expect([{ shape: x }, { shape: filter }], convolutionAndGradients(tf, { strides, pad }))
        },
      ),
      runs,
    )
  })

  it('dilated convolutions, which go to the kernel of the back end', async () => {
    await agreement.expect([{ shape: [2, 9, 9, 3] }, { shape: [3, 3, 3, 5] }], (x, filter) =>
      tf.conv2d(x as never, filter as never, 1, 'same', 'NHWC', 2),
    )
  })

  it('the gradients of depthwise convolutions', async () => {
    const sizes = fc.record({ multiplier: small, shared: convolution })
    await fc.assert(
      fc.asyncProperty(sizes, ({ multiplier, shared }) => {
        const { batch, height, width, filterHeight, filterWidth, inputs, pad, dilation } = shared
        fc.pre(pad === 'same' || (height > (filterHeight - 1) * dilation && width > (filterWidth - 1) * dilation))
        // the cpu back end ignores dilations in the gradients, tfjs-core refuses them
        const strides = shared.strides
        const x = [batch, height, width, inputs]
        const filter = [filterHeight, filterWidth, inputs, multiplier]
        return agreement.expect([{ shape: x }, { shape: filter }], (input, weights) => {
          const attributes = { strides, pad, dilations: [1, 1] }
          const dy = upstream(tf, tf.depthwiseConv2d(input as Tensor4D, weights as Tensor4D, strides, pad).shape)
          const toFilter = { ...attributes, filterShape: filter }
          const toInput = { ...attributes, inputShape: x }
          return [
            runKernel(tf, 'DepthwiseConv2dNativeBackpropFilter', { x: input, dy }, toFilter),
            runKernel(tf, 'DepthwiseConv2dNativeBackpropInput', { dy, filter: weights }, toInput),
          ]
        })
      }),
      runs,
    )
  })

  it('matrix products, transposed or not, with or without a batch', async () => {
    const size = fc.integer({ min: 1, max: 20 })
    const sizes = fc.record({
      batch: fc.constantFrom<readonly number[]>([], [1], [3], [2, 2]),
      isShared: fc.boolean(),
      rows: size,
      depth: size,
      columns: size,
      transposeA: fc.boolean(),
      transposeB: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(sizes, ({ batch, isShared, rows, depth, columns, transposeA, transposeB }) => {
        const a = [...batch, ...(transposeA ? [depth, rows] : [rows, depth])]
        const b = [...(isShared ? batch.map(() => 1) : batch), ...(transposeB ? [columns, depth] : [depth, columns])]
        return agreement.expect([{ shape: a }, { shape: b }], (left, right) =>
          tf.matMul(left, right, transposeA, transposeB),
        )
      }),
      runs,
    )
  })

  it('sums over all axes but the last, and over others', async () => {
    await agreement.expect([{ shape: [2, 3, 4, 5] }], x => [
      tf.sum(x, [0, 1, 2]),
      tf.sum(x, [0, 1, 2], true),
      tf.sum(x, [-2, 1]),
      tf.sum(x),
    ])
    await agreement.expect([{ shape: [7] }], x => tf.sum(x, 0))
    await agreement.expect([{ shape: [2, 3], dtype: 'int32', values: [1, 2, 3, 4, 5, 6] }], x => tf.sum(x, 0))
  })

  it('cutting along an axis', async () => {
    await agreement.expect([{ shape: [2, 3, 7] }], x => [
      ...tf.split(x, [4, 1, 2], -1),
      ...tf.split(x, 3, 1),
      ...tf.split(x, [2, 0], 0),
    ])
    const whole = { shape: [2, 2], dtype: 'int32' as const, values: [1, 2, 3, 4] }
    await agreement.expect([whole], x => tf.split(x, 2, 1))
  })

  it('sums over segments', async () => {
    const segments = { shape: [5], dtype: 'int32' as const, values: [2, 0, 2, -1, 1] }
    await agreement.expect([{ shape: [5, 3] }, segments], (x, ids) => tf.unsortedSegmentSum(x, ids as never, 4))
  })

  it.each([
    ['ij,jk->ik', [2, 3], [3, 4]],
    ['bij,bkj->bik', [2, 3, 4], [2, 5, 4]],
    ['ij,ij->j', [3, 4], [3, 4]],
    ['i,j->ji', [3], [4]],
  ])('the Einstein sum %s', async (equation, a, b) => {
    await agreement.expect([{ shape: a }, { shape: b }], (left, right) => tf.einsum(equation, left, right))
  })
})

it('WASM kernels free what they allocate', async () => {
  await tf.setBackend('wasm')
  const before = tf.memory().numTensors
  await agreement.compute('wasm', [{ shape: [2, 8, 8, 4] }, { shape: [3, 3, 4, 8] }], (x, filter) =>
    tf.grads((a, b) => tf.sum(tf.maxPool(tf.conv2d(a as never, b as never, 1, 'same') as never, 2, 2, 'valid')))([
      x,
      filter,
    ]),
  )
  expect(tf.memory().numTensors).toBe(before)
})
