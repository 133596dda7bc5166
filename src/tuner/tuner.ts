import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { Callback, Notice, StudyOutcome } from '../callbacks/callback.js'
import { ProgressReporter } from '../callbacks/progress/progress-reporter.js'
import { TrialFiles } from '../callbacks/trial-files/trial-files.js'
import { systemClock } from '../clock.js'
import { fromErrorRecord, TuneError } from '../errors.js'
import type { Executor, ExecutorMessage, ExecutorOptions } from '../executors/executor.js'
import { InlineExecutor } from '../executors/inline.js'
import { ThreadsExecutor } from '../executors/threads/threads.js'
import { encodeJson, type JsonValue } from '../json.js'
import { ResultGrid } from '../results/result-grid.js'
import { Space } from '../space/space.js'
import type { CompatibleSpace, ConfigOf, SpaceDefinition } from '../space/types.js'
import { isFreshStart, type StudyDefinition, type StudyEvent } from '../study/events.js'
import {
  FileJournal,
  type JournalTail,
  type RecordedDefinition,
  readDefinition,
  readJournal,
} from '../study/file-journal.js'
import { type Journal, MemoryJournal } from '../study/journal.js'
import { Study } from '../study/study.js'
import type { StudyParts } from '../study/study-parts.js'
import { type Trainable, toTrainable } from '../trainable/define.js'
import { loadTrainable } from '../trainable/load.js'
import type { Metrics, TrainableDefinition } from '../trainable/trainable.js'
import { checkRunConfig, checkTuneConfig } from './check-options.js'
import type { RunConfig, TuneConfig } from './config.js'
import { createDefinition, createParts, type DefaultStrategies, type DefinitionInput } from './definition.js'
import { Driver } from './driver.js'
import { createView } from './journal-view.js'
import { Notifier } from './notifier.js'
import { recall, type StrategyRevival } from './recall.js'
import { checkResumeConfig, findChanges, type ResumeConfig, takeUpTrials } from './resume.js'
import { handleSignals } from './signals.js'
import {
  checkStudyName,
  createStudyFolder,
  DEFAULT_STORAGE_PATH,
  defaultStudyName,
  journalPath,
  unusedStudyName,
} from './storage.js'
import { StudyLock } from './study-lock.js'
import { sweepTrials } from './sweep.js'

/** What a tuner is made with, beside the trainable. */
export interface TunerOptions<S extends SpaceDefinition = SpaceDefinition> {
  /** The search space; configs have its type. @defaultValue an empty one */
  readonly paramSpace?: S
  /** What is searched for, and how. */
  readonly tuneConfig?: TuneConfig
  /** Where and how it runs. */
  readonly runConfig?: RunConfig
  /** How a study is taken up again; for `Tuner.restore` alone. */
  readonly resumeConfig?: ResumeConfig
}

/**
 * A tuner's options, which may be left out only where the trainable takes any config. The space is checked against the trainable's
 * config.
 */
export type TunerArguments<C, S extends SpaceDefinition> =
  NeedsSpace<C> extends true
    ? [options: TunerOptions<S & CompatibleSpace<S, C>> & { readonly paramSpace: S & CompatibleSpace<S, C> }]
    : [options?: TunerOptions<S & CompatibleSpace<S, C>>]

/** Whether a trainable needs parameters: its config has a field that must be there. */
type NeedsSpace<C> = [C] extends [never] ? false : Record<never, never> extends C ? false : true

/** Anything that can be tuned. */
export type TrainableInput<C, M extends Metrics> = Trainable<C, M> | TrainableDefinition<C, M>

/** The strategies that the package supplies. */
export interface Strategies {
  readonly defaults: DefaultStrategies
  readonly revival: StrategyRevival
}

/** What a study is to be made with. */
interface Plan {
  readonly input: DefinitionInput
  readonly parts: StudyParts
  /** What it was made with, if it is taken up again. */
  readonly recorded: RecordedDefinition | undefined
  /** What the searcher had to say before there was anyone to tell. */
  readonly notices: readonly Notice[]
}

/** A study that is folded and ready to be driven. */
interface OpenStudy {
  readonly study: Study
  readonly journal: Journal
  /** Where trials have their folders. */
  readonly path: string
  /** Whether the study is kept in memory, and its folder only for as long as it runs. */
  readonly isTransient: boolean
  /** Seconds that earlier sessions have run. */
  readonly elapsedSeconds: number
  readonly events: StudyEvent[]
  /** Commits what is to become of the trials of a study that is taken up again; @returns what the user should know */
  takeUp?(): readonly string[]
  /** Lets other processes write it. */
  release(): void
}

