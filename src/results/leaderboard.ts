import { isBetter, type Mode, readMetric, type Trial } from '../trial.js'

/** What trials are ranked by: the best report's value of a metric; without a metric, the trials that were added last go first. */
export interface Ranking {
  readonly metric: string | null
  readonly mode: Mode | null
}

interface Entry {
  readonly index: number
  readonly value: number | undefined
  /** When it was added, to rank by where there is no metric. */
  readonly turn: number
}

/** A trial's best value by the metric of the ranking. */
export function bestValue(trial: Trial, { metric }: Ranking): number | undefined {
  return metric === null || trial.bestReport === undefined ? undefined : readMetric(trial.bestReport, metric)
}

/**
 * Keeps the best few of many trials in order, so that nothing that is shown needs all trials sorted. An update is O(capacity), and
 * O(1) for a trial that does not make it.
 */
export class Leaderboard {
  readonly #ranking: Ranking
  readonly #capacity: number
  readonly #entries: Entry[] = []
  #turns = 0

  constructor(ranking: Ranking, capacity: number) {
    this.#ranking = ranking
    this.#capacity = capacity
  }

  /** Puts a trial where it belongs now. */
  update(trial: Trial): void {
    const entry: Entry = { index: trial.index, value: bestValue(trial, this.#ranking), turn: this.#turns++ }
    const last = this.#entries.at(-1)
    if (this.#entries.length >= this.#capacity && last !== undefined && !this.#precedes(entry, last)) return
    const held = this.#entries.findIndex(({ index }) => index === entry.index)
    if (held !== -1) this.#entries.splice(held, 1)
    const place = this.#entries.findIndex(other => this.#precedes(entry, other))
    this.#entries.splice(place === -1 ? this.#entries.length : place, 0, entry)
    if (this.#entries.length > this.#capacity) this.#entries.pop()
  }

  /** Indices of the best trials, the best first. */
  indices(): number[] {
    return this.#entries.map(({ index }) => index)
  }

  #precedes(a: Entry, b: Entry): boolean {
    const { metric, mode } = this.#ranking
    if (metric === null) return a.turn > b.turn
    if (isBetter(a.value, b.value, mode ?? 'min')) return true
    if (isBetter(b.value, a.value, mode ?? 'min')) return false
    return a.index < b.index
  }
}
