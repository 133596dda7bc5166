import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TuneError } from '../../src/errors.js'
import type { JsonObject } from '../../src/json.js'
import { Rng } from '../../src/rng.js'
import type { Searcher, SearcherContext, Suggestion } from '../../src/searcher.js'
import {
  choice,
  lograndint,
  loguniform,
  qlograndint,
  qloguniform,
  qrandint,
  quniform,
  randint,
  randn,
  Space,
  type SpaceDefinition,
  sampleFrom,
  uniform,
} from '../../src/space/index.js'
import type { Mode, Trial, TrialReport } from '../../src/trial.js'

/** Options that a contract test asks a searcher to be made with. */
export interface SearcherFactoryOptions {
  readonly pointsToEvaluate?: readonly JsonObject[]
}

/** What a contract suite may not ask of a searcher. */
export interface SearcherTraits {
  /** How many trials a simulated search makes at most. @defaultValue 30 */
  readonly trials?: number
  /** Whether it takes `pointsToEvaluate`. @defaultValue true */
  readonly takesPoints?: boolean
}

/** Makes a searcher, new each time. */
export type SearcherFactory = (options: SearcherFactoryOptions) => Searcher

/** One space of each kind that a searcher has to cope with. */
const spaces: Readonly<Record<string, SpaceDefinition>> = {
  float: { x: uniform(-5, 10), y: uniform(0, 15) },
  log: { lr: loguniform(1e-5, 1e-1), decay: qloguniform(0.25, 4, 0.25) },
  integer: { layers: randint(1, 5), units: lograndint(4, 33), batch: qrandint(8, 64, 8), width: qlograndint(8, 64, 8) },
  quantised: { dropout: quniform(0, 0.5, 0.1), x: uniform(0, 1) },
  normal: { x: randn(3, 2) },
  categorical: { activation: choice(['relu', 'tanh', 'gelu']), bias: choice([true, false]), n: choice([1, 4, 16]) },
  conditional: {
    lr: loguniform(1e-4, 1e-1),
    optimizer: choice([
      { name: 'sgd', momentum: uniform(0, 1), nesterov: choice([true, false]) },
      { name: 'adam', beta: uniform(0.8, 1), schedule: choice(['none', { decay: uniform(0, 1) }]) },
    ]),
  },
  nested: { model: { layers: [{ units: randint(1, 4) }, { units: 3 }], rate: uniform(0, 1) }, epochs: 10, note: null },
  constant: { epochs: 10 },
  computed: { x: uniform(0, 1), y: sampleFrom((config: { x: number }, rng) => config.x + rng.uniform()) },
}

const choices = { a: choice([1, 2]), b: choice(['x', 'y', 'z']) }

/** What became of a simulated trial. */
type Outcome = { readonly type: 'value'; readonly value: number } | { readonly type: 'error' }

type Objective = (config: JsonObject, trialIndex: number) => Outcome

const concurrency = 3

/**
 * The tests that every searcher passes. `suggest` is a function of the trial's index, its stream and what was observed; it stays in
 * the space, ends when it said it would, and takes trials that fail.
 *
 * A space that the searcher refuses in `setUp` with `INVALID_SPACE` is left out, but it may not refuse all.
 */
