import type { Clock } from '../../clock.js'
import type { Trial, TrialReport } from '../../trial.js'
import type { StudyOutcome, StudyView } from '../callback.js'
import { type MLflowClient, MLflowError } from './client.js'
import { Outbox, type TrialMail } from './outbox.js'
import { MLflowRuns } from './runs.js'
import { type Destination, StudyRun } from './study-run.js'
import { TrialSender } from './trial-sender.js'

/** How a {@link Sender} goes about it. */
export interface SenderOptions {
  readonly client: MLflowClient
  readonly study: StudyView
  readonly clock: Clock
  readonly experimentName: string
  readonly maxWaitingReports: number
  /** How often is sent what came in, at most, in milliseconds. */
  readonly sendEveryMs: number
  /** How long is waited after a first failure, in milliseconds; twice as long after each further one, up to {@link longestWaitMs}. */
  readonly retryAfterMs: number
}

/** How trials are sent: so many at a time. */
const concurrency = 8

const longestWaitMs = 30_000

/** After how many failures on end a study that is over waits no longer. */
const lastTries = 4

/** What could not be sent. */
export interface Leftovers {
  /** Whether the server has all that was to be sent. */
  readonly isWhole: boolean
  readonly reports: number
  readonly trials: number
  /** What went wrong last; undefined where time ran out. */
  readonly lastError: string | undefined
  /** What the server would not take, once for each kind. */
  readonly rejections: readonly string[]
}

/** Sends a study to MLflow in the background: never in the study's way, whatever the server does. */
export class Sender {
  readonly #options: SenderOptions
  readonly #runs: MLflowRuns
  readonly #outbox: Outbox
  readonly #study: StudyRun
  readonly #trials: TrialSender
  /** What the server did not take, by what it was. */
  readonly #rejections = new Map<string, string>()
  readonly #isResumed: boolean
  #destination: Destination | undefined
  #isOver = false
  #isClosed = false
  #outcome: StudyOutcome | undefined
  /** Failures on end, and how many requests had gone well by the last of them. */
  #failures = 0
  #answers = 0
  #lastError: string | undefined
  #refusal: string | undefined
  #wake: (() => void) | undefined
  /** Whether something came in since the last sleep. */
  #hasNews = false
  readonly #loop: Promise<void>

