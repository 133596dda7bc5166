import { TuneError } from '../../src/errors.js'
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
import { toScore } from './bracket.js'
import {
  type Arrival,
  type BracketPlan,
  type BracketProgress,
  HalvingBracket,
  type Verdict,
} from './halving-bracket.js'
import { formatNumber } from './reasons.js'
import { justAfter } from './rungs.js'
import { notSetUp, readTarget, resolveTarget, type Target, type TargetChoice, timeOf } from './target.js'

/** What makes a synchronous scheduler out of brackets. */
export interface HalvingRules extends TargetChoice {
  /** The class that errors name. */
  readonly owner: string
  /** The scheduler's options as the journal keeps them. */
  readonly options: JsonObject
  /** The brackets in the order in which they are filled; after the last one comes the first again. */
  readonly plans: readonly BracketPlan[]
}

/** A bracket that still has trials, or takes them in. */
export interface LiveBracket extends BracketProgress {
  /** Its number in the order in which brackets were opened, from 0. */
  readonly opened: number
}

/** A trial that has not ended. */
interface Runner {
  readonly bracket: HalvingBracket
  /** Its time at the last report that told it. */
  time: number
}

/**
 * Synchronous successive halving in brackets that are filled one after the other; several may be under way at once, so a free place is
 * only left free when there is no config to start and every open trial has to wait for one that runs.
 *
 * Each trial that waits is resumed or ended in the end: a round is decided when its last trial arrives or ends, and the one bracket that
 * still has room is decided with what it has as soon as nothing else can be done with a free place.
 */
export abstract class HalvingScheduler implements Scheduler {
  abstract readonly name: string
  readonly options: JsonObject
  readonly timeAttr: string
  readonly #rules: HalvingRules
  #target: Target | undefined
  readonly #runners = new Map<number, Runner>()
  /** Those that are under way, by the order in which they were opened. */
  readonly #brackets = new Map<HalvingBracket, number>()
  /** The bracket that trials join. */
  #current: HalvingBracket | undefined
  #opened = 0
  /** Paused trials that may go on, and those that are to end, with the reason; both in the order in which that was decided. */
  readonly #promoted = new Set<number>()
  readonly #losers = new Map<number, string>()

  constructor(rules: HalvingRules) {
    this.#rules = rules
    this.options = rules.options
    this.timeAttr = rules.timeAttr
  }

