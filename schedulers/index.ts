/**
 * Schedulers, which stop, pause and resume trials by what they report.
 *
 * @module tunewright/schedulers
 */

export { ASHAScheduler, ASHAScheduler as AsyncHyperBandScheduler, type RungState } from './asha/asha-scheduler.js'
export type { ASHAOptions } from './asha/options.js'
export { FIFOScheduler } from './fifo.js'
export { type HyperBandBracket, HyperBandForBOHB, HyperBandScheduler } from './hyperband/hyperband.js'
export type { BracketOrder, HyperBandOptions } from './hyperband/options.js'
export type { LiveBracket } from './kit/halving.js'
export { MedianStoppingRule } from './median-stopping/median-stopping.js'
export type { MedianStoppingOptions } from './median-stopping/options.js'
export type { PASHAOptions } from './pasha/options.js'
export { PASHAScheduler } from './pasha/pasha.js'
export type { HyperparamBounds, PB2Options } from './pb2/options.js'
export { PB2 } from './pb2/pb2.js'
export type { DrawValue } from './pbt/explore.js'
export type { Mutation, Mutations } from './pbt/mutations.js'
export type { ExploreContext, PopulationBasedTrainingOptions, PopulationOptions } from './pbt/options.js'
export { type PolicyStep, type PopulationPolicy, policyOf, type TrialLineage } from './pbt/policy.js'
export { PopulationBasedTraining } from './pbt/population-based-training.js'
export { PopulationBasedTrainingReplay } from './pbt/replay.js'
export type { SuccessiveHalvingOptions } from './successive-halving/options.js'
export { SuccessiveHalvingScheduler } from './successive-halving/successive-halving.js'
