import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { type Clock, systemClock } from '../../clock.js'
import type { ExploitRecord } from '../../study/events.js'
import { hasEnded, type Trial, type TrialReport } from '../../trial.js'
import type { Callback, LineageStep, StudyView } from '../callback.js'
import { FileFailures } from '../file-failures.js'
import { systemTimer, type Timer } from '../progress/timer.js'
import { trialFolder } from '../trial-folder.js'
import { WritePace } from '../write-pace.js'
import { isComplete } from './completeness.js'
import type { CreateFileSink, FileOperation, FileSink } from './file-sink.js'
import { type Host, thisHost } from './result-fields.js'
import { createFileSink } from './thread-file-sink.js'
import { files, TrialBuffer } from './trial-buffer.js'

/** Options of {@link TrialFiles}. */
export interface TrialFilesOptions {
  /** How often files are written at most, in milliseconds; those of many trials go together. @defaultValue 500 */
  readonly writeEveryMs?: number
  /** What writes the files. @defaultValue a thread of its own @internal */
  readonly createSink?: CreateFileSink
  /** Where it reads the time. @defaultValue the system's clock */
  readonly clock?: Clock
  /** What has it write. @defaultValue the system's timers */
  readonly timer?: Timer
  /** What stands as the machine and process of each result. @defaultValue this one @internal */
  readonly host?: Host
}

/** Of how many trials that have ended the files are looked at before a study goes on, and at a time while it does. */
const checkedAtOnce = 200

/**
 * Keeps a folder for each trial as Ray Tune does, for tools that read one: `params.json`, `result.json` (a JSON object a line),
 * `progress.csv` (nested metrics as `a/b/c`; its columns grow when a later report has new metrics) and `error.txt`.
 *
 * The files follow the journal by half a second and cost the study next to nothing; when a session is cut off, or a disk is full for a
 * time, what is missing is made anew from the journal, at the session's end or when the study is resumed.
 *
 * @see Ray Tune's `JsonLoggerCallback` and `CSVLoggerCallback`
 */
export class TrialFiles implements Callback {
  readonly name = 'trial-files'
  readonly #options: Required<TrialFilesOptions>
  readonly #open = new Map<number, TrialBuffer>()
  readonly #dirty = new Set<TrialBuffer>()
  readonly #failures = new FileFailures()
  readonly #pace: WritePace
  #sink: FileSink | undefined
  /** The look at the files of trials that ended in earlier sessions. */
  #checking: Promise<void> = Promise.resolve()

