import { compareEntries, type RungEntry } from '../kit/ranking.js'

/**
 * How many trials make up the upper quantile of a population, and as many the lower one: ⌈n · fraction⌉, but at most half of them, and none
 * of a single one.
 *
 * @param fraction - in [0, ½]
 * @see Ray Tune's `PopulationBasedTraining._quantiles`
 */
export function quantileSize(population: number, fraction: number): number {
  if (population <= 1) return 0
  return Math.min(Math.ceil(population * fraction), Math.floor(population / 2))
}

/** The latest score of each live trial, the best first. A place is found in O(log n). */
export class Ranking {
  readonly #entries: RungEntry[] = []
  readonly #scores = new Map<number, number>()

  get size(): number {
    return this.#entries.length
  }

  /** Notes a trial's latest score. */
  record(trialIndex: number, score: number): void {
    this.remove(trialIndex)
    const entry = { trialIndex, score }
    this.#scores.set(trialIndex, score)
    this.#entries.splice(this.#placeFor(entry), 0, entry)
  }

  remove(trialIndex: number): void {
    const place = this.placeOf(trialIndex)
    if (place === undefined) return
    this.#entries.splice(place, 1)
    this.#scores.delete(trialIndex)
  }

  /** How many trials are better; undefined for one without a score. */
  placeOf(trialIndex: number): number | undefined {
    const score = this.#scores.get(trialIndex)
    return score === undefined ? undefined : this.#placeFor({ trialIndex, score })
  }

  /** The trials from one place up to another, that one excluded. */
  between(start: number, end: number): readonly RungEntry[] {
    return this.#entries.slice(start, end)
  }

  #placeFor(entry: RungEntry): number {
    let low = 0
    let high = this.#entries.length
    while (low < high) {
      const middle = (low + high) >> 1
      const other = this.#entries[middle]
      if (other !== undefined && compareEntries(other, entry) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}
