import { availableParallelism } from 'node:os'
import { TuneError } from '../errors.js'
import type { PartDefinition } from '../part.js'
import { drawSeed } from '../rng.js'
import type { Scheduler } from '../scheduler.js'
import type { Searcher } from '../searcher.js'
import { Space } from '../space/space.js'
import type { SpaceDefinition } from '../space/types.js'
import type { Stopper } from '../stopper.js'
import { TimeBudgetStopper } from '../stoppers/time-budget.js'
import { toStopper } from '../stoppers/to-stopper.js'
import type { StudyDefinition } from '../study/events.js'
import type { StudyParts } from '../study/study-parts.js'
import { soleObjective, wallClockMetrics } from '../trial.js'
import type { RunConfig, TuneConfig } from './config.js'
import { toObjectives } from './objectives.js'
import { toDirectoryName } from './storage.js'

/** How many trials are open at a time in logical order unless the user says otherwise: a constant, so that it is no property of a machine. */
const defaultConcurrency = 8

/** The strategies that stand in where the user names none. */
export interface DefaultStrategies {
  searcher(): Searcher
  scheduler(): Scheduler
}

/** What a study is defined by. */
export interface DefinitionInput {
  readonly trainable: string
  /** @defaultValue an empty one */
  readonly paramSpace: SpaceDefinition | undefined
  readonly tuneConfig: TuneConfig
  readonly runConfig: RunConfig
  readonly defaults: DefaultStrategies
  /** Takes warnings of the searcher. */
  readonly onWarning?: (message: string) => void
  /** Takes what else the searcher has to say. */
  readonly onInfo?: (message: string) => void
}

/** Makes the strategies of a study. @throws `TuneError` `INVALID_SPACE`, `INVALID_OPTION` */
export function createParts(input: DefinitionInput): StudyParts {
  const { paramSpace, tuneConfig, runConfig, defaults, onWarning, onInfo } = input
  const { timeBudgetS, trialNameCreator, trialDirnameCreator } = tuneConfig
  const stoppers: Stopper[] = []
  if (runConfig.stop !== undefined) stoppers.push(toStopper(runConfig.stop, { objectives: toObjectives(tuneConfig) }))
  if (timeBudgetS !== undefined && timeBudgetS !== Number.POSITIVE_INFINITY)
    stoppers.push(new TimeBudgetStopper({ seconds: timeBudgetS }))
  return {
    space: Space.of(paramSpace ?? {}),
    searcher: tuneConfig.searchAlg ?? defaults.searcher(),
    scheduler: tuneConfig.scheduler ?? defaults.scheduler(),
    stoppers,
    ...(onWarning && { onWarning }),
    ...(onInfo && { onInfo }),
    naming: trial => ({
      name: trialNameCreator?.(trial) ?? trial.id,
      directory: toDirectoryName(trialDirnameCreator?.(trial) ?? 'trial', trial.index),
    }),
  }
}

/** Writes down what defines a study. */
export function createDefinition(input: DefinitionInput, parts: StudyParts, name: string): StudyDefinition {
  const { trainable, tuneConfig, runConfig } = input
  const { failureConfig = {} } = runConfig
  const order = tuneConfig.order ?? (tuneConfig.seed === undefined ? 'arrival' : 'logical')
  const { timeAttr } = parts.scheduler
  if (order === 'logical' && wallClockMetrics.includes(timeAttr)) {
    throw new TuneError(
      'INVALID_OPTION',
      `the scheduler ${parts.scheduler.name} has timeAttr '${timeAttr}', which is wall-clock time and never the same twice: use a metric such as 'trainingIteration', or order: 'arrival'`,
    )
  }
  const concurrency = order === 'logical' ? defaultConcurrency : (runConfig.workers ?? availableParallelism())
  const { numSamples = 1 } = tuneConfig
  const objectives = toObjectives(tuneConfig)
  const only = soleObjective(objectives)
  return {
    name,
    seed: tuneConfig.seed ?? drawSeed(),
    metric: only?.metric ?? null,
    mode: only?.mode ?? null,
    objectives,
    order,
    maxConcurrentTrials: tuneConfig.maxConcurrentTrials ?? concurrency,
    numSamples: numSamples === -1 || numSamples === Number.POSITIVE_INFINITY ? null : numSamples,
    maxFailures: failureConfig.maxFailures ?? 0,
    failFast: (failureConfig.failFast ?? false) !== false,
    trainable,
    space: parts.space.describe(),
    searcher: toPart(parts.searcher),
    scheduler: toPart(parts.scheduler),
    stoppers: parts.stoppers.map(toPart),
  }
}

function toPart({ name, options }: PartDefinition): PartDefinition {
  return { name, options }
}
