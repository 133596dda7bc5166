export {
  type RectifierName,
  type ReluCollapseConfig,
  type ReluCollapseSettings,
  rectifierNames,
  reluCollapseSettings,
} from './config.js'
export { type CollapseOutcome, collapseOutcomes, outcomeOf } from './outcome.js'
export { default as reluCollapseTrainable, type ReluCollapseMetrics, reluCollapse } from './relu-collapse.js'