  constructor(options: TrialFilesOptions = {}) {
    this.#options = {
      writeEveryMs: options.writeEveryMs ?? 500,
      createSink: options.createSink ?? createFileSink,
      clock: options.clock ?? systemClock,
      timer: options.timer ?? systemTimer,
      host: options.host ?? thisHost(),
    }
    this.#pace = new WritePace(this.#options)
  }

  onStudyStart(study: StudyView): void {
    if (study.path === undefined) return
    this.#sink ??= this.#options.createSink(failure => this.#failures.add(failure))
    this.#pace.start(() => this.#writeOut())
    let checked = 0
    const later: Trial[] = []
    this.#rebuild(study, (trial, directory) => {
      if (!hasEnded(trial)) return true
      if (++checked <= checkedAtOnce) return !isComplete(trial, directory)
      later.push(trial)
      return false
    })
    this.#checking = this.#check(study, later)
    // what comes of it is told at the study's end
    this.#checking.catch(() => undefined)
  }

  onTrialStart(trial: Trial, study: StudyView): void {
    const buffer = this.#bufferOf(trial, study)
    if (buffer) this.#dirty.add(buffer)
  }

  onTrialReport(trial: Trial, report: TrialReport, study: StudyView): void {
    const buffer = this.#bufferOf(trial, study)
    if (buffer) this.#addReport(buffer, report)
  }

  onTrialExploit(trial: Trial, { config }: ExploitRecord, study: StudyView): void {
    const buffer = this.#bufferOf(trial, study)
    if (buffer === undefined) return
    buffer.setConfig(config)
    this.#dirty.add(buffer)
  }

  onTrialFailure(trial: Trial, study: StudyView): void {
    const buffer = this.#bufferOf(trial, study)
    if (buffer === undefined) return
    buffer.addFailure(this.#options.clock.now())
    this.#dirty.add(buffer)
  }

  onTrialEnd(trial: Trial, study: StudyView): void {
    // a trial may have failed without its trainable having thrown
    if (trial.status === 'error') this.onTrialFailure(trial, study)
    this.#open.delete(trial.index)
  }

  onFlush(): void {
    if (this.#pace.isDue) this.#writeOut()
    this.#failures.tellOnce(
      'the files are made anew at the end of this session, or, if that fails, when the study is resumed',
    )
  }

  async onStudyEnd(study: StudyView): Promise<void> {
    this.#pace.stop()
    const sink = this.#sink
    if (sink === undefined) return
    await this.#checking
    this.#writeOut()
    await sink.flush()
    const broken = this.#failures.take()
    if (broken.size > 0) {
      this.#rebuild(study, (_, directory) => broken.has(directory))
      await sink.flush()
    }
    await sink.close()
    this.#sink = undefined
    this.#open.clear()
    this.onFlush()
  }

  /** Looks at the files of many trials while the study goes on, and makes those anew that are not whole. */
  async #check(study: StudyView, trials: readonly Trial[]): Promise<void> {
    const broken = new Set<string>()
    for (const [n, trial] of trials.entries()) {
      if (n % checkedAtOnce === 0) await turn()
      const directory = trialFolder(trial, study)
      if (directory !== undefined && !isComplete(trial, directory)) broken.add(directory)
    }
    if (broken.size > 0) this.#rebuild(study, (_, directory) => broken.has(directory))
  }

  /** Makes the files of some trials anew from the journal, in one pass over it; those that go on are kept open. */
  #rebuild(study: StudyView, isWanted: (trial: Trial, directory: string) => boolean): void {
    const buffers = new Map<number, TrialBuffer>()
    for (const trial of study.trials) {
      const directory = trialFolder(trial, study)
      if (directory === undefined || !isWanted(trial, directory)) continue
      const buffer = new TrialBuffer(trial, directory, this.#options.host)
      buffers.set(trial.index, buffer)
      this.#dirty.add(buffer)
      // earlier failures are not in the journal's view, so what was written of them stays
      if (existsSync(join(directory, files.errors))) buffer.skipFailure()
      else buffer.addFailure(undefined)
      if (!hasEnded(trial)) this.#open.set(trial.index, buffer)
    }
    if (buffers.size === 0) return
    const lineages = new Map<number, LineageStep[]>()
    for (const { index, origin } of study.trials) {
      if (origin !== undefined && buffers.has(index)) lineages.set(index, [...study.lineageOf(index)])
    }
    for (const { trialIndex, report } of study.reports(index => buffers.has(index))) {
      const buffer = buffers.get(trialIndex)
      if (buffer === undefined) continue
      const lineage = lineages.get(trialIndex)
      while (lineage?.[0] !== undefined && lineage[0].iteration < report.iteration) {
        buffer.setConfig(lineage[0].config)
        lineage.shift()
      }
      this.#addReport(buffer, report)
    }
    this.#writeOut()
  }

  #addReport(buffer: TrialBuffer, report: TrialReport): void {
    const added = buffer.addReport(report)
    this.#dirty.add(buffer)
    if (this.#pace.add(added)) this.#writeOut()
  }

  #bufferOf(trial: Trial, study: StudyView): TrialBuffer | undefined {
    if (this.#sink === undefined) return undefined
    let buffer = this.#open.get(trial.index)
    if (buffer === undefined) {
      const directory = trialFolder(trial, study)
      if (directory === undefined) return undefined
      buffer = new TrialBuffer(trial, directory, this.#options.host)
      this.#open.set(trial.index, buffer)
    }
    return buffer
  }

  #writeOut(): void {
    this.#pace.noteWritten()
    if (this.#dirty.size === 0) return
    const operations: FileOperation[] = []
    for (const buffer of this.#dirty) {
      const changes = buffer.take()
      // the files of a broken one are made anew at the end
      if (!this.#failures.folders.has(buffer.directory)) operations.push(...changes)
    }
    this.#dirty.clear()
    this.#sink?.submit(operations)
  }
}
