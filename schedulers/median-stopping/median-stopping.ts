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
import { formatNumber, formatPair } from '../kit/reasons.js'
import { justAfter } from '../kit/rungs.js'
import { notSetUp, readTarget, resolveTarget, type Target, timeOf } from '../kit/target.js'
import { type MedianStoppingOptions, type ResolvedOptions, resolveOptions } from './options.js'
import { type OthersAtTime, RunningMeans } from './running-means.js'

const owner = 'MedianStoppingRule'

/** What holds from `setUp` on. */
interface Setup extends Target {
  readonly means: RunningMeans
}

/**
 * The median stopping rule: a trial is stopped when its best result so far is strictly worse than the median of the other trials' running
 * means, each over that trial's results up to the same time.
 *
 * Use it when trials are few or their number isn't known, when curves are noisy (means and medians are robust), or when no schedule of
 * rungs suits them; it needs no `maxT`. It is careful, and so saves less than ASHA: a trial must be worse than half of those that have come
 * as far, and one that was good once is let go on. What it costs: every report is waited for from the grace period on.
 *
 * The rule is Ray Tune's, but for these: `timeAttr` is `trainingIteration` by default and `gracePeriod` 1, where Ray goes by the wall
 * clock (60 seconds); a trial's last report counts once, where Ray counts it again when the trial ends; a metric that is NaN or infinite
 * is the worst result of all, where in Ray it makes the median NaN, which stops everyone else; a trial is let wait for others
 * only when `minTimeSlice` says so, where Ray by default does it at any report.
 *
 * A report costs O(log n + l), where n trials report at the same times and the trial has l results; O(n log n + l) where each has times of
 * its own.
 *
 * @see Golovin et al. 2017, "Google Vizier: A Service for Black-Box Optimization", section 3.2.2; Ray Tune's `MedianStoppingRule`
 */
export class MedianStoppingRule implements Scheduler {
  readonly name = 'median-stopping'
  readonly options: JsonObject
  readonly timeAttr: string
  readonly #resolved: ResolvedOptions
  #setup: Setup | undefined
  /** The time of each open trial's last report that told it. */
  readonly #times = new Map<number, number>()
  /** The time of each open trial's last pause for lack of samples. */
  readonly #pausedAt = new Map<number, number>()
  /** Trials that were found below the median and have not ended. */
  readonly #judged = new Set<number>()
  /** Trials that are paused, in the order in which they paused: to let others come as far, or for good unless there is room. */
  readonly #yielding = new Set<number>()
  readonly #shelved = new Set<number>()
  /** Whether the searcher may have more configs: not when a trial was resumed since the last one began. */
  #mayStart = true
  #stopped = 0

