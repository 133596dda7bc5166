import { describe, expect, it } from 'vitest'
import { GeneticSearcher, Repeater, type RepeaterOptions } from '../../searchers/index.js'
import type { Objective } from '../../src/trial.js'
import { describeSearcher } from '../../testing/searcher.js'
import { contextOf, makeTrial, requestOf, Scribe, type TrialFields } from './scribe.js'

// the first two trials try the same point
describeSearcher('repeater', options => new Repeater(new GeneticSearcher(options), { repeat: 2 }), {
  takesPoints: false,
})

const loss: readonly Objective[] = [{ metric: 'loss', mode: 'min' }]

function repeating(options: RepeaterOptions, objectives = loss) {
  const scribe = new Scribe()
  const repeater = new Repeater(scribe, options)
  repeater.setUp(contextOf(objectives))
  return { scribe, repeater }
}

/** What the searcher sees of a suggestion whose repeats ended so. */
function outcomeOf(trials: readonly TrialFields[], options: Partial<RepeaterOptions> = {}, objectives = loss) {
  const { scribe, repeater } = repeating({ repeat: trials.length, ...options }, objectives)
  for (const [index, fields] of trials.entries()) repeater.observe(makeTrial(index, fields))
  const [seen] = scribe.observed
  return { status: seen?.status, metrics: seen?.lastReport?.metrics, error: seen?.error?.message }
}

const failed: TrialFields = { status: 'error', failures: 1, error: { name: 'Error', message: 'out of luck' } }

