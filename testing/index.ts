/**
 * The contract suites for searchers and schedulers of one's own; they need `vitest` and `fast-check`.
 *
 * @module tunewright/testing
 */

export { type Drill, type DrillStep, DrillStudy } from './drill-study.js'
export type { ImportableSearcher } from './other-process.js'
export { describeScheduler, type SchedulerTraits } from './scheduler.js'
export type { SearcherFactory, SearcherFactoryOptions } from './search-bench.js'
export { describeSearcher, type SearcherTraits } from './searcher.js'
