import type { SuggestRequest } from '../../src/searcher.js'
import type { Experience } from './experience.js'
import { renew } from './variation.js'

/** Points closer than this in every coordinate are the same. */
const tolerance = 1e-9

/**
 * Makes a point one that was neither observed nor is pending, changing as little of it as that takes. O(d + n) for n pending trials, as long as the
 * point is new.
 *
 * @param units - [d], canonical; not changed
 * @param eta - the index of the polynomial mutation of its numbers
 * @returns [d], canonical; a known point if there is no new one nearby, as in a space that has been tried out
 */
export function makeNovel(
  units: Float64Array,
  eta: number,
  experience: Experience,
  request: SuggestRequest,
): Float64Array {
  const pending = [...experience.pendingUnits(request).values()]
  const isKnown = (point: Float64Array) => experience.isKnown(point) || pending.some(other => isSame(point, other))
  return renew(units, isKnown, eta, experience.context.space, request.rng)
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  for (let i = 0; i < a.length; i++) {
    const x = a[i] ?? Number.NaN
    const y = b[i] ?? Number.NaN
    if (!(Math.abs(x - y) < tolerance) && !(Number.isNaN(x) && Number.isNaN(y))) return false
  }
  return true
}
