import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TuneError } from '../../src/errors.js'
import type { PartDefinition } from '../../src/part.js'
import { Rng } from '../../src/rng.js'
import type { Stopper } from '../../src/stopper.js'
import {
  AllOfStopper,
  CombinedStopper,
  ExperimentPlateauStopper,
  FunctionStopper,
  MaximumIterationStopper,
  MetricStopper,
  TimeBudgetStopper,
  TrialPlateauStopper,
} from '../../src/stoppers/index.js'
import { reviveStopper } from '../../src/stoppers/revive.js'
import { fuzzFactor, junk, spoil } from '../support/junk.js'
import { expectPrototypeKept, expectRevived, recordOf, some, thrownBy, whole } from '../support/revival.js'

const positive = fc.double({ min: 1e-9, max: 1e9, noNaN: true })
const finite = fc.double({ noNaN: true, noDefaultInfinity: true })
const metric = fc.constantFrom('loss', 'a/b', '__proto__')
const mode = fc.constantFrom('min' as const, 'max' as const)

const anyPlain: fc.Arbitrary<Stopper> = fc.oneof(
  whole(1, 99).map(maxIterations => new MaximumIterationStopper({ maxIterations })),
  fc.record({ metric, atLeast: finite }).map(options => new MetricStopper(options)),
  fc.record({ metric, atMost: finite }).map(options => new MetricStopper(options)),
  some({ metric, mode, std: positive, top: whole(2, 99), patience: whole(0, 9) }).map(
    options => new ExperimentPlateauStopper(options),
  ),
  some({
    metric,
    mode,
    std: positive,
    numResults: whole(1, 9),
    gracePeriod: whole(0, 9),
    metricThreshold: finite,
  }).map(options => new TrialPlateauStopper(options)),
)
const anyTimed: fc.Arbitrary<Stopper> = fc.oneof(
  anyPlain,
  positive.map(seconds => new TimeBudgetStopper({ seconds })),
)
const anyCombined: fc.Arbitrary<Stopper> = fc.oneof(
  fc.array(anyPlain, { minLength: 1, maxLength: 3 }).map(stoppers => new AllOfStopper(...stoppers)),
  fc.array(anyTimed, { maxLength: 3 }).map(stoppers => new CombinedStopper(...stoppers)),
)
const anyStopper = fc.oneof(
  anyTimed,
  anyCombined,
  fc.array(fc.oneof(anyTimed, anyCombined), { maxLength: 3 }).map(stoppers => new CombinedStopper(...stoppers)),
)

const faultOf = (part: unknown) => thrownBy(() => reviveStopper(part as PartDefinition))

describe('a stopper that is made again from what was recorded of it', () => {
  it('is of the same class, and records the same', () => {
    const seen = new Set<string>()
    const property = fc.property(anyStopper, stopper => {
      const again = reviveStopper(recordOf(stopper))
      expectRevived(again, stopper)
      expect(again?.budgetSeconds).toBe(stopper.budgetSeconds)
      seen.add(stopper.name)
    })
    fc.assert(property, { seed: 1, numRuns: 500 * fuzzFactor })
    expect(seen.size).toBe(7)
  })
})

describe('a stopper that is not made again', () => {
  const iterations = new MaximumIterationStopper({ maxIterations: 3 })
  const tooSlow = new FunctionStopper(function tooSlow() {
    return false
  })

  it('is one of the user’s own, which is undefined, or in a combination an error that names it', () => {
    const own = { name: 'my-stopper', options: {}, onReport: () => ({ type: 'continue' }) as const }
    expect(reviveStopper(recordOf(own))).toBeUndefined()
    expect(reviveStopper({ name: 'toString', options: {} })).toBeUndefined()
    expect(faultOf(recordOf(new AllOfStopper(iterations, own)))).toEqual(
      new TuneError(
        'INVALID_OPTION',
        'the study\'s stopper wraps "my-stopper", which is not one of tunewright\'s own: give the runConfig.stop that the study was made with',
      ),
    )
  })

  it.each([tooSlow, new CombinedStopper(iterations, new AllOfStopper(tooSlow))])('holds a function: %#', stopper => {
    expect(faultOf(recordOf(stopper))).toEqual(
      new TuneError(
        'INVALID_OPTION',
        "the study's stopper 'function' has a function as its rule (\"tooSlow\"), and code is never read from a journal: give the runConfig.stop that the study was made with",
      ),
    )
  })

  it('has options that it does not take', () => {
    expect(faultOf({ name: 'time-budget', options: { seconds: -1 } })).toMatchObject({ code: 'JOURNAL_DAMAGED' })
    expect(faultOf({ name: 'all-of', options: { stoppers: [] } })).toMatchObject({ code: 'JOURNAL_DAMAGED' })
    expect(faultOf({ name: 'any-of', options: { stoppers: 'none' } })).toMatchObject({ code: 'STUDY_MISMATCH' })
    expect(faultOf({ name: 'metric', options: { metric: 'a', atLeast: 1, atMost: null } })).toMatchObject({
      code: 'STUDY_MISMATCH',
    })
  })

  it('is described by anything at all', () => {
    const rng = Rng.from(1).fork('stoppers')
    const stopper = new CombinedStopper(
      ...[iterations, new MetricStopper({ metric: 'loss', atMost: 1 }), new TimeBudgetStopper({ seconds: 3 })],
      new AllOfStopper(new TrialPlateauStopper(), new ExperimentPlateauStopper()),
    )
    expectPrototypeKept(() => {
      for (let run = 0; run < 500 * fuzzFactor; run++) {
        const { name, options } = stopper
        const error = faultOf(spoil({ name, options }, rng, junk))
        if (error) expect(error.code).toMatch(/^(JOURNAL_DAMAGED|STUDY_MISMATCH|INVALID_OPTION)$/)
      }
    })
  })
})

describe('functions that differ', () => {
  it('are recorded differently, even those that have no name', () => {
    const early = new FunctionStopper((_, { iteration }) => iteration > 2)
    const late = new FunctionStopper((_, { iteration }) => iteration > 20)
    expect(early.options.function).toBe(late.options.function)
    expect(early.options).not.toEqual(late.options)
  })
})
