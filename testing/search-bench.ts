import { expect } from 'vitest'
import { TuneError, type TuneErrorCode } from '../src/errors.js'
import type { JsonObject } from '../src/json.js'
import type { Searcher, Suggestion } from '../src/searcher.js'
import { Space, type SpaceDefinition } from '../src/space/index.js'
import type { Objective } from '../src/trial.js'
import { SearchDrill, type SearchPlan } from './search-drill.js'
import { mixed } from './search-outcomes.js'
import { kindsOfSpaces } from './search-spaces.js'

/** Options that the contract suite asks a searcher to be made with. */
export interface SearcherFactoryOptions {
  /** Configs to try first, or parts of them. @defaultValue none */
  readonly pointsToEvaluate?: readonly JsonObject[]
}

/** Makes a searcher, a new one each time. */
export type SearcherFactory = (options: SearcherFactoryOptions) => Searcher

/** What may be other than usual in a simulated study. */
export interface Variation extends Partial<Omit<SearchPlan, 'space' | 'outcome'>> {
  readonly definition?: SpaceDefinition
  readonly outcome?: (space: Space) => SearchPlan['outcome']
}

/** What was suggested by an event; undefined if it was another one. */
export function suggestionAt({ events }: SearchDrill, index: number): Suggestion | undefined {
  const event = events[index]
  return event?.type === 'suggestion' ? event.suggestion : undefined
}

/** The places of a study's events where it may be cut, just before a suggestion: about so many, the last included. */
export function cutsOf({ events }: SearchDrill, count: number): readonly number[] {
  const asked = [...events.keys()].filter(i => events[i]?.type === 'suggestion')
  const step = Math.max(1, Math.floor(asked.length / count))
  return asked.filter((_, i) => (asked.length - 1 - i) % step === 0)
}

const one: readonly Objective[] = [{ metric: 'loss', mode: 'min' }]

/** The simulated studies of a searcher, each as usual but for what is said otherwise. */
export function benchOf(create: SearcherFactory, trials: number) {
  function planOf({ definition = usual, outcome = mixed, ...rest }: Variation): SearchPlan {
    const space = Space.of(definition)
    const common = { objectives: one, numSamples: trials, trials, places: 3, seed: 1, secondsPerReport: 1 } as const
    return { space, ...common, ends: 'in order', outcome: outcome(space), ...rest }
  }
  const begin = (variation: Variation, searcher = create({})) => new SearchDrill(searcher, planOf(variation))

  /** The code with which a study is refused; undefined if it isn't. */
  function refusal(variation: Variation): TuneErrorCode | undefined {
    try {
      begin(variation)
      return undefined
    } catch (error) {
      if (error instanceof TuneError) return error.code
      throw error
    }
  }
  const accepts = (definition: SpaceDefinition) => refusal({ definition }) !== 'INVALID_SPACE'

  const kinds = Object.entries(kindsOfSpaces).filter(([, definition]) => accepts(definition))
  const usual = kinds[0]?.[1] ?? {}

  /** Runs a study and checks that it keeps the contract in every way that a single study can show. */
  function check(variation: Variation): SearchDrill {
    const live = begin(variation).run()
    expect(live.faults).toEqual([])
    expect(live.configs.length).toBeGreaterThan(0)
    return live
  }

  /** Checks that studies that are resumed at some of their suggestions make the same ones as the study that never was cut. */
  function checkReplay(variation: Variation, live: SearchDrill, count: number): void {
    const cuts = cutsOf(live, count)
    const resumed = cuts.map(cut => begin(variation).replay(live.events.slice(0, cut)).ask())
    expect(resumed).toEqual(cuts.map(cut => suggestionAt(live, cut)))
  }

  return { begin, planOf, refusal, accepts, check, checkReplay, kinds, usual }
}