/** Tunes a trainable over a search space: the driver of one study. */
export class EngineTuner<C, M extends Metrics, S extends SpaceDefinition> {
  readonly #trainable: Trainable<C, M>
  readonly #paramSpace: SpaceDefinition | undefined
  readonly #tuneConfig: TuneConfig
  readonly #runConfig: RunConfig
  readonly #resumeConfig: ResumeConfig
  readonly #strategies: Strategies
  readonly #restorePath: string | undefined

  /**
   * @param restorePath - the folder of a study to go on with
   * @throws `TuneError` `INVALID_TRAINABLE`, `INVALID_SPACE`, `INVALID_OPTION`, `INVALID_NAME`
   */
  constructor(
    trainable: TrainableInput<C, M>,
    options: TunerOptions<S & CompatibleSpace<S, C>>,
    strategies: Strategies,
    restorePath?: string,
  ) {
    const { paramSpace, tuneConfig = {}, runConfig = {}, resumeConfig = {} } = options
    checkTuneConfig(tuneConfig)
    checkRunConfig(runConfig)
    checkResumeConfig(resumeConfig)
    if (restorePath === undefined && options.resumeConfig !== undefined) {
      throw new TuneError('INVALID_OPTION', 'resumeConfig is given to a new study: it is for Tuner.restore')
    }
    if (runConfig.name !== undefined) checkStudyName(runConfig.name)
    this.#trainable = toTrainable(trainable)
    this.#paramSpace = paramSpace
    this.#tuneConfig = tuneConfig
    this.#runConfig = runConfig
    this.#resumeConfig = resumeConfig
    this.#strategies = strategies
    this.#restorePath = restorePath
    // a space or a stop condition that can't be is better told of here than when the machine is busy
    if (restorePath === undefined) createParts(this.#input())
    else if (paramSpace !== undefined) Space.of(paramSpace)
  }

  /**
   * Runs the study to its end, until its time budget is spent, or until it is interrupted.
   *
   * @returns all trials, those that failed included
   * @throws `TuneError` when the study itself can't go on (its trainable can't be imported, its folder can't be written, no trial
   * reports its metric, a strategy breaks its contract); with `failFast: 'raise'`, what the trainable threw
   */
  async fit(): Promise<ResultGrid<ConfigOf<S>, M>> {
    let driver: Driver | undefined
    const plan = this.#plan()
    const executor = await this.#createExecutor(plan, messages => driver?.receive(messages))
    let open: OpenStudy
    try {
      open = this.#openStudy(plan)
    } catch (error) {
      await executor.close()
      throw error
    }
    const { study, journal, path, events } = open
    const view = createView(study, journal, open.isTransient ? undefined : path)
    const notifier = new Notifier(this.#callbacks(), view)
    driver = this.#createDriver(open, executor, view, notifier)
    const running = driver
    const release = (this.#runConfig.handleSignals ?? true) ? handleSignals(() => running.interrupt()) : () => undefined
    let outcome: StudyOutcome
    try {
      study.openSession()
      const warnings = open.takeUp?.() ?? []
      await driver.flush()
      await notifier.start()
      for (const notice of plan.notices) notifier.notice(notice)
      for (const message of warnings) notifier.notice({ level: 'warning', message })
      outcome = await driver.run()
      await executor.close()
      // the last words of trials that were still cleaning up
      notifier.tell(events.splice(0))
      await notifier.end(outcome)
    } finally {
      await executor.close()
      await journal.close()
      open.release()
      if (open.isTransient) rmSync(path, { recursive: true, force: true })
      release()
    }
    if (outcome.type === 'failed') throw outcome.error
    this.#raiseFailure(study)
    return new ResultGrid<ConfigOf<S>, M>(view, outcome)
  }

  #input(): DefinitionInput {
    return {
      trainable: this.#trainable.name,
      paramSpace: this.#paramSpace,
      tuneConfig: this.#tuneConfig,
      runConfig: this.#runConfig,
      defaults: this.#strategies.defaults,
    }
  }

  #plan(): Plan {
    const notices: Notice[] = []
    const given: DefinitionInput = {
      ...this.#input(),
      onWarning: message => notices.push({ level: 'warning', message }),
      onInfo: message => notices.push({ level: 'info', message }),
    }
    const recorded = this.#restorePath === undefined ? undefined : readHeader(journalPath(this.#restorePath))
    const input = recorded ? recall(given, recorded, this.#strategies.revival) : given
    return { input, parts: createParts(input), recorded, notices }
  }

  #raiseFailure(study: Study): void {
    if (this.#runConfig.failureConfig?.failFast !== 'raise') return
    const failed = study.trials.find(({ error }) => error !== undefined)
    if (failed?.error) throw fromErrorRecord(failed.error)
  }

  #openStudy({ input, parts, recorded }: Plan): OpenStudy {
    if (this.#restorePath !== undefined && recorded !== undefined)
      return this.#reopen(journalPath(this.#restorePath), { input, parts, recorded })
    const { storagePath = DEFAULT_STORAGE_PATH } = this.#runConfig
    if (storagePath === false) return this.#openTransient(input, parts)
    const name = this.#runConfig.name ?? unusedStudyName(storagePath, this.#trainable.name, systemClock.now())
    const definition = createDefinition(input, parts, name)
    const events: StudyEvent[] = []
    let journal: Journal | undefined
    const study = new Study(definition, parts, event => {
      journal?.append(event)
      events.push(event)
    })
    const path = createStudyFolder(storagePath, name)
    const lock = StudyLock.acquire(path)
    try {
      journal = FileJournal.create(journalPath(path), systemClock)
    } catch (error) {
      lock.release()
      throw error
    }
    journal.append({ event: 'study', format: 1, definition })
    return {
      study,
      journal,
      path,
      isTransient: false,
      elapsedSeconds: 0,
      events,
      release: () => lock.release(),
    }
  }

  /** Opens a study that is kept in memory; checkpoints lie in a folder of the system's until it ends. */
  #openTransient(input: DefinitionInput, parts: StudyParts): OpenStudy {
    const name = this.#runConfig.name ?? defaultStudyName(this.#trainable.name, systemClock.now())
    const definition = createDefinition(input, parts, name)
    const journal = new MemoryJournal(systemClock)
    const events: StudyEvent[] = []
    const study = new Study(definition, parts, event => {
      journal.append(event)
      events.push(event)
    })
    journal.append({ event: 'study', format: 1, definition })
    const path = join(tmpdir(), `tunewright-${randomUUID()}`)
    return { study, journal, path, isTransient: true, elapsedSeconds: 0, events, release: () => undefined }
  }

  #reopen(file: string, plan: Omit<Plan, 'notices'> & { readonly recorded: RecordedDefinition }): OpenStudy {
    // what is read from here on nobody else may write
    const lock = StudyLock.acquire(dirname(file))
    try {
      return { ...this.#fold(file, plan), release: () => lock.release() }
    } catch (error) {
      lock.release()
      throw error
    }
  }

  #fold(
    file: string,
    { input, parts, recorded }: Omit<Plan, 'notices'> & { readonly recorded: RecordedDefinition },
  ): Omit<OpenStudy, 'release'> {
    const definition = createDefinition(input, parts, recorded.definition.name)
    const changes = findChanges(recorded.definition, definition, this.#resumeConfig)
    const freshStarts = recorded.freshStarts + (changes && isFreshStart(changes) ? 1 : 0)
    let journal: Journal | undefined
    const study = new Study(
      definition,
      parts,
      event => {
        journal?.append(event)
        events.push(event)
      },
      { freshStarts },
    )
    const entries = readJournal(file)
    const events: StudyEvent[] = []
    let read: StudyDefinition | undefined
    /** Trials that were open in the last session, or made in it: only for them may it have left something behind. */
    let touched = new Set<number>()
    let elapsedMs = 0
    let last = 0
    let tail: JournalTail
    for (;;) {
      const next = entries.next()
      if (next.done) {
        tail = next.value
        break
      }
      const entry = next.value
      if (entry.event.event === 'study') read = entry.event.definition
      else if (entry.event.event === 'session') touched = new Set([...study.running.keys(), ...study.paused.keys()])
      else elapsedMs += Math.max(0, entry.at - last)
      if (entry.event.event === 'trial' || entry.event.event === 'reopen') touched.add(entry.event.trial)
      if (entry.event.event === 'extend' && read) read = { ...read, ...entry.event.changes }
      study.replay(entry)
      last = entry.at
    }
    if (!isSame(read, recorded.definition)) {
      throw new TuneError('STUDY_LOCKED', `${file} was changed by another process meanwhile: take it up once more`)
    }
    journal = FileJournal.append(file, systemClock, tail)
    const takeUp = () => {
      const warnings = takeUpTrials(study, changes, this.#resumeConfig)
      for (const index of study.paused.keys()) touched.add(index)
      sweepTrials(
        dirname(file),
        study.trials.filter(({ index }) => touched.has(index)),
      )
      if (tail.tornBytes > 0) {
        warnings.push(
          `the last line of ${file} was torn (${tail.tornBytes} bytes) and is cut off: nothing had been done because of it`,
        )
      }
      return warnings
    }
    return { study, journal, path: dirname(file), isTransient: false, elapsedSeconds: elapsedMs / 1000, events, takeUp }
  }

  async #createExecutor(
    { parts }: Plan,
    onMessages: (messages: readonly ExecutorMessage[]) => void,
  ): Promise<Executor> {
    const trainable = this.#trainable
    const { checkpointConfig = {}, logToFile = true, verbose = 1, workers = availableParallelism() } = this.#runConfig
    const { storagePath } = this.#runConfig
    const { reuseActors = true } = this.#tuneConfig
    const { stepTimeoutS = Number.POSITIVE_INFINITY, trialTimeoutS = Number.POSITIVE_INFINITY } =
      this.#runConfig.failureConfig ?? {}
    const { timeAttr, savesAtGrants = false } = parts.scheduler
    const options: ExecutorOptions = {
      timeAttr,
      checkpointAtGrant: savesAtGrants,
      limits: { stepMs: 1000 * stepTimeoutS, trialMs: 1000 * trialTimeoutS },
      checkpointFrequency: checkpointConfig.checkpointFrequency ?? 0,
      checkpointAtEnd: checkpointConfig.checkpointAtEnd,
      logToFile: logToFile && storagePath !== false,
      forwardOutput: verbose === 2,
      reuseActors,
      onMessages,
    }
    const kind = this.#runConfig.executor ?? (trainable.moduleUrl === undefined ? 'inline' : 'threads')
    if (typeof kind === 'function') return kind({ ...options, trainable, workers })
    if (kind === 'inline') {
      const definition = trainable.definition ?? (await loadTrainable(reference(trainable)))
      return new InlineExecutor({ ...options, definition })
    }
    const { resourceLimits } = this.#runConfig
    return new ThreadsExecutor({
      ...options,
      trainable: reference(trainable),
      workers,
      ...(resourceLimits && { resourceLimits }),
    })
  }

  #createDriver(open: OpenStudy, executor: Executor, view: ReturnType<typeof createView>, notifier: Notifier): Driver {
    const { study, journal, path, events, elapsedSeconds } = open
    const { checkpointConfig = {} } = this.#runConfig
    return new Driver({
      study,
      journal,
      executor,
      view,
      notifier,
      takeEvents: () => events.splice(0),
      order: study.definition.order,
      path,
      retention: {
        numToKeep: checkpointConfig.numToKeep,
        scoreOrder: checkpointConfig.checkpointScoreOrder ?? 'max',
        scoreAttribute: checkpointConfig.checkpointScoreAttribute,
      },
      stepByStep: checkpointConfig.checkpointAtEnd === true && study.mayStopAnywhere,
      budgetSeconds: Math.max(0, study.budgetSeconds - elapsedSeconds),
    })
  }

