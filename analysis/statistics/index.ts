export { type BootstrapOptions, bootstrapInterval, type Interval } from './bootstrap.js'
export { type CorrelationResult, pearsonCorrelation, spearmanCorrelation } from './correlation.js'
export { binomialInterval, fisherExactP } from './counts.js'
export { cliffsDelta, probabilityOfLarger } from './effect-size.js'
export { type FriedmanResult, friedmanTest } from './friedman.js'
export {
  type AssociationResult,
  associationTest,
  type ChiSquaredResult,
  etaSquared,
  kruskalWallisTest,
} from './groups.js'
export { holmCorrection } from './holm.js'
export { criticalDifference, nemenyiP, rankGroups } from './nemenyi.js'
export { averageRanks } from './ranks.js'
export { type SignedRankOptions, type SignedRankResult, signedRankTest } from './wilcoxon.js'
