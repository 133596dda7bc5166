import type {
  Metrics,
  RunConfig,
  Scheduler,
  Searcher,
  SimulationOptions,
  SpaceDefinition,
  TrainableInput,
} from '../../src/index.js'

/** One study of a comparison. */
export interface StudyKey {
  /** The problem's name. */
  readonly problem: string
  /** The strategy's name. */
  readonly strategy: string
  /** Which repeat it is, from 0. */
  readonly repeat: number
  /** The study's seed: the same for all strategies, so that they meet the same luck. */
  readonly seed: number
}

/** What a strategy consists of. */
export interface Strategy {
  /** Proposes configs. @defaultValue `RandomSearcher` */
  readonly searchAlg?: Searcher
  /** Stops or pauses weak trials. @defaultValue `FIFOScheduler`, which stops none */
  readonly scheduler?: Scheduler
}

/** Makes a strategy anew: each study has its own. */
export type StrategyFactory = (study: StudyKey) => Strategy

/** What strategies are tried on. */
export interface Problem {
  /** What `defineTrainable` made runs on worker threads, closures in this thread. */
  readonly trainable: TrainableInput<never, Metrics>
  /** The search space, the same for all strategies. */
  readonly paramSpace: SpaceDefinition
  /** Runs it in virtual time on so many virtual workers, with the function or class itself as the trainable. @defaultValue in real time */
  readonly simulation?: SimulationOptions
  /** The best value that there is, or that is known: final values are then also told as their distance from it, the regret. */
  readonly optimum?: number
  /** How many trials are open at a time. @defaultValue as many as the simulation has workers; else 8 */
  readonly maxConcurrentTrials?: number
  /** How its studies are run; their names, folders and output are the comparison's business. */
  readonly runConfig?: Pick<
    RunConfig,
    'stop' | 'failureConfig' | 'checkpointConfig' | 'executor' | 'workers' | 'resourceLimits' | 'callbacks'
  >
}

/** Makes a problem anew for each study, where its trainable remembers something or a simulation is to have luck of its own. */
export type ProblemFactory = (study: StudyKey) => Problem

/** What each study may spend; it ends at whichever limit comes first. */
export interface Budget {
  /** How many trials it may begin: an integer from 1. */
  readonly trials?: number
  /** How many reports its trials may make, all of them together: an integer from 1. */
  readonly iterations?: number
  /** For how many seconds it may run, virtual ones in a simulation; positive. */
  readonly seconds?: number
}
