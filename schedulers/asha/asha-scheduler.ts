import { TuneError } from '../../src/errors.js'
import type { JsonObject } from '../../src/json.js'
import type { Rng } from '../../src/rng.js'
import {
  CONTINUE,
  type Decision,
  type NextAction,
  type NextRequest,
  type Scheduler,
  type SchedulerContext,
} from '../../src/scheduler.js'
import type { Trial, TrialReport } from '../../src/trial.js'
import { type Bracket, type RungSummary, toScore } from '../kit/bracket.js'
import { PromotionBracket } from '../kit/promotion-bracket.js'
import { explain, formatNumber } from '../kit/reasons.js'
import { notSetUp, readTarget, resolveTarget, type Target, timeOf } from '../kit/target.js'
import { bracketProbabilities, pickBracket } from './brackets.js'
import { type ASHAOptions, layOutBrackets, type ResolvedOptions, resolveOptions } from './options.js'
import { StoppingBracket } from './stopping-bracket.js'

const owner = 'ASHAScheduler'

/** The state of one rung, in the metric's own units. */
export interface RungState extends RungSummary {
  /** The bracket that it belongs to, from 0. */
  readonly bracket: number
}

/** What holds from `setUp` on. */
interface Setup extends Target {
  readonly rng: Rng
  readonly brackets: readonly Bracket[]
  readonly probabilities: readonly number[]
  /** Where trials can be promoted from, highest level first; empty in the stopping variant. */
  readonly ladder: readonly { readonly bracket: PromotionBracket; readonly rung: number; readonly level: number }[]
}

/** A trial that has not ended. */
interface Runner {
  readonly bracket: Bracket
  /** Its time at the last report that told it. */
  time: number
}

/**
 * Asynchronous successive halving: trials are compared at rungs, times that grow by `reductionFactor` from `gracePeriod` on, and the
 * worse ones are cut there without ever waiting for the others.
 *
 * Use it first among the schedulers: whenever a trial's early results say something about its final one, and the metric is comparable
 * between trials at the same time. Take `variant: 'promotion'` when many trials run in parallel or good results come late: it pauses each
 * trial at each rung, so that an early one has no advantage, but needs trainables that save checkpoints (or stay in memory), and leaves
 * all trials at the first rung when there are fewer than `reductionFactor` of them. More than one bracket guards against a grace period
 * that is too short to judge by. What it costs: a rung judges by what has come so far, so the stopping variant lets the first trials of
 * each rung pass, and the promotion variant some that later ones overtake. Take HyperBand when it should hedge between grace periods
 * systematically.
 *
 * The stopping rule is Ray Tune's, but for three things: rungs are counted exactly (Ray loses the one at `maxT` 1000 with
 * `reductionFactor` 10 to rounding), brackets are drawn from the study's seed, and a metric that is NaN or infinite ranks as the worst
 * (Ray leaves NaN out of the percentile and never stops a trial for it): such a trial is stopped where a finite result is recorded,
 * and in the promotion variant never promoted.
 *
 * A result costs O(log n) in the number of trials.
 *
 * @see Li et al. 2018, "A System for Massively Parallel Hyperparameter Tuning", Algorithm 2 (the promotion variant); Ray Tune's
 * `ASHAScheduler`, also called `AsyncHyperBandScheduler` (the stopping variant)
 */
export class ASHAScheduler implements Scheduler {
  readonly name = 'asha'
  readonly options: JsonObject
  readonly timeAttr: string
  readonly #resolved: ResolvedOptions
  #setup: Setup | undefined
  readonly #runners = new Map<number, Runner>()

