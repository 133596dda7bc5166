import type { JsonObject } from '../../src/json.js'
import {
  CONTINUE,
  type Decision,
  type NextAction,
  type NextRequest,
  type Scheduler,
  type SchedulerContext,
} from '../../src/scheduler.js'
import type { Trial, TrialReport } from '../../src/trial.js'
import { toScore } from '../kit/bracket.js'
import { PromotionBracket } from '../kit/promotion-bracket.js'
import { explain, formatNumber } from '../kit/reasons.js'
import { rungLevels } from '../kit/rungs.js'
import { notSetUp, readTarget, resolveTarget, type Target, timeOf } from '../kit/target.js'
import { type Curve, NoiseEstimate } from './noise.js'
import { type PASHAOptions, type ResolvedOptions, resolveOptions } from './options.js'
import { ranksAgree } from './soft-ranking.js'

const owner = 'PASHAScheduler'

/** What holds from `setUp` on. */
interface Setup extends Target {
  readonly bracket: PromotionBracket
  /** The score of each trial at each rung, by trial index. */
  readonly results: readonly Map<number, number>[]
}

/** A trial that has not ended. */
interface Runner {
  readonly curve: Curve
  /** Its time at the last report that told it. */
  time: number
}

/**
 * Progressive ASHA: promotes trials as `ASHAScheduler` of variant `'promotion'` does, but at first only up to the second rung, and
 * goes one rung higher each time that the two highest rungs rank their trials differently.
 *
 * Use it in place of ASHA when a full run is dear and a good config is what is wanted, not its trained model: it spends only as much on
 * each trial as it takes to tell the good ones apart, and finds configs about as good for a fraction of ASHA's cost (the paper: 2 to 15
 * times less). What it costs: the best trials may not have run up to `maxT` in the end, so train the best config once more;
 * where curves cross late, it may settle too early. Trials pause at each rung, so the trainable should save checkpoints.
 *
 * Rankings are compared softly: trials whose scores at the lower rung differ by epsilon at most may change places. Epsilon is the 90th
 * percentile of the distances between those curves at the highest rung that have crossed and crossed back; it is 0 until there are some, as
 * for trials that don't report at the same times. A metric that is NaN or infinite ranks last and is never promoted; ties are settled by
 * trial index.
 *
 * A result costs O(log n) in the number of trials; at the highest rung O(m · l), where m trials have got there with l results each.
 *
 * @see Bohdal et al. 2023, "PASHA: Efficient HPO and NAS with Progressive Resource Allocation", Algorithm 1. Ray Tune has nothing like it.
 */
export class PASHAScheduler implements Scheduler {
  readonly name = 'pasha'
  readonly options: JsonObject
  readonly timeAttr: string
  readonly #resolved: ResolvedOptions
  #setup: Setup | undefined
  /** The index of the rung that is the highest for now; the number of rungs when trials may run up to `maxT`. */
  #top = 1
  #epsilon = 0
  #noise = new NoiseEstimate()
  readonly #runners = new Map<number, Runner>()

