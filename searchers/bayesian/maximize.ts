import { climbDiscrete, climbSmooth } from './climb.js'
import type { Layout } from './layout.js'
import { type Place, type Search, scoreAll } from './score.js'

/** How much work a search may be. */
export interface Effort {
  /** From how many candidates a local search starts. */
  readonly starts: number
  /** Of how many gradient steps each round of it is, at most. */
  readonly steps: number
}

/** The most rounds of smooth and discrete search from one start. */
const maxRounds = 3

/**
 * Finds the point of the greatest acquisition: all candidates are scored, then from the best of them smooth dimensions are searched by
 * L-BFGS with analytic gradients in turn with the values of discrete ones. Every score is that of a canonical point. In a space that
 * can be listed the candidates are all there is, and the result is exact.
 *
 * @param candidates - points of the unit cube, [D] each, without NaN
 * @returns undefined if all that were met are taken
 */
export function maximize(search: Search, candidates: readonly Float64Array[], effort: Effort): Place | undefined {
  const ranked = scoreAll(search, candidates).sort((a, b) => b.score - a.score)
  if (search.layout.isListed) return ranked[0]
  const reached = chooseStarts(ranked, search.layout, effort.starts).map(start => climb(search, start, effort.steps))
  reached.sort((a, b) => b.score - a.score)
  return [...reached, ...ranked].find(({ units }) => !search.isTaken(units))
}

/** The best places that lie apart from one another. */
function chooseStarts(ranked: readonly Place[], { varying }: Layout, count: number): readonly Place[] {
  const starts: Place[] = []
  const apart = 0.01 * varying.length
  for (const place of ranked) {
    if (starts.length >= count) break
    const isNew = starts.every(start => {
      let square = 0
      for (const { index, type } of varying) {
        const a = start.units[index] ?? Number.NaN
        const b = place.units[index] ?? Number.NaN
        if (Object.is(a, b)) continue
        square += type === 'categorical' || Number.isNaN(a - b) ? 1 : (a - b) ** 2
      }
      return square > apart
    })
    if (isNew) starts.push(place)
  }
  return starts
}

function climb(search: Search, start: Place, steps: number): Place {
  let place = start
  for (let round = 0; round < maxRounds; round++) {
    const before = place.score
    place = climbSmooth(search, place, steps)
    if (search.layout.discrete.length === 0) return place
    place = climbDiscrete(search, place)
    if (!(place.score > before + 1e-6 * Math.max(1, Math.abs(before)))) break
  }
  return place
}
