export * from './compare/index.js'
export * from './importance/index.js'
export * from './plots/index.js'
export * from './statistics/index.js'
