export { ASHAScheduler, ASHAScheduler as AsyncHyperBandScheduler, type RungState } from './asha/asha-scheduler.js'
export type { ASHAOptions } from './asha/options.js'
export { FIFOScheduler } from './fifo.js'
