import { isPlainObject, type JsonObject } from '../src/json.js'
import type { PartDefinition } from '../src/part.js'
import { by, holdsCode, type Make, type Role, readPart, remake } from '../src/part.js'
import type { Scheduler } from '../src/scheduler.js'
import { readOwn } from '../src/space/node.js'
import { reviveSpace } from '../src/space/revive.js'
import { ASHAScheduler } from './asha/asha-scheduler.js'
import { FIFOScheduler } from './fifo.js'
import { HyperBandForBOHB, HyperBandScheduler } from './hyperband/hyperband.js'
import { MedianStoppingRule } from './median-stopping/median-stopping.js'
import { PASHAScheduler } from './pasha/pasha.js'
import { PB2 } from './pb2/pb2.js'
import { PopulationBasedTraining } from './pbt/population-based-training.js'
import { PopulationBasedTrainingReplay } from './pbt/replay.js'
import { SuccessiveHalvingScheduler } from './successive-halving/successive-halving.js'

const role: Role = { what: 'scheduler', option: 'tuneConfig.scheduler' }

const schedulers: ReadonlyMap<string, Make<Scheduler>> = new Map<string, Make<Scheduler>>([
  ['asha', by(ASHAScheduler)],
  ['fifo', by(FIFOScheduler)],
  ['hyperband', by(HyperBandScheduler)],
  ['hyperband-bohb', by(HyperBandForBOHB)],
  ['median-stopping', by(MedianStoppingRule)],
  ['pasha', by(PASHAScheduler)],
  ['pb2', by(PB2)],
  ['pbt', options => by(PopulationBasedTraining)(withMutations(options))],
  ['pbt-replay', ({ policy }) => new PopulationBasedTrainingReplay(policy as never)],
  ['successive-halving', by(SuccessiveHalvingScheduler)],
])

/**
 * Makes a scheduler of this package again from what the journal's header says of it. A scheduler of somebody else's that bears the name and
 * options of one of these is taken for it; the fold then refuses the journal at the first decision that this one would not have made.
 *
 * @returns undefined if no scheduler of this package has the name
 * @throws `TuneError` `INVALID_OPTION` naming the option that holds a function; `JOURNAL_DAMAGED` if its options make no sense,
 * `STUDY_MISMATCH` if they now mean something else
 */
export function reviveScheduler(recorded: PartDefinition): Scheduler | undefined {
  const part = readPart(role, recorded)
  const make = schedulers.get(part.name)
  if (make === undefined) return undefined
  const where = findFunction(part.options)
  if (where !== undefined) throw holdsCode(role, part, where)
  return remake(role, part, make)
}

/** The option of a population that holds a function, if any: the journal has its source text, to be compared and never to be run. */
function findFunction({ customExploreFn = null, hyperparamMutations = null }: JsonObject): string | undefined {
  if (customExploreFn !== null) return 'customExploreFn'
  const mutations = Object.entries(hyperparamMutations ?? {})
  const found = mutations.find(([, mutation]) => isPlainObject(mutation) && Object.hasOwn(mutation, 'function'))
  return found && `hyperparamMutations '${found[0]}'`
}

/** The options of population-based training with domains in place of their descriptions. */
function withMutations({ hyperparamMutations, ...options }: JsonObject): object {
  if (hyperparamMutations === undefined) return options
  const mutations = Object.entries(hyperparamMutations as JsonObject).map(([path, described]) => [
    path,
    Array.isArray(described) ? described : domainAt(path, described as JsonObject),
  ])
  return { ...options, hyperparamMutations: Object.fromEntries(mutations) }
}

/** The domain in the description of a space that has it alone. */
function domainAt(path: string, description: JsonObject): unknown {
  return path.split('/').reduce<unknown>(readOwn, reviveSpace(description))
}
