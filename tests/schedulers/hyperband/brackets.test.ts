import { describe, expect, it } from 'vitest'
import { layOutBand } from '../../../schedulers/hyperband/brackets.js'
import { HyperBandForBOHB, HyperBandScheduler } from '../../../schedulers/index.js'
import { Rng } from '../../../src/rng.js'
import { makeTrial } from '../make-trial.js'

describe('HyperBand lays out', () => {
  it('brackets that get longer, with fewer trials, round by round, for any maxT and reductionFactor', () => {
    const faults: object[] = []
    for (let maxT = 1; maxT <= 300; maxT++) {
      for (const eta of [1.5, 2, 2.5, 3, 4, 5, 10]) {
        for (const { s, rounds } of layOutBand(maxT, eta)) {
          const isFair = rounds.every(({ trials, level }, round) => {
            const next = rounds[round + 1] ?? { trials, level: maxT }
            return trials >= 1 && level >= 1 && next.trials <= trials && next.level >= level
          })
          if (!isFair || rounds.length !== s + 1) faults.push({ maxT, eta, s, rounds })
        }
      }
    }
    expect(faults).toEqual([])
  })

  it('bands that are filled bracket by bracket, the smallest first, or for BOHB the largest', () => {
    const fill = (scheduler: HyperBandScheduler, trials: number) => {
      scheduler.setUp({ metric: 'score', mode: 'max', rng: Rng.from(1) })
      for (let index = 0; index < trials; index++) scheduler.onTrialAdd(makeTrial(index))
      return scheduler.brackets().map(({ band, s, racing, isOpen }) => [band, s, racing, isOpen])
    }
    expect(fill(new HyperBandScheduler({ maxT: 9 }), 19)).toEqual([
      [0, 0, 3, false],
      [0, 1, 5, false],
      [0, 2, 9, false],
      [1, 0, 2, true],
    ])
    expect(fill(new HyperBandForBOHB({ maxT: 9 }), 19)).toEqual([
      [0, 2, 9, false],
      [0, 1, 5, false],
      [0, 0, 3, false],
      [1, 2, 2, true],
    ])
  })
})