export function describeSearcher(name: string, factory: SearcherFactory, traits: SearcherTraits = {}): void {
  const { trials = 30, takesPoints = true } = traits

  function start(
    definition: SpaceDefinition,
    context: Partial<SearcherContext> = {},
    options: SearcherFactoryOptions = {},
  ) {
    const searcher = factory(options)
    const space = Space.of(definition)
    const own = { rng: Rng.from('contract').fork('searcher'), onWarning: () => undefined }
    searcher.setUp({ space, metric: 'loss', mode: 'min', numSamples: trials, ...context, ...own })
    return { searcher, space }
  }

  function accepts(definition: SpaceDefinition): boolean {
    try {
      start(definition)
      return true
    } catch (error) {
      if (error instanceof TuneError && error.code === 'INVALID_SPACE') return false
      throw error
    }
  }

  const accepted = Object.entries(spaces).filter(([, definition]) => accepts(definition))
  const takesChoices = accepts(choices)

  describe(`${name} as a searcher`, () => {
    it('searches at least one kind of space', () => {
      expect(accepted).not.toEqual([])
    })

    it('says what it is called and which options it has, as plain data', () => {
      const searcher = factory({})
      expect(searcher.name).toMatch(/^[a-z][a-z0-9-]*$/)
      expect(JSON.parse(JSON.stringify(searcher.options))).toEqual(searcher.options)
    })

    describe.each(accepted)('in a space of the kind %s', (_, definition) => {
      it.each<Mode>(['min', 'max'])('suggests configs of the space (mode %s)', mode => {
        const { searcher, space } = start(definition, { mode })
        for (const config of search(searcher, { seed: 1, trials, objective: noisy })) space.validate(config)
      })

      it('suggests the same for the same seed and history', () => {
        const run = { seed: 2, trials, objective: noisy }
        expect(search(start(definition).searcher, run)).toEqual(search(start(definition).searcher, run))
      })

      it('suggests the same however often and in whatever order it is asked', () => {
        const run = { seed: 3, trials, objective: noisy }
        const { searcher } = start(definition)
        const pester = (pending: ReadonlyMap<number, Trial>, next: number) => {
          for (const trialIndex of [next + 7, next, next + 1, next]) {
            searcher.suggest({ trialIndex, rng: streamOf(99, trialIndex), pending })
          }
        }
        expect(search(searcher, run, pester)).toEqual(search(start(definition).searcher, run))
      })

      it('takes trials that failed, or that reported NaN or an infinity', () => {
        const { searcher, space } = start(definition)
        const bad = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
        const objective: Objective = (_, trialIndex) => {
          const value = bad[trialIndex % 5]
          return trialIndex % 5 === 4 ? failed : { type: 'value', value: value ?? trialIndex }
        }
        for (const config of search(searcher, { seed: 4, trials, objective })) space.validate(config)
      })

      it('takes trials that all failed, or that all gave the same', () => {
        for (const outcome of [failed, { type: 'value', value: 1 }] satisfies Outcome[]) {
          const { searcher, space } = start(definition)
          for (const config of search(searcher, { seed: 5, trials, objective: () => outcome })) space.validate(config)
        }
      })
    })

    it('stays inside any space', () => {
      const property = fc.property(anySpace.filter(accepts), fc.nat(), (definition, seed) => {
        const { searcher, space } = start(definition, { numSamples: 6 })
        for (const config of search(searcher, { seed, trials: 6, objective: noisy })) space.validate(config)
      })
      fc.assert(property, { seed: 6, numRuns: 40 })
    })

    it.skipIf(!takesChoices)('suggests as many configs as it said, and then says that it has finished', () => {
      for (const numSamples of [1, 3]) {
        const { searcher } = start(choices, { numSamples })
        // one that doesn't count leaves the end to the study
        const total = searcher.total?.()
        if (total === Number.POSITIVE_INFINITY) continue
        expect(
          search(searcher, { seed: 7, trials: total === undefined ? numSamples : total + 5, objective: noisy }),
        ).toHaveLength(total ?? numSamples)
        for (const trialIndex of total === undefined ? [] : [total, total + 1, 1e6]) {
          const suggestion = searcher.suggest({ trialIndex, rng: streamOf(7, trialIndex), pending: new Map() })
          expect(suggestion).toEqual({ type: 'finished' })
        }
      }
    })

    it.skipIf(!takesChoices)('goes on without end when it is asked for endless samples', () => {
      const { searcher } = start(choices, { numSamples: Number.POSITIVE_INFINITY })
      expect(searcher.total?.() ?? Number.POSITIVE_INFINITY).toBe(Number.POSITIVE_INFINITY)
      expect(search(searcher, { seed: 8, trials, objective: noisy })).toHaveLength(trials)
    })

    it.skipIf(!takesPoints || !takesChoices)(
      'tries the points to evaluate first and fills in what they leave open',
      () => {
        const pointsToEvaluate = [{ a: 2, b: 'y' }, { b: 'z' }]
        const { searcher, space } = start(choices, { numSamples: 4 }, { pointsToEvaluate })
        const configs = search(searcher, { seed: 9, trials: 3, objective: noisy })
        expect(configs.slice(0, 2)).toMatchObject(pointsToEvaluate)
        for (const config of configs) space.validate(config)
      },
    )

    it.skipIf(!takesPoints || !takesChoices)('refuses a point to evaluate with a key that the space lacks', () => {
      expect(() => start(choices, {}, { pointsToEvaluate: [{ misspelt: 1 }] })).toThrowError(
        expect.objectContaining({ code: 'INVALID_CONFIG', message: expect.stringContaining('misspelt') }),
      )
    })
  })
}

