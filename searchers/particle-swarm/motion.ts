import type { Rng } from '../../src/rng.js'
import type { CategoricalDimension, NumericDimension } from '../../src/space/dimension.js'
import type { Space } from '../../src/space/space.js'
import { canonicalize } from '../kit/units.js'

/**
 * What becomes of a step that leaves the unit interval.
 *
 * - `reflect`: the coordinate bounces off the bound.
 * - `absorb`: it stays at the bound.
 * - `shrink`: the whole step is made shorter until it ends at the bound, so that it keeps its direction.
 */
export type Boundary = 'reflect' | 'absorb' | 'shrink'

/** How particles move. */
export interface Dynamics {
  /** w: how much of its velocity a particle keeps. */
  readonly inertia: number
  /** c₁: how strongly it is drawn to its own best place. */
  readonly cognitive: number
  /** c₂: how strongly it is drawn to its neighbours' best place. */
  readonly social: number
  /** The longest step of a coordinate, in widths of its range. */
  readonly maxVelocity: number
  readonly boundary: Boundary
}

/** Where a particle is and what it knows; each [d], canonical. */
export interface Bearings {
  readonly position: Float64Array
  readonly previous: Float64Array | undefined
  readonly personalBest: Float64Array
  readonly socialBest: Float64Array
}

/**
 * Where a particle goes next: v ← w v + c₁ r₁ (p − x) + c₂ r₂ (g − x), x ← x + v, with r₁ and r₂ uniform in [0, 1) for each coordinate. A
 * place that lacks a coordinate doesn't draw it. A parameter that the particle lacked starts where its own best place has it, else
 * where its neighbours' has it, else anywhere.
 *
 * @returns [d], canonical
 */
export function move(bearings: Bearings, dynamics: Dynamics, space: Space, rng: Rng): Float64Array {
  const { position, personalBest, socialBest } = bearings
  const next = new Float64Array(position.length)
  const steps = new Float64Array(position.length)
  for (const dimension of space.dimensions) {
    const { index, type } = dimension
    if (!space.isActive(next, dimension)) {
      next[index] = Number.NaN
      continue
    }
    const x = position[index] ?? Number.NaN
    if (Number.isNaN(x)) next[index] = firstNumber(personalBest[index], socialBest[index]) ?? rng.uniform()
    else if (type === 'categorical') next[index] = chooseCategory(bearings, dimension, dynamics, rng)
    else {
      next[index] = x
      steps[index] = stepOf(bearings, index, dynamics, rng)
    }
  }
  const scale = dynamics.boundary === 'shrink' ? shrinkage(next, steps) : 1
  for (const dimension of space.dimensions) {
    const { index, type } = dimension
    if (steps[index] === 0 || type === 'categorical') continue
    const target = confine((next[index] ?? 0) + scale * (steps[index] ?? 0), dynamics.boundary)
    next[index] = type === 'ordinal' ? dither(target, dimension, rng) : target
  }
  return canonicalize(next, space)
}

function stepOf(
  { position, previous, personalBest, socialBest }: Bearings,
  index: number,
  { inertia, cognitive, social, maxVelocity }: Dynamics,
  rng: Rng,
): number {
  const x = position[index] ?? Number.NaN
  // a place that lacks the coordinate has it at NaN, so that its part counts for nothing
  const velocity = x - (previous?.[index] ?? x) || 0
  const toPersonal = (personalBest[index] ?? x) - x || 0
  const toSocial = (socialBest[index] ?? x) - x || 0
  const step = inertia * velocity + cognitive * rng.uniform() * toPersonal + social * rng.uniform() * toSocial
  return Math.max(-maxVelocity, Math.min(maxVelocity, step))
}

/** A category is the one where the particle is, or its own best, or its neighbours' best, with weights w, c₁ r₁ and c₂ r₂. */
function chooseCategory(
  { position, personalBest, socialBest }: Bearings,
  { index }: CategoricalDimension,
  { inertia, cognitive, social }: Dynamics,
  rng: Rng,
): number {
  const x = position[index] ?? 0.5
  const personal = personalBest[index] ?? Number.NaN
  const other = socialBest[index] ?? Number.NaN
  const toPersonal = Number.isNaN(personal) ? 0 : cognitive * rng.uniform()
  const toSocial = Number.isNaN(other) ? 0 : social * rng.uniform()
  const u = rng.uniform() * (inertia + toPersonal + toSocial)
  if (u < toPersonal) return personal
  return u < toPersonal + toSocial ? other : x
}

/** The largest share of all steps, at most 1, that stays in the unit cube. */
function shrinkage(from: Float64Array, steps: Float64Array): number {
  let share = 1
  for (const [i, step] of steps.entries()) {
    if (step === 0) continue
    const room = step > 0 ? 1 - (from[i] ?? 0) : (from[i] ?? 0)
    share = Math.min(share, room / Math.abs(step))
  }
  return share
}

function confine(target: number, boundary: Boundary): number {
  if (boundary !== 'reflect') return Math.min(1, Math.max(0, target))
  // steps are at most 1 long, so one bounce is enough
  if (target < 0) return -target
  return target > 1 ? 2 - target : target
}

/** Rounds a coordinate up or down at random, so that steps shorter than a cell count on average. */
function dither(target: number, dimension: NumericDimension, rng: Rng): number {
  const { lower, upper } = dimension.cell(target)
  return Math.min(1, Math.max(0, target + (rng.uniform() - 0.5) * (upper - lower)))
}

function firstNumber(...values: readonly (number | undefined)[]): number | undefined {
  return values.find(value => value !== undefined && !Number.isNaN(value))
}