  /** @throws `TuneError` `INVALID_OPTION` for an option that is unknown or out of range */
  constructor(options: PASHAOptions = {}) {
    this.#resolved = resolveOptions(owner, options)
    const { metric = null, mode = null, timeAttr } = this.#resolved
    this.options = { ...this.#resolved, metric, mode }
    this.timeAttr = timeAttr
  }

  /** @throws `TuneError` `INVALID_OPTION` when neither the options nor the study name a metric and a mode */
  setUp(context: SchedulerContext): void {
    const target = resolveTarget(owner, this.#resolved, context)
    const levels = rungLevels(this.#resolved, 0)
    const bracket = new PromotionBracket({ ...this.#resolved, levels, stopLastTrials: true })
    this.#setup = { ...target, bracket, results: bracket.levels.map(() => new Map()) }
    this.#top = Math.min(1, bracket.levels.length)
    this.#epsilon = 0
    this.#noise = new NoiseEstimate()
    this.#runners.clear()
  }

  /** The time up to which trials may run for now, in units of `timeAttr`. */
  get limit(): number {
    return this.#ready().bracket.levels[this.#top] ?? this.#resolved.maxT
  }

  /** By how much trials may differ and still change places, in units of the metric. */
  get epsilon(): number {
    return this.#epsilon
  }

  onTrialAdd(trial: Trial): void {
    const time = timeOf(trial, this.timeAttr)
    if (time === undefined) return
    this.#ready().bracket.enter(trial.index, time)
    this.#runners.set(trial.index, { curve: { times: [], scores: [] }, time })
  }

  onReport({ index }: Trial, report: TrialReport): Decision {
    const { bracket, sign, ...target } = this.#ready()
    const { time, value } = readTarget(report, target)
    const runner = this.#runners.get(index) ?? { curve: { times: [], scores: [] }, time: Number.NEGATIVE_INFINITY }
    this.#runners.set(index, runner)
    if (time !== undefined) runner.time = time
    if (time === undefined || value === undefined) return CONTINUE

    const { curve } = runner
    const score = toScore(value, sign)
    if (time > (curve.times.at(-1) ?? Number.NEGATIVE_INFINITY)) {
      curve.times.push(time)
      curve.scores.push(score)
    }
    const judgement = bracket.judge(index, time, score)
    if (judgement.type === 'continue') return CONTINUE
    const words = explain(judgement, { ...this.#resolved, sign, value, time })
    if (judgement.type !== 'pause') return { type: 'stop', reason: words }
    const rung = bracket.levels.indexOf(judgement.level)
    this.#record(rung, index, score, curve)
    const reason = rung === this.#top ? `${words} and the ranking there, the highest so far, changes` : words
    return { type: 'pause', reason }
  }

  onTrialEnd({ index }: Trial): void {
    this.#ready().bracket.end(index)
    this.#runners.delete(index)
  }

  /** The next rung, or `maxT`. */
  grant({ index }: Trial): number {
    const time = this.#runners.get(index)?.time ?? Number.NEGATIVE_INFINITY
    return this.#ready().bracket.nextDecision(index, time)
  }

  next({ paused, canStart }: NextRequest): NextAction {
    const { bracket } = this.#ready()
    const isPaused = (trialIndex: number) => paused.has(trialIndex)
    for (let rung = this.#top - 1; rung >= 0; rung--) {
      const trialIndex = bracket.promotable(rung, isPaused)
      if (trialIndex !== undefined) return { type: 'resume', trialIndex }
    }
    return canStart ? { type: 'new' } : { type: 'wait' }
  }

  describe(): string {
    const { bracket } = this.#ready()
    const rungs = bracket.summarize().map(({ level, recorded }) => `rung ${formatNumber(level)}: ${recorded}`)
    const limit = `up to ${formatNumber(this.limit)} of ${formatNumber(this.#resolved.maxT)}`
    return `PASHA: ${limit}, epsilon ${formatNumber(this.#epsilon)}${rungs.map(rung => `, ${rung}`).join('')}`
  }

  /** Records a result at a rung, and goes one rung higher when it upsets the ranking of the highest one. */
  #record(rung: number, trialIndex: number, score: number, curve: Curve): void {
    const { results } = this.#ready()
    const [upper, lower] = [results[rung], results[rung - 1]]
    upper?.set(trialIndex, score)
    if (rung !== this.#top || upper === undefined || lower === undefined) return
    this.#noise.add(curve)
    this.#epsilon = this.#noise.epsilon ?? this.#epsilon
    if (ranksAgree(upper, lower, this.#epsilon)) return
    this.#top++
    this.#noise = new NoiseEstimate()
  }

  #ready(): Setup {
    if (this.#setup === undefined) throw notSetUp(owner)
    return this.#setup
  }
}
