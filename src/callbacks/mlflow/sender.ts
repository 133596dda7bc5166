import { createHash } from 'node:crypto'
import type { Clock } from '../../clock.js'
import { readMetric, soleObjective, type Trial, type TrialReport } from '../../trial.js'
import type { StudyOutcome, StudyView } from '../callback.js'
import { MLflowError } from './client.js'
import { toMLflowNames } from './names.js'
import { Outbox } from './outbox.js'
import { tagEntry, toMetricValue } from './payload.js'
import type { MLflowRuns, Run, RunStatus } from './runs.js'
import { tags } from './tags.js'
import { type Destination, endStatus, TrialSender } from './trial-sender.js'

/** How a {@link Sender} goes about it. */
export interface SenderOptions {
  readonly runs: MLflowRuns
  readonly study: StudyView
  readonly clock: Clock
  readonly experimentName: string
  readonly maxWaitingReports: number
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
  readonly #outbox: Outbox
  readonly #trials: TrialSender
  /** What the server did not take, by what it was. */
  readonly #rejections = new Map<string, string>()
  readonly #isResumed: boolean
  #destination: Destination | undefined
  #parent: Run | undefined
  #isParentUncertain = false
  #isOver = false
  #isClosed = false
  #outcome: StudyOutcome | undefined
  #failures = 0
  #lastError: string | undefined
  #refusal: string | undefined
  #wake: (() => void) | undefined
  /** Whether something came in since the last sleep. */
  #hasNews = false
  readonly #loop: Promise<void>

  constructor(options: SenderOptions) {
    const { runs, study, clock, maxWaitingReports } = options
    this.#options = options
    this.#outbox = new Outbox(maxWaitingReports)
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
    if (this.#isClosed) return
    this.#outbox.open(trial, false)
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
        if (!(await this.#work())) await this.#sleep(undefined)
      } catch (error) {
        if (this.#isClosed) return
        await this.#recover(error)
      }
    }
  }

  /** Does what is to be done next; @returns whether there was anything */
  async #work(): Promise<boolean> {
    const destination = this.#destination ?? (await this.#open())
    const mails = this.#outbox.take(concurrency)
    if (mails.length === 0) {
      if (this.#outbox.refill(this.#options.study)) return true
      if (this.#outcome === undefined) return false
      await this.#end(this.#outcome)
      return true
    }
    const sent = await Promise.allSettled(mails.map(mail => this.#trials.send(mail, destination)))
    let failure: unknown
    for (const [i, result] of sent.entries()) {
      const mail = mails[i]
      if (mail === undefined || result.status === 'fulfilled') continue
      if (result.reason instanceof MLflowError && result.reason.kind === 'rejected') {
        this.#reject(result.reason, 'a trial')
        this.#outbox.close(mail)
        continue
      }
      // it goes to the end of the line
      this.#outbox.touch(mail)
      if (!isRefusal(failure)) failure = result.reason
    }
    if (failure !== undefined) throw failure
    this.#failures = 0
    return true
  }

  /** Finds or makes the study's run, and finds those of its trials. */
  async #open(): Promise<Destination> {
    const { runs, study, experimentName } = this.#options
    const experimentId = await runs.experimentId(experimentName)
    const key = studyKey(study)
    if (this.#isResumed || this.#isParentUncertain) {
      const found = await runs.search(experimentId, { [tags.studyKey]: key })
      this.#parent ??= found.find(run => !run.tags.has(tags.parent))
    }
    if (this.#parent === undefined) {
      this.#isParentUncertain = true
      this.#parent = await this.#createParent(experimentId, key)
    } else if (this.#parent.status !== 'RUNNING') await runs.update(this.#parent.id, 'RUNNING', undefined)
    if (this.#isResumed) await this.#adopt(experimentId, this.#parent.id)
    this.#failures = 0
    this.#destination = { experimentId, parentId: this.#parent.id }
    return this.#destination
  }

  #createParent(experimentId: string, key: string): Promise<Run> {
    const { study, clock, runs } = this.#options
    const { name, searcher, scheduler, seed, trainable, objectives } = study.definition
    return runs.create({
      experimentId,
      name,
      startMs: clock.now(),
      tags: [
        tagEntry(tags.studyKey, key),
        tagEntry(tags.study, name),
        tagEntry('tunewright.seed', String(seed)),
        tagEntry('tunewright.searcher', searcher.name),
        tagEntry('tunewright.scheduler', scheduler.name),
        tagEntry('tunewright.trainable', trainable),
        tagEntry('tunewright.objectives', objectives.map(({ metric, mode }) => `${mode} ${metric}`).join(', ')),
      ],
    })
  }

  /** Gives trials of earlier sessions their runs; those whose run is whole are done with. */
  async #adopt(experimentId: string, parentId: string): Promise<void> {
    const { runs } = this.#options
    const found = new Map<string, Run>()
    for (const run of await runs.search(experimentId, { [tags.parent]: parentId }))
      found.set(run.tags.get(tags.trialIndex) ?? '', run)
    for (const mail of [...this.#outbox.all()]) {
      const run = found.get(String(mail.trial.index))
      if (run === undefined || mail.run !== undefined) continue
      const status = endStatus(mail.trial)
      if (status !== undefined && run.status === status && Math.max(0, ...run.steps.values()) >= mail.trial.iteration) {
        this.#outbox.close(mail)
        continue
      }
      if (status === undefined && run.status !== 'RUNNING') await runs.update(run.id, 'RUNNING', undefined)
      mail.run = run
    }
  }

  /** Ends the study's run, with its best value so far. */
  async #end(outcome: StudyOutcome): Promise<void> {
    const { runs, study, clock } = this.#options
    const parent = this.#parent
    if (parent === undefined) return
    try {
      const objective = soleObjective(study.definition.objectives)
      const report = study.best?.bestReport
      const value = objective && report && readMetric(report, objective.metric)
      if (objective !== undefined && report !== undefined && value !== undefined) {
        const key = toMLflowNames([`best/${objective.metric}`]).get(`best/${objective.metric}`) ?? 'best'
        const metric = {
          key,
          value: toMetricValue(value),
          timestamp: Math.round(report.timing.timestampMs),
          step: study.trials.length,
        }
        const isKnown = metric.step <= (parent.steps.get(key) ?? -1)
        await runs.log(parent.id, {
          metrics: isKnown ? [] : [metric],
          tags: [tagEntry(tags.bestTrial, study.best?.id ?? '')],
        })
      }
      await runs.update(parent.id, parentStatus(outcome), clock.now())
    } catch (error) {
      if (!(error instanceof MLflowError && error.kind === 'rejected')) throw error
      this.#reject(error, 'the end of the study')
    }
    this.#lastError = undefined
    this.#isOver = true
  }

  async #recover(error: unknown): Promise<void> {
    this.#lastError = error instanceof Error ? error.message : String(error)
    if (!(error instanceof MLflowError) || error.kind !== 'away') {
      this.#refusal = this.#lastError
      this.#isClosed = true
      return
    }
    this.#failures++
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

/** Tells studies apart, by letters and digits that no filter stumbles over. */
function studyKey({ definition: { name, seed } }: StudyView): string {
  return createHash('sha256')
    .update(JSON.stringify([name, seed]))
    .digest('hex')
    .slice(0, 32)
}

function parentStatus(outcome: StudyOutcome): RunStatus {
  switch (outcome.type) {
    case 'finished':
      return 'FINISHED'
    case 'interrupted':
      return 'KILLED'
    case 'failed':
      return 'FAILED'
  }
}
