import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KernelAgreement } from './kernel-agreement.js'

const agreement = await KernelAgreement.load()
const { tf } = agreement

const runs = { numRuns: 60, seed: 20260102 }
const small = fc.integer({ min: 1, max: 3 })
const pooling = fc
  .record({
    batch: small,
    height: fc.integer({ min: 1, max: 9 }),
    width: fc.integer({ min: 1, max: 9 }),
    channels: fc.constantFrom(1, 2, 3, 4, 6, 8, 13),
    filter: fc.integer({ min: 1, max: 3 }),
    strides: fc.oneof(fc.constant<[number, number]>([2, 2]), fc.tuple(small, small)),
    pad: fc.constantFrom<'valid' | 'same'>('valid', 'same'),
    levels: fc.constantFrom(2, 1000),
  })
  .filter(({ height, width, filter, pad }) => pad === 'same' || (height >= filter && width >= filter))

describe('the WASM kernels agree with the cpu back end on', () => {
  it('max-pooling and its gradient, also where pixels tie', async () => {
    await fc.assert(
      fc.asyncProperty(pooling, ({ batch, height, width, channels, filter, strides, pad, levels }) => {
        const shape = [batch, height, width, channels]
        return agreement.expect([{ shape }], x => {
          const steps = tf.round(tf.mul(x, levels))
          const pool = (input: Tensor): Tensor => tf.maxPool(input as Tensor4D, filter, strides, pad)
          return [pool(steps), tf.grad(input => tf.sum(tf.square(pool(input))))(steps)]
        })
      }),
      runs,
    )
  })

  it('average-pooling without padding and its gradient', async () => {
    const inside = pooling.filter(({ height, width, filter }) => height >= filter && width >= filter)
    await fc.assert(
      fc.asyncProperty(inside, ({ batch, height, width, channels, filter, strides }) =>
        agreement.expect([{ shape: [batch, height, width, channels] }], x => {
          const pool = (input: Tensor): Tensor => tf.avgPool(input as Tensor4D, filter, strides, 'valid')
          return [pool(x), tf.grad(input => tf.sum(tf.square(pool(input))))(x)]
        }),
      ),
      runs,
    )
  })
})

it.each([
  ['2 × 2', 2, 2, 'valid'],
  ['3 × 3 at stride 2', 3, 2, 'valid'],
  ['3 × 3 at stride 2 with padding', 3, 2, 'same'],
  ['3 × 3 at stride 1 with padding', 3, 1, 'same'],
] as const)('the gradient of %s max-pooling is its slope', async (_, filter, stride, pad) => {
  await agreement.expectSlopes(
    [{ shape: [2, 7, 9, 6] }],
    x => tf.maxPool(x as Tensor4D, filter, stride, pad),
    // so little that hardly a maximum moves to another pixel
    1e-3,
  )
})

it('the gradient of average-pooling is its slope', async () => {
  await agreement.expectSlopes([{ shape: [2, 8, 9, 6] }], x => tf.avgPool(x as Tensor4D, 3, 2, 'valid'), 1)
})

it('NaN and infinities pass through max-pooling, and gradients through windows of NaN', async () => {
  const values = [Number.NaN, 1, 2, 3, Number.POSITIVE_INFINITY, 1, 2, 3, Number.NEGATIVE_INFINITY, -1, -2, -3]
  const [y, dx] = await agreement.compute('wasm', [{ shape: [3, 2, 2, 1], values }], x => [
    tf.maxPool(x as Tensor4D, 2, 2, 'valid'),
    tf.grad(input => tf.sum(tf.maxPool(input as Tensor4D, 2, 2, 'valid')))(x),
  ])
  expect(y?.values).toEqual([Number.NaN, Number.POSITIVE_INFINITY, -1])
  expect(dx?.values).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0])
})
