import { expect } from 'vitest'
import type { JsonObject } from '../../src/json.js'
import type { Searcher } from '../../src/searcher.js'
import { choice, randint, Space, type SpaceDefinition, uniform } from '../../src/space/index.js'
import { SearchDrill } from '../../testing/search-drill.js'

/** A short study that minimizes a function. */
export interface Rehearsal {
  readonly definition: SpaceDefinition
  /** @defaultValue the sum of its numbers */
  readonly objective?: (config: JsonObject) => number
  readonly trials: number
  /** How many trials are open at a time. @defaultValue 1 */
  readonly places?: number
  readonly seed?: number
}

/** Runs a study; what broke the searcher's contract is thrown. */
export function rehearse(
  searcher: Searcher,
  { definition, objective = sumOf, trials, places = 1, seed = 1 }: Rehearsal,
): { readonly configs: readonly JsonObject[]; readonly values: readonly number[] } {
  const { configs, faults } = new SearchDrill(searcher, {
    space: Space.of(definition),
    objectives: [{ metric: 'loss', mode: 'min' }],
    numSamples: trials,
    trials,
    places,
    ends: 'in order',
    seed,
    secondsPerReport: 1,
    outcome: ({ config }) => ({ reports: [{ loss: objective(config) }], end: 'completed' }),
  }).run()
  if (faults.length > 0) throw new Error(faults.join('\n'))
  return { configs, values: configs.map(objective) }
}

/** The best value of each of some studies, of seeds 0, 1 and so on. */
export function regretsOf(make: () => Searcher, plan: Rehearsal, seeds: number): number[] {
  return Array.from({ length: seeds }, (_, seed) => Math.min(...rehearse(make(), { ...plan, seed }).values))
}

/** Spaces with a function of each, to be minimized: a bowl, and a mixed space. */
export function landscapes(): readonly (readonly [
  SpaceDefinition,
  (config: { readonly [key: string]: unknown }) => number,
])[] {
  const names = ['a', 'b', 'c', 'd']
  const box = Object.fromEntries(names.map(name => [name, uniform(-2, 3)]))
  const mixed = { kind: choice(['p', 'q', 'r', 's']), n: randint(0, 12), rate: uniform(0, 1), other: uniform(0, 1) }
  return [
    [box, config => names.reduce((sum, name, i) => sum + (i + 1) * (Number(config[name]) - 0.7) ** 2, 0)],
    [
      mixed,
      ({ kind, n, rate, other }) =>
        (kind === 'r' ? 0 : 0.5) + ((Number(n) - 8) / 6) ** 2 + (Number(rate) - 0.2) ** 2 + (Number(other) - 0.6) ** 2,
    ],
  ]
}

/** Matches coordinates that are these up to rounding. */
export function unitsNear(units: Float64Array): unknown {
  return [...units].map(unit => (Number.isNaN(unit) ? unit : expect.closeTo(unit, 7)))
}

function sumOf(config: JsonObject): number {
  return Object.values(config).reduce<number>((sum, value) => sum + (typeof value === 'number' ? value : 0), 0)
}
