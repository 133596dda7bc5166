import { crowdingDistance, nonDominatedRanks } from '../../src/math/pareto.js'

/** One config that may have children. */
export interface Individual {
  /** [d], canonical. */
  readonly units: Float64Array
  /** [objectives], what it came to; smaller is better. */
  readonly values: Float64Array
}

/** How each of a population stands. */
interface Standing {
  /** [n], the front that it is on, from 0. */
  readonly ranks: Int32Array
  /** [n], its crowding distance on that front. */
  readonly distances: Float64Array
}

/**
 * Those that may have children. A newcomer joins them, and the one that is worst then leaves: of the last front the one in the thickest crowd, the
 * oldest of several.
 *
 * @see Deb, Pratap, Agarwal and Meyarivan, A Fast and Elitist Multiobjective Genetic Algorithm: NSGA-II, IEEE Transactions on Evolutionary
 * Computation 6 (2002), section III
 */
export class Population {
  readonly #size: number
  readonly #objectives: number
  /** Oldest first. */
  readonly #members: Individual[] = []
  #ranked: readonly Individual[] | undefined

  /**
   * @param size - how many it holds, at least 1
   * @param objectives - how many values each has
   */
  constructor(size: number, objectives: number) {
    this.#size = size
    this.#objectives = objectives
  }

  /** Takes one in, in O(n log n) for n members and up to two objectives, O(n²) beyond. */
  add(individual: Individual): void {
    this.#members.push(individual)
    this.#ranked = undefined
    if (this.#members.length <= this.#size) return
    const standing = this.#standing()
    let worst = 0
    for (let i = 1; i < this.#members.length; i++) if (compare(standing, i, worst) > 0) worst = i
    this.#members.splice(worst, 1)
  }

  /** All members, best first: by their front, those on a front by how far apart they are, the newest of several alike. */
  ranked(): readonly Individual[] {
    if (this.#ranked !== undefined) return this.#ranked
    const members = this.#members
    const standing = this.#standing()
    const order = Array.from(members.keys()).sort((a, b) => compare(standing, a, b) || b - a)
    // every place is one of a member
    this.#ranked = order.map(place => members[place] as Individual)
    return this.#ranked
  }

  #standing(): Standing {
    const count = this.#members.length
    const objectives = this.#objectives
    const points = new Float64Array(count * objectives)
    for (const [i, { values }] of this.#members.entries()) points.set(values, i * objectives)
    const ranks = nonDominatedRanks(points, count, objectives)
    const fronts: number[][] = []
    for (const [i, rank] of ranks.entries()) {
      fronts[rank] ??= []
      fronts[rank]?.push(i)
    }
    const distances = new Float64Array(count)
    for (const front of fronts) {
      const apart = crowdingDistance(points, front, objectives)
      for (const [k, place] of front.entries()) distances[place] = apart[k] ?? 0
    }
    return { ranks, distances }
  }
}

/** The crowded comparison: negative if the first is better. */
function compare({ ranks, distances }: Standing, a: number, b: number): number {
  const difference = (ranks[a] ?? 0) - (ranks[b] ?? 0)
  if (difference !== 0) return difference
  const [x, y] = [distances[a] ?? 0, distances[b] ?? 0]
  // two of them may be infinite
  return x === y ? 0 : y - x
}
