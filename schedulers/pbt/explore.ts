import { encodeJson, type JsonObject, type JsonValue } from '../../src/json.js'
import type { Rng } from '../../src/rng.js'
import { type Axis, scale } from './axis.js'

/** How values are perturbed. */
export interface ExploreRules {
  /** How likely a value is drawn anew, in [0, 1]. */
  readonly resampleProbability: number
  /** What numbers are multiplied by, one of them at random. */
  readonly perturbationFactors: readonly number[]
}

/** A value's change, in Ray Tune's words: `resample`, `* 1.2`, `shift left`, `shift right (noop)`. */
export interface Change {
  readonly value: JsonValue
  readonly operation: string
}

/** Draws a value from the config that it goes into. It has to depend on its arguments alone. */
export type DrawValue = (config: JsonObject, rng: Rng) => JsonValue

/**
 * Moves a value to its neighbour in a list, or draws one of the list.
 *
 * @see Ray Tune's `_explore`
 */
export function exploreList(value: JsonValue, values: readonly JsonValue[], rules: ExploreRules, rng: Rng): Change {
  const isResampled = rng.uniform() < rules.resampleProbability
  const text = encodeJson(value)
  const at = values.findIndex(other => encodeJson(other) === text)
  const pick = (index: number) => values[index] ?? null
  if (isResampled || at < 0) return { value: pick(rng.integer(0, values.length)), operation: 'resample' }
  const isLeft = rng.integer(0, 2) === 0
  const to = Math.min(values.length - 1, Math.max(0, at + (isLeft ? -1 : 1)))
  return { value: pick(to), operation: `shift ${isLeft ? 'left' : 'right'}${to === at ? ' (noop)' : ''}` }
}

/** Multiplies a number by a factor, on its axis, or draws one from there. */
export function exploreAxis(value: JsonValue, axis: Axis, rules: ExploreRules, rng: Rng): Change {
  const isResampled = rng.uniform() < rules.resampleProbability
  if (isResampled || typeof value !== 'number' || !Number.isFinite(value))
    return { value: axis.at(rng.uniform()), operation: 'resample' }
  const factor = drawFactor(rules, rng)
  return { value: scale(axis, value, factor), operation: `* ${factor}` }
}

/**
 * Multiplies a number by a factor, or has it drawn by a function. A number for which the function draws whole ones stays whole.
 *
 * @param axis - where the space has such a number, which bounds it
 */
export function exploreFunction(
  value: JsonValue,
  draw: (rng: Rng) => JsonValue,
  axis: Axis | undefined,
  rules: ExploreRules,
  rng: Rng,
): Change {
  const isResampled = rng.uniform() < rules.resampleProbability
  const drawn = draw(rng.fork('draw'))
  if (isResampled || typeof value !== 'number' || typeof drawn !== 'number')
    return { value: axis && typeof drawn === 'number' ? scale(axis, drawn, 1) : drawn, operation: 'resample' }
  const factor = drawFactor(rules, rng)
  const operation = `* ${factor}`
  if (axis) return { value: scale(axis, value, factor), operation }
  const isWhole = Number.isInteger(value) && Number.isInteger(drawn)
  // adding 0 makes 0 of −0
  return { value: isWhole ? Math.trunc(value * factor) + 0 : value * factor, operation }
}

function drawFactor({ perturbationFactors }: ExploreRules, rng: Rng): number {
  return perturbationFactors[rng.integer(0, perturbationFactors.length)] ?? 1
}