const failed: Outcome = { type: 'error' }

/** Some value that depends on the trial and its config. */
const noisy: Objective = (config, trialIndex) => ({
  type: 'value',
  value: Rng.from(JSON.stringify(config)).fork(trialIndex).normal(),
})

interface Search {
  readonly seed: number
  readonly trials: number
  readonly objective: Objective
}

/**
 * Runs a search of three trials at a time, of which the one that began first ends first.
 *
 * @param before - called before each suggestion
 * @returns the configs in the order of their trials
 */
function search(
  searcher: Searcher,
  { seed, trials, objective }: Search,
  before?: (pending: ReadonlyMap<number, Trial>, next: number) => void,
): readonly JsonObject[] {
  const configs: JsonObject[] = []
  const pending = new Map<number, Trial>()
  for (;;) {
    const trialIndex = configs.length
    let suggestion: Suggestion = { type: 'wait' }
    if (trialIndex < trials && pending.size < concurrency) {
      before?.(pending, trialIndex)
      suggestion = searcher.suggest({ trialIndex, rng: streamOf(seed, trialIndex), pending })
    }
    if (suggestion.type === 'config') {
      configs.push(suggestion.config)
      pending.set(trialIndex, trialOf(trialIndex, suggestion.config))
      continue
    }
    const [oldest] = pending.values()
    if (oldest === undefined) {
      // nothing is under way that could end a wait
      if (trialIndex < trials) expect(suggestion.type).toBe('finished')
      return configs
    }
    pending.delete(oldest.index)
    end(searcher, oldest, objective(oldest.config, oldest.index))
  }
}

function streamOf(seed: number, trialIndex: number): Rng {
  return Rng.from(seed).fork('searcher', trialIndex)
}

function trialOf(index: number, config: JsonObject): Trial {
  return {
    index,
    id: `trial-${index}`,
    name: `trial-${index}`,
    directory: `trial-${index}`,
    config,
    status: 'running',
    iteration: 0,
    lastReport: undefined,
    bestReport: undefined,
    checkpoints: [],
    failures: 0,
    error: undefined,
    reason: undefined,
    clock: 0,
  }
}

function end(searcher: Searcher, trial: Trial, outcome: Outcome): void {
  if (outcome.type === 'error') {
    searcher.observe?.({
      ...trial,
      status: 'error',
      failures: 1,
      error: { name: 'Error', message: 'failed on purpose' },
    })
    return
  }
  const report: TrialReport = {
    iteration: 1,
    metrics: { loss: outcome.value },
    timing: { timestampMs: 0, timeThisIterS: 1, timeTotalS: 1 },
  }
  const reported: Trial = { ...trial, iteration: 1, lastReport: report, bestReport: report, clock: 1 }
  searcher.onReport?.(reported, report)
  searcher.observe?.({ ...reported, status: 'terminated' })
}

const scalar: fc.Arbitrary<SpaceDefinition[string]> = fc.oneof(
  fc
    .tuple(fc.integer({ min: -100, max: 100 }), fc.integer({ min: 1, max: 50 }))
    .map(([low, span]) => uniform(low, low + span)),
  fc.integer({ min: 1, max: 6 }).map(decades => loguniform(1e-6, 1e-6 * 10 ** decades)),
  fc
    .tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: 1, max: 4 }))
    .map(([low, span]) => randint(low, low + span)),
  fc.integer({ min: 2, max: 5 }).map(upper => lograndint(1, upper)),
  fc.integer({ min: 1, max: 4 }).map(steps => quniform(-0.1 * steps, 0.1 * steps, 0.1)),
  fc.constant(randn(1, 0.5)),
  fc.constantFrom<SpaceDefinition[string]>(null, true, 'text', 3.5),
)

/** Small spaces of all sorts: nested, conditional, with constants. */
const anySpace: fc.Arbitrary<SpaceDefinition> = fc.letrec<{ object: SpaceDefinition; node: SpaceDefinition[string] }>(
  tie => ({
    object: fc.dictionary(fc.stringMatching(/^[a-c]{1,2}$/), tie('node'), { minKeys: 1, maxKeys: 3 }),
    node: fc.oneof(
      { maxDepth: 2, depthSize: 'small' },
      scalar,
      tie('object'),
      fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((values): SpaceDefinition[string] => choice(values)),
    ),
  }),
).object
