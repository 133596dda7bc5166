/** One config that may have children. */
export interface Individual {
  /** [d], canonical. */
  readonly units: Float64Array
  /** What it came to; smaller is better. */
  readonly value: number
}

/**
 * Those that may have children: the best ever seen, and the last that came besides. A newcomer that is better than one of the best takes the
 * place of the worst of them, which then counts as the last that came; the one that came first leaves.
 *
 * With as many elites as members it is a (μ + 1) strategy's population, without any the last generation's.
 */
export class Population {
  readonly #size: number
  readonly #eliteCount: number
  /** Best first; of equal values the older first. */
  readonly #elites: Individual[] = []
  /** Oldest first. */
  readonly #others: Individual[] = []

  /**
   * @param size - how many it holds, at least 1
   * @param eliteCount - how many of them are the best ever seen, at most `size`
   */
  constructor(size: number, eliteCount: number) {
    this.#size = size
    this.#eliteCount = eliteCount
  }

  /** Takes one in, in O(size). */
  add(individual: Individual): void {
    insert(this.#elites, individual)
    const displaced = this.#elites.length > this.#eliteCount ? this.#elites.pop() : undefined
    if (displaced === undefined) return
    this.#others.push(displaced)
    if (this.#others.length > this.#size - this.#eliteCount) this.#others.shift()
  }

  /** All members, best first; of equal values those that came first, elites before others. O(size · log size) */
  ranked(): readonly Individual[] {
    return [...this.#elites, ...this.#others].sort((a, b) => a.value - b.value)
  }
}

/** Inserts behind all that are as good or better. */
function insert(ranked: Individual[], individual: Individual): void {
  let place = ranked.length
  while (place > 0 && (ranked[place - 1]?.value ?? Number.NEGATIVE_INFINITY) > individual.value) place -= 1
  ranked.splice(place, 0, individual)
}
