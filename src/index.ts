import { FIFOScheduler } from '../schedulers/fifo.js'
import { RandomSearcher } from '../searchers/random.js'
import type { ConfigOf, SpaceDefinition } from './space/types.js'
import { Study } from './study/study.js'
import type { Metrics } from './trainable/trainable.js'
import { checkRunConfig, checkTuneConfig } from './tuner/check-options.js'
import type { RunConfig, TuneConfig } from './tuner/config.js'
import { createDefinition, createParts, type DefaultStrategies } from './tuner/definition.js'
import { canRestore, EngineTuner, type TrainableInput, type TunerArguments } from './tuner/tuner.js'

export type { Callback, LineageStep, Notice, StudyOutcome, StudyView } from './callbacks/callback.js'
export { ProgressReporter, type ProgressReporterOptions } from './callbacks/progress/progress-reporter.js'
export { TrialFiles } from './callbacks/trial-files/trial-files.js'
export { type Clock, systemClock } from './clock.js'
export { type ErrorRecord, TuneError, type TuneErrorCode } from './errors.js'
export type { Executor, ExecutorMessage, ExecutorOptions, Grant, StopOptions, TrialRun } from './executors/executor.js'
export { InlineExecutor, type InlineExecutorOptions } from './executors/inline.js'
export { type SimulatedStep, Simulation, type SimulationOptions } from './executors/simulated.js'
export { ThreadsExecutor, type ThreadsExecutorOptions } from './executors/threads/threads.js'
export {
  GaussianProcess,
  type GaussianProcessOptions,
  type PointPrediction,
  type Prediction,
} from './gp/gaussian-process.js'
export type { Hyperparameters } from './gp/hyperparameters.js'
export type { JsonObject, JsonValue } from './json.js'
export { Result } from './results/result.js'
export { ResultGrid } from './results/result-grid.js'
export { Rng } from './rng.js'
export {
  CONTINUE,
  type Decision,
  type Exploit,
  type NextAction,
  type NextRequest,
  type Scheduler,
  type SchedulerContext,
} from './scheduler.js'
export type { EvaluatedConfig, Searcher, SearcherContext, Suggestion, SuggestRequest } from './searcher.js'
export * from './space/index.js'
export { KEEP_GOING, type Stopper, type StopperContext, type StopVerdict } from './stopper.js'
export * from './stoppers/index.js'
export type {
  CommitOrder,
  DecisionRecord,
  ExploitRecord,
  JournalEntry,
  StudyDefinition,
  StudyEvent,
} from './study/events.js'
export { FileJournal, type JournalTail, readJournal } from './study/file-journal.js'
export { type Journal, MemoryJournal } from './study/journal.js'
export { Study } from './study/study.js'
export type { Ask, StudyParts, TrialNaming } from './study/study-parts.js'
export { type DefineOptions, defineTrainable, type Trainable, trainableAt } from './trainable/define.js'
export {
  type Checkpoint,
  type ClassTrainable,
  type FunctionTrainable,
  type GeneratorTrainable,
  type Metrics,
  type MetricValue,
  Report,
  type ReportingContext,
  type ReportOptions,
  report,
  type SaveCheckpoint,
  type TrainableDefinition,
  type TrainableInstance,
  type TrialContext,
} from './trainable/trainable.js'
export {
  type CheckpointRecord,
  type EndedBy,
  type Mode,
  type Objective,
  type Repeat,
  type ReportTiming,
  readMetric,
  type Trial,
  type TrialOrigin,
  type TrialReport,
  type TrialStatus,
} from './trial.js'
export type { CheckpointConfig, ExecutorFactory, FailureConfig, RunConfig, TuneConfig } from './tuner/config.js'
export { openResults } from './tuner/open-results.js'
export type { ResumeConfig, ResumeType } from './tuner/resume.js'
export type { TrainableInput, TunerArguments, TunerOptions } from './tuner/tuner.js'

const defaults: DefaultStrategies = {
  searcher: () => new RandomSearcher(),
  scheduler: () => new FIFOScheduler(),
}

/**
 * Tunes a trainable over a search space: `await new Tuner(trainable, { paramSpace, tuneConfig, runConfig }).fit()`.
 *
 * The space is checked against the trainable's config type when it is compiled, and against its own rules when it is made.
 *
 * @see Ray Tune's `Tuner`
 */
export class Tuner<
  C = never,
  M extends Metrics = Metrics,
  const S extends SpaceDefinition = SpaceDefinition,
> extends EngineTuner<C, M, S> {
  /** @throws `TuneError` `INVALID_TRAINABLE`, `INVALID_SPACE`, `INVALID_OPTION`, `INVALID_NAME` */
  constructor(trainable: TrainableInput<C, M>, ...[options = {}]: TunerArguments<C, S>) {
    super(trainable, options, defaults)
  }

  /**
   * Takes a study up again where it was left: what was committed stands, trials that ran go on from their last checkpoints.
   *
   * @param path - the study's folder
   * @param options - what the study was made with; its name and seed may be left out. What differs is refused, but for what
   * `resumeConfig` allows: more samples, say, with `extend`
   * @throws as the constructor does; `fit` then throws `STUDY_NOT_FOUND`, `STUDY_MISMATCH`, `JOURNAL_DAMAGED` or `JOURNAL_NEWER`
   * @see Ray Tune's `Tuner.restore`
   */
  static restore<C, M extends Metrics, const S extends SpaceDefinition>(
    path: string,
    trainable: TrainableInput<C, M>,
    ...[options = {}]: TunerArguments<C, S>
  ): EngineTuner<C, M, S> {
    return new EngineTuner<C, M, S>(trainable, options, defaults, path)
  }

  /** Whether a folder holds a study that can be taken up again. @see Ray Tune's `Tuner.can_restore` */
  static canRestore(path: string): boolean {
    return canRestore(path)
  }
}

/** What a study with a loop of one's own is made with. */
export interface StudyOptions<S extends SpaceDefinition> extends TuneConfig {
  readonly paramSpace: S
  /** What the journal calls it. @defaultValue `study` */
  readonly name?: string
  readonly stop?: RunConfig['stop']
  readonly failureConfig?: RunConfig['failureConfig']
}

/**
 * Makes a study for users who keep their own loop: `ask` for a trial, `report` what it measured, `tell` its end.
 *
 * @throws `TuneError` `INVALID_SPACE`, `INVALID_OPTION`
 */
export function createStudy<const S extends SpaceDefinition>(options: StudyOptions<S>): Study<ConfigOf<S>> {
  const { paramSpace, name = 'study', stop, failureConfig, ...tuneConfig } = options
  checkTuneConfig(tuneConfig)
  const runConfig: RunConfig = { ...(stop !== undefined && { stop }), ...(failureConfig && { failureConfig }) }
  checkRunConfig(runConfig)
  const input = { trainable: 'ask-tell', paramSpace, tuneConfig, runConfig, defaults }
  const parts = createParts(input)
  return new Study<ConfigOf<S>>(createDefinition(input, parts, name), parts)
}
