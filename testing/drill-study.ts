import type { JsonObject } from '../src/json.js'
import { Rng } from '../src/rng.js'
import type { Decision, Exploit, NextAction, Scheduler } from '../src/scheduler.js'
import { choice, loguniform, Space, uniform } from '../src/space/index.js'
import { type Mode, readMetric, type Trial, type TrialReport, type TrialStatus } from '../src/trial.js'

/** A study for tests: trials report `score` in virtual time, until they end by themselves after `length` reports. */
export interface Drill {
  /** How many trials the searcher has in all. */
  readonly trials: number
  /** How many run at a time. */
  readonly places: number
  /** How many reports a trial makes before it ends by itself. */
  readonly length: number
  /** Whether small or large scores are better. */
  readonly mode: Mode
  /** The score of a trial's report; undefined leaves the metric out. */
  readonly score: (trialIndex: number, iteration: number) => number | undefined
  /** Whether a trial fails for good instead of making this report. */
  readonly fails?: (trialIndex: number, iteration: number) => boolean
  /** How long a trial takes for this report; 1 unless given. */
  readonly duration?: (trialIndex: number, iteration: number) => number
  /** Whether a trial that has ended, however that came, is taken up again, once. */
  readonly reopens?: (trialIndex: number) => boolean
}

/** One thing that happened in a drill, in commit order. */
export type DrillStep =
  | { readonly type: 'add' | 'end' | 'fail' | 'reopen'; readonly trial: number }
  | { readonly type: 'resume'; readonly trial: number; readonly exploit?: Exploit }
  | { readonly type: 'stop'; readonly trial: number; readonly reason: string }
  | { readonly type: 'report'; readonly trial: number; readonly iteration: number; readonly decision: Decision }

/** The space of the drill's trials, for schedulers that change configs. */
export const drillSpace: Space = Space.of({
  lr: loguniform(1e-4, 1e-1),
  momentum: uniform(0, 1),
  batch: choice([16, 32]),
})

const configs = new Map<number, JsonObject>()

/** The config of the trial of that index, the same in every drill. */
function configOf(index: number): JsonObject {
  const config = configs.get(index) ?? drillSpace.sample(Rng.from(3).fork(index))
  configs.set(index, config)
  return config
}

type Runner = { -readonly [K in keyof Trial]: Trial[K] }

/** A study on a virtual clock: commits the report with the smallest (clock, trial index) next and lets the scheduler fill free places. */
export class DrillStudy {
  /** All that has happened, in order. */
  readonly steps: DrillStep[] = []
  /** The trials that were made, by index. */
  readonly trials: Runner[] = []
  /** What broke the scheduler's contract, in words. */
  readonly faults: string[] = []
  readonly #running = new Map<number, Runner>()
  readonly #paused = new Map<number, Runner>()
  /** Trials that were taken up again, and those of them that wait for a place. */
  readonly #reopened = new Set<number>()
  readonly #waiting = new Set<number>()
  readonly #scheduler: Scheduler
  readonly #drill: Drill
  #clock = 0

  constructor(scheduler: Scheduler, drill: Drill) {
    this.#scheduler = scheduler
    this.#drill = drill
    scheduler.setUp({ metric: 'score', mode: drill.mode, space: drillSpace, rng: Rng.from(7).fork('scheduler') })
  }

  /** Takes steps again that an earlier run took, without asking the scheduler for anything but its decisions. */
  replay(steps: readonly DrillStep[]): this {
    for (const step of steps) {
      if (step.type === 'add') this.#add()
      else if (step.type === 'resume') this.#resume(step.trial, step.exploit)
      else if (step.type === 'stop') this.#end(step.trial, step)
      else if (step.type === 'reopen') this.#reopen(step.trial)
      else this.#advance(step.trial)
    }
    return this
  }

  /** Goes on until nothing is left to do, or `limit` steps are taken. */
  run(limit = 100_000): this {
    while (this.steps.length < limit) {
      this.#fillPlaces(limit)
      const first = this.#first()
      if (first === undefined) return this
      if (this.steps.length < limit) this.#advance(first.index)
    }
    return this
  }

