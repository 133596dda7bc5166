import { hostname } from 'node:os'
import { type Clock, systemClock } from '../../clock.js'
import { show, TuneError } from '../../errors.js'
import type { JsonObject } from '../../json.js'
import type { ExploitRecord } from '../../study/events.js'
import { hasEnded, type Trial, type TrialReport } from '../../trial.js'
import type { Callback, LineageStep, StudyView } from '../callback.js'
import { FileFailures } from '../file-failures.js'
import { systemTimer, type Timer } from '../progress/timer.js'
import { trialFolder } from '../trial-folder.js'
import { WritePace } from '../write-pace.js'
import { endsWith, eventFilePath, findEventFile } from './event-file-names.js'
import { type EventFileChange, EventFileWriter } from './event-file-writer.js'
import { Parameters } from './parameters.js'
import { StudyEvents } from './study-events.js'
import { endRecord, TrialEvents } from './trial-events.js'

/** Options of {@link TensorBoardCallback}. */
export interface TensorBoardOptions {
  /** How often files are written at most, in milliseconds. @defaultValue 500 */
  readonly writeEveryMs?: number
  /** What stands for this machine in the names of files. @defaultValue its host name */
  readonly host?: string
  /** Where it reads the time. @defaultValue the system's clock */
  readonly clock?: Clock
  /** What has it write. @defaultValue the system's timers */
  readonly timer?: Timer
}

/** A trial whose file is being written. */
interface OpenFile {
  readonly events: TrialEvents
  readonly folder: string
  /** The config that it began with. */
  config: JsonObject
  path: string | undefined
  /** Whether what is written next makes the file anew. */
  isNew: boolean
  pending: Buffer[]
}

/**
 * Writes event files for TensorBoard: `tensorboard --logdir <the study's folder>` shows each trial as a run, with its metrics as scalars
 * under their own names, its config as text, and the whole study in the HParams tab.
 *
 * The files hold what the journal holds and nothing else, times included: a session that was cut off, a full disk or a lost folder
 * leave nothing out and nothing twice once the study has ended or was resumed. A study that ended without this callback gets its files
 * when it is resumed with it.
 *
 * @see Ray Tune's `TBXLoggerCallback`
 */
export class TensorBoardCallback implements Callback {
  readonly name = 'tensorboard'
  readonly #host: string
  readonly #pace: WritePace
  readonly #open = new Map<number, OpenFile>()
  readonly #dirty = new Set<OpenFile>()
  readonly #failures = new FileFailures()
  /** Trials whose file is to be made anew at the end: it does not begin with the config that they went on with. */
  readonly #stale = new Set<number>()
  #parameters = new Parameters({})
  #study: StudyEvents | undefined
  #studyPath: string | undefined
  #writer: EventFileWriter | undefined
  /** The look at the files of trials that ended in earlier sessions. */
  #checking: Promise<void> = Promise.resolve()

  /** @throws `TuneError` `INVALID_OPTION` */
  constructor(options: TensorBoardOptions = {}) {
    const { writeEveryMs = 500, host = hostname(), clock = systemClock, timer = systemTimer } = options
    if (!(typeof writeEveryMs === 'number' && writeEveryMs >= 1 && writeEveryMs < 2 ** 31))
      throw new TuneError(
        'INVALID_OPTION',
        `writeEveryMs is ${show(writeEveryMs)}: give a number of milliseconds from 1`,
      )
    if (typeof host !== 'string') throw new TuneError('INVALID_OPTION', `host is ${show(host)}: give a name`)
    this.#host = host
    this.#pace = new WritePace({ writeEveryMs, clock, timer })
  }

