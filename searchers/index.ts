/**
 * Searchers, which propose configs, and wrappers around them.
 *
 * @module tunewright/searchers
 */

export { AutoSearcher, type AutoSearcherOptions } from './auto/auto-searcher.js'
export type { AcquisitionChoice, BayesianSearcherOptions } from './bayesian/options.js'
export { BayesianSearcher } from './bayesian/searcher.js'
export { BOHBSearcher, BOHBSearcher as TuneBOHB } from './bohb/bohb-searcher.js'
export type { BOHBSearcherOptions } from './bohb/options.js'
export { CMAESSearcher } from './cma-es/cma-es-searcher.js'
export type { CMAESSearcherOptions, Restarts } from './cma-es/options.js'
export { GeneticSearcher } from './genetic/genetic-searcher.js'
export type { GeneticSearcherOptions } from './genetic/options.js'
export type { Selection } from './genetic/selection.js'
export { GridSearcher, type GridSearcherOptions } from './grid.js'
export { HaltonSearcher, type HaltonSearcherOptions } from './halton.js'
export type { Crossover } from './kit/variation.js'
export { NSGA2Searcher } from './nsga2/nsga2-searcher.js'
export type { NSGA2SearcherOptions } from './nsga2/options.js'
export type { Boundary } from './particle-swarm/motion.js'
export type { ParticleSwarmSearcherOptions } from './particle-swarm/options.js'
export { ParticleSwarmSearcher } from './particle-swarm/particle-swarm-searcher.js'
export type { Topology } from './particle-swarm/swarm.js'
export { RandomSearcher, type RandomSearcherOptions } from './random.js'
export { SobolSearcher, type SobolSearcherOptions } from './sobol.js'
export type { ParameterModel, TPESearcherOptions, TrialWeights } from './tpe/options.js'
export { TPESearcher } from './tpe/tpe-searcher.js'
export { ConcurrencyLimiter, type ConcurrencyLimiterOptions } from './wrappers/concurrency-limiter.js'
export { CrossValidation, type CrossValidationOptions } from './wrappers/cross-validation.js'
export { type Fold, type FoldOptions, splitFold } from './wrappers/folds.js'
export type { Aggregate } from './wrappers/repeat-group.js'
export { Repeater, type RepeaterOptions } from './wrappers/repeater.js'
