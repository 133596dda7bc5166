import { describe, expect, it } from 'vitest'
import { ConcurrencyLimiter, GeneticSearcher, GridSearcher } from '../../searchers/index.js'
import { describeSearcher } from '../../testing/searcher.js'
import { contextOf, makeTrial, requestOf, Scribe } from './scribe.js'

describeSearcher(
  'concurrency-limiter',
  options => new ConcurrencyLimiter(new GeneticSearcher(options), { maxConcurrent: 2 }),
)

describeSearcher(
  'concurrency-limiter with batches',
  options => new ConcurrencyLimiter(new GeneticSearcher(options), { maxConcurrent: 2, batch: true }),
)

const objectives = [{ metric: 'loss', mode: 'min' }] as const

function limit(maxConcurrent: number, batch = false) {
  const scribe = new Scribe()
  const limiter = new ConcurrencyLimiter(scribe, { maxConcurrent, batch })
  limiter.setUp(contextOf(objectives))
  return { scribe, limiter }
}

describe('ConcurrencyLimiter', () => {
  it('waits while as many trials are open as it allows', () => {
    const { limiter } = limit(2)
    const open = [makeTrial(0, { status: 'running' }), makeTrial(1, { status: 'running' })]
    expect(limiter.suggest(requestOf(1, open.slice(0, 1))).type).toBe('config')
    expect(limiter.suggest(requestOf(2, open))).toEqual({ type: 'wait' })
    limiter.observe(makeTrial(1))
    expect(limiter.suggest(requestOf(2, open.slice(0, 1))).type).toBe('config')
  })

  it('does not wait for trials that are paused', () => {
    const { limiter } = limit(1)
    expect(limiter.suggest(requestOf(1, [makeTrial(0, { status: 'paused' })])).type).toBe('config')
  })

  it('suggests what the searcher would suggest by itself', () => {
    const { limiter } = limit(2)
    const alone = new Scribe()
    alone.setUp(contextOf(objectives))
    expect(limiter.suggest(requestOf(3))).toEqual(alone.suggest(requestOf(3)))
  })

  it('hands a batch over when all of it has ended, in the order of the trials', () => {
    const { limiter, scribe } = limit(3, true)
    const open = [0, 1, 2].map(index => makeTrial(index, { status: 'running' }))
    limiter.observe(makeTrial(2))
    limiter.observe(makeTrial(0))
    expect(scribe.observed).toEqual([])
    expect(limiter.suggest(requestOf(3, open.slice(1, 2)))).toEqual({ type: 'wait' })
    limiter.observe(makeTrial(1))
    expect(scribe.observed.map(({ index }) => index)).toEqual([0, 1, 2])
    expect(limiter.suggest(requestOf(3)).type).toBe('config')
    expect(limiter.suggest(requestOf(6))).toEqual({ type: 'wait' })
  })

  it('tells of a trial of an earlier batch that ended again', () => {
    const { limiter, scribe } = limit(2, true)
    for (const index of [0, 1, 2, 0, 3]) limiter.observe(makeTrial(index))
    expect(scribe.observed.map(({ index }) => index)).toEqual([0, 1, 0, 2, 3])
  })

  it('shows trials that are held back as pending', () => {
    const { limiter, scribe } = limit(3, true)
    limiter.observe(makeTrial(0))
    limiter.suggest(requestOf(2, [makeTrial(1, { status: 'running' })]))
    expect(scribe.pending).toEqual([[0, 1]])
  })

  it('tells the searcher how many trials will be open, and of their reports at once', () => {
    const { limiter, scribe } = limit(3, true)
    expect(scribe.context?.maxConcurrentTrials).toBe(3)
    const trial = makeTrial(0, { metrics: { loss: 1 } })
    if (trial.lastReport) limiter.onReport(trial, trial.lastReport)
    expect(scribe.reported).toEqual([{ index: 0, iteration: 1, metrics: { loss: 1 } }])
  })

  it('ends where the searcher does, or at the number of samples', () => {
    const { limiter } = limit(3)
    expect(limiter.total()).toBe(10)
    expect(limiter.suggest(requestOf(10))).toEqual({ type: 'finished' })
    const grid = new ConcurrencyLimiter(new GridSearcher({ pointsPerDimension: 4 }), { maxConcurrent: 1 })
    grid.setUp(contextOf([], 1))
    expect(grid.total()).toBe(4)
  })

  it('stands in the header with the searcher and its options', () => {
    expect(limit(2, true).limiter.options).toEqual({
      maxConcurrent: 2,
      batch: true,
      searcher: { name: 'scribe', options: { quill: 1 } },
    })
  })

  it.each([0, 1.5, Number.POSITIVE_INFINITY])('refuses the limit %d', maxConcurrent => {
    expect(() => new ConcurrencyLimiter(new Scribe(), { maxConcurrent })).toThrowError(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining('maxConcurrent') }),
    )
  })

  it('refuses what is no searcher, and evaluated configs for a searcher that has no use for them', () => {
    expect(() => new ConcurrencyLimiter({} as never, { maxConcurrent: 1 })).toThrowError(/give it a searcher/)
    expect(() => limit(1).limiter.addEvaluated([])).toThrowError(/the scribe searcher learns nothing/)
  })
})
