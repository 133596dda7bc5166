import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  AutoSearcher,
  BayesianSearcher,
  BOHBSearcher,
  CMAESSearcher,
  ConcurrencyLimiter,
  CrossValidation,
  GeneticSearcher,
  GridSearcher,
  HaltonSearcher,
  NSGA2Searcher,
  ParticleSwarmSearcher,
  RandomSearcher,
  Repeater,
  SobolSearcher,
  TPESearcher,
} from '../../searchers/index.js'
import { reviveSearcher } from '../../searchers/revive.js'
import { TuneError } from '../../src/errors.js'
import type { JsonObject } from '../../src/json.js'
import type { PartDefinition } from '../../src/part.js'
import { Rng } from '../../src/rng.js'
import type { EvaluatedConfig, Searcher } from '../../src/searcher.js'
import { Space, uniform } from '../../src/space/index.js'
import { fuzzFactor, junk, spoil } from '../support/junk.js'
import { expectPrototypeKept, expectRevived, recordOf, some, thrownBy, whole, word } from '../support/revival.js'
import { contextOf, requestOf } from './scribe.js'

const share = fc.double({ min: 0.01, max: 0.99, noNaN: true })

const value = fc.oneof(fc.double({ noNaN: false }), fc.string(), fc.constantFrom(null, -0, '__proto__'))
const anyConfig: fc.Arbitrary<JsonObject> = fc.dictionary(fc.constantFrom('x', '~', 'toString', 'a/b'), value)
const pointsToEvaluate = fc.array(anyConfig, { maxLength: 3 })

const crossover = fc.oneof(
  fc.record({ type: fc.constant('blx-alpha' as const), alpha: share }),
  fc.record({ type: fc.constant('sbx' as const), eta: share }),
)
const breeding = { crossover, crossoverProbability: share, mutationEta: share, mutationProbability: share }

const anyPlain: fc.Arbitrary<Searcher> = fc.oneof(
  some({ pointsToEvaluate }).map(options => new AutoSearcher(options)),
  some({ pointsToEvaluate, constantGridSearch: fc.boolean() }).map(options => new RandomSearcher(options)),
  some({ pointsToEvaluate, pointsPerDimension: whole(1, 9) }).map(options => new GridSearcher(options)),
  some({ pointsToEvaluate, isScrambled: fc.boolean() }).map(options => new SobolSearcher(options)),
  some({ pointsToEvaluate, isScrambled: fc.boolean() }).map(options => new HaltonSearcher(options)),
  some({
    pointsToEvaluate,
    startupTrials: whole(1, 50),
    acquisition: fc.oneof(
      fc.constantFrom({ type: 'expected-improvement' as const }, { type: 'thompson-sampling' as const }),
      fc.record({ type: fc.constant('confidence-bound' as const), kappa: share }),
    ),
    outputWarping: word('alternate', 'always', 'never'),
    isInputWarped: fc.boolean(),
    noise: fc.oneof(word('learn'), share),
    fantasies: whole(0, 4),
    trustRegion: word('auto', 'always', 'never'),
    maxObservations: whole(10, 900),
  }).map(options => new BayesianSearcher(options)),
  some({
    pointsToEvaluate,
    timeAttr: word('trainingIteration', 'epoch'),
    minPointsInModel: whole(2, 20),
    topNPercent: whole(1, 99),
    numSamples: whole(1, 99),
    randomFraction: share,
    bandwidthFactor: whole(1, 5),
    minBandwidth: share,
  }).map(options => new BOHBSearcher(options)),
  some({
    pointsToEvaluate,
    populationSize: whole(2, 50),
    sigma0: share,
    startupTrials: whole(0, 50),
    separable: fc.oneof(fc.boolean(), word('auto')),
    restarts: word('bipop', 'ipop', 'none'),
  }).map(options => new CMAESSearcher(options)),
  some({
    pointsToEvaluate,
    populationSize: whole(9, 50),
    elites: whole(0, 9),
    startupTrials: whole(0, 50),
    selection: fc.oneof(
      fc.record({ type: fc.constant('tournament' as const), size: whole(1, 5) }),
      fc.record({ type: fc.constant('rank' as const), pressure: share.map(s => 1 + s) }),
    ),
    ...breeding,
  }).map(options => new GeneticSearcher(options)),
  some({ pointsToEvaluate, populationSize: whole(2, 50), startupTrials: whole(0, 50), ...breeding }).map(
    options => new NSGA2Searcher(options),
  ),
  some({
    pointsToEvaluate,
    swarmSize: whole(2, 50),
    startupTrials: whole(0, 50),
    inertia: share,
    cognitive: share,
    social: share,
    topology: fc.oneof(
      fc.constant({ type: 'global' as const }),
      fc.record({ type: fc.constant('ring' as const), neighbours: whole(1, 5) }),
    ),
    maxVelocity: share,
    boundary: word('reflect', 'absorb', 'shrink'),
    turbulence: share,
  }).map(options => new ParticleSwarmSearcher(options)),
  some({
    pointsToEvaluate,
    startupTrials: whole(0, 50),
    candidates: whole(1, 50),
    gamma: share,
    maxGood: whole(1, 50),
    weights: word('graded', 'equal'),
    priorWeight: share,
    magicClip: fc.boolean(),
    constantLiar: fc.boolean(),
    model: word('multivariate', 'grouped', 'univariate'),
  }).map(options => new TPESearcher(options)),
)

