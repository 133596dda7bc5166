import { TuneError } from '../errors.js'
import type { PartDefinition } from '../part.js'
import type { Scheduler } from '../scheduler.js'
import type { Searcher } from '../searcher.js'
import { reviveSpace } from '../space/revive.js'
import type { Stopper } from '../stopper.js'
import { reviveStopper } from '../stoppers/revive.js'
import { TimeBudgetStopper } from '../stoppers/time-budget.js'
import type { StudyDefinition } from '../study/events.js'
import type { RecordedDefinition } from '../study/file-journal.js'
import type { RunConfig, TuneConfig } from './config.js'
import type { DefinitionInput } from './definition.js'

/** Makes strategies again from what a journal says of them; undefined for those that it doesn't know. */
export interface StrategyRevival {
  searcher(recorded: PartDefinition): Searcher | undefined
  scheduler(recorded: PartDefinition): Scheduler | undefined
}

/**
 * What a study is taken up with: what is given, and where nothing is given what it was made with. Code never comes out of a journal, so
 * functions and strategies of the user's own have to be given.
 *
 * @throws `TuneError` `INVALID_OPTION` naming the option that has to be given, `JOURNAL_DAMAGED` if what is recorded can't be
 */
export function recall(
  given: DefinitionInput,
  { definition: recorded, configs }: Pick<RecordedDefinition, 'definition' | 'configs'>,
  revival: StrategyRevival,
): DefinitionInput {
  const { tuneConfig, runConfig } = given
  return {
    ...given,
    paramSpace: given.paramSpace ?? reviveSpace(recorded.space, configs),
    tuneConfig: {
      ...recallTarget(recorded),
      numSamples: recorded.numSamples ?? Number.POSITIVE_INFINITY,
      seed: recorded.seed,
      order: recorded.order,
      maxConcurrentTrials: recorded.maxConcurrentTrials,
      ...withoutGaps(tuneConfig),
      searchAlg:
        tuneConfig.searchAlg ?? revive('searcher', recorded.searcher, revival.searcher, 'tuneConfig.searchAlg'),
      scheduler:
        tuneConfig.scheduler ?? revive('scheduler', recorded.scheduler, revival.scheduler, 'tuneConfig.scheduler'),
      ...recallBudget(tuneConfig, recorded),
    },
    runConfig: {
      ...runConfig,
      ...recallStop(runConfig, recorded),
      failureConfig: { ...recallFailures(recorded), ...withoutGaps(runConfig.failureConfig ?? {}) },
    },
  }
}

function recallTarget({ objectives }: StudyDefinition): Pick<TuneConfig, 'metric' | 'mode'> {
  const [first, ...others] = objectives
  if (first === undefined) return {}
  if (others.length === 0) return first
  return { metric: objectives.map(({ metric }) => metric), mode: objectives.map(({ mode }) => mode) }
}

function recallFailures({ maxFailures, failFast }: StudyDefinition): RunConfig['failureConfig'] {
  return { maxFailures, failFast }
}

/** A study's stop condition comes first among its stoppers, its time budget last. */
function partStoppers({ stoppers }: StudyDefinition): { stop: readonly PartDefinition[]; budget?: PartDefinition } {
  const budget = stoppers.at(-1)
  return budget?.name === 'time-budget' ? { stop: stoppers.slice(0, -1), budget } : { stop: stoppers }
}

function recallBudget({ timeBudgetS }: TuneConfig, recorded: StudyDefinition): Pick<TuneConfig, 'timeBudgetS'> {
  const { budget } = partStoppers(recorded)
  if (timeBudgetS !== undefined || budget === undefined) return {}
  const stopper = revive('stopper', budget, reviveStopper, 'tuneConfig.timeBudgetS')
  return stopper instanceof TimeBudgetStopper ? { timeBudgetS: stopper.budgetSeconds } : {}
}

function recallStop({ stop: given }: RunConfig, recorded: StudyDefinition): Pick<RunConfig, 'stop'> {
  if (given !== undefined) return {}
  const stop = partStoppers(recorded).stop.map(
    (part): Stopper => revive('stopper', part, reviveStopper, 'runConfig.stop'),
  )
  return stop.length === 0 ? {} : { stop }
}

function revive<T>(
  kind: string,
  recorded: PartDefinition,
  make: (recorded: PartDefinition) => T | undefined,
  option: string,
): T {
  const part = make(recorded)
  if (part !== undefined) return part
  throw new TuneError(
    'INVALID_OPTION',
    `the study was made with a ${kind} of its own, '${recorded.name}', and code never comes out of a journal: give it as ${option}`,
  )
}

/** An option that is there and undefined is one that is left out. */
function withoutGaps<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>
}