  /** @throws `TuneError` `INVALID_OPTION` when neither the options nor the study name a metric and a mode */
  setUp(context: SchedulerContext): void {
    this.#target = resolveTarget(this.#rules.owner, this.#rules, context)
    for (const state of [this.#runners, this.#brackets, this.#promoted, this.#losers]) state.clear()
    this.#current = undefined
    this.#opened = 0
  }

  onTrialAdd(trial: Trial): void {
    const runner = this.#runnerOf(trial.index)
    runner.time = timeOf(trial, this.timeAttr) ?? runner.time
  }

  onReport(trial: Trial, report: TrialReport): Decision {
    const target = this.#ready()
    const runner = this.#runnerOf(trial.index)
    const { time, value } = readTarget(report, target)
    if (time !== undefined) runner.time = time
    const { bracket } = runner
    if (time === undefined || value === undefined || !(time >= bracket.level)) return CONTINUE

    const arrival = { trialIndex: trial.index, time, value, score: toScore(value, target.sign) }
    const { level } = bracket
    const own = this.#apply(bracket, bracket.arrive(arrival), trial.index)
    if (own === undefined) return { type: 'pause', reason: explainWait(arrival, level, bracket) }
    return own.type === 'promoted' ? CONTINUE : { type: 'stop', reason: this.#explain(own) }
  }

  onTrialResume(trial: Trial): void {
    const { bracket } = this.#runnerOf(trial.index)
    // it was let go on before its bracket was full
    if (bracket.isWaiting(trial.index)) this.#apply(bracket, bracket.close())
    this.#promoted.delete(trial.index)
  }

  onTrialEnd(trial: Trial): void {
    this.#ready()
    const { bracket } = this.#runnerOf(trial.index)
    this.#runners.delete(trial.index)
    this.#promoted.delete(trial.index)
    this.#losers.delete(trial.index)
    this.#apply(bracket, bracket.leave(trial.index, trial.status === 'error'))
  }

  /** The end of the trial's round; just above its time when its next report may be decided about because the last one lacked the metric. */
  grant(trial: Trial): number {
    const { bracket, time } = this.#runnerOf(trial.index)
    const { level } = bracket
    return level > time ? level : justAfter(time)
  }

  next({ paused, canStart }: NextRequest): NextAction {
    this.#ready()
    for (const [trialIndex, reason] of this.#losers)
      if (paused.has(trialIndex)) return { type: 'stop', trialIndex, reason }
    for (const trialIndex of this.#promoted) if (paused.has(trialIndex)) return { type: 'resume', trialIndex }
    if (canStart) return { type: 'new' }
    return this.#current?.isStuck ? this.#unstick(this.#current) : { type: 'wait' }
  }

  /** The brackets that are under way, in the order in which they were opened. */
  brackets(): LiveBracket[] {
    return Array.from(this.#brackets, ([bracket, opened]) => ({ opened, ...bracket.progress }))
  }

  /** The first thing to do with a bracket that has room for trials which don't come. */
  #unstick(bracket: HalvingBracket): NextAction {
    const verdicts = bracket.foresee()
    // to resume a trial closes the bracket, so that the others follow
    const best = verdicts.find(({ type }) => type === 'promoted')
    if (best !== undefined) return { type: 'resume', trialIndex: best.arrival.trialIndex }
    const last = verdicts.at(-1)
    if (last === undefined || last.type === 'promoted') return { type: 'wait' }
    return { type: 'stop', trialIndex: last.arrival.trialIndex, reason: this.#explain(last) }
  }

  /**
   * Notes what was decided about paused trials.
   *
   * @param reporting - the trial that is not paused
   * @returns what was decided about that one
   */
  #apply(bracket: HalvingBracket, verdicts: readonly Verdict[], reporting?: number): Verdict | undefined {
    let own: Verdict | undefined
    for (const verdict of verdicts) {
      const { trialIndex } = verdict.arrival
      if (trialIndex === reporting) own = verdict
      else if (verdict.type === 'promoted') this.#promoted.add(trialIndex)
      else this.#losers.set(trialIndex, this.#explain(verdict))
    }
    if (bracket.isOver) this.#brackets.delete(bracket)
    return own
  }

  #ready(): Target {
    if (this.#target === undefined) throw notSetUp(this.#rules.owner)
    return this.#target
  }

  #runnerOf(trialIndex: number): Runner {
    const known = this.#runners.get(trialIndex)
    if (known !== undefined) return known
    this.#ready()
    if (!this.#current?.isOpen) {
      const { plans } = this.#rules
      const plan = plans[this.#opened % plans.length]
      if (plan === undefined) throw new TuneError('PLUGIN_FAULT', `${this.#rules.owner} has no brackets`)
      this.#current = new HalvingBracket(plan)
      this.#brackets.set(this.#current, this.#opened++)
    }
    this.#current.join(trialIndex)
    const runner: Runner = { bracket: this.#current, time: Number.NEGATIVE_INFINITY }
    this.#runners.set(trialIndex, runner)
    return runner
  }

  #explain(verdict: Exclude<Verdict, { type: 'promoted' }>): string {
    const { arrival, level } = verdict
    if (verdict.type === 'finished')
      return `${this.#rules.timeAttr} ${formatNumber(arrival.time)} has reached ${formatNumber(level)}, where its bracket ends`
    if (!Number.isFinite(arrival.score))
      return `${arrival.value} is not a finite number, and only finite results go on from rung ${formatNumber(level)}`
    const shown = formatNumber(arrival.value)
    return `${shown} ranks ${verdict.rank} of ${verdict.present} at rung ${formatNumber(level)}; the best ${verdict.kept === 1 ? 'one goes' : `${verdict.kept} go`} on`
  }
}

function explainWait({ value }: Arrival, level: number, bracket: HalvingBracket): string {
  const { waiting, racing, isOpen, size } = bracket.progress
  const all = isOpen ? size : waiting + racing
  return `${formatNumber(value)} is recorded at rung ${formatNumber(level)} (${waiting} of ${all} there); goes on when among the best ${bracket.keeps}`
}