const anyEvaluated: fc.Arbitrary<EvaluatedConfig[]> = fc.array(fc.record({ config: anyConfig, metrics: anyConfig }), {
  maxLength: 3,
})
const anySearcher: fc.Arbitrary<Searcher> = fc
  .tuple(
    fc.tuple(anyPlain, anyEvaluated).map(([searcher, evaluated]) => {
      searcher.addEvaluated?.(evaluated)
      return searcher
    }),
    fc.array(fc.tuple(word('limiter', 'repeater', 'folds'), whole(2, 5), fc.boolean()), { maxLength: 3 }),
  )
  .map(([searcher, wrappers]) =>
    wrappers.reduce((inner: Searcher, [wrapper, count, flag]) => {
      if (wrapper === 'limiter') return new ConcurrencyLimiter(inner, { maxConcurrent: count, batch: flag })
      const aggregate = flag ? 'mean' : 'median'
      if (wrapper === 'repeater') return new Repeater(inner, { repeat: count, aggregate, minRepeats: count - 1 })
      return new CrossValidation(inner, { folds: count, aggregate, ...(flag && { minFolds: 1 }) })
    }, searcher),
  )

const faultOf = (part: unknown) => thrownBy(() => reviveSearcher(part as PartDefinition))

describe('a searcher that is made again from what was recorded of it', () => {
  it('is of the same class, and records the same', () => {
    const seen = new Set<string>()
    const property = fc.property(anySearcher, searcher => {
      expectRevived(reviveSearcher(recordOf(searcher)), searcher)
      seen.add(searcher.name)
    })
    fc.assert(property, { seed: 1, numRuns: 600 * fuzzFactor })
    expect(seen.size).toBe(15)
  })

  it('goes on from what was evaluated elsewhere', () => {
    const space = Space.of({ x: uniform(0, 1) })
    const context = { ...contextOf([{ metric: 'loss', mode: 'min' }]), space }
    const evaluated = Array.from({ length: 12 }, (_, i) => ({ config: { x: i / 12 }, metrics: { loss: (i - 4) ** 2 } }))
    const first = new Repeater(new TPESearcher({ pointsToEvaluate: [{ x: 0.25 }] }), { repeat: 2 })
    first.addEvaluated(evaluated)
    const again = reviveSearcher(recordOf(first))
    for (const searcher of [first, again]) searcher?.setUp(context)
    const suggestions = [0, 1, 2, 3].map(trialIndex => first.suggest(requestOf(trialIndex)))
    expect(suggestions[0]).toMatchObject({ config: { x: 0.25 } })
    expect([0, 1, 2, 3].map(trialIndex => again?.suggest(requestOf(trialIndex)))).toEqual(suggestions)
  })
})

