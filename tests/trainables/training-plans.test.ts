import { describe, expect, it } from 'vitest'
import {
  type BatchSizePolicy,
  batchSizeAt,
  checkBatchSizePolicy,
  checkLearningRateSchedule,
  type LearningRateSchedule,
  learningRateAt,
  type SweepPoint,
  suggestBatchSizes,
  suggestLearningRate,
} from '../../trainables/index.js'

/** Learning rates at epochs of a run of ten epochs with 100 steps each. */
function ratesAt(schedule: LearningRateSchedule, epochs: readonly number[]): number[] {
  return epochs.map(epoch =>
    Number(learningRateAt(schedule, { epoch, epochs: 10, step: Math.round(epoch * 100) }).toPrecision(6)),
  )
}

describe('a learning rate', () => {
  it.each<[LearningRateSchedule, number[], number[]]>([
    [{ kind: 'constant', rate: 0.1 }, [0, 5, 10], [0.1, 0.1, 0.1]],
    [{ kind: 'linear', rate: 0.2 }, [0, 5, 10], [0.2, 0.1, 0]],
    [{ kind: 'cosine', rate: 0.2 }, [0, 5, 10], [0.2, 0.1, 0]],
    [{ kind: 'step', rate: 0.2, every: 2.5 }, [0, 2.49, 2.5, 5], [0.2, 0.2, 0.02, 0.002]],
    [{ kind: 'step', rate: 1, every: 1, factor: 0.5 }, [0.999, 3], [1, 0.125]],
    [{ kind: 'exponential', rate: 1, factor: 0.9 }, [0, 0.5, 2], [1, 0.948683, 0.81]],
    [{ kind: 'cyclical', lower: 0.1, upper: 0.5, halfCycle: 2 }, [0, 1, 2, 3, 4, 6], [0.1, 0.3, 0.5, 0.3, 0.1, 0.5]],
    // Smith's exp_range: base + (max − base) · max(0, 1 − |it / stepsize − 2 cycle + 1|) · γ^it, here at it = 200 and 600
    [{ kind: 'cyclical', lower: 0.1, upper: 0.5, halfCycle: 2, decay: 0.999 }, [0, 2, 6], [0.1, 0.42746, 0.319459]],
  ])('%j', (schedule, epochs, rates) => {
    checkLearningRateSchedule(schedule)
    expect(ratesAt(schedule, epochs)).toEqual(rates)
  })

  it.each<[object, RegExp]>([
    [{ kind: 'constant', rate: 0 }, /rate is 0: it must be a number greater than 0/],
    [{ kind: 'step', rate: 1 }, /every is undefined/],
    [
      { kind: 'cyclical', lower: 0.5, upper: 0.1, halfCycle: 1 },
      /upper is 0.1: it must be at least lower, which is 0.5/,
    ],
    [{ kind: 'cyclical', lower: 0.1, upper: 0.5, halfCycle: 1, decay: 1.1 }, /decay is 1.1/],
    [{ kind: 'warm' }, /kind is "warm": it must be one of constant, linear, cosine, step, exponential, cyclical/],
  ])('%j is refused', (schedule, message) => {
    expect(() => checkLearningRateSchedule(schedule as LearningRateSchedule)).toThrow(
      expect.objectContaining({ code: 'INVALID_CONFIG', message: expect.stringMatching(message) }),
    )
  })
})

describe('a batch size', () => {
  it.each<[BatchSizePolicy, number[], number[]]>([
    [{ kind: 'constant', size: 64 }, [0, 7], [64, 64]],
    [{ kind: 'step', size: 64, every: 3, factor: 4, upper: 1000 }, [0, 3, 6, 9], [64, 256, 1000, 1000]],
    [{ kind: 'cyclical', lower: 64, upper: 1024, halfCycle: 2 }, [0, 0.5, 1, 2, 3, 4], [64, 128, 256, 1024, 256, 64]],
  ])('%j', (policy, epochs, sizes) => {
    checkBatchSizePolicy(policy)
    expect(epochs.map(epoch => batchSizeAt(policy, { epoch }))).toEqual(sizes)
  })

  it.each<[object, RegExp]>([
    [{ kind: 'constant', size: 1.5 }, /size is 1.5: it must be an integer, 1 or more/],
    [{ kind: 'cyclical', lower: 64, upper: 32, halfCycle: 1 }, /upper is 32/],
    [{ kind: 'other' }, /one of constant, step, cyclical/],
  ])('%j is refused', (policy, message) => {
    expect(() => checkBatchSizePolicy(policy as BatchSizePolicy)).toThrow(
      expect.objectContaining({ code: 'INVALID_CONFIG', message: expect.stringMatching(message) }),
    )
  })
})

describe('a range test', () => {
  const sweep = (values: readonly number[], loss: (value: number) => number): SweepPoint[] =>
    values.map(value => ({ value, loss: loss(value), smoothed: loss(value) }))
  const rates = Array.from({ length: 61 }, (_, index) => 10 ** (index / 10 - 5))

  it('suggests the learning rate of the steepest fall, and tells where the loss is lowest', () => {
    // falls like a logistic curve around 0.001 and explodes past 0.1
    const points = sweep(rates, rate => 2 / (1 + (rate / 0.001) ** 2) + 0.3 + rate ** 2)
    const { steepest, lowest } = suggestLearningRate(points)
    expect(steepest).toBeCloseTo(0.001, 4)
    expect(lowest).toBeGreaterThan(0.02)
    expect(lowest).toBeLessThan(0.3)
  })

  it('is not misled by a lucky batch where the loss is flat', () => {
    const lucky = rates[15] ?? Number.NaN
    const points = sweep(rates, rate => 2 / (1 + (rate / 0.001) ** 2) + 0.3 + rate ** 2 - (rate === lucky ? 0.6 : 0))
    expect(suggestLearningRate(points).steepest).toBeCloseTo(0.001, 4)
  })

  it('suggests nothing when the loss never falls or is no number', () => {
    expect(suggestLearningRate(sweep(rates, rate => 2 + rate)).steepest).toBeUndefined()
    expect(suggestLearningRate(sweep(rates, () => Number.NaN))).toEqual({ steepest: undefined, lowest: undefined })
    expect(suggestLearningRate([])).toEqual({ steepest: undefined, lowest: undefined })
  })

  it('suggests the batch sizes between which the loss falls', () => {
    const losses: Record<number, number> = { 64: 2.3, 128: 2.25, 256: 1.9, 512: 1.2, 1024: 0.75, 2048: 0.72, 4096: 0.7 }
    expect(suggestBatchSizes(sweep(Object.keys(losses).map(Number), size => losses[size] ?? 0))).toEqual({
      lower: 256,
      upper: 1024,
    })
    expect(suggestBatchSizes(sweep([64, 128], () => 1))).toEqual({ lower: undefined, upper: undefined })
  })
})
