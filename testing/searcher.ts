import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assertJson } from '../src/json.js'
import { Rng } from '../src/rng.js'
import type { EvaluatedConfig } from '../src/searcher.js'
import { gridSearch, Space, uniform } from '../src/space/index.js'
import type { Mode, Objective } from '../src/trial.js'
import { type ImportableSearcher, suggestElsewhere } from './other-process.js'
import { benchOf, cutsOf, type SearcherFactory, suggestionAt, type Variation } from './search-bench.js'
import { type Outcome, SearchDrill } from './search-drill.js'
import { always, cycle, mixed, negated, smooth } from './search-outcomes.js'
import { anySpace, smallSpace, wideSpace } from './search-spaces.js'

/** What the suite can't know of a searcher by itself. */
export interface SearcherTraits {
  /**
   * How many trials a simulated study makes at most: more than the searcher needs before it learns, and as few as keep each test quick. A test makes
   * up to ten times as many suggestions.
   *
   * @defaultValue 30
   */
  readonly trials?: number
  /** Whether it takes `pointsToEvaluate`. @defaultValue true */
  readonly takesPoints?: boolean
  /** Whether it takes configs that were evaluated elsewhere. @defaultValue whether it has `addEvaluated` */
  readonly takesEvaluated?: boolean
  /** How many objectives it serves: none if it needs no metric. @defaultValue not checked */
  readonly objectives?: 0 | 1 | 'any'
  /** Where another process finds it. @defaultValue none: that another process suggests the same is not tested */
  readonly importable?: ImportableSearcher
}

const two: readonly Objective[] = [
  { metric: 'loss', mode: 'min' },
  { metric: 'cost', mode: 'max' },
]

const failed: Outcome = { reports: [], end: 'failed' }
const constant: Outcome = { reports: [{ loss: 1, cost: 1 }], end: 'completed' }

const oddValues: readonly (readonly [string, readonly number[]])[] = [
  ['not finite', [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1]],
  ['huge', [1e300, -1e300, Number.MAX_VALUE, -Number.MAX_VALUE, 1, 3e299]],
  ['tiny', [1e-300, -1e-300, Number.MIN_VALUE, 0, -0, 2e-300]],
]

/**
 * Declares the tests that every searcher must pass. Its suggestions are configs of the space, whatever the space and whatever became of earlier
 * trials; they are a function of the trial's index and stream and of what was observed, so that a study can be resumed anywhere by observing
 * its history again, and in another process; it ends when it said it would, and refuses clearly what it can't do.
 *
 * A kind of space that `setUp` refuses with `INVALID_SPACE` is left out, but it may not refuse all.
 *
 * ```ts
 * // my-searcher.test.ts, run by vitest; fast-check must be installed too
 * import { describeSearcher } from 'tunewright/testing'
 * import { MySearcher } from './my-searcher.js'
 *
 * describeSearcher('my searcher', options => new MySearcher({ startupTrials: 5, ...options }), {
 *   trials: 20,
 *   objectives: 1,
 *   importable: { module: new URL('./my-searcher.js', import.meta.url), exportName: 'MySearcher' },
 * })
 * ```
 *
 * @param create - makes a searcher with the options that a test needs; called many times
 */
