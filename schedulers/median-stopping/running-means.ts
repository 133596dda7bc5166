import { pairwiseSum } from '../../src/math/pairwise-sum.js'
import { RankedSplit } from '../kit/ranking.js'

/** What is known of the other trials at a time. */
export interface OthersAtTime {
  /** How many other trials have a running mean at that time, and a result there or later. */
  readonly trials: number
  /** How many of these means are finite. */
  readonly finite: number
  /** Their median; NaN when there are none, −Infinity when half of them or more are not finite. */
  readonly median: number
}

/** The results of one trial, as scores (larger is better), by time. */
interface History {
  readonly times: number[]
  /** The results from the grace period on. */
  readonly counted: number[]
  /** The mean of those so far, to the same bits as numpy's; NaN without any, −Infinity once one is not finite. */
  readonly means: number[]
  best: number
}

/** The running means at one time of all trials that have got there. */
interface Slice {
  readonly ranks: RankedSplit
  finite: number
}

/**
 * Keeps the running mean of each trial's results, and the median over trials at any time.
 *
 * The means at a time that is asked for more than once are kept ranked, so where trials report at the same times (iterations) looking at
 * the others costs O(log n) in the number of trials; a time of its own costs O(n).
 */
export class RunningMeans {
  readonly #gracePeriod: number
  readonly #histories = new Map<number, History>()
  /** By time; undefined for a time that was asked for once. */
  readonly #slices = new Map<number, Slice | undefined>()
  /** The times of the slices, ascending. */
  readonly #times: number[] = []

  /** @param gracePeriod - results of earlier times don't enter the means */
  constructor(gracePeriod: number) {
    this.#gracePeriod = gracePeriod
  }

  /** The time of a trial's last result; −Infinity without one. */
  lastTime(trialIndex: number): number {
    return this.#histories.get(trialIndex)?.times.at(-1) ?? Number.NEGATIVE_INFINITY
  }

  /** The best result of a trial at any time; −Infinity without a finite one. */
  best(trialIndex: number): number {
    return this.#histories.get(trialIndex)?.best ?? Number.NEGATIVE_INFINITY
  }

  /**
   * Records a result, in O(log n + l) where the trial has l of them.
   *
   * @param time - not below the trial's last one
   * @param score - −Infinity for a result that is not finite
   */
  record(trialIndex: number, time: number, score: number): void {
    const history = this.#histories.get(trialIndex) ?? {
      times: [],
      counted: [],
      means: [],
      best: Number.NEGATIVE_INFINITY,
    }
    this.#histories.set(trialIndex, history)
    const last = history.times.at(-1) ?? Number.NEGATIVE_INFINITY
    // two results of one time: the mean there is another one now
    if (time === last) this.#forget(time)
    else this.#fillBetween(trialIndex, history, last, time)

    if (time >= this.#gracePeriod) history.counted.push(score)
    history.times.push(time)
    history.means.push(meanOf(history.counted))
    history.best = Math.max(history.best, score)
    const slice = this.#slices.get(time)
    if (slice !== undefined) insert(slice, trialIndex, meanAt(history, time))
  }

  /** Looks at all trials but one at a time; to be called before that trial's own result there is recorded. */
  othersAt(time: number, trialIndex: number): OthersAtTime {
    const hasOwn = this.lastTime(trialIndex) >= time
    if (hasOwn) return summarize(this.#collect(time, trialIndex))
    const known = this.#slices.get(time)
    if (known !== undefined) return summarize(known)
    const slice = this.#collect(time, trialIndex)
    if (this.#slices.has(time)) {
      this.#slices.set(time, slice)
      this.#times.splice(countBelow(this.#times, time), 0, time)
    } else {
      this.#slices.set(time, undefined)
    }
    return summarize(slice)
  }

  /** Ranks the means of the other trials that have got to a time; O(n log n). */
  #collect(time: number, trialIndex: number): Slice {
    const slice: Slice = { ranks: new RankedSplit(), finite: 0 }
    for (const [index, history] of this.#histories) {
      const last = history.times.at(-1) ?? Number.NEGATIVE_INFINITY
      if (index !== trialIndex && last >= time) insert(slice, index, meanAt(history, time))
    }
    return slice
  }

  /** Enters a trial into the slices of the times that it has now passed without a result there. */
  #fillBetween(trialIndex: number, history: History, after: number, before: number): void {
    for (let at = countBelow(this.#times, before) - 1; at >= 0; at--) {
      const time = this.#times[at] ?? Number.NEGATIVE_INFINITY
      if (time <= after) return
      const slice = this.#slices.get(time)
      if (slice !== undefined) insert(slice, trialIndex, meanAt(history, time))
    }
  }

  #forget(time: number): void {
    if (this.#slices.get(time) === undefined) return
    this.#slices.delete(time)
    this.#times.splice(countBelow(this.#times, time), 1)
  }
}

function meanOf(scores: readonly number[]): number {
  const mean = pairwiseSum(scores) / scores.length
  return scores.length === 0 || Number.isFinite(mean) ? mean : Number.NEGATIVE_INFINITY
}

/** A trial's mean over the results up to a time; NaN when none of them counts. */
function meanAt({ times, means }: History, time: number): number {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[middle] ?? Number.NaN) <= time) low = middle + 1
    else high = middle
  }
  return means[low - 1] ?? Number.NaN
}

/** Enters a trial's mean, if it has one by then. */
function insert(slice: Slice, trialIndex: number, mean: number): void {
  if (Number.isNaN(mean)) return
  if (Number.isFinite(mean)) slice.finite++
  slice.ranks.add({ trialIndex, score: mean }, (slice.ranks.size + 2) >> 1)
}

function summarize({ ranks, finite }: Slice): OthersAtTime {
  const upper = ranks.worstOfTop?.score ?? Number.NaN
  const isOdd = ranks.size % 2 === 1
  const median = isOdd ? upper : (upper + (ranks.bestOfRest?.score ?? Number.NaN)) / 2
  return { trials: ranks.size, finite, median }
}

/** How many of the numbers (ascending) are below a bound. */
function countBelow(numbers: readonly number[], bound: number): number {
  let [low, high] = [0, numbers.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((numbers[middle] ?? Number.NaN) < bound) low = middle + 1
    else high = middle
  }
  return low
}