describe('Repeater', () => {
  it('tries each suggestion as often as told, with the config of its first repeat', () => {
    const { repeater } = repeating({ repeat: 3 })
    const first = repeater.suggest(requestOf(3))
    if (first.type !== 'config') throw new Error('expected a config')
    expect(first.repeat).toEqual({ group: 1, index: 0, of: 3 })
    const { config } = first
    const running = makeTrial(3, { status: 'running', config })
    expect(repeater.suggest(requestOf(4, [running]))).toEqual({
      type: 'config',
      config,
      repeat: { group: 1, index: 1, of: 3 },
    })
    // the first repeat has ended before the third begins
    repeater.observe(makeTrial(3, { config }))
    repeater.observe(makeTrial(4, { config }))
    expect(repeater.suggest(requestOf(5))).toEqual({ type: 'config', config, repeat: { group: 1, index: 2, of: 3 } })
  })

  it('suggests what the searcher would suggest for a study of its own', () => {
    const { repeater } = repeating({ repeat: 4 })
    const alone = new Scribe()
    alone.setUp(contextOf(loss))
    expect(repeater.suggest(requestOf(8))).toMatchObject(alone.suggest(requestOf(2)))
  })

  it('shows the searcher one trial for each suggestion, pending until its last repeat has ended', () => {
    const { repeater, scribe } = repeating({ repeat: 2 })
    repeater.observe(makeTrial(1, { metrics: { loss: 4 }, config: { x: 0.5 } }))
    const open = [0, 2, 3].map(index => makeTrial(index, { status: 'running' }))
    repeater.suggest(requestOf(4, open))
    expect(scribe.pending).toEqual([[0, 1]])
    expect(scribe.observed).toEqual([])
    repeater.observe(makeTrial(0, { metrics: { loss: 1 }, config: { x: 0.5 } }))
    expect(scribe.observed).toMatchObject([
      { index: 0, config: { x: 0.5 }, status: 'terminated', repeat: undefined, lastReport: { metrics: { loss: 2.5 } } },
    ])
  })

  it('gives the mean or the median of each objective', () => {
    const objectives: readonly Objective[] = [
      { metric: 'loss', mode: 'min' },
      { metric: 'eval/accuracy', mode: 'max' },
    ]
    const repeats = [1, 2, 9].map(value => ({ metrics: { loss: value, eval: { accuracy: value / 10 }, note: 'x' } }))
    expect(outcomeOf(repeats, {}, objectives).metrics).toEqual({ loss: 4, 'eval/accuracy': expect.closeTo(0.4, 12) })
    expect(outcomeOf(repeats, { aggregate: 'median' }, objectives).metrics).toEqual({ loss: 2, 'eval/accuracy': 0.2 })
    const four = [4, 1, 2, 9].map(value => ({ metrics: { loss: value } }))
    expect(outcomeOf(four, { aggregate: 'median' }).metrics).toEqual({ loss: 3 })
  })

  it('leaves repeats that failed or have no finite value out of the mean', () => {
    const repeats = [{ metrics: { loss: 2 } }, failed, { metrics: { loss: Number.NaN } }, { metrics: { loss: 4 } }]
    expect(outcomeOf(repeats)).toEqual({ status: 'terminated', metrics: { loss: 3 }, error: undefined })
  })

  it('fails when all repeats failed, or too few have a value', () => {
    expect(outcomeOf([failed, failed])).toEqual({ status: 'error', metrics: undefined, error: 'out of luck' })
    const half = [{ metrics: { loss: 2 } }, { metrics: { loss: Number.POSITIVE_INFINITY } }]
    expect(outcomeOf(half, { minRepeats: 2 })).toEqual({
      status: 'error',
      metrics: undefined,
      error: '1 of 2 repeats have no value',
    })
  })

  it('keeps a finite mean of values whose sum is not', () => {
    expect(outcomeOf([{ metrics: { loss: 1.5e308 } }, { metrics: { loss: 1.5e308 } }]).metrics).toEqual({
      loss: 1.5e308,
    })
  })

  it('says that it was cut short when a scheduler stopped one of its repeats', () => {
    const { repeater, scribe } = repeating({ repeat: 2 })
    repeater.observe(makeTrial(0, { metrics: { loss: 1 } }))
    repeater.observe(makeTrial(1, { metrics: { loss: 1 }, endedBy: 'scheduler', reason: 'not among the best' }))
    expect(scribe.observed).toMatchObject([{ endedBy: 'scheduler', reason: 'not among the best' }])
  })

  it('reports when the last repeat has reported', () => {
    const { repeater, scribe } = repeating({ repeat: 2 })
    const report = (index: number, iteration: number, value: number) => {
      const timing = { timestampMs: 0, timeThisIterS: 1, timeTotalS: iteration }
      repeater.onReport(makeTrial(index, { status: 'running' }), { iteration, metrics: { loss: value }, timing })
    }
    report(0, 1, 10)
    report(0, 2, 20)
    expect(scribe.reported).toEqual([])
    report(1, 1, 30)
    report(1, 2, 60)
    expect(scribe.reported).toEqual([
      { index: 0, iteration: 1, metrics: { loss: 20 } },
      { index: 0, iteration: 2, metrics: { loss: 40 } },
    ])
  })

  it('tells of a suggestion again when its trials were taken up again and have all ended again', () => {
    const { repeater, scribe } = repeating({ repeat: 2 })
    const trials = [{ ...makeTrial(0, { metrics: { loss: 1 } }) }, { ...makeTrial(1, { metrics: { loss: 3 } }) }]
    const end = (index: number, value: number) => {
      const { lastReport } = makeTrial(index, { metrics: { loss: value } })
      const trial = trials[index]
      if (trial) repeater.observe(Object.assign(trial, { status: 'terminated', lastReport }))
    }
    end(0, 1)
    end(1, 3)
    for (const trial of trials) Object.assign(trial, { status: 'running' })
    repeater.suggest(requestOf(2, trials))
    expect(scribe.pending).toEqual([[0]])
    end(1, 5)
    expect(scribe.observed).toHaveLength(1)
    end(0, 2)
    expect(scribe.observed.map(({ index, lastReport }) => [index, lastReport?.metrics])).toEqual([
      [0, { loss: 2 }],
      [0, { loss: 3.5 }],
    ])
  })

  it('counts samples by suggestions', () => {
    const { repeater, scribe } = repeating({ repeat: 3 })
    expect(repeater.total()).toBe(30)
    expect(scribe.context).toMatchObject({ numSamples: 10, maxConcurrentTrials: 3 })
  })

  it('stands in the header with the searcher and its options', () => {
    expect(repeating({ repeat: 3 }).repeater.options).toEqual({
      repeat: 3,
      aggregate: 'mean',
      minRepeats: 1,
      searcher: { name: 'scribe', options: { quill: 1 } },
    })
  })

  it.each<[string, RepeaterOptions]>([
    ['repeat', { repeat: 0 }],
    ['repeat', { repeat: 2.5 }],
    ['minRepeats', { repeat: 3, minRepeats: 4 }],
    ['aggregate', { repeat: 3, aggregate: 'max' as never }],
  ])('refuses a wrong %s', (name, options) => {
    expect(() => new Repeater(new Scribe(), options)).toThrowError(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(name) }),
    )
  })
})
