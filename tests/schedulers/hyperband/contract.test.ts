import { HyperBandForBOHB, HyperBandScheduler } from '../../../schedulers/index.js'
import { describeScheduler } from '../../contract/scheduler.js'

const brackets = { hasBrackets: true, settlesAll: true, isSynchronous: true } as const

describeScheduler('HyperBandScheduler', () => new HyperBandScheduler({ maxT: 9 }), brackets)
describeScheduler('HyperBandScheduler (defaults)', () => new HyperBandScheduler(), brackets)
describeScheduler(
  'HyperBandScheduler (last trials run on)',
  () => new HyperBandScheduler({ maxT: 20, reductionFactor: 2.5, stopLastTrials: false, timeAttr: 'epoch' }),
  brackets,
)
describeScheduler('HyperBandForBOHB', () => new HyperBandForBOHB({ maxT: 27 }), brackets)
