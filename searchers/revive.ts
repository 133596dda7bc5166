import type { PartDefinition } from '../src/part.js'
import { by, type Make, mustBeGiven, type Role, readPart, remake, reviveInner } from '../src/part.js'
import type { EvaluatedConfig, Searcher } from '../src/searcher.js'
import { AutoSearcher } from './auto/auto-searcher.js'
import { BayesianSearcher } from './bayesian/searcher.js'
import { BOHBSearcher } from './bohb/bohb-searcher.js'
import { CMAESSearcher } from './cma-es/cma-es-searcher.js'
import { GeneticSearcher } from './genetic/genetic-searcher.js'
import { GridSearcher } from './grid.js'
import { HaltonSearcher } from './halton.js'
import { NSGA2Searcher } from './nsga2/nsga2-searcher.js'
import { ParticleSwarmSearcher } from './particle-swarm/particle-swarm-searcher.js'
import { RandomSearcher } from './random.js'
import { SobolSearcher } from './sobol.js'
import { TPESearcher } from './tpe/tpe-searcher.js'
import { ConcurrencyLimiter } from './wrappers/concurrency-limiter.js'
import { CrossValidation } from './wrappers/cross-validation.js'
import { Repeater } from './wrappers/repeater.js'

const role: Role = { what: 'searcher', option: 'tuneConfig.searchAlg' }

const searchers: ReadonlyMap<string, Make<Searcher>> = new Map<string, Make<Searcher>>([
  // the rules by which it chooses are its own: other ones are found where its options are compared
  ['auto', ({ rule: _, ...options }) => new AutoSearcher(options)],
  ['bayesian', by(BayesianSearcher)],
  ['bohb', by(BOHBSearcher)],
  ['cma-es', by(CMAESSearcher)],
  ['genetic', by(GeneticSearcher)],
  ['grid', by(GridSearcher)],
  ['halton', by(HaltonSearcher)],
  ['nsga2', by(NSGA2Searcher)],
  ['particle-swarm', by(ParticleSwarmSearcher)],
  ['random', by(RandomSearcher)],
  ['sobol', by(SobolSearcher)],
  ['tpe', by(TPESearcher)],
])

/** Constructors check what they are given. */
type Wrapper = new (searcher: Searcher, options: never) => Searcher

const wrappers: ReadonlyMap<string, Wrapper> = new Map<string, Wrapper>([
  ['concurrency-limiter', ConcurrencyLimiter],
  ['cross-validation', CrossValidation],
  ['repeater', Repeater],
])

/**
 * Makes a searcher of this package again from what the journal's header says of it: points to evaluate, configs that were evaluated
 * elsewhere and wrapped searchers included. A searcher of somebody else's that bears the name and options of one of these is taken for it:
 * what it suggested stands, since a fold does not suggest again, and this one goes on from there.
 *
 * @returns undefined if no searcher of this package has the name
 * @throws `TuneError` `INVALID_OPTION` if it wraps one that is not of this package, or the journal has not all that it needs;
 * `JOURNAL_DAMAGED` if its options make no sense, `STUDY_MISMATCH` if they now mean something else
 */
export function reviveSearcher(recorded: PartDefinition): Searcher | undefined {
  const part = readPart(role, recorded)
  const make = searchers.get(part.name)
  if (make !== undefined) return reviveEvaluated(part, make)
  const Wrapper = wrappers.get(part.name)
  if (Wrapper === undefined) return undefined
  const wrapped = reviveInner(role, part.options.searcher, reviveSearcher)
  return remake(role, part, ({ searcher: _, ...options }) => new Wrapper(wrapped, options as never))
}

function reviveEvaluated(part: PartDefinition, make: Make<Searcher>): Searcher {
  const { evaluated } = part.options
  if (evaluated !== undefined && !Array.isArray(evaluated))
    throw mustBeGiven(
      role,
      `the study's searcher '${part.name}' was told of configs that were evaluated elsewhere, and its journal has only their checksum`,
    )
  return remake(role, part, ({ evaluated: _, ...options }) => {
    const searcher = make(options)
    // the searcher checks each of them
    if (evaluated !== undefined) searcher.addEvaluated?.(evaluated as readonly EvaluatedConfig[])
    return searcher
  })
}
