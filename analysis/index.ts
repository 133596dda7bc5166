/**
 * Understanding studies: charts, reports, importances, insights, statistics, and comparisons of strategies.
 *
 * @module tunewright/analysis
 */

export * from './compare/index.js'
export * from './importance/index.js'
export * from './insight/index.js'
export * from './plots/index.js'
export * from './report/index.js'
export * from './statistics/index.js'
