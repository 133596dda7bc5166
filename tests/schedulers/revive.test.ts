import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ASHAScheduler,
  FIFOScheduler,
  HyperBandForBOHB,
  HyperBandScheduler,
  MedianStoppingRule,
  type Mutations,
  PASHAScheduler,
  PB2,
  PopulationBasedTraining,
  PopulationBasedTrainingReplay,
  SuccessiveHalvingScheduler,
} from '../../schedulers/index.js'
import { reviveScheduler } from '../../schedulers/revive.js'
import { TuneError } from '../../src/errors.js'
import type { PartDefinition } from '../../src/part.js'
import { Rng } from '../../src/rng.js'
import type { Scheduler } from '../../src/scheduler.js'
import { choice, loguniform, qrandint, randn, uniform } from '../../src/space/index.js'
import { fuzzFactor, junk, spoil } from '../support/junk.js'
import { expectPrototypeKept, expectRevived, recordOf, some, thrownBy, whole, word } from '../support/revival.js'

const share = fc.double({ min: 0.01, max: 0.5, noNaN: true })

const target = {
  timeAttr: word('trainingIteration', 'epoch'),
  metric: word('loss', 'a/b'),
  mode: word('min', 'max'),
}
const rungs = {
  ...target,
  maxT: whole(20, 300),
  gracePeriod: whole(1, 9),
  reductionFactor: fc.constantFrom(1.5, 2, 3, 4),
}
const stopLastTrials = fc.boolean()
const population = {
  ...target,
  perturbationInterval: whole(1, 9),
  burnInPeriod: whole(0, 9),
  quantileFraction: share,
  synch: fc.boolean(),
  requireAttrs: fc.boolean(),
}

const mutation = fc.oneof(
  fc.array(fc.oneof(fc.double({ noNaN: true }), fc.string(), fc.constant(null)), { minLength: 1, maxLength: 3 }),
  fc.constantFrom(loguniform(1e-4, 1), uniform(-1, 1), qrandint(8, 64, 8), choice(['relu', 'tanh']), randn()),
)
const hyperparamMutations: fc.Arbitrary<Mutations> = fc.dictionary(
  fc.constantFrom('lr', 'model/width', 'function', '0', 'object'),
  fc.oneof(mutation, fc.dictionary(fc.constantFrom('a', 'b', 'function'), mutation, { maxKeys: 2 })),
  { maxKeys: 4 },
)
const bounds = fc.tuple(whole(-9, 0), whole(1, 9))
const hyperparamBounds = fc.dictionary(
  fc.constantFrom('lr', 'model/width', '0'),
  fc.oneof(bounds, fc.dictionary(fc.constantFrom('a', 'b'), bounds, { maxKeys: 2 })),
  { maxKeys: 3 },
)
const policy = fc
  .array(fc.dictionary(fc.constantFrom('lr', '~'), fc.double()), { minLength: 1, maxLength: 4 })
  .map(configs => configs.map((config, i) => ({ iteration: 5 * i, config })))

const anyScheduler: fc.Arbitrary<Scheduler> = fc.oneof(
  fc.constant(undefined).map(() => new FIFOScheduler()),
  some({ ...rungs, variant: word('stopping', 'promotion'), brackets: whole(1, 4), stopLastTrials }).map(
    options => new ASHAScheduler(options),
  ),
  some(rungs).map(options => new PASHAScheduler(options)),
  some({ ...rungs, numTrials: whole(1, 40), stopLastTrials }).map(options => new SuccessiveHalvingScheduler(options)),
  some({
    ...target,
    maxT: whole(1, 300),
    reductionFactor: whole(2, 4),
    stopLastTrials,
    bracketOrder: word('smallest-first', 'largest-first'),
  }).map(options => new HyperBandScheduler(options)),
  some({ ...target, maxT: whole(1, 300), stopLastTrials }).map(options => new HyperBandForBOHB(options)),
  some({
    ...target,
    gracePeriod: whole(0, 9),
    minSamplesRequired: whole(1, 9),
    minTimeSlice: fc.oneof(whole(0, 9), fc.constant(Number.POSITIVE_INFINITY)),
    hardStop: fc.boolean(),
  }).map(options => new MedianStoppingRule(options)),
  some({
    ...population,
    hyperparamMutations,
    resampleProbability: share,
    perturbationFactors: fc.array(share, { minLength: 1, maxLength: 3 }),
  }).map(options => new PopulationBasedTraining(options)),
  some({ ...population, hyperparamBounds }).map(options => new PB2(options)),
  policy.map(steps => new PopulationBasedTrainingReplay(steps)),
)

