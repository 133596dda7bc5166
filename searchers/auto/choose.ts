import type { Facts } from './facts.js'

/** The searchers that one is chosen from, by their names. */
export type Strategy = 'random' | 'grid' | 'sobol' | 'bayesian' | 'tpe' | 'cma-es' | 'nsga2'

/** A searcher, and why it is chosen. */
export interface Choice {
  readonly strategy: Strategy
  /** A clause that follows "since". */
  readonly reason: string
}

/** Up to how many observations a Gaussian process is fitted, since its cost grows with their cube: here about a tenth of a second for each trial. */
const mostForGaussianProcess = 500
/** Up to how many parameters it is; with a hundred it still finds better configs than TPE in as many trials. */
const mostParameters = 200
/** Up to how many trials at a time it proposes, whose outcomes it has to imagine. */
const mostPlaces = 64
/** Up to how many configs all are tried, in no particular order. */
const mostForGrid = 256
/** Up to how many samples there is nothing to learn from before they are spent. */
const fewSamples = 8
/** From how many parameters on evenness is no better than chance: the Sobol sequence ends there. */
const mostForSobol = 1000
/** From how many samples on a distribution of numbers has enough generations. */
const leastForDistribution = 1000
/** From how many samples on a population of several objectives has. */
const leastForPopulation = 500

/**
 * Chooses a strategy; a pure function, by which a study may change from one to another as observations come in, and never back.
 *
 * @see Optuna's table of samplers with recommended budgets, and OptunaHub's AutoSampler
 */
export function chooseStrategy(facts: Facts): Choice {
  const { objectives, numSamples, points, gridSize, configs } = facts
  if (gridSize > 1)
    return choose('random', `the space has ${gridSize} combinations of gridSearch values, all of which are to be tried`)
  if (configs <= Math.min(mostForGrid, numSamples - points))
    return choose(
      'grid',
      `the space has ${count(configs, 'config')}, and ${count(numSamples, 'sample')} cover them all`,
    )
  if (objectives === 0) return spread(facts, 'the study has no metric to learn from')
  const blind = whyBlind(facts)
  if (blind !== undefined) return spread(facts, blind)
  return objectives > 1 ? forSeveral(facts) : forOne(facts)
}

/** Why no trial's result is of use to another trial, if so. */
function whyBlind({ evaluated, numSamples, places }: Facts): string | undefined {
  if (evaluated > 0) return undefined
  if (numSamples <= places) return `all ${count(numSamples, 'trial')} begin before the first result is known`
  return numSamples <= fewSamples ? `${count(numSamples, 'sample')} are too few to learn from` : undefined
}

function spread({ parameters }: Facts, reason: string): Choice {
  return parameters > mostForSobol
    ? choose('random', `${reason}, and ${parameters} parameters are too many to spread trials evenly`)
    : choose('sobol', `${reason}, so that trials are best spread evenly`)
}

function forSeveral({ objectives, numSamples }: Facts): Choice {
  return numSamples < leastForPopulation
    ? choose(
        'tpe',
        `${objectives} metrics are optimized with ${count(numSamples, 'sample')}, too few for a population to evolve`,
      )
    : choose('nsga2', `${objectives} metrics are optimized, with samples enough for a population to evolve`)
}

function forOne(facts: Facts): Choice {
  const { parameters, choices, conditional, places, observations, numSamples } = facts
  const those = describeParameters(facts)
  if (parameters > mostParameters) return choose('tpe', `${those} are many for a Gaussian process`)
  if (places > mostPlaces) return choose('tpe', `${places} trials at a time are many for a Gaussian process`)
  if (observations < mostForGaussianProcess)
    return choose('bayesian', `${those} and ${known(observations)} suit a Gaussian process`)
  const many = `${known(observations)} are many for a Gaussian process`
  return choices === 0 && conditional === 0 && numSamples > leastForDistribution
    ? choose('cma-es', `${many}, and all parameters are numbers`)
    : choose('tpe', many)
}

/** `6 parameters (2 choices, 1 conditional)`. */
function describeParameters({ parameters, choices, conditional }: Facts): string {
  const kinds = [choices > 0 && count(choices, 'choice'), conditional > 0 && `${conditional} conditional`].filter(
    Boolean,
  )
  return `${count(parameters, 'parameter')}${kinds.length === 0 ? '' : ` (${kinds.join(', ')})`}`
}

function choose(strategy: Strategy, reason: string): Choice {
  return { strategy, reason }
}

function count(number: number, what: string): string {
  return `${number === Number.POSITIVE_INFINITY ? 'endless' : number} ${what}${number === 1 ? '' : 's'}`
}

function known(observations: number): string {
  return `${observations < mostForGaussianProcess ? 'fewer than' : 'at least'} ${mostForGaussianProcess} observations`
}
