import { join } from 'node:path'
import type { Callback, LineageStep, StudyView } from '../../src/callbacks/callback.js'
import type { ErrorRecord } from '../../src/errors.js'
import type { JsonObject } from '../../src/json.js'
import type { StudyDefinition } from '../../src/study/events.js'
import { type CheckpointRecord, isBetter, readMetric, type Trial, type TrialReport } from '../../src/trial.js'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
type FakeTrial = Mutable<Trial>

/** A study that a test writes itself: it keeps what it is told, and tells callbacks of it as a real one would. */
export class FakeStudy implements StudyView {
  readonly definition: StudyDefinition
  readonly path: string | undefined
  readonly trials: FakeTrial[] = []
  totalTrials: number
  readonly counts = { pending: 0, running: 0, paused: 0, terminated: 0, error: 0 }
  best: Trial | undefined
  schedulerState: string | undefined
  haltReason: string | undefined
  /** How often the journal was read from end to end. */
  passes = 0
  readonly #journal: { readonly trialIndex: number; readonly report: TrialReport }[] = []
  readonly #callbacks: readonly Callback[]

  constructor(
    options: Partial<StudyDefinition> & {
      path?: string | undefined
      totalTrials?: number
      callbacks?: Callback[]
    } = {},
  ) {
    const { path = '/results/demo', totalTrials = 10, callbacks = [], ...definition } = options
    this.path = 'path' in options ? options.path : path
    this.totalTrials = totalTrials
    this.#callbacks = callbacks
    const { metric = 'accuracy', mode = 'max' } = definition
    this.definition = {
      name: 'demo',
      seed: 7,
      objectives: metric === null || mode === null ? [] : [{ metric, mode }],
      metric,
      mode,
      order: 'logical',
      maxConcurrentTrials: 4,
      numSamples: totalTrials,
      maxFailures: 0,
      failFast: false,
      trainable: 'train',
      space: {},
      searcher: { name: 'random', options: {} },
      scheduler: { name: 'asha', options: {} },
      stoppers: [],
      ...definition,
    }
  }

  trialPath(trial: Trial): string | undefined {
    return this.path === undefined ? undefined : join(this.path, trial.directory)
  }

  *reports() {
    this.passes++
    yield* this.#journal
  }

  lineageOf(trialIndex: number): readonly LineageStep[] {
    return [{ iteration: 0, config: this.trials[trialIndex]?.config ?? {}, exploit: undefined }]
  }

  reportsOf(trialIndex: number): readonly TrialReport[] {
    return this.#journal.flatMap(entry => (entry.trialIndex === trialIndex ? entry.report : []))
  }

  start(config: JsonObject = {}): FakeTrial {
    const index = this.trials.length
    const trial: FakeTrial = {
      index,
      id: `demo_${String(index).padStart(5, '0')}`,
      name: `demo_${String(index).padStart(5, '0')}`,
      directory: `trial_${String(index).padStart(5, '0')}`,
      config,
      status: 'running',
      iteration: 0,
      lastReport: undefined,
      bestReport: undefined,
      checkpoints: [],
      failures: 0,
      error: undefined,
      reason: undefined,
      endedBy: undefined,
      repeat: undefined,
      origin: undefined,
      clock: 0,
    }
    this.trials.push(trial)
    this.counts.running++
    for (const callback of this.#callbacks) callback.onTrialStart?.(trial, this)
    return trial
  }

  report(trial: FakeTrial, metrics: JsonObject, seconds = 1): void {
    const iteration = trial.iteration + 1
    const timeTotalS = (trial.lastReport?.timing.timeTotalS ?? 0) + seconds
    const timing = {
      timestampMs: Date.UTC(2026, 0, 2, 3, 4, 5) + timeTotalS * 1000,
      timeThisIterS: seconds,
      timeTotalS,
    }
    const report: TrialReport = { iteration, metrics, timing }
    trial.iteration = iteration
    trial.lastReport = report
    const { metric, mode } = this.definition
    if (metric !== null && mode !== null) {
      const value = readMetric(report, metric)
      const held = trial.bestReport && readMetric(trial.bestReport, metric)
      if (value !== undefined && (held === undefined || isBetter(value, held, mode))) trial.bestReport = report
      const best = this.best?.bestReport && readMetric(this.best.bestReport, metric)
      if (isBetter(value, best, mode)) this.best = trial
    }
    this.#journal.push({ trialIndex: trial.index, report })
    for (const callback of this.#callbacks) callback.onTrialReport?.(trial, report, this)
  }

  pause(trial: FakeTrial, reason: string): void {
    this.#move(trial, 'paused', reason)
    for (const callback of this.#callbacks) callback.onTrialPause?.(trial, this)
  }

  resume(trial: FakeTrial): void {
    this.#move(trial, 'running', undefined)
    for (const callback of this.#callbacks) callback.onTrialResume?.(trial, this)
  }

  end(trial: FakeTrial, reason?: string): void {
    this.#move(trial, 'terminated', reason)
    for (const callback of this.#callbacks) callback.onTrialEnd?.(trial, this)
  }

  fail(trial: FakeTrial, error: ErrorRecord, retry = false): void {
    trial.failures++
    trial.error = error
    if (!retry) this.#move(trial, 'error', undefined)
    for (const callback of this.#callbacks) callback.onTrialFailure?.(trial, this)
    if (!retry) for (const callback of this.#callbacks) callback.onTrialEnd?.(trial, this)
  }

  checkpoint(trial: FakeTrial): void {
    const checkpoint: CheckpointRecord = {
      name: `checkpoint_${String(trial.checkpoints.length).padStart(6, '0')}`,
      iteration: trial.iteration,
    }
    trial.checkpoints = [...trial.checkpoints, checkpoint]
    for (const callback of this.#callbacks) callback.onTrialCheckpoint?.(trial, checkpoint, this)
  }

  flush(): void {
    for (const callback of this.#callbacks) callback.onFlush?.(this)
  }

  #move(trial: FakeTrial, status: Trial['status'], reason: string | undefined): void {
    this.counts[trial.status]--
    this.counts[status]++
    trial.status = status
    trial.reason = reason
  }
}
