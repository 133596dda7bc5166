import { type Bracket, type BracketOptions, GO_ON, type Judgement, type RungSummary } from './bracket.js'
import { compareEntries, Heap, RankedSplit, type RungEntry } from './ranking.js'
import { countReached, justAfter } from './rungs.js'

/** The results recorded at a rung, and those of them that wait to be promoted. */
interface PromotionRung {
  readonly level: number
  /** All results, parted at ⌊n / reductionFactor⌋. */
  readonly ranks: RankedSplit
  /** Trials that paused here, the best first; may still hold some that have since left. */
  readonly waiting: Heap<RungEntry>
}

/**
 * Algorithm 2 of Li et al.: every trial pauses at each rung below `maxT`, and a paused one may go on while its result is among the best
 * ⌊n / reductionFactor⌋ of the n recorded there. Results that are not finite count among the n and are never promoted.
 */
export class PromotionBracket implements Bracket {
  readonly #options: BracketOptions
  readonly #levels: readonly number[]
  readonly #rungs: readonly PromotionRung[]
  /** The highest rung at which each live trial has a result, by trial index. */
  readonly #rungOf = new Map<number, number>()

  constructor(options: BracketOptions) {
    this.#options = options
    // whoever reaches maxT is done, so nothing waits there
    this.#levels = options.levels.filter(level => level < options.maxT)
    this.#rungs = this.#levels.map(level => ({ level, ranks: new RankedSplit(), waiting: new Heap(compareEntries) }))
  }

  /** The times of the rungs at which trials pause, ascending. */
  get levels(): readonly number[] {
    return this.#levels
  }

  enter(trialIndex: number, time: number): void {
    this.#rungOf.set(trialIndex, countReached(this.#levels, time) - 1)
  }

  judge(trialIndex: number, time: number, score: number): Judgement {
    const { maxT, stopLastTrials, reductionFactor } = this.#options
    if (time >= maxT) return stopLastTrials ? { type: 'finished' } : GO_ON
    const reached = countReached(this.#levels, time) - 1
    const rung = this.#rungs[reached]
    if (rung === undefined || reached <= this.#rungIndexOf(trialIndex)) return GO_ON

    const entry: RungEntry = { trialIndex, score }
    rung.ranks.add(entry, Math.floor((rung.ranks.size + 1) / reductionFactor))
    if (Number.isFinite(score)) rung.waiting.push(entry)
    this.#rungOf.set(trialIndex, reached)
    return { type: 'pause', level: rung.level, recorded: rung.ranks.size }
  }

  end(trialIndex: number): void {
    this.#rungOf.delete(trialIndex)
  }

  nextDecision(trialIndex: number, time: number): number {
    const { maxT, stopLastTrials } = this.#options
    if (time >= maxT) return stopLastTrials ? justAfter(time) : Number.POSITIVE_INFINITY
    const reached = countReached(this.#levels, time)
    if (reached - 1 > this.#rungIndexOf(trialIndex)) return justAfter(time)
    return this.#levels[reached] ?? (stopLastTrials ? maxT : Number.POSITIVE_INFINITY)
  }

  /**
   * Finds the best trial that may go on from a rung, in amortized O(log n).
   *
   * @param rungIndex - into {@link levels}
   * @param isPaused - whether a trial is paused; one that was resumed is not, and is thereby promoted
   */
  promotable(rungIndex: number, isPaused: (trialIndex: number) => boolean): number | undefined {
    const rung = this.#rungs[rungIndex]
    if (rung === undefined) return undefined
    for (;;) {
      const best = rung.waiting.peek()
      if (best === undefined) return undefined
      if (isPaused(best.trialIndex) && this.#rungOf.get(best.trialIndex) === rungIndex)
        return rung.ranks.isTop(best) ? best.trialIndex : undefined
      rung.waiting.pop()
    }
  }

  summarize(): RungSummary[] {
    return this.#rungs
      .map(({ level, ranks }) => ({ level, recorded: ranks.size, cutoff: ranks.worstOfTop?.score }))
      .reverse()
  }

  #rungIndexOf(trialIndex: number): number {
    return this.#rungOf.get(trialIndex) ?? -1
  }
}
