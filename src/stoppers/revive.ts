import { show } from '../errors.js'
import type { PartDefinition } from '../part.js'
import { by, holdsCode, type Make, type Role, readPart, remake, reviveInner } from '../part.js'
import type { Stopper } from '../stopper.js'
import { AllOfStopper } from './all-of.js'
import { CombinedStopper } from './combined.js'
import { ExperimentPlateauStopper } from './experiment-plateau.js'
import { MaximumIterationStopper } from './maximum-iteration.js'
import { MetricStopper } from './metric.js'
import { TimeBudgetStopper } from './time-budget.js'
import { TrialPlateauStopper } from './trial-plateau.js'

const role: Role = { what: 'stopper', option: 'runConfig.stop' }

const stoppers: ReadonlyMap<string, Make<Stopper>> = new Map<string, Make<Stopper>>([
  ['experiment-plateau', by(ExperimentPlateauStopper)],
  ['maximum-iteration', by(MaximumIterationStopper)],
  ['metric', by(MetricStopper)],
  ['time-budget', by(TimeBudgetStopper)],
  ['trial-plateau', by(TrialPlateauStopper)],
])

type Combination = new (...stoppers: readonly Stopper[]) => Stopper

const combinations: ReadonlyMap<string, Combination> = new Map<string, Combination>([
  ['all-of', AllOfStopper],
  ['any-of', CombinedStopper],
])

/**
 * Makes a stopper of this package again from what the journal's header says of it, combinations with all that they combine. A stopper of
 * somebody else's that bears the name and options of one of these is taken for it; the fold then refuses the journal at the first decision
 * that this one would not have made.
 *
 * @returns undefined if no stopper of this package has the name
 * @throws `TuneError` `INVALID_OPTION` if it is a function, or combines one or a stopper that is not of this package; `JOURNAL_DAMAGED` if
 * its options make no sense, `STUDY_MISMATCH` if they now mean something else
 */
export function reviveStopper(recorded: PartDefinition): Stopper | undefined {
  const part = readPart(role, recorded)
  if (part.name === 'function') throw holdsCode(role, part, `its rule (${show(part.options.function)})`)
  const make = stoppers.get(part.name)
  if (make !== undefined) return remake(role, part, make)
  const Combination = combinations.get(part.name)
  if (Combination === undefined) return undefined
  const combined = part.options.stoppers
  const inner = Array.isArray(combined) ? Array.from(combined, each => reviveInner(role, each, reviveStopper)) : []
  return remake(role, part, () => new Combination(...inner))
}