export function describeSearcher(name: string, create: SearcherFactory, traits: SearcherTraits = {}): void {
  const { trials = 30, takesPoints = true, importable } = traits
  const { takesEvaluated = create({}).addEvaluated !== undefined } = traits

  const { begin, planOf, refusal, accepts, check, checkReplay, kinds, usual } = benchOf(create, trials)
  const takesChoices = accepts(smallSpace)

  describe(`${name} keeps the searcher contract:`, () => {
    it('searches at least one kind of space', () => {
      expect(kinds.length).toBeGreaterThan(0)
    })

    it('has a name, and options that are plain data', () => {
      const searcher = create({})
      expect(searcher.name).toMatch(/^[a-z][a-z0-9-]*$/)
      assertJson(searcher.options, 'INVALID_OPTION', 'options')
      expect(create({}).options).toEqual(searcher.options)
    })

    it.skipIf(!takesPoints)('has the points to evaluate among its options', () => {
      expect(JSON.stringify(create({ pointsToEvaluate: [{ marked: 12.5 }] }).options)).toContain('{"marked":12.5}')
    })

    describe.each(kinds)('in a space of %s', (_, definition) => {
      it('suggests configs of the space, whatever became of earlier ones', () => {
        check({ definition })
      })

      it('suggests the same for the same history, however long it took', () => {
        const again = begin({ definition, secondsPerReport: 7 }).run()
        expect(again.suggestions).toEqual(begin({ definition }).run().suggestions)
      })

      it('suggests after a resume what it would have suggested', () => {
        checkReplay({ definition }, begin({ definition }).run(), 8)
      })

      it('takes trials that all failed, or that all gave the same', () => {
        const trialsOfEach = Math.ceil(trials / 2)
        check({ definition, outcome: () => always(failed), trials: trialsOfEach })
        check({ definition, outcome: () => always(constant), trials: trialsOfEach })
      })
    })

    it('suggests the same however often, and in whatever order, it is asked', () => {
      const pestered = begin({})
      const searcher = create({})
      const drill = new SearchDrill(searcher, planOf({}))
      drill.run(({ trialIndex }) => {
        for (const other of [trialIndex + 5, trialIndex, trialIndex + 1]) searcher.suggest(drill.request(other))
      })
      expect(drill.suggestions).toEqual(pestered.run().suggestions)
    })

    it('goes on after a resume as it would have, wherever the study was cut', () => {
      const live = check({ ends: 'at random' })
      checkReplay({ ends: 'at random' }, live, Number.POSITIVE_INFINITY)
      const [cut] = cutsOf(live, 2)
      expect(begin({ ends: 'at random' }).replay(live.events.slice(0, cut)).run().events).toEqual(live.events)
    })

    it.each([1, 8, 64])('suggests with %i trials open that end in any order, and after a resume', places => {
      const few = Math.min(trials, 20)
      const total = places === 64 ? 64 + Math.ceil(few / 2) : few
      const study: Variation = { places, trials: total, numSamples: total, ends: 'at random', seed: places }
      checkReplay(study, check(study), 4)
    })

    it('does not depend on the order in which pending trials are listed', () => {
      const searcher = create({})
      const drill = new SearchDrill(searcher, planOf({ places: 8 }))
      drill.run(request => {
        const { pending, trialIndex } = request
        if (trialIndex % 4 !== 3) return
        const reversed = new Map([...pending].reverse())
        expect(searcher.suggest({ ...drill.request(), pending: reversed })).toEqual(searcher.suggest(request))
      })
    })

    it('starts anew at each setUp', () => {
      const searcher = create({})
      const first = begin({ definition: kinds.at(-1)?.[1] ?? usual, seed: 4 }, searcher).run()
      expect(first.faults).toEqual([])
      expect(begin({}, searcher).run().suggestions).toEqual(begin({}).run().suggestions)
    })

    it('minimizes a metric as it maximizes its negative', () => {
      const maximize: Variation = {
        objectives: [{ metric: 'loss', mode: 'max' }],
        outcome: space => negated(mixed(space)),
      }
      expect(begin(maximize).run().suggestions).toEqual(begin({}).run().suggestions)
    })

    it.each(oddValues)('takes values of the metric that are %s', (_, values) => {
      for (const mode of ['min', 'max'] satisfies Mode[])
        check({ outcome: () => cycle(values), objectives: [{ metric: 'loss', mode }] })
    })

    it('takes configs that come again and again', () => {
      if (takesChoices) check({ definition: smallSpace, outcome: smooth, trials, numSamples: Number.POSITIVE_INFINITY })
      if (!takesPoints) return
      const [point] = begin({}).run().configs
      const repeated = create({ pointsToEvaluate: Array.from({ length: Math.ceil(trials / 2) }, () => point ?? {}) })
      expect(begin({}, repeated).run().faults).toEqual([])
    })

    it.runIf(accepts(wideSpace))('searches sixty parameters', () => {
      const study: Variation = { definition: wideSpace, trials: Math.min(trials, 20) }
      checkReplay(study, check(study), 1)
    })

    it('stays inside any space', () => {
      const property = fc.property(anySpace.filter(accepts), fc.nat(), (definition, seed) => {
        expect(begin({ definition, seed }).run().faults).toEqual([])
      })
      fc.assert(property, { seed: 6, numRuns: 15 })
    })

    it('serves a study without a metric and one with two, or refuses them as options', () => {
      const refused = (
        [
          ['none', []],
          ['two', two],
        ] as const
      ).flatMap(([number, objectives]) => {
        const code = refusal({ objectives })
        if (code === undefined) {
          checkReplay({ objectives }, check({ objectives }), 3)
          return []
        }
        expect(code).toBe('INVALID_OPTION')
        return [number]
      })
      const { objectives } = traits
      if (objectives === undefined) return
      expect(refused).toEqual({ 0: [], 1: ['none', 'two'], any: ['none'] }[objectives])
    })

    it('tries grids, or refuses them as spaces', () => {
      const definition = { g: gridSearch([1, 2, 3]), x: uniform(0, 1) }
      const code = refusal({ definition })
      if (code === undefined) check({ definition })
      else expect(['INVALID_SPACE', 'INVALID_OPTION']).toContain(code)
    })

    it.skipIf(!takesChoices)('suggests as many configs as it said, and then says that it has finished', () => {
      for (const numSamples of [1, 3]) {
        const searcher = create({})
        const drill = begin({ definition: smallSpace, numSamples, trials: 100 }, searcher)
        // one that doesn't count leaves the end to the study
        const total = searcher.total?.()
        if (total === undefined || total === Number.POSITIVE_INFINITY) continue
        expect(total).toBeLessThanOrEqual(100)
        expect(drill.run().faults).toEqual([])
        expect(drill.configs).toHaveLength(total)
        for (const trialIndex of [total, total + 1, 1e6])
          expect(searcher.suggest(drill.request(trialIndex))).toEqual({ type: 'finished' })
      }
    })

    it.skipIf(!takesChoices)('goes on without end when it is asked for endless samples', () => {
      const searcher = create({})
      const drill = begin({ definition: smallSpace, numSamples: Number.POSITIVE_INFINITY }, searcher)
      expect(searcher.total?.() ?? Number.POSITIVE_INFINITY).toBe(Number.POSITIVE_INFINITY)
      expect(drill.run().configs).toHaveLength(trials)
    })

    it.skipIf(!takesPoints || !takesChoices)(
      'tries the points to evaluate first and fills in what they leave open',
      () => {
        const pointsToEvaluate = [{ a: 2, b: 'y' }, { b: 'z' }]
        const drill = begin({ definition: smallSpace, numSamples: 4, trials: 4 }, create({ pointsToEvaluate })).run()
        expect(drill.faults).toEqual([])
        expect(drill.configs.slice(0, 2)).toMatchObject(pointsToEvaluate)
      },
    )

    it.skipIf(!takesPoints || !takesChoices)('refuses a point to evaluate with a key that the space lacks', () => {
      const searcher = create({ pointsToEvaluate: [{ misspelt: 1 }] })
      expect(() => begin({ definition: smallSpace }, searcher)).toThrowError(
        expect.objectContaining({ code: 'INVALID_CONFIG', message: expect.stringContaining('misspelt') }),
      )
    })

    describe.runIf(takesEvaluated)('with configs that were evaluated elsewhere', () => {
      const space = Space.of(usual)
      const earlier = Array.from({ length: 12 }, (_, index): EvaluatedConfig => {
        const config = space.sample(Rng.from(3).fork(index))
        const [metrics = {}] = mixed(space)({ index, config }).reports
        return { config, metrics }
      })
      const informed = () => {
        const searcher = create({})
        // twice, and one of them again
        searcher.addEvaluated?.(earlier.slice(0, 6))
        searcher.addEvaluated?.(earlier.slice(5))
        return searcher
      }

      it('has them among its options', () => {
        expect(JSON.stringify(informed().options)).not.toBe(JSON.stringify(create({}).options))
        expect(informed().options).toEqual(informed().options)
        assertJson(informed().options, 'INVALID_OPTION', 'options')
      })

      it('suggests configs of the space, and the same ones after a resume', () => {
        const live = begin({}, informed()).run()
        expect(live.faults).toEqual([])
        const [cut] = cutsOf(live, 2)
        expect(begin({}, informed()).replay(live.events.slice(0, cut)).run().events).toEqual(live.events)
      })

      it('refuses them once the study has begun', () => {
        const searcher = create({})
        begin({}, searcher)
        expect(() => searcher.addEvaluated?.(earlier)).toThrowError(expect.objectContaining({ code: 'INVALID_OPTION' }))
      })
    })

    it.runIf(importable)('suggests the same in another process', async () => {
      if (importable === undefined) return
      const studies = kinds.map(([kind, definition]) => {
        const { space: _, outcome: __, ...plan } = planOf({})
        const live = begin({ definition }).run()
        const [cut] = cutsOf(live, 1)
        return { searcher: importable, kind, plan, events: live.events.slice(0, cut), live }
      })
      const here = studies.map(({ live, events }) => suggestionAt(live, events.length))
      expect(await suggestElsewhere(studies.map(({ live: _, ...study }) => study))).toEqual(here)
    })
  })
}