  async onStudyStart(study: StudyView): Promise<void> {
    if (study.path === undefined)
      throw new TuneError(
        'INVALID_OPTION',
        'a study that is kept in memory has no folder for the event files: give runConfig.storagePath a path',
      )
    this.#parameters = new Parameters(study.definition.space)
    for (const { config } of study.trials) this.#parameters.learn(config)
    this.#study = new StudyEvents(study.definition, this.#parameters)
    this.#studyPath = await findEventFile(study.path)
    this.#writer = new EventFileWriter(failure => this.#failures.add(failure))
    this.#pace.start(() => this.#writeOut(study))
    this.#noteEarlier(study)
    await this.#rebuild(
      study,
      study.trials.filter(trial => !hasEnded(trial)),
    )
    this.#checking = this.#check(study, study.trials.filter(hasEnded))
    // what comes of it is told at the study's end
    this.#checking.catch(() => undefined)
  }

  onTrialStart(trial: Trial, study: StudyView): void {
    if (this.#writer === undefined) return
    this.#parameters.learn(trial.config)
    const folder = trialFolder(trial, study)
    if (folder !== undefined) this.#open.set(trial.index, this.#createFile(trial, folder))
  }

  onTrialReport(trial: Trial, report: TrialReport, study: StudyView): void {
    this.#study?.note(report)
    const file = this.#open.get(trial.index)
    if (file) this.#add(file, file.events.report(report, file.config), study)
  }

  onTrialExploit(trial: Trial, { config }: ExploitRecord, study: StudyView): void {
    const file = this.#open.get(trial.index)
    if (file === undefined) return
    this.#add(file, file.events.config(config), study)
    if (trial.lastReport === undefined) file.config = config
    this.#stale.add(trial.index)
  }

  onTrialEnd(trial: Trial, study: StudyView): void {
    const file = this.#open.get(trial.index)
    if (file) this.#add(file, file.events.end(), study)
    this.#open.delete(trial.index)
  }

  onFlush(study: StudyView): void {
    if (this.#pace.isDue) this.#writeOut(study)
    this.#failures.tellOnce(
      'the file is made anew at the end of this session, or, if that fails, when the study is resumed with this callback',
    )
  }

  async onStudyEnd(study: StudyView): Promise<void> {
    this.#pace.stop()
    const writer = this.#writer
    if (writer === undefined) return
    await this.#checking
    this.#writeOut(study)
    await writer.flush()
    const broken = this.#failures.take()
    const isStale = (trial: Trial) => this.#stale.has(trial.index) || broken.has(trialFolder(trial, study) ?? '')
    await this.#rebuild(study, study.trials.filter(isStale))
    if (broken.has(study.path ?? '')) this.#study?.renew()
    this.#writeOut(study)
    await writer.flush()
    this.#writer = undefined
    this.#open.clear()
    this.#stale.clear()
    this.onFlush(study)
  }

  /** Makes the files of trials anew that ended in earlier sessions and do not end as they should. */
  async #check(study: StudyView, trials: readonly Trial[]): Promise<void> {
    const incomplete: Trial[] = []
    for (const trial of trials) {
      const folder = trialFolder(trial, study)
      const path = folder && (await findEventFile(folder))
      // one that took over from others may still begin with the config that it began with
      if (path === undefined || trial.origin !== undefined || !(await endsWith(path, endRecord(trial))))
        incomplete.push(trial)
    }
    await this.#rebuild(study, incomplete)
  }

  /** Makes the files of some trials anew from the journal, in one pass over it; those that go on are kept open. */
  async #rebuild(study: StudyView, trials: readonly Trial[]): Promise<void> {
    const files = new Map<number, OpenFile>()
    const lineages = new Map<number, LineageStep[]>()
    for (const trial of trials) {
      const folder = trialFolder(trial, study)
      if (folder === undefined) continue
      const file = this.#createFile(trial, folder)
      file.path = await findEventFile(folder)
      files.set(trial.index, file)
    }
    if (files.size === 0) return
    // from here on nothing is waited for, so that no event comes in between
    for (const [index, file] of files) {
      if (file.events.trial.origin === undefined) continue
      const [first, ...others] = study.lineageOf(index)
      file.config = first?.config ?? file.config
      lineages.set(index, others)
    }
    for (const { trialIndex, report } of study.reports(index => files.has(index))) {
      const file = files.get(trialIndex)
      if (file === undefined) continue
      this.#goOn(file, lineages.get(trialIndex), report.iteration, study)
      this.#add(file, file.events.report(report, file.config), study)
    }
    for (const [index, file] of files) {
      this.#goOn(file, lineages.get(index), Number.POSITIVE_INFINITY, study)
      if (hasEnded(file.events.trial)) this.#add(file, file.events.end(), study)
      else this.#open.set(index, file)
    }
    this.#writeOut(study)
  }

  /** Adds the configs that a trial took over before a report. */
  #goOn(file: OpenFile, lineage: LineageStep[] | undefined, iteration: number, study: StudyView): void {
    while (lineage?.[0] !== undefined && lineage[0].iteration < iteration) {
      const [step] = lineage.splice(0, 1)
      if (step === undefined) return
      this.#add(file, file.events.config(step.config), study)
      if (step.iteration === 0) file.config = step.config
    }
  }

  /** Takes in what earlier sessions say of the study: when it began, and the metrics that trials have. */
  #noteEarlier(study: StudyView): void {
    if (study.trials.every(({ iteration }) => iteration === 0)) return
    for (const { report } of study.reports()) {
      this.#study?.note(report)
      break
    }
    for (const { lastReport } of study.trials) if (lastReport) this.#study?.note(lastReport)
  }

  #createFile(trial: Trial, folder: string): OpenFile {
    const events = new TrialEvents(trial, this.#parameters)
    return { events, folder, config: trial.config, path: undefined, isNew: true, pending: [] }
  }

  #add(file: OpenFile, records: readonly Buffer[], study: StudyView): void {
    if (records.length === 0) return
    file.pending.push(...records)
    this.#dirty.add(file)
    let added = 0
    for (const record of records) added += record.length
    if (this.#pace.add(added)) this.#writeOut(study)
  }

  #writeOut(study: StudyView): void {
    this.#pace.noteWritten()
    const changes: EventFileChange[] = []
    for (const file of this.#dirty) {
      const { events, folder, pending: records, isNew } = file
      file.path ??= eventFilePath(folder, events.beganMs, this.#host)
      file.pending = []
      file.isNew = false
      changes.push({ path: file.path, records, isNew })
    }
    this.#dirty.clear()
    const records = this.#study?.take()
    if (records !== undefined && study.path !== undefined) {
      this.#studyPath ??= eventFilePath(study.path, this.#study?.createdMs ?? 0, this.#host)
      changes.push({ path: this.#studyPath, records, isNew: true })
    }
    this.#writer?.submit(changes)
  }
}