  /** @throws `TuneError` `INVALID_OPTION` for an option that is unknown or out of range */
  constructor(options: ASHAOptions = {}) {
    this.#resolved = resolveOptions(owner, options)
    const { metric = null, mode = null, timeAttr } = this.#resolved
    this.options = { ...this.#resolved, metric, mode }
    this.timeAttr = timeAttr
  }

  /** @throws `TuneError` `INVALID_OPTION` when neither the options nor the study name a metric and a mode */
  setUp(context: SchedulerContext): void {
    const target = resolveTarget(owner, this.#resolved, context)
    const levels = layOutBrackets(this.#resolved)
    const optionsOf = (bracket: readonly number[]) => ({ ...this.#resolved, levels: bracket })
    const promoting =
      this.#resolved.variant === 'promotion' ? levels.map(bracket => new PromotionBracket(optionsOf(bracket))) : []
    const stopping =
      this.#resolved.variant === 'stopping' ? levels.map(bracket => new StoppingBracket(optionsOf(bracket))) : []
    this.#runners.clear()
    this.#setup = {
      ...target,
      rng: context.rng,
      brackets: [...promoting, ...stopping],
      probabilities: bracketProbabilities(levels.map(bracket => bracket.length)),
      ladder: promoting
        .flatMap(bracket => bracket.levels.map((level, rung) => ({ bracket, rung, level })))
        .sort((a, b) => b.level - a.level),
    }
  }

  onTrialAdd(trial: Trial): void {
    const runner = this.#runnerOf(trial.index)
    const time = timeOf(trial, this.timeAttr)
    if (time === undefined) return
    runner.time = time
    runner.bracket.enter(trial.index, time)
  }

  onReport(trial: Trial, report: TrialReport): Decision {
    const setup = this.#ready()
    const runner = this.#runnerOf(trial.index)
    const seen = readTarget(report, setup)
    if (seen.time !== undefined) runner.time = seen.time
    if (seen.time === undefined || seen.value === undefined) return CONTINUE

    const { time, value } = seen
    const judgement = runner.bracket.judge(trial.index, time, toScore(value, setup.sign))
    if (judgement.type === 'continue') return CONTINUE
    const reason = explain(judgement, { ...this.#resolved, sign: setup.sign, value, time })
    return { type: judgement.type === 'pause' ? 'pause' : 'stop', reason }
  }

  onTrialEnd(trial: Trial): void {
    const setup = this.#ready()
    const seen = trial.lastReport && trial.status !== 'error' ? readTarget(trial.lastReport, setup) : undefined
    const last =
      seen?.time === undefined || seen.value === undefined
        ? undefined
        : { time: seen.time, score: toScore(seen.value, setup.sign) }
    this.#runnerOf(trial.index).bracket.end(trial.index, last)
    this.#runners.delete(trial.index)
  }

  /**
   * The next rung above the trial's time, or `maxT`; Infinity once nothing is left to decide. Just above the trial's time when its next
   * report may be decided about because a report without the metric, or one that jumped over a rung, left that rung open.
   */
  grant(trial: Trial): number {
    const { bracket, time } = this.#runnerOf(trial.index)
    return bracket.nextDecision(trial.index, time)
  }

  next({ paused, canStart }: NextRequest): NextAction {
    const isPaused = (trialIndex: number) => paused.has(trialIndex)
    for (const { bracket, rung } of this.#ready().ladder) {
      const trialIndex = bracket.promotable(rung, isPaused)
      if (trialIndex !== undefined) return { type: 'resume', trialIndex }
    }
    if (canStart) return { type: 'new' }
    // the stopping variant pauses nobody, but lets go on whom anything else has paused
    const first = this.#resolved.variant === 'stopping' ? smallest(paused.keys()) : undefined
    return first === undefined ? { type: 'wait' } : { type: 'resume', trialIndex: first }
  }

  /** The rungs of each bracket, highest first, with their population and cut-off. */
  rungs(): RungState[] {
    const { brackets, sign } = this.#ready()
    return brackets.flatMap((each, bracket) =>
      each.summarize().map(({ level, recorded, cutoff }) => ({
        bracket,
        level,
        recorded,
        cutoff: cutoff === undefined ? undefined : sign * cutoff,
      })),
    )
  }

  describe(): string {
    const lines = new Map<number, string[]>()
    for (const { bracket, level, recorded, cutoff } of this.rungs()) {
      const suffix = cutoff === undefined || !Number.isFinite(cutoff) ? '' : ` (cut-off ${formatNumber(cutoff)})`
      const line = lines.get(bracket) ?? []
      line.push(`rung ${formatNumber(level)}: ${recorded}${suffix}`)
      lines.set(bracket, line)
    }
    const isSingle = this.#resolved.brackets === 1
    const texts = Array.from(lines, ([bracket, line]) => (isSingle ? '' : `bracket ${bracket}: `) + line.join(', '))
    return `ASHA ${this.#resolved.variant}: ${texts.join('; ')}`
  }

  #ready(): Setup {
    if (this.#setup === undefined) throw notSetUp(owner)
    return this.#setup
  }

  #runnerOf(trialIndex: number): Runner {
    const known = this.#runners.get(trialIndex)
    if (known !== undefined) return known
    const { rng, brackets, probabilities } = this.#ready()
    const at = brackets.length === 1 ? 0 : pickBracket(probabilities, rng.fork('bracket', trialIndex).uniform())
    const bracket = brackets[at]
    if (bracket === undefined) throw new TuneError('PLUGIN_FAULT', `ASHAScheduler has no bracket ${at}`)
    const runner: Runner = { bracket, time: Number.NEGATIVE_INFINITY }
    this.#runners.set(trialIndex, runner)
    return runner
  }
}

function smallest(numbers: Iterable<number>): number | undefined {
  let least: number | undefined
  for (const number of numbers) if (least === undefined || number < least) least = number
  return least
}
