import { describe, expect, it } from 'vitest'
import { layOutBand } from '../../../schedulers/hyperband/brackets.js'
import { HyperBandScheduler } from '../../../schedulers/index.js'
import { DrillStudy } from '../../../testing/index.js'
import { itHolds } from './facts.js'

/** A band as [trials, level] for each round of each bracket. */
const tableOf = (maxT: number, eta: number) =>
  layOutBand(maxT, eta).map(({ rounds }) => rounds.map(({ trials, level }) => [trials, level]))

const sizesOf = (maxT: number, eta: number) => layOutBand(maxT, eta).map(({ s, rounds }) => [s, rounds[0]?.trials])

/** A number in [0, 1) that looks random, by whole-number arithmetic alone. */
const score = (trial: number, time: number) => ((trial * 2654435761 + time * 40503) % 1000003) / 1000003

describe('HyperBandScheduler, beside golden values of Ray Tune 2.58.0,', () => {
  it('has its brackets', () => {
    expect(tableOf(81, 3)).toEqual([
      [[5, 81]],
      [
        [8, 27],
        [3, 81],
      ],
      [
        [15, 9],
        [5, 27],
        [2, 81],
      ],
      [
        [34, 3],
        [12, 9],
        [4, 27],
        [2, 81],
      ],
      [
        [81, 1],
        [27, 3],
        [9, 9],
        [3, 27],
        [1, 81],
      ],
    ])
    expect(tableOf(20, 3)).toEqual([
      [[4, 20]],
      [
        [6, 6],
        [2, 18],
      ],
      [
        [12, 2],
        [4, 6],
        [2, 18],
      ],
    ])
    expect(tableOf(1, 3)).toEqual([[[1, 1]]])
    expect([8, 32].map(maxT => sizesOf(maxT, 4))).toEqual([
      [
        [0, 3],
        [1, 6],
      ],
      [
        [0, 3],
        [1, 6],
        [2, 16],
      ],
    ])
  })

  // the last iteration of each trial of one full band, the same with 1, 4 and 16 places
  it.each([
    [9, 3, [9, 9, 9, 3, 9, 3, 9, 3, 1, 9, 1, 3, 1, 1, 1, 1, 3]],
    [16, 4, [16, 16, 16, 4, 16, 4, 16, 4, 4, 4, 1, 16, 1, 1, 1, 1, 4, 1, 1, 1, 1, 1, 1, 4, 1]],
    [20, 3, [20, 20, 20, 20, 18, 6, 18, 6, 6, 6, 2, 18, 2, 6, 2, 2, 6, 2, 18, 2, 2, 2]],
  ])('lets each trial of a full band run as far (maxT %i, reductionFactor %i)', (maxT, reductionFactor, expected) => {
    for (const places of [1, 4, 16]) {
      const scheduler = new HyperBandScheduler({ maxT, reductionFactor })
      const drill = { trials: expected.length, places, length: 100, mode: 'max', score } as const
      const iterations = new DrillStudy(scheduler, drill).run().trials.map(({ iteration }) => iteration)
      expect(iterations).toEqual(expected)
    }
  })

  itHolds('has all bands of the shared record, but for brackets that start with 0', 'hyperband_brackets', bands => {
    for (const { max_t, eta, brackets, total_trials } of bands) {
      const usable = brackets.filter(({ r0 }) => r0 > 0)
      expect(tableOf(max_t, eta)).toEqual(usable.map(({ rounds }) => rounds))
      expect(sizesOf(max_t, eta)).toEqual(usable.map(({ s, n0 }) => [s, n0]))
      expect(usable.reduce((sum, { n0 }) => sum + n0, 0)).toBe(total_trials)
    }
  })
})
