import type { Trial, TrialReport } from '../../trial.js'
import type { StudyView } from '../callback.js'
import { type MetricEntry, metricEntries } from './payload.js'
import type { Run } from './runs.js'

/** What of one trial the server does not have yet. */
export interface TrialMail {
  readonly trial: Trial
  /** Its run, once it is known. */
  run: Run | undefined
  /** Whether the last request may have been carried out unseen, so that the server is to be asked before another. */
  isUncertain: boolean
  hasParams: boolean
  /** The tags that were sent last, as text. */
  news: string
  /** Reports that wait, in order, without a gap. */
  readonly reports: TrialReport[]
  /** Metrics of reports that have left {@link TrialMail.reports} and are not sent. */
  readonly metrics: MetricEntry[]
  /** The iteration up to which reports are sent or wait. */
  queuedThrough: number
  /** The iteration up to which reports are sent. */
  sentThrough: number
  /** Whether reports are to be read back from the journal, since there was no room for them or they are from an earlier session. */
  isBehind: boolean
}

/**
 * Holds what waits to be sent, in bounded room: reports for which there is none stay in the journal, and are read back when the others
 * are sent.
 */
export class Outbox {
  readonly #maxReports: number
  readonly #mails = new Map<number, TrialMail>()
  readonly #ready = new Set<TrialMail>()
  readonly #behind = new Set<TrialMail>()
  #waiting = 0

  constructor(maxReports: number) {
    this.#maxReports = maxReports
  }

  /** Opens a trial's mail. @param isBehind - whether the journal may hold reports of it that are not sent */
  open(trial: Trial, isBehind: boolean): TrialMail {
    const mail: TrialMail = {
      trial,
      run: undefined,
      isUncertain: false,
      hasParams: false,
      news: '[]',
      reports: [],
      metrics: [],
      queuedThrough: 0,
      sentThrough: 0,
      isBehind,
    }
    this.#mails.set(trial.index, mail)
    if (isBehind) this.#behind.add(mail)
    else this.#ready.add(mail)
    return mail
  }

  get(trialIndex: number): TrialMail | undefined {
    return this.#mails.get(trialIndex)
  }

  all(): Iterable<TrialMail> {
    return this.#mails.values()
  }

  /** Takes a report in, if there is room. */
  add(mail: TrialMail, report: TrialReport): void {
    if (mail.isBehind || report.iteration <= mail.queuedThrough) return
    if (this.#waiting >= this.#maxReports || report.iteration !== mail.queuedThrough + 1) {
      mail.isBehind = true
      this.#behind.add(mail)
      return
    }
    this.#push(mail, report)
    this.#ready.add(mail)
  }

  /** Says that a trial has something to send. */
  touch(mail: TrialMail): void {
    this.#ready.add(mail)
  }

  /** Takes the trials that have something to send. */
  take(): TrialMail[] {
    const taken = [...this.#ready]
    this.#ready.clear()
    return taken
  }

  /** Metrics to be sent next, whole reports as long as they fit; they stay until they are {@link settle}d. */
  nextMetrics(mail: TrialMail, count: number): readonly MetricEntry[] {
    while (mail.metrics.length < count) {
      const report = mail.reports.shift()
      if (report === undefined) break
      this.#waiting--
      mail.metrics.push(...metricEntries(report))
    }
    return mail.metrics.slice(0, count)
  }

  /** Takes the first so many of the next metrics for sent. */
  settle(mail: TrialMail, count: number): void {
    const last = mail.metrics.splice(0, count).at(-1)
    if (last === undefined) return
    mail.sentThrough = mail.metrics[0]?.step === last.step ? last.step - 1 : last.step
  }

  /** Forgets a trial of which nothing is left to send. */
  close(mail: TrialMail): void {
    this.#waiting -= mail.reports.length
    this.#mails.delete(mail.trial.index)
    this.#ready.delete(mail)
    this.#behind.delete(mail)
  }

  /**
   * Reads reports back from the journal, in one pass over it, as many as there is room for.
   *
   * @returns whether any trial has something to send now
   */
  refill(study: StudyView): boolean {
    if (this.#behind.size === 0) return false
    let isFull = false
    for (const { trialIndex, report } of study.reports(index => this.#mails.get(index)?.isBehind ?? false)) {
      const mail = this.#mails.get(trialIndex)
      if (mail === undefined || report.iteration !== mail.queuedThrough + 1) continue
      isFull = this.#waiting >= this.#maxReports
      if (isFull) break
      this.#push(mail, report)
    }
    for (const mail of this.#behind) {
      if (!isFull) mail.isBehind = false
      this.#ready.add(mail)
    }
    if (!isFull) this.#behind.clear()
    return true
  }

  /** How many reports and trials are not sent whole. */
  unsent(): { readonly reports: number; readonly trials: number } {
    let reports = 0
    for (const { trial, sentThrough } of this.#mails.values()) reports += Math.max(0, trial.iteration - sentThrough)
    return { reports, trials: this.#mails.size }
  }

  #push(mail: TrialMail, report: TrialReport): void {
    mail.reports.push(report)
    mail.queuedThrough = report.iteration
    this.#waiting++
  }
}
