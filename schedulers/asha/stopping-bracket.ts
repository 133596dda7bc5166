import { type Bracket, type BracketOptions, GO_ON, type Judgement, type RungSummary } from '../kit/bracket.js'
import { RunningQuantile } from '../kit/quantile.js'
import { countReached, justAfter } from '../kit/rungs.js'

/** The results recorded at a rung, with the percentile that later ones must reach. */
export class CutoffRung {
  readonly level: number
  readonly #quantile: RunningQuantile
  #finite = 0

  constructor(level: number, reductionFactor: number) {
    this.level = level
    // there and back through per cent as numpy's caller does, for the same bits
    this.#quantile = new RunningQuantile(((1 - 1 / reductionFactor) * 100) / 100)
  }

  get recorded(): number {
    return this.#quantile.size
  }

  /** How many of the recorded results are finite. */
  get finite(): number {
    return this.#finite
  }

  /** Records a score in O(log n). */
  record(trialIndex: number, score: number): void {
    this.#quantile.add(trialIndex, score)
    if (Number.isFinite(score)) this.#finite++
  }

  /**
   * The (1 − 1/reductionFactor) quantile of what is recorded, with linear interpolation; O(1).
   *
   * @returns undefined when nothing is recorded; −Infinity when the quantile falls among results that are not finite
   */
  cutoff(): number | undefined {
    return this.#quantile.value
  }
}

/**
 * Ray Tune's rule: a trial is stopped at a rung when its score is strictly worse than the quantile of those recorded there before it.
 *
 * Each result is judged at one rung at most: the highest that the trial has reached and has no result at. With `stopLastTrials`, a rung
 * that the trial once jumped over is made up for by a later result; without it, only rungs above its highest one count. Both as in Ray.
 */
export class StoppingBracket implements Bracket {
  readonly #options: BracketOptions
  readonly #rungs: readonly CutoffRung[]
  /** Rungs at which each live trial has a result, by index. */
  readonly #recordedAt = new Map<number, Set<number>>()

  constructor(options: BracketOptions) {
    this.#options = options
    this.#rungs = options.levels.map(level => new CutoffRung(level, options.reductionFactor))
  }

  enter(trialIndex: number, time: number): void {
    const passed = countReached(this.#options.levels, time)
    this.#recordedAt.set(trialIndex, new Set(Array.from({ length: passed }, (_, rung) => rung)))
  }

  judge(trialIndex: number, time: number, score: number): Judgement {
    const { maxT, stopLastTrials } = this.#options
    // its result is recorded when it has ended
    if (stopLastTrials && time >= maxT) return { type: 'finished' }
    return this.#record(trialIndex, time, score)
  }

  end(trialIndex: number, last: { readonly time: number; readonly score: number } | undefined): void {
    if (last !== undefined) this.#record(trialIndex, last.time, last.score)
    this.#recordedAt.delete(trialIndex)
  }

  nextDecision(trialIndex: number, time: number): number {
    const { levels, maxT, stopLastTrials } = this.#options
    if (stopLastTrials && time >= maxT) return justAfter(time)
    if (this.#openRung(trialIndex, time) !== undefined) return justAfter(time)
    const next = levels[countReached(levels, time)]
    return next ?? (stopLastTrials ? maxT : Number.POSITIVE_INFINITY)
  }

  summarize(): RungSummary[] {
    return this.#rungs.map(rung => ({ level: rung.level, recorded: rung.recorded, cutoff: rung.cutoff() })).reverse()
  }

  #record(trialIndex: number, time: number, score: number): Judgement {
    const open = this.#openRung(trialIndex, time)
    const rung = open === undefined ? undefined : this.#rungs[open]
    if (open === undefined || rung === undefined) return GO_ON
    const { level, recorded, finite } = rung
    const cutoff = rung.cutoff()

    rung.record(trialIndex, score)
    const recordedAt = this.#recordedAt.get(trialIndex)
    if (recordedAt === undefined) this.#recordedAt.set(trialIndex, new Set([open]))
    else recordedAt.add(open)

    if (!Number.isFinite(score)) return finite > 0 ? { type: 'not-finite', level, finite, recorded } : GO_ON
    if (cutoff !== undefined && score < cutoff) return { type: 'below-cutoff', level, cutoff, recorded }
    return GO_ON
  }

  /** The rung at which a result of that time is judged. */
  #openRung(trialIndex: number, time: number): number | undefined {
    const recordedAt = this.#recordedAt.get(trialIndex)
    for (let rung = countReached(this.#options.levels, time) - 1; rung >= 0; rung--) {
      if (!recordedAt?.has(rung)) return rung
      if (!this.#options.stopLastTrials) return undefined
    }
    return undefined
  }
}