  #callbacks(): readonly Callback[] {
    const { callbacks = [], verbose = 1 } = this.#runConfig
    return [new TrialFiles(), new ProgressReporter({ verbose }), ...callbacks]
  }
}

function reference<C, M extends Metrics>(trainable: Trainable<C, M>): { moduleUrl: string; exportName: string } {
  const { moduleUrl, exportName } = trainable
  if (moduleUrl === undefined) {
    throw new TuneError(
      'INVALID_TRAINABLE',
      `the trainable '${trainable.name}' is a closure, which can't cross to another thread: export it from a module with defineTrainable(import.meta.url, …), or set runConfig.executor to 'inline'`,
    )
  }
  return { moduleUrl, exportName }
}

function readHeader(file: string): RecordedDefinition {
  const recorded = readDefinition(file)
  if (recorded !== undefined) return recorded
  throw new TuneError(
    'JOURNAL_DAMAGED',
    `${file} has no header: the study was killed before it began. Start it again with new Tuner`,
  )
}

function isSame(a: StudyDefinition | undefined, b: StudyDefinition): boolean {
  return encodeJson(a as unknown as JsonValue) === encodeJson(b as unknown as JsonValue)
}

/** Whether a folder holds a study that can be gone on with. */
export function canRestore(path: string): boolean {
  try {
    return readJournal(journalPath(resolve(path))).next().done !== true
  } catch {
    return false
  }
}
