import { show } from '../../src/errors.js'
import { isPlainObject, type JsonObject } from '../../src/json.js'
import { SchedulerChecks } from '../kit/options.js'
import {
  describePopulation,
  type PopulationOptions,
  type ResolvedPopulation,
  resolvePopulation,
} from '../pbt/options.js'

/** The least and the greatest value of numbers, nested as in a config or by path. */
export interface HyperparamBounds {
  readonly [key: string]: readonly [lower: number, upper: number] | HyperparamBounds
}

/** Options of {@link PB2}. */
export interface PB2Options extends PopulationOptions {
  /**
   * The numbers that may change while a trial runs, and between which bounds: nested as in a config or by path (`'optimizer/lr'`). They
   * have the scale that the space gives them, logarithmic for `loguniform`, and never leave its bounds either.
   *
   * @defaultValue all numbers of the space, between its own bounds
   */
  readonly hyperparamBounds?: HyperparamBounds
}

/** A number that may change; without bounds where the space has them. */
export interface Bounds {
  readonly path: string
  readonly lower: number
  readonly upper: number
}

/** The options with defaults in place of what was left out. */
export interface ResolvedOptions extends ResolvedPopulation {
  readonly bounds: readonly Bounds[] | undefined
}

/** Checks the options and fills in the defaults; throws `INVALID_OPTION` with the value and what to write instead. */
export function resolveOptions(owner: string, options: PB2Options): ResolvedOptions {
  const { hyperparamBounds, ...others } = options
  const rules = resolvePopulation(owner, others, ['hyperparamBounds'])
  const checks = new SchedulerChecks(owner)
  const isObject = hyperparamBounds === undefined || isPlainObject(hyperparamBounds)
  checks.that(isObject, 'hyperparamBounds', hyperparamBounds, 'an object such as { lr: [1e-4, 1e-1] }')
  const bounds = hyperparamBounds && [...flatten(checks, hyperparamBounds)]
  const twice = bounds?.find(({ path }, i) => bounds.findIndex(other => other.path === path) < i)
  if (twice)
    throw checks.error(`the bounds of '${twice.path}' are given twice; give them once, nested or by their path`)
  return { ...rules, bounds }
}

/** The options as plain data, for the journal's header. */
export function describeOptions({ bounds, ...others }: ResolvedOptions): JsonObject {
  const byPath = bounds?.map(({ path, lower, upper }) => [path, [lower, upper]] as const)
  return { ...describePopulation(others), hyperparamBounds: byPath ? Object.fromEntries(byPath) : null }
}

function* flatten(checks: SchedulerChecks, bounds: HyperparamBounds, above = ''): Generator<Bounds> {
  for (const [key, value] of Object.entries(bounds)) {
    const path = above === '' ? key : `${above}/${key}`
    if (isPlainObject(value)) yield* flatten(checks, value as HyperparamBounds, path)
    else {
      const [lower, upper] = isPair(value) ? value : [Number.NaN, Number.NaN]
      if (!(Number.isFinite(lower) && Number.isFinite(upper) && lower < upper))
        throw checks.error(
          `the bounds of '${path}' are ${show(value)}; make them two numbers in rising order, such as [0, 1]`,
        )
      yield { path, lower, upper }
    }
  }
}

function isPair(value: unknown): value is readonly [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every(each => typeof each === 'number')
}