const faultOf = (part: unknown) => thrownBy(() => reviveScheduler(part as PartDefinition))

describe('a scheduler that is made again from what was recorded of it', () => {
  it('is of the same class, and records the same', () => {
    const seen = new Set<string>()
    const property = fc.property(anyScheduler, scheduler => {
      const again = reviveScheduler(recordOf(scheduler))
      expectRevived(again, scheduler)
      expect(again?.timeAttr).toBe(scheduler.timeAttr)
      seen.add(scheduler.name)
    })
    fc.assert(property, { seed: 1, numRuns: 500 * fuzzFactor })
    expect(seen.size).toBe(10)
  })
})

describe('a scheduler that is not made again', () => {
  it('is one of the user’s own', () => {
    expect(reviveScheduler({ name: 'my-scheduler', options: {} })).toBeUndefined()
    expect(reviveScheduler({ name: 'constructor', options: {} })).toBeUndefined()
  })

  it.each([
    ['customExploreFn', new PB2({ customExploreFn: config => config })],
    ['customExploreFn', new PopulationBasedTraining({ customExploreFn: config => config })],
    [
      "hyperparamMutations 'model/lr'",
      new PopulationBasedTraining({ hyperparamMutations: { model: { lr: () => 1 } } }),
    ],
  ])('has a function as %s, which has to be given', (where, scheduler) => {
    expect(faultOf(recordOf(scheduler))).toEqual(
      new TuneError(
        'INVALID_OPTION',
        `the study's scheduler '${scheduler.name}' has a function as ${where}, and code is never read from a journal: give the tuneConfig.scheduler that the study was made with`,
      ),
    )
  })

  it('has options that mean something else by now', () => {
    const { brackets: _, ...older } = new ASHAScheduler().options
    expect(faultOf({ name: 'asha', options: older })).toMatchObject({ code: 'STUDY_MISMATCH' })
    const band = { ...new HyperBandForBOHB().options, bracketOrder: 'smallest-first' }
    expect(faultOf({ name: 'hyperband-bohb', options: band })).toMatchObject({ code: 'STUDY_MISMATCH' })
  })

  it('has options that it does not take', () => {
    const error = faultOf({ name: 'asha', options: { ...new ASHAScheduler().options, maxT: -1 } })
    expect(error).toMatchObject({ code: 'JOURNAL_DAMAGED' })
    expect(error?.message).toMatch(/'asha' doesn't take its options: ASHAScheduler: maxT is -1; give a number above 0/)
  })

  it('is described by anything at all', () => {
    const rng = Rng.from(1).fork('schedulers')
    const schedulers = [
      ...[new ASHAScheduler(), new FIFOScheduler(), new HyperBandForBOHB(), new HyperBandScheduler()],
      ...[new MedianStoppingRule(), new PASHAScheduler(), new SuccessiveHalvingScheduler()],
      new PopulationBasedTraining({
        hyperparamMutations: { lr: loguniform(1e-4, 1), model: { act: ['relu', 'tanh'] } },
      }),
      new PB2({ hyperparamBounds: { lr: [0, 1], momentum: [0, 0.9] } }),
      new PopulationBasedTrainingReplay([{ iteration: 0, config: { lr: 1 } }]),
    ]
    expectPrototypeKept(() => {
      for (let run = 0; run < 800 * fuzzFactor; run++) {
        const { name, options } = schedulers[run % schedulers.length] ?? new FIFOScheduler()
        const error = faultOf(spoil({ name, options }, rng, junk))
        if (error) expect(error.code).toMatch(/^(JOURNAL_DAMAGED|STUDY_MISMATCH|INVALID_OPTION)$/)
      }
    })
  })
})

describe('schedulers that differ', () => {
  it('are recorded differently: what may change is given once', () => {
    const twice = { model: { lr: uniform(0, 1) }, 'model/lr': [1, 2] }
    expect(() => new PopulationBasedTraining({ hyperparamMutations: twice })).toThrow(
      "'model/lr' may not change by two rules at once; give one",
    )
    expect(() => new PB2({ hyperparamBounds: { model: { lr: [0, 1] }, 'model/lr': [0, 2] } })).toThrow(
      "the bounds of 'model/lr' are given twice; give them once",
    )
  })
})
