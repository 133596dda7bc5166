import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { RandomSearcher } from '../../searchers/index.js'
import { createStudy, type TuneConfig, Tuner, uniform } from '../../src/index.js'

const storagePath = mkdtempSync(join(tmpdir(), 'tunewright-pareto-'))
afterAll(() => rmSync(storagePath, { recursive: true, force: true }))

// Schaffer's first function with the second objective turned round: the front is x in [0, 2]
const schaffer = ({ x }: { x: number }) => ({ near: x ** 2, far: -((x - 2) ** 2) })
const twoMetrics: TuneConfig = { metric: ['near', 'far'], mode: ['min', 'max'] }

function tune(tuneConfig: TuneConfig, trainable: (config: { x: number }) => Record<string, number> = schaffer) {
  const paramSpace = { x: uniform(-4, 4) }
  return new Tuner(trainable, {
    paramSpace,
    tuneConfig: { ...twoMetrics, numSamples: 40, seed: 3, ...tuneConfig },
    runConfig: { storagePath, name: `study-${names++}`, verbose: 0 },
  })
}
let names = 0

describe('a study of several metrics', () => {
  it('gives the trials that none is better than as its Pareto front', async () => {
    const results = await tune({}).fit()
    const front = results.paretoFront()
    const inside = [...results].filter(({ config: { x } }) => x >= 0 && x <= 2)
    const outside = front.filter(({ config: { x } }) => x < 0 || x > 2)
    // a point just outside is dominated as soon as one inside lies nearer to that end
    expect(front.map(result => result.trialIndex)).toEqual(expect.arrayContaining(inside.map(r => r.trialIndex)))
    expect(outside.length).toBeLessThanOrEqual(2)
    expect(front.length).toBeLessThan(results.length)
  })

  it('measures the front by its hypervolume', async () => {
    const results = await tune({
      searchAlg: new RandomSearcher({ pointsToEvaluate: [{ x: 0 }, { x: 1 }, { x: 2 }] }),
      numSamples: 3,
    }).fit()
    // (0, 4), (1, 1), (4, 0) below (5, 5): 1·1 + 3·4 + 1·5
    expect(results.hypervolume({ near: 5, far: -5 })).toBeCloseTo(18, 12)
    expect(() => results.hypervolume({ near: 5 })).toThrow(
      'hypervolume: the reference of "far" is undefined: pass a finite number for each of "near", "far"',
    )
  })

  it('marks the front in the table, and asks which metric is meant where one is needed', async () => {
    const results = await tune({ numSamples: 6 }).fit()
    const marked = results
      .toTable()
      .split('\n')
      .filter(line => line.includes('★')).length
    expect(marked).toBe(results.paretoFront().length)
    expect(() => results.getBestResult()).toThrow('getBestResult needs one metric, and the study has 2')
    const best = results.getBestResult({ metric: 'far' })
    expect(best.metrics.far).toBe(Math.max(...[...results].map(result => Number(result.metrics.far))))
  })

  it('leaves failed trials and those with a value that is not finite out of the front', async () => {
    const results = await tune({ numSamples: 20 }, config => {
      if (config.x < -2) throw new Error('too far')
      return config.x < 0 ? { near: Number.NaN, far: 1e9 } : schaffer(config)
    }).fit()
    expect(results.paretoFront().every(({ config: { x } }) => x >= 0)).toBe(true)
  })

  it('ends at a first trial that lacks one of the metrics, and names it', async () => {
    const study = tune({ numSamples: 1 }, () => ({ near: 1 }))
    await expect(study.fit()).rejects.toThrow(
      "trial 0 never reported the study's 2 metrics together, lacking 'far' in 1 reports (its last report has 'near'): report them, or name another metric",
    )
  })

  it('takes one mode for all metrics', () => {
    const study = createStudy({ paramSpace: { x: uniform(0, 1) }, metric: ['a', 'b'], mode: 'min' })
    expect(study.definition.objectives).toEqual([
      { metric: 'a', mode: 'min' },
      { metric: 'b', mode: 'min' },
    ])
  })

  it.each<[TuneConfig, string]>([
    [{ metric: [], mode: [] }, 'tuneConfig.metric is []: give the name of a reported metric, or several of them'],
    [{ metric: ['a', 'a'], mode: 'min' }, 'tuneConfig.metric is ["a","a"]: give each metric once'],
    [
      { metric: ['a', 'b'], mode: ['min'] },
      'tuneConfig.mode is ["min"]: give one mode for each of the 2 metrics, or one for all',
    ],
    [{ metric: ['a', 'b'] }, `tuneConfig.mode is undefined: give 'min' or 'max' with the metric ["a","b"]`],
  ])('refuses %o', (config, message) => {
    expect(() => createStudy({ paramSpace: {}, ...config })).toThrow(message)
  })
})

it('hands over what was tried, for the next study to learn from', async () => {
  const results = await tune({ numSamples: 2 }).fit()
  expect(results.evaluated()).toEqual([...results].map(({ config }) => ({ config, metrics: schaffer(config) })))
})