describe('a searcher that is not made again', () => {
  it('is one of the user’s own, which is undefined, or in a wrapper an error that names it', () => {
    const own = { name: 'my-searcher', options: {} }
    expect(reviveSearcher(own)).toBeUndefined()
    expect(reviveSearcher({ ...own, name: 'constructor' })).toBeUndefined()
    const wrapped = { name: 'repeater', options: { repeat: 2, aggregate: 'mean', minRepeats: 1, searcher: own } }
    expect(faultOf(wrapped)).toEqual(
      new TuneError(
        'INVALID_OPTION',
        'the study\'s searcher wraps "my-searcher", which is not one of tunewright\'s own: give the tuneConfig.searchAlg that the study was made with',
      ),
    )
  })

  it('was told of configs of which an older journal has the checksum alone', () => {
    const { name, options } = new TPESearcher()
    const error = faultOf({ name, options: { ...options, evaluated: { count: 3, checksum: '00c0ffee' } } })
    expect(error).toMatchObject({ code: 'INVALID_OPTION' })
    expect(error?.message).toMatch(/only their checksum: give the tuneConfig.searchAlg/)
  })

  it('has options that mean something else by now', () => {
    const { name, options } = new AutoSearcher()
    expect(faultOf({ name, options: { ...options, rule: 0 } })).toEqual(
      new TuneError(
        'STUDY_MISMATCH',
        "this version of tunewright reads the options of the study's searcher 'auto' in another way (rule: 0, now 1): give the tuneConfig.searchAlg that the study was made with",
      ),
    )
    const { gamma: _, ...older } = new TPESearcher().options
    expect(faultOf({ name: 'tpe', options: older })?.message).toContain('(gamma: undefined, now 0.13)')
    const { model, ...others } = new TPESearcher().options
    expect(faultOf({ name: 'tpe', options: { model: model ?? null, ...others } })?.message).toContain('(their order)')
  })

  it('has options that it does not take', () => {
    const error = faultOf({ name: 'tpe', options: { ...new TPESearcher().options, gamma: 7 } })
    expect(error).toEqual(
      new TuneError(
        'JOURNAL_DAMAGED',
        "the journal's header names a searcher that can't be made: 'tpe' doesn't take its options: TPESearcher: gamma is 7; give a number above 0 and below 1. Restore the journal from a copy, or give the tuneConfig.searchAlg that the study was made with",
      ),
    )
  })

  it('lies too deep', () => {
    let deep: PartDefinition = new RandomSearcher()
    for (let i = 0; i < 5000; i++) {
      const { name, options } = deep
      deep = { name: 'repeater', options: { repeat: 1, aggregate: 'mean', minRepeats: 1, searcher: { name, options } } }
    }
    expect(faultOf(deep)).toMatchObject({ code: 'JOURNAL_DAMAGED' })
  })

  it('is described by anything at all', () => {
    const rng = Rng.from(1).fork('searchers')
    const searchers = [
      ...[new AutoSearcher(), new BayesianSearcher(), new BOHBSearcher(), new CMAESSearcher(), new GeneticSearcher()],
      ...[
        new GridSearcher(),
        new HaltonSearcher(),
        new NSGA2Searcher(),
        new ParticleSwarmSearcher(),
        new TPESearcher(),
      ],
      new ConcurrencyLimiter(new Repeater(new RandomSearcher(), { repeat: 2 }), { maxConcurrent: 3 }),
    ]
    expectPrototypeKept(() => {
      for (let run = 0; run < 800 * fuzzFactor; run++) {
        const { name, options } = searchers[run % searchers.length] ?? new RandomSearcher()
        const spoilt = spoil({ name, options }, rng, run % 2 === 0 ? junk : undefined)
        const error = faultOf(spoilt)
        if (error) expect(error.code).toMatch(/^(JOURNAL_DAMAGED|STUDY_MISMATCH|INVALID_OPTION)$/)
      }
    })
  })
})