  /** The latest reports that running trials may make before they are decided about, by index. */
  grants(): [trialIndex: number, grant: number | undefined][] {
    return Array.from(this.#running.values(), trial => [trial.index, this.#scheduler.grant?.(trial)])
  }

  /** What each trial came to, by index. */
  outcomes(): { status: TrialStatus; iteration: number }[] {
    return this.trials.map(({ status, iteration }) => ({ status, iteration }))
  }

  #fillPlaces(limit: number): void {
    while (this.#running.size < this.#drill.places && this.steps.length < limit) {
      const ended = this.trials.find(({ index, status }) => this.#mayReopen(index, status))
      if (ended !== undefined) {
        this.#reopen(ended.index)
        continue
      }
      const [waiting] = this.#waiting
      if (waiting !== undefined) {
        this.#resume(waiting)
        continue
      }
      const canStart = this.trials.length < this.#drill.trials
      const action = this.#next(canStart)
      if (action.type === 'wait') return
      if (action.type === 'new') {
        if (!canStart) return void this.faults.push('next: new, though canStart is false')
        this.#add()
      } else if (!this.#paused.has(action.trialIndex)) {
        return void this.faults.push(`next: ${action.type} of trial ${action.trialIndex}, which is not paused`)
      } else if (action.type === 'resume') {
        const { trialIndex, exploit } = action
        this.#resume(trialIndex, exploit)
      } else {
        if (action.reason === '') this.faults.push(`next: stop of trial ${action.trialIndex} without a reason`)
        this.#end(action.trialIndex, { type: 'stop', trial: action.trialIndex, reason: action.reason })
      }
    }
  }

  /** The running trial whose report is committed next. */
  #first(): Runner | undefined {
    let first: Runner | undefined
    for (const trial of this.#running.values()) {
      const isFirst =
        first === undefined || trial.clock < first.clock || (trial.clock === first.clock && trial.index < first.index)
      if (isFirst) first = trial
    }
    return first
  }

  #next(canStart: boolean): NextAction {
    if (this.#scheduler.next) return this.#scheduler.next({ paused: this.#paused, canStart })
    if (canStart) return { type: 'new' }
    const [first] = [...this.#paused.keys()].sort((a, b) => a - b)
    return first === undefined ? { type: 'wait' } : { type: 'resume', trialIndex: first }
  }

  #add(): void {
    const index = this.trials.length
    const none = {
      lastReport: undefined,
      bestReport: undefined,
      error: undefined,
      reason: undefined,
      endedBy: undefined,
      origin: undefined,
      repeat: undefined,
    }
    const state = { status: 'running', iteration: 0, checkpoints: [], failures: 0, clock: this.#clock } as const
    const id = `trial-${index}`
    const config = configOf(index)
    const trial: Runner = { index, id, name: id, directory: id, config, ...state, ...none }
    this.trials.push(trial)
    this.#running.set(index, trial)
    this.steps.push({ type: 'add', trial: index })
    this.#scheduler.onTrialAdd?.(trial)
  }

  #resume(index: number, exploit?: Exploit): void {
    const trial = this.#trial(index)
    if (exploit) this.#takeOver(trial, exploit)
    this.#paused.delete(index)
    this.#waiting.delete(index)
    this.#running.set(index, trial)
    trial.status = 'running'
    trial.clock = Math.max(trial.clock, this.#clock)
    this.steps.push({ type: 'resume', trial: index, ...(exploit && { exploit }) })
    this.#scheduler.onTrialResume?.(trial)
  }

  #mayReopen(index: number, status: TrialStatus): boolean {
    const hasEnded = status === 'terminated' || status === 'error'
    return hasEnded && !this.#reopened.has(index) && this.#drill.reopens?.(index) === true
  }