  /** @throws `TuneError` `INVALID_OPTION` for an option that is unknown or out of range */
  constructor(options: MedianStoppingOptions = {}) {
    this.#resolved = resolveOptions(owner, options)
    const { metric = null, mode = null, timeAttr } = this.#resolved
    this.options = { ...this.#resolved, metric, mode }
    this.timeAttr = timeAttr
  }

  /** @throws `TuneError` `INVALID_OPTION` when neither the options nor the study name a metric and a mode */
  setUp(context: SchedulerContext): void {
    const target = resolveTarget(owner, this.#resolved, context)
    this.#setup = { ...target, means: new RunningMeans(this.#resolved.gracePeriod) }
    for (const state of [this.#times, this.#pausedAt, this.#judged, this.#yielding, this.#shelved]) state.clear()
    this.#mayStart = true
    this.#stopped = 0
  }

  onTrialAdd(trial: Trial): void {
    this.#mayStart = true
    const time = timeOf(trial, this.timeAttr)
    if (time !== undefined) this.#times.set(trial.index, time)
  }

  onReport({ index }: Trial, report: TrialReport): Decision {
    const setup = this.#ready()
    const { time, value } = readTarget(report, setup)
    if (time !== undefined) this.#times.set(index, time)
    // one that was found below the median runs on as if there were no rule, or repeats what it has reported
    if (this.#judged.has(index) || time === undefined || value === undefined) return CONTINUE
    const { means, sign } = setup
    if (time < means.lastTime(index)) return CONTINUE

    const score = toScore(value, sign)
    const isDue = time >= this.#resolved.gracePeriod
    const others = isDue ? means.othersAt(time, index) : undefined
    means.record(index, time, score)
    if (others === undefined) return CONTINUE
    if (others.trials < this.#resolved.minSamplesRequired) return this.#yield(index, time, others)
    const best = Number.isFinite(score) ? means.best(index) : score
    if (Number.isFinite(best) ? !(best < others.median) : others.finite === 0) return CONTINUE

    this.#judged.add(index)
    this.#stopped++
    const reason = this.#explain({ value, time, best, others }, setup)
    if (this.#resolved.hardStop) return { type: 'stop', reason }
    this.#shelved.add(index)
    return { type: 'pause', reason }
  }

  onTrialResume({ index }: Trial): void {
    this.#mayStart = false
    this.#yielding.delete(index)
    this.#shelved.delete(index)
  }

  onTrialEnd({ index, status, lastReport }: Trial): void {
    const setup = this.#ready()
    // a last result may come with the end
    const { time, value } = lastReport ? readTarget(lastReport, setup) : {}
    const isNew = time !== undefined && time > setup.means.lastTime(index)
    if (isNew && value !== undefined && status !== 'error') setup.means.record(index, time, toScore(value, setup.sign))
    this.#times.delete(index)
    this.#pausedAt.delete(index)
    for (const state of [this.#judged, this.#yielding, this.#shelved]) state.delete(index)
  }

  /** The grace period, then every report; Infinity for a trial that is judged no more. */
  grant({ index }: Trial): number {
    if (this.#judged.has(index)) return Number.POSITIVE_INFINITY
    const time = this.#times.get(index) ?? 0
    return time < this.#resolved.gracePeriod ? this.#resolved.gracePeriod : justAfter(time)
  }

  next({ paused, canStart }: NextRequest): NextAction {
    if (canStart) return { type: 'new' }
    for (const waiting of [this.#yielding, this.#shelved])
      for (const trialIndex of waiting) if (paused.has(trialIndex)) return { type: 'resume', trialIndex }
    return { type: 'wait' }
  }

  describe(): string {
    const { hardStop } = this.#resolved
    const waiting = this.#yielding.size === 0 ? '' : `, ${this.#yielding.size} waiting for others to come as far`
    return `median stopping: ${this.#stopped} ${hardStop ? 'stopped' : 'paused'} below the median${waiting}`
  }

  /** Has a trial that can't be judged yet make room for others, if there are any and its time is over. */
  #yield(index: number, time: number, { trials }: OthersAtTime): Decision {
    const { minTimeSlice, minSamplesRequired } = this.#resolved
    const since = this.#pausedAt.get(index) ?? Number.NEGATIVE_INFINITY
    const othersWait = this.#mayStart || this.#yielding.size + this.#shelved.size > 0
    if (!othersWait || !(time - since > minTimeSlice)) return CONTINUE
    this.#pausedAt.set(index, time)
    this.#yielding.add(index)
    const reason = `only ${trials} of ${minSamplesRequired} other trials have come to ${this.timeAttr} ${formatNumber(time)}, so it lets others run`
    return { type: 'pause', reason }
  }

  #explain(
    { value, time, best, others }: { value: number; time: number; best: number; others: OthersAtTime },
    { sign }: Setup,
  ): string {
    const at = `up to ${this.timeAttr} ${formatNumber(time)}`
    if (!Number.isFinite(best))
      return `${value} is not a finite number, and ${others.finite} of ${others.trials} other trials have finite means ${at}`
    const [shown, median] = formatPair(sign * best, sign * others.median)
    const side = sign === 1 ? 'below' : 'above'
    return `its best, ${shown}, is ${side} ${median}, the median of the running means of ${others.trials} other trials ${at}`
  }

  #ready(): Setup {
    if (this.#setup === undefined) throw notSetUp(owner)
    return this.#setup
  }
}
