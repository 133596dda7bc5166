export { GridSearcher, type GridSearcherOptions } from './grid.js'
export { RandomSearcher, type RandomSearcherOptions } from './random.js'