  /** Has a trial that had ended wait for a place, as a study does it that is extended. */
  #reopen(index: number): void {
    const trial = this.#trial(index)
    trial.status = 'paused'
    this.#paused.set(index, trial)
    this.#reopened.add(index)
    this.#waiting.add(index)
    this.steps.push({ type: 'reopen', trial: index })
    const scheduler = this.#scheduler
    if (scheduler.onTrialReopen) scheduler.onTrialReopen(trial)
    else if (scheduler.onTrialEnd) scheduler.onTrialAdd?.(trial)
  }

  #end(index: number, step: DrillStep): void {
    const trial = this.#trial(index)
    this.#running.delete(index)
    this.#paused.delete(index)
    this.#waiting.delete(index)
    trial.status = step.type === 'fail' ? 'error' : 'terminated'
    if (step.type !== 'report') this.steps.push(step)
    this.#scheduler.onTrialEnd?.(trial)
  }

  /** Commits what a running trial does next: a report, its end, or its failure. */
  #advance(index: number): void {
    const trial = this.#trial(index)
    const iteration = trial.iteration + 1
    this.#clock = trial.clock
    if (this.#drill.fails?.(index, iteration)) this.#end(index, { type: 'fail', trial: index })
    else if (iteration > this.#drill.length) this.#end(index, { type: 'end', trial: index })
    else this.#commitReport(trial, iteration)
  }

  #commitReport(trial: Runner, iteration: number): void {
    const { index } = trial
    const { timeAttr } = this.#scheduler
    const granted = this.#scheduler.grant?.(trial) ?? Number.NEGATIVE_INFINITY
    const before = trial.lastReport ? readMetric(trial.lastReport, timeAttr) : 0
    if (this.#scheduler.grant && !(granted > (before ?? 0)))
      this.faults.push(`trial ${index} at ${before} has the grant ${granted}, which is not ahead`)

    const report = this.#report(index, iteration)
    trial.iteration = iteration
    trial.lastReport = report
    this.#clock = trial.clock = trial.clock + (this.#drill.duration?.(index, iteration) ?? 1)
    const decision = this.#scheduler.onReport(trial, report)
    const step: DrillStep = { type: 'report', trial: index, iteration, decision }
    this.steps.push(step)
    if (decision.type === 'continue') return
    if (decision.reason === '') this.faults.push(`${decision.type} of trial ${index} without a reason`)
    if (!((readMetric(report, timeAttr) ?? 0) >= granted))
      this.faults.push(`${decision.type} of trial ${index} at ${iteration}, below its grant ${granted}`)
    if (decision.type === 'stop') {
      this.#end(index, step)
    } else if (decision.type === 'exploit') {
      this.#takeOver(trial, decision)
    } else {
      this.#running.delete(index)
      this.#paused.set(index, trial)
      trial.status = 'paused'
    }
  }

  /** Lets a trial go on from another's last report, as if each report had a checkpoint. */
  #takeOver(trial: Runner, { donor, config }: Exploit): void {
    const from = this.trials[donor]
    if (from === undefined || donor === trial.index || from.iteration === 0)
      return void this.faults.push(
        `trial ${trial.index} takes over from trial ${donor}, which is not another one that reported`,
      )
    if (!drillSpace.contains(config))
      this.faults.push(`trial ${trial.index} takes over a config that is not of the space: ${JSON.stringify(config)}`)
    const { iteration } = from
    const checkpoint = { name: `checkpoint_${String(iteration).padStart(6, '0')}`, iteration }
    trial.config = config
    trial.origin = { trialIndex: donor, checkpoint, iteration: trial.iteration }
  }

  #report(index: number, iteration: number): TrialReport {
    const score = this.#drill.score(index, iteration)
    const timing = { timestampMs: iteration * 1000, timeThisIterS: 1, timeTotalS: iteration }
    const plain: TrialReport = { iteration, metrics: score === undefined ? {} : { score }, timing }
    if (readMetric(plain, this.#scheduler.timeAttr) !== undefined) return plain
    const metrics: JsonObject = { ...plain.metrics, [this.#scheduler.timeAttr]: iteration }
    return { ...plain, metrics }
  }

  #trial(index: number): Runner {
    const trial = this.trials[index]
    if (!trial) throw new Error(`the drill has no trial ${index}`)
    return trial
  }
}
