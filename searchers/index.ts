export { GridSearcher, type GridSearcherOptions } from './grid.js'
export { HaltonSearcher, type HaltonSearcherOptions } from './halton.js'
export { RandomSearcher, type RandomSearcherOptions } from './random.js'
export { SobolSearcher, type SobolSearcherOptions } from './sobol.js'
