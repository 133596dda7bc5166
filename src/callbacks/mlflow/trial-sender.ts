import type { Clock } from '../../clock.js'
import type { Trial } from '../../trial.js'
import type { StudyView } from '../callback.js'
import { MLflowError } from './client.js'
import type { Outbox, TrialMail } from './outbox.js'
import { type MetricEntry, paramEntries, type TextEntry, tagEntry } from './payload.js'
import type { MLflowRuns, Run, RunStatus } from './runs.js'
import type { Destination } from './study-run.js'
import { tags } from './tags.js'

/** The most metrics, and parameters or tags, of one request. */
const batchLimits = { metrics: 1000, texts: 100 } as const

/** How long a parameter's value may be: today, and on older servers. */
const valueLengths = [6000, 500, 250] as const

/** What a {@link TrialSender} works with. */
export interface TrialSenderOptions {
  readonly runs: MLflowRuns
  readonly study: StudyView
  readonly outbox: Outbox
  readonly clock: Clock
  /** Told of what the server does not take. */
  readonly onRejected: (error: MLflowError, what: string) => void
}

/** Brings one trial's run up to date. Each step may be repeated: what the server may have already is asked for first. */
export class TrialSender {
  readonly #options: TrialSenderOptions

  constructor(options: TrialSenderOptions) {
    this.#options = options
  }

  /** Gives trials of earlier sessions their runs; those whose run is whole are done with. */
  async adopt({ experimentId, parentId }: Destination): Promise<void> {
    const { runs, outbox } = this.#options
    const found = new Map<string | undefined, Run>()
    for (const run of await runs.search(experimentId, { [tags.parent]: parentId }))
      found.set(run.tags.get(tags.trialIndex), run)
    for (const mail of [...outbox.all()]) {
      const run = found.get(String(mail.trial.index))
      if (run === undefined || mail.run !== undefined) continue
      const status = endStatus(mail.trial)
      const hasAll = Math.max(0, ...run.steps.values()) >= mail.trial.iteration
      if (status === run.status && hasAll) {
        outbox.close(mail)
        continue
      }
      if (status === undefined && run.status !== 'RUNNING') await runs.update(run.id, 'RUNNING', undefined)
      mail.run = run
    }
  }

  /** Sends what waits of a trial. @throws {@link MLflowError} that is `away` or `refused`; the rest waits on */
  async send(mail: TrialMail, destination: Destination): Promise<void> {
    const run = await this.#runOf(mail, destination)
    if (!mail.hasParams) await this.#sendParams(mail, run)
    await this.#sendMetrics(mail, run)
    await this.#sendNews(mail, run)
    const status = endStatus(mail.trial)
    // a trial may have ended before its last reports are told
    if (status === undefined || mail.sentThrough < mail.trial.iteration) return
    const endMs = mail.trial.lastReport?.timing.timestampMs ?? this.#options.clock.now()
    await this.#unlessRejected('the end of a trial', () => this.#options.runs.update(run.id, status, endMs))
    this.#options.outbox.close(mail)
  }

  async #runOf(mail: TrialMail, destination: Destination): Promise<Run> {
    const { runs } = this.#options
    if (mail.isUncertain)
      mail.run = mail.run === undefined ? await this.#find(mail.trial, destination) : await runs.get(mail.run.id)
    mail.isUncertain = false
    if (mail.run !== undefined) return mail.run
    mail.isUncertain = true
    mail.run = await runs.create({
      experimentId: destination.experimentId,
      name: mail.trial.name,
      startMs: this.#startOf(mail),
      tags: [
        tagEntry(tags.parent, destination.parentId),
        tagEntry(tags.trialIndex, String(mail.trial.index)),
        tagEntry(tags.trialId, mail.trial.id),
        ...(mail.trial.repeat === undefined ? [] : [tagEntry(tags.suggestion, String(mail.trial.repeat.group))]),
      ],
    })
    mail.isUncertain = false
    return mail.run
  }

  async #find(trial: Trial, { experimentId, parentId }: Destination): Promise<Run | undefined> {
    const query = { [tags.parent]: parentId, [tags.trialIndex]: String(trial.index) }
    const [run] = await this.#options.runs.search(experimentId, query)
    return run
  }

  #startOf({ reports: [first] }: TrialMail): number {
    if (first === undefined) return this.#options.clock.now()
    return first.timing.timestampMs - 1000 * first.timing.timeThisIterS
  }

  /** Parameters stand for what a trial began with: MLflow lets nobody change them. */
  async #sendParams(mail: TrialMail, run: Run): Promise<void> {
    const { trial } = mail
    const config = trial.origin === undefined ? trial.config : this.#options.study.lineageOf(trial.index)[0]?.config
    for (const [attempt, length] of valueLengths.entries()) {
      const params = paramEntries(config ?? trial.config, length)
      try {
        if (run.params < params.length)
          for (const batch of batches(params, batchLimits.texts))
            await this.#options.runs.log(run.id, { params: batch })
        break
      } catch (error) {
        if (!isRejection(error)) throw error
        if (attempt === valueLengths.length - 1) this.#options.onRejected(error, 'parameters')
      }
    }
    mail.hasParams = true
  }

  async #sendMetrics(mail: TrialMail, run: Run): Promise<void> {
    const { outbox, runs } = this.#options
    for (;;) {
      const next = outbox.nextMetrics(mail, batchLimits.metrics)
      if (next.length === 0) return
      const metrics = next.filter(metric => !has(run, metric))
      if (metrics.length > 0) {
        mail.isUncertain = true
        await this.#unlessRejected('metrics', () => runs.log(run.id, { metrics }))
        mail.isUncertain = false
      }
      outbox.settle(mail, next.length)
    }
  }

  async #sendNews(mail: TrialMail, run: Run): Promise<void> {
    const news = newsOf(mail.trial)
    const text = JSON.stringify(news)
    if (text === mail.news) return
    await this.#unlessRejected('tags', () => this.#options.runs.log(run.id, { tags: news }))
    mail.news = text
  }

  async #unlessRejected(what: string, request: () => Promise<void>): Promise<void> {
    try {
      await request()
    } catch (error) {
      if (!isRejection(error)) throw error
      this.#options.onRejected(error, what)
    }
  }
}

/** How the run of a trial ends; undefined while it goes on. */
function endStatus({ status }: Trial): RunStatus | undefined {
  switch (status) {
    case 'terminated':
      return 'FINISHED'
    case 'error':
      return 'FAILED'
    case 'pending':
    case 'running':
    case 'paused':
      return undefined
  }
}

/** What of a trial may change: its config, if it took over another's, why it was stopped, why it failed. */
function newsOf({ config, origin, reason, error }: Trial): TextEntry[] {
  const news: TextEntry[] = []
  if (origin !== undefined) {
    news.push(tagEntry(tags.config, JSON.stringify(config)))
    news.push(tagEntry(tags.origin, String(origin.trialIndex)))
  }
  if (reason !== undefined) news.push(tagEntry(tags.reason, reason))
  if (error !== undefined) news.push(tagEntry(tags.error, `${error.name}: ${error.message}`))
  return news
}

/** Whether the server has a metric: steps go up, so that it has all up to the last. */
function has(run: Run, { key, step }: MetricEntry): boolean {
  return step <= (run.steps.get(key) ?? Number.NEGATIVE_INFINITY)
}

function isRejection(error: unknown): error is MLflowError {
  return error instanceof MLflowError && error.kind === 'rejected'
}

function batches<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size))
}
