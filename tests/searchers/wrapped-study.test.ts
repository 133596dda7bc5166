import { describe, expect, it } from 'vitest'
import { ConcurrencyLimiter, CrossValidation, Repeater, splitFold } from '../../searchers/index.js'
import { createStudy, uniform } from '../../src/index.js'
import type { TrialContext } from '../../src/trainable/trainable.js'
import { drive } from '../support/drive.js'
import { Scribe } from './scribe.js'

const paramSpace = { x: uniform(0, 1) }
const timing = { timestampMs: 0, timeThisIterS: 1, timeTotalS: 1 }

describe('a study whose searcher is wrapped', () => {
  it('judges each config by every row once, and tells the searcher the mean', async () => {
    const rows = Array.from({ length: 10 }, (_, row) => row)
    const scribe = new Scribe()
    const { study } = await drive({
      trainable: (_: unknown, { repeat }: TrialContext) => {
        const { validation } = splitFold(rows.length, repeat)
        return { loss: validation.reduce((sum, row) => sum + row, 0) }
      },
      paramSpace,
      tuneConfig: {
        searchAlg: new CrossValidation(scribe, { folds: 3 }),
        metric: 'loss',
        mode: 'min',
        numSamples: 2,
        seed: 1,
        maxConcurrentTrials: 4,
      },
    })
    expect(study.trials.map(({ repeat, status }) => ({ ...repeat, status }))).toEqual(
      [0, 1].flatMap(group => [0, 1, 2].map(index => ({ group, index, of: 3, status: 'terminated' }))),
    )
    expect(new Set(study.trials.map(({ config }) => JSON.stringify(config))).size).toBe(2)
    // every row is in one fold: 0 + 1 + … + 9 = 45
    expect(scribe.observed.map(({ lastReport }) => lastReport?.metrics)).toEqual([{ loss: 15 }, { loss: 15 }])
  })

  it('has no more trials open than the limiter allows', () => {
    const searchAlg = new ConcurrencyLimiter(new Scribe(), { maxConcurrent: 2, batch: true })
    const study = createStudy({
      paramSpace,
      searchAlg,
      metric: 'loss',
      mode: 'min',
      numSamples: 5,
      maxConcurrentTrials: 4,
    })
    const askAll = () => {
      const begun: number[] = []
      for (let ask = study.ask(); ; ask = study.ask()) {
        if (ask.type !== 'trial') return { begun, answer: ask.type }
        begun.push(ask.trial.index)
      }
    }
    expect(askAll()).toEqual({ begun: [0, 1], answer: 'wait' })
    study.report(1, { loss: 1 }, timing)
    study.tell(1)
    expect(askAll()).toEqual({ begun: [], answer: 'wait' })
    study.tell(0)
    expect(askAll()).toEqual({ begun: [2, 3], answer: 'wait' })
  })

  it('ends after so many repeats of so many samples', () => {
    const searchAlg = new Repeater(new Scribe(), { repeat: 3 })
    expect(createStudy({ paramSpace, searchAlg, numSamples: 4 }).totalTrials).toBe(12)
  })
})
