import { type Clock, systemClock } from '../../clock.js'
import { show, TuneError } from '../../errors.js'
import type { ExploitRecord } from '../../study/events.js'
import type { Trial, TrialReport } from '../../trial.js'
import type { Callback, StudyOutcome, StudyView } from '../callback.js'
import { MLflowClient } from './client.js'
import { type Leftovers, Sender } from './sender.js'
import { findTrackingServer, type MLflowServerOptions, type TrackingServer } from './tracking-server.js'

/** Options of {@link MLflowCallback}. */
export interface MLflowOptions extends MLflowServerOptions {
  /** The experiment that runs go into; made where it is missing. @defaultValue `MLFLOW_EXPERIMENT_NAME` of the environment, else `tunewright` */
  readonly experimentName?: string
  /** How long the end of a study waits for what is still to be sent, in milliseconds. @defaultValue 30 000 */
  readonly flushTimeoutMs?: number
  /** How long a request may take, in milliseconds. @defaultValue 10 000 */
  readonly requestTimeoutMs?: number
  /** How often is sent what came in, at most, in milliseconds. @defaultValue 500 */
  readonly sendEveryMs?: number
  /** How long is waited before a request is tried again, in milliseconds; twice as long each time, up to 30 s. @defaultValue 500 */
  readonly retryAfterMs?: number
  /** How many reports may wait in memory; others are read back from the journal when their turn comes. @defaultValue 10 000 */
  readonly maxWaitingReports?: number
  /** Where it reads the time. @defaultValue the system's clock */
  readonly clock?: Clock
}

/**
 * Sends a study to an MLflow tracking server: a run for the study, and nested in it a run for each trial, with its config as
 * parameters and its metrics by step.
 *
 * It works in the background. A server that is slow or away neither slows a study nor ends it: what it misses stays in the journal and
 * is sent when it is back, at the study's end at the latest, or when the study is resumed. A resumed study goes on in its runs, and no
 * metric is sent twice.
 *
 * @see Ray Tune's `MLflowLoggerCallback`
 */
export class MLflowCallback implements Callback {
  readonly name = 'mlflow'
  readonly #server: TrackingServer
  readonly #experimentName: string
  readonly #limits: {
    readonly flushMs: number
    readonly requestMs: number
    readonly retryMs: number
    readonly sendMs: number
    readonly reports: number
  }
  readonly #clock: Clock
  #sender: Sender | undefined
  #abort = new AbortController()
  #isRefusalTold = false

  /** @throws `TuneError` `INVALID_OPTION` */
  constructor(options: MLflowOptions = {}) {
    this.#server = findTrackingServer(options, process.env)
    const { experimentName = process.env.MLFLOW_EXPERIMENT_NAME || 'tunewright', clock = systemClock } = options
    if (typeof experimentName !== 'string' || experimentName === '' || experimentName.length > 500)
      throw new TuneError(
        'INVALID_OPTION',
        `experimentName is ${show(experimentName)}: give a name of 1 to 500 characters`,
      )
    this.#experimentName = experimentName
    this.#clock = clock
    this.#limits = {
      flushMs: checkNumber('flushTimeoutMs', options.flushTimeoutMs ?? 30_000, 0),
      requestMs: checkNumber('requestTimeoutMs', options.requestTimeoutMs ?? 10_000, 1),
      sendMs: checkNumber('sendEveryMs', options.sendEveryMs ?? 500, 1),
      retryMs: checkNumber('retryAfterMs', options.retryAfterMs ?? 500, 1),
      reports: checkNumber('maxWaitingReports', options.maxWaitingReports ?? 10_000, 1),
    }
  }

  onStudyStart(study: StudyView): void {
    this.#abort = new AbortController()
    this.#isRefusalTold = false
    const { requestMs, retryMs, sendMs, reports } = this.#limits
    this.#sender = new Sender({
      client: new MLflowClient(this.#server, requestMs, this.#abort.signal),
      study,
      clock: this.#clock,
      experimentName: this.#experimentName,
      maxWaitingReports: reports,
      sendEveryMs: sendMs,
      retryAfterMs: retryMs,
    })
  }

  onTrialStart(trial: Trial): void {
    this.#sender?.start(trial)
  }

  onTrialReport(trial: Trial, report: TrialReport): void {
    this.#sender?.report(trial, report)
  }

  onTrialExploit(trial: Trial, _exploit: ExploitRecord): void {
    this.#sender?.change(trial)
  }

  onTrialEnd(trial: Trial): void {
    this.#sender?.change(trial)
  }

  onFlush(): void {
    const refusal = this.#sender?.refusal
    if (refusal === undefined || this.#isRefusalTold) return
    // the driver makes a warning of it, once
    this.#isRefusalTold = true
    throw new TuneError('STORAGE_UNAVAILABLE', `nothing is sent to ${this.#server.url}: ${refusal}`)
  }

  async onStudyEnd(_study: StudyView, outcome: StudyOutcome): Promise<void> {
    const sender = this.#sender
    if (sender === undefined) return
    this.#sender = undefined
    const leftovers = await sender.finish(outcome, this.#limits.flushMs, () => this.#abort.abort())
    const complaint = describe(leftovers)
    if (complaint !== undefined) throw new TuneError('STORAGE_UNAVAILABLE', `${this.#server.url} ${complaint}`)
  }
}

/** What to tell of what could not be sent. */
function describe({ isWhole, reports, trials, lastError, rejections }: Leftovers): string | undefined {
  const complaints: string[] = []
  if (!isWhole) {
    const what = trials === 0 ? "the study's end" : `${reports} reports of ${trials} trials`
    const why = lastError ?? 'the time for it ran out (flushTimeoutMs gives it more)'
    complaints.push(
      `lacks ${what}: ${why}. Nothing is lost, the journal has it all: it is sent when the study is resumed with this callback`,
    )
  }
  if (rejections.length > 0) complaints.push(`did not take ${rejections.join('; ')}`)
  return complaints.length === 0 ? undefined : complaints.join('; and it ')
}

function checkNumber(name: string, value: number, least: number): number {
  if (typeof value === 'number' && value >= least && value <= 2 ** 31 - 1) return value
  throw new TuneError('INVALID_OPTION', `${name} is ${show(value)}: give a number from ${least} to ${2 ** 31 - 1}`)
}
