/**
 * The engine: tuners, search spaces, trainables, stoppers, executors, results, and the contracts of searchers and schedulers.
 *
 * @module tunewright
 */

import { FIFOScheduler } from '../schedulers/fifo.js'
import { reviveScheduler } from '../schedulers/revive.js'
import { RandomSearcher } from '../searchers/random.js'
import { reviveSearcher } from '../searchers/revive.js'
import type { ResultGrid } from './results/result-grid.js'
import type { CompatibleSpace, ConfigOf, SpaceDefinition } from './space/types.js'
import { Study } from './study/study.js'
import type { Metrics } from './trainable/trainable.js'
import { checkRunConfig, checkTuneConfig } from './tuner/check-options.js'
import type { RunConfig, TuneConfig } from './tuner/config.js'
import { createDefinition, createParts } from './tuner/definition.js'
import {
  canRestore,
  EngineTuner,
  type Strategies,
  type TrainableInput,
  type TunerArguments,
  type TunerOptions,
} from './tuner/tuner.js'

export type { Callback, LineageStep, Notice, StudyOutcome, StudyView } from './callbacks/callback.js'
export {
  MLflowCallback,
  MLflowCallback as MLflowLoggerCallback,
  type MLflowOptions,
} from './callbacks/mlflow/mlflow-callback.js'
export type { MLflowServerOptions } from './callbacks/mlflow/tracking-server.js'
export type { ProgressStream } from './callbacks/progress/display.js'
export {
  ProgressReporter,
  type ProgressReporterOptions,
  type Verbosity,
} from './callbacks/progress/progress-reporter.js'
export type { Timer } from './callbacks/progress/timer.js'
export {
  TensorBoardCallback,
  TensorBoardCallback as TBXLoggerCallback,
  type TensorBoardOptions,
} from './callbacks/tensorboard/tensorboard-callback.js'
export { TrialFiles, type TrialFilesOptions } from './callbacks/trial-files/trial-files.js'
export { type Clock, systemClock } from './clock.js'
export { type ErrorRecord, TuneError, type TuneErrorCode } from './errors.js'
export type { Executor, ExecutorMessage, ExecutorOptions, Grant, StopOptions, TrialRun } from './executors/executor.js'
export { InlineExecutor, type InlineExecutorOptions } from './executors/inline.js'
export { type SimulatedRun, type SimulatedStep, Simulation, type SimulationOptions } from './executors/simulated.js'
export type { StepLimits } from './executors/step-watch.js'
export { ThreadsExecutor, type ThreadsExecutorOptions } from './executors/threads/threads.js'
export type { GpDimension } from './gp/dimension.js'
export {
  GaussianProcess,
  type GaussianProcessOptions,
  type PointPrediction,
  type Prediction,
} from './gp/gaussian-process.js'
export type { CovarianceParameters, Hyperparameters } from './gp/hyperparameters.js'
export type { JsonObject, JsonValue } from './json.js'
export type { PartDefinition } from './part.js'
export {
  type CheckpointWithMetrics,
  type ReportedMetrics,
  type ReportedResult,
  Result,
  type ResultMetrics,
} from './results/result.js'
export { type BestResultOptions, ResultGrid, type ResultTableOptions, type RowsOptions } from './results/result-grid.js'
export type { Scope } from './results/scores.js'
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
  DefinitionChanges,
  ExploitRecord,
  JournalEntry,
  StudyDefinition,
  StudyEvent,
} from './study/events.js'
export { FileJournal, type JournalTail, readJournal } from './study/file-journal.js'
export type { FoldOptions as StudyFoldOptions } from './study/fold.js'
export { type Journal, MemoryJournal } from './study/journal.js'
export { Study } from './study/study.js'
export type { Ask, StudyParts, TrialNaming } from './study/study-parts.js'
export type { CarriedReport } from './trainable/checkpoint.js'
export { type DefineOptions, defineTrainable, type Trainable, trainableAt } from './trainable/define.js'
export type { TrainableReference } from './trainable/load.js'
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

const strategies: Strategies = {
  defaults: { searcher: () => new RandomSearcher(), scheduler: () => new FIFOScheduler() },
  revival: { searcher: reviveSearcher, scheduler: reviveScheduler },
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
    super(trainable, options, strategies)
  }

  /**
   * Takes a study up again where it was left: what was committed stands, trials that ran go on from their last checkpoints.
   *
   * Without options it goes on as its journal defines it: space, metric, searcher, scheduler, stop condition, samples, failures and seed are read
   * from there, with all later changes. That holds for whatever is data and for the strategies of this package. Code never comes out of a journal:
   * where the study was made with a function (`sampleFrom`, a stop function, a mutation) or a strategy of one's own, `fit` throws, naming the option
   * to give; and any option that is given is checked against the journal, but for what `resumeConfig` allows (more samples, say, with `extend`).
   * What belongs to a run and not to the study (workers, executor, callbacks, checkpoints, timeouts, names of new trials) is not recorded, and is as
   * `tuneConfig` and `runConfig` say now. A strategy of one's own that bears the name of one of the package's is taken for that.
   *
   * @param path - the study's folder
   * @throws as the constructor does; `fit` then throws `STUDY_NOT_FOUND`, `STUDY_MISMATCH`, `STUDY_LOCKED`, `JOURNAL_DAMAGED`, `JOURNAL_NEWER`, or
   * `INVALID_OPTION` naming what has to be given
   * @see Ray Tune's `Tuner.restore`
   */
  static restore<C, M extends Metrics>(path: string, trainable: TrainableInput<C, M>): RestoredTuner<C, M>
  static restore<C, M extends Metrics, const S extends SpaceDefinition>(
    path: string,
    trainable: TrainableInput<C, M>,
    options: TunerOptions<S & CompatibleSpace<S, C>> & { readonly paramSpace: S & CompatibleSpace<S, C> },
  ): RestoredTuner<ConfigOf<S>, M>
  static restore<C, M extends Metrics>(
    path: string,
    trainable: TrainableInput<C, M>,
    options: Omit<TunerOptions, 'paramSpace'>,
  ): RestoredTuner<C, M>
  static restore<C, M extends Metrics>(
    path: string,
    trainable: TrainableInput<C, M>,
    options: TunerOptions = {},
  ): RestoredTuner<unknown, M> {
    return new EngineTuner<unknown, M, SpaceDefinition>(
      trainable as TrainableInput<unknown, M>,
      options,
      strategies,
      path,
    )
  }

  /** Whether a folder holds a study that can be taken up again. @see Ray Tune's `Tuner.can_restore` */
  static canRestore(path: string): boolean {
    return canRestore(path)
  }
}

/** A study that is to be taken up again. @typeParam C - the type of its configs @typeParam M - that of its metrics */
export interface RestoredTuner<C, M extends Metrics = Metrics> {
  /** @see {@link Tuner.fit} */
  fit(): Promise<ResultGrid<C, M>>
}

/** What a study with a loop of one's own is made with. */
export interface StudyOptions<S extends SpaceDefinition> extends TuneConfig {
  /** The search space; configs have its type. */
  readonly paramSpace: S
  /** What the journal calls it. @defaultValue `study` */
  readonly name?: string
  /** When to stop a trial, or the study: as in {@link RunConfig}. @defaultValue trials end by themselves */
  readonly stop?: RunConfig['stop']
  /** What happens to a trial that `study.fail` is called for. @defaultValue it has failed for good */
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
  const input = { trainable: 'ask-tell', paramSpace, tuneConfig, runConfig, defaults: strategies.defaults }
  const parts = createParts(input)
  return new Study<ConfigOf<S>>(createDefinition(input, parts, name), parts)
}