  constructor(options: SenderOptions) {
    const { client, study, clock, experimentName, maxWaitingReports } = options
    this.#options = options
    this.#runs = new MLflowRuns(client)
    this.#outbox = new Outbox(maxWaitingReports)
    const runs = this.#runs
    this.#study = new StudyRun({ runs, study, clock, experimentName })
    this.#trials = new TrialSender({
      runs,
      study,
      clock,
      outbox: this.#outbox,
      onRejected: (error, what) => this.#reject(error, what),
    })
    this.#isResumed = study.trials.length > 0
    for (const trial of study.trials) this.#outbox.open(trial, true)
    this.#loop = this.#run()
  }

  /** Why nothing more is sent, if the server refuses everything. */
  get refusal(): string | undefined {
    return this.#refusal
  }

  start(trial: Trial): void {
    this.#outbox.open(trial, this.#isClosed)
    this.#wakeUp()
  }

  report(trial: Trial, report: TrialReport): void {
    const mail = this.#outbox.get(trial.index)
    if (mail === undefined || this.#isClosed) return
    this.#outbox.add(mail, report)
    this.#wakeUp()
  }

  /** Says that something else than reports of a trial has changed. */
  change(trial: Trial): void {
    const mail = this.#outbox.get(trial.index)
    if (mail === undefined || this.#isClosed) return
    this.#outbox.touch(mail)
    this.#wakeUp()
  }

  /** Sends the rest, for so long at most; no request is made after. @param stop - ends the request that is under way */
  async finish(outcome: StudyOutcome, timeoutMs: number, stop: () => void): Promise<Leftovers> {
    this.#outcome = outcome
    this.#failures = 0
    this.#wakeUp()
    let timer: NodeJS.Timeout | undefined
    const isLate = new Promise<void>(resolve => {
      timer = setTimeout(resolve, timeoutMs)
    })
    await Promise.race([this.#loop, isLate])
    clearTimeout(timer)
    const isWhole = this.#isOver
    this.#isClosed = true
    stop()
    this.#wakeUp()
    await this.#loop
    return {
      ...this.#outbox.unsent(),
      isWhole,
      lastError: this.#lastError,
      rejections: [...this.#rejections.values()],
    }
  }

  async #run(): Promise<void> {
    // whoever made the sender is to go on first
    await Promise.resolve()
    while (!this.#isClosed && !this.#isOver) {
      try {
        const hasWorked = await this.#work()
        this.#lastError = undefined
        if (!hasWorked) await this.#sleep(undefined)
      } catch (error) {
        if (this.#isClosed) return
        await this.#recover(error)
      }
    }
  }

  /** Does what is to be done next; @returns whether there was anything */
  async #work(): Promise<boolean> {
    const destination = this.#destination ?? (await this.#open())
    const mails = this.#outbox.take()
    if (mails.length === 0) {
      if (this.#outbox.refill(this.#options.study)) return true
      if (this.#outcome === undefined) return false
      await this.#end(this.#outcome)
      return true
    }
    await this.#sendTrials(mails, destination)
    // so that what comes in goes together; the end of the study does not wait
    if (this.#outcome === undefined) await this.#sleep(this.#options.sendEveryMs)
    return true
  }

  /** Sends what waits of some trials, several at a time; after a failure the others go back to where they were. */
  async #sendTrials(mails: readonly TrialMail[], destination: Destination): Promise<void> {
    let failure: unknown
    const line = mails.values()
    const sendNext = async () => {
      for (const mail of line) {
        if (failure !== undefined || this.#isClosed) {
          this.#outbox.touch(mail)
          continue
        }
        try {
          await this.#trials.send(mail, destination)
        } catch (error) {
          if (error instanceof MLflowError && error.kind === 'rejected') {
            this.#reject(error, 'a trial')
            this.#outbox.close(mail)
            continue
          }
          this.#outbox.touch(mail)
          if (!isRefusal(failure)) failure = error
        }
      }
    }
    await Promise.all(Array.from({ length: concurrency }, sendNext))
    if (failure !== undefined) throw failure
  }

  /** Finds or makes the study's run, and finds those of its trials. */
  async #open(): Promise<Destination> {
    const destination = await this.#study.open()
    if (this.#isResumed) await this.#trials.adopt(destination)
    this.#destination = destination
    return destination
  }

  async #end(outcome: StudyOutcome): Promise<void> {
    try {
      await this.#study.end(outcome)
    } catch (error) {
      if (!(error instanceof MLflowError && error.kind === 'rejected')) throw error
      this.#reject(error, 'the end of the study')
    }
    this.#isOver = true
  }

  async #recover(error: unknown): Promise<void> {
    this.#lastError = error instanceof Error ? error.message : String(error)
    if (!(error instanceof MLflowError) || error.kind !== 'away') {
      this.#refusal = this.#lastError
      this.#isClosed = true
      return
    }
    const { answers } = this.#runs
    this.#failures = answers > this.#answers ? 1 : this.#failures + 1
    this.#answers = answers
    if (this.#outcome !== undefined && this.#failures >= lastTries) {
      this.#isClosed = true
      return
    }
    const wait = Math.min(longestWaitMs, this.#options.retryAfterMs * 2 ** (this.#failures - 1))
    await this.#sleep(Math.min(longestWaitMs, Math.max(wait, error.retryAfterMs)))
  }

  /** Sleeps for a time, which only the end of the study cuts short, or until there is something to do. */
  async #sleep(ms: number | undefined): Promise<void> {
    if (ms === undefined && this.#hasNews) {
      this.#hasNews = false
      return
    }
    const hadEnded = this.#outcome !== undefined
    await new Promise<void>(resolve => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms).unref()
      this.#wake = () => {
        const hasJustEnded = this.#outcome !== undefined && !hadEnded
        if (ms !== undefined && !hasJustEnded && !this.#isClosed) return
        clearTimeout(timer)
        resolve()
      }
    })
    this.#wake = undefined
    this.#hasNews = false
  }

  #wakeUp(): void {
    this.#hasNews = true
    this.#wake?.()
  }

  #reject(error: MLflowError, what: string): void {
    // once for each kind: a metric whose name it does not take comes with every report
    if (!this.#rejections.has(what)) this.#rejections.set(what, `${what}: ${error.message}`)
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof MLflowError && error.kind === 'refused'
}
