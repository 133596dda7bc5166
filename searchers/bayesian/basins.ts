import type { GaussianProcess } from '../../src/gp/gaussian-process.js'
import type { Dimension } from '../../src/space/dimension.js'
import { confidenceBound, logExpectedImprovement } from './acquisition.js'
import type { Box } from './candidates.js'
import { climb, maximize, type Place, type Search, scoreAll } from './maximize.js'

/** How many basins are looked at, and from how many observations the way down is followed. */
const maxBasins = 6
const maxDescents = 12

/** Points nearer to one another than this, in length scales, are in the same basin. */
const radius = 0.75

/** How far from a basin's bottom its best config is looked for. */
const reach = 0.15

const candidates = 48
const effort = { starts: 3, steps: 30 }

/** Where basins are looked for. */
export interface Ground {
  /** The model, with pending trials. */
  readonly gp: GaussianProcess
  /** Observed points, [D] each, without NaN, the best first. */
  readonly ranked: readonly Float64Array[]
  readonly search: Omit<Search, 'acquisition'>
  /** Makes points near a point. */
  readonly scatter: (centre: Float64Array, count: number, box: Box) => Float64Array[]
}

/**
 * Proposes a config of another basin than that of the best one: the bottom of the model's mean that is reached from the best observation
 * outside the basins that have nothing more to give. Expected improvement on the best of all leads to the corners of the space once its
 * basin is known, for there the model knows least; yet a local optimum that was found is nearer to a better one.
 *
 * @param least - the logarithm of the improvement on the best of its own basin that is worth a trial
 */
export function leaveBasin({ gp, ranked, search, scatter }: Ground, least: number): Place | undefined {
  const { varying } = search.layout
  const downhill: Search = { ...search, acquisition: confidenceBound(gp, 0), isTaken: () => false }
  const inverse = Float64Array.from(gp.hyperparameters.lengthScales, scale => 1 / scale)
  const isNear = (a: Float64Array) => (b: Float64Array) => squaredDistance(a, b, varying, inverse) < radius * radius
  const seen: Float64Array[] = []
  let count = 0
  for (const centre of ranked) {
    if (count >= maxBasins || seen.length >= 2 * maxDescents) break
    if (seen.some(isNear(centre))) continue
    const [start] = scoreAll(downhill, [centre])
    if (start === undefined) continue
    const { latent } = climb(downhill, start, effort.steps)
    const isOld = seen.some(isNear(latent))
    seen.push(centre, latent)
    if (isOld) continue
    count++
    // the first is that of the best config
    if (count === 1) continue
    const box = around(latent, search.box, varying)
    const local = { ...search, box, acquisition: logExpectedImprovement(gp, -start.score) }
    const found = maximize(local, [latent, ...scatter(latent, candidates, box)], effort)
    if (found !== undefined && found.score >= least) return found
  }
  return undefined
}

function around(centre: Float64Array, { lower, upper }: Box, varying: readonly Dimension[]): Box {
  const box = { lower: lower.slice(), upper: upper.slice(), centre: undefined }
  for (const { index, type } of varying) {
    if (type === 'categorical') continue
    box.lower[index] = Math.max(lower[index] ?? 0, (centre[index] ?? 0.5) - reach)
    box.upper[index] = Math.min(upper[index] ?? 1, (centre[index] ?? 0.5) + reach)
  }
  return box
}

/** In length scales; categories are 1 apart. */
function squaredDistance(
  a: Float64Array,
  b: Float64Array,
  varying: readonly Dimension[],
  inverseScales: Float64Array,
): number {
  let sum = 0
  for (const [j, { index, type, size }] of varying.entries()) {
    const difference = Math.abs((a[index] ?? 0.5) - (b[index] ?? 0.5))
    const distance = type !== 'categorical' ? difference : difference * size < 0.5 ? 0 : 1
    sum += (distance * (inverseScales[j] ?? 0)) ** 2
  }
  return sum
}
