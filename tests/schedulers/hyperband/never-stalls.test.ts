import { describe, expect, it } from 'vitest'
import { HyperBandForBOHB, HyperBandScheduler, SuccessiveHalvingScheduler } from '../../../schedulers/index.js'
import { Rng } from '../../../src/rng.js'
import type { Scheduler } from '../../../src/scheduler.js'
import { playRandomStudy } from '../random-study.js'

type Create = (maxT: number, reductionFactor: number) => Scheduler

const schedulers: [string, Create][] = [
  ['HyperBandScheduler', (maxT, reductionFactor) => new HyperBandScheduler({ maxT, reductionFactor })],
  ['HyperBandForBOHB', (maxT, reductionFactor) => new HyperBandForBOHB({ maxT, reductionFactor })],
  [
    'HyperBandScheduler (last trials run on)',
    (maxT, reductionFactor) => new HyperBandScheduler({ maxT, reductionFactor, stopLastTrials: false }),
  ],
  [
    'SuccessiveHalvingScheduler',
    (maxT, reductionFactor) => new SuccessiveHalvingScheduler({ maxT, reductionFactor, numTrials: 30 }),
  ],
]

describe.each(schedulers)('%s', (_, create) => {
  // other schedulers leave trials waiting for ever at some of these (Ray Tune issue 6780)
  it('resumes or ends every trial that waits, for all maxT to 100 and reductionFactor 2 to 5', () => {
    const rng = Rng.from(5)
    const stranded: object[] = []
    for (let maxT = 1; maxT <= 100; maxT++) {
      for (let reductionFactor = 2; reductionFactor <= 5; reductionFactor++) {
        const plan = {
          seed: 1000 * maxT + reductionFactor,
          trials: rng.integer(1, 201),
          places: rng.integer(1, 33),
          failureRate: rng.integer(0, 4) * 0.15,
          waitRate: rng.integer(0, 2) * 0.3,
        }
        const outcome = playRandomStudy(create(maxT, reductionFactor), plan)
        if (outcome.ended !== plan.trials || outcome.stranded.length > 0)
          stranded.push({ maxT, reductionFactor, plan, outcome })
      }
    }
    expect(stranded).toEqual([])
  })
})
