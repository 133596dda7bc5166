import { describe, expect, it } from 'vitest'
import { FIFOScheduler } from '../../schedulers/index.js'
import { DrillStudy, describeScheduler } from '../contract/scheduler.js'

describeScheduler('FIFOScheduler', () => new FIFOScheduler())

describe('FIFOScheduler', () => {
  it('lets every trial run to its own end, whatever its metrics', () => {
    const drill = { trials: 5, places: 2, length: 3, mode: 'max', score: () => Number.NaN } as const
    const study = new DrillStudy(new FIFOScheduler(), drill).run()
    expect(study.outcomes()).toEqual(Array(5).fill({ status: 'terminated', iteration: 3 }))
  })

  it('never makes a worker wait', () => {
    expect(new FIFOScheduler().grant()).toBe(Number.POSITIVE_INFINITY)
  })
})
