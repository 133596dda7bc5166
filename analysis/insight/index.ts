export type { Advice, AdviceKind } from './advice.js'
export type { Condition } from './conditions.js'
export { type Correlation, type CorrelationOptions, type Correlations, correlations } from './correlations.js'
export {
  type DuplicateGroup,
  type DuplicateOptions,
  type Duplicates,
  duplicates,
  type NoiseFloor,
} from './duplicates.js'
export type { EdgeFinding, UntriedRegion } from './ends.js'
export { type InsightOptions, type InsightParts, Insights, insights } from './insights.js'
export type { ModelQuality } from './model.js'
export type { LateProgress } from './progress.js'
export type { FoundRule } from './rules.js'
export type { Sensitivity } from './sensitivity.js'
export type { InsightView, StudyOptions, StudySource } from './study-facts.js'
export {
  type ModelSummary,
  type NextTrials,
  type SuggestedConfig,
  type SuggestOptions,
  suggestNext,
} from './suggest-next.js'
export {
  type Trouble,
  type TroubledRegion,
  type TroubledRegions,
  type TroubleOptions,
  troubledRegions,
} from './troubled-regions.js'
