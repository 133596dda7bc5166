import { beforeEach, describe, expect, it, vi } from 'vitest'
import { functionProblems } from '../../benchmarks/problems/functions.js'
import { checkpointsOf, regretAfter, runStudy, summarize } from '../../benchmarks/problems/measure.js'
import type { Problem } from '../../benchmarks/problems/problem.js'
import { formatTable } from '../../benchmarks/problems/report.js'
import { mannWhitneyP } from '../../benchmarks/problems/significance.js'
import { bench } from '../../benchmarks/quality.js'
import { GridSearcher, RandomSearcher } from '../../searchers/index.js'

const coin: Problem = {
  name: 'coin',
  parameters: { side: { type: 'choice', values: ['head', 'tail'] } },
  mode: 'max',
  optimum: 1,
  evaluate: ({ side }) => (side === 'head' ? 1 : 0),
}

describe('a measured study', () => {
  it('tries as many configs as it is told, the same ones with the same seed', () => {
    const [branin] = functionProblems
    if (!branin) throw new Error('there is no problem')
    const run = (seed: number) => runStudy(branin, new RandomSearcher(), { seed, evaluations: 7 })
    expect(run(3).values).toHaveLength(7)
    expect(run(3).suggestionMs).toHaveLength(7)
    expect(run(3).values).toEqual(run(3).values)
    expect(run(3).values).not.toEqual(run(4).values)
  })

  it('ends when the searcher does', () => {
    const once = new GridSearcher({ pointsToEvaluate: [{ side: 'tail' }] })
    expect(runStudy(coin, once, { seed: 0, evaluations: 3 }).values).toEqual([0, 1, 0])
  })
})

describe('regret', () => {
  it('is that of the best so far, whichever way better is', () => {
    expect([1, 2, 3].map(count => regretAfter({ mode: 'min', optimum: 1 }, [5, 3, 4], count))).toEqual([4, 2, 2])
    expect([1, 2, 3].map(count => regretAfter({ mode: 'max', optimum: 9 }, [5, 3, 6], count))).toEqual([4, 4, 3])
  })

  it('is stated after 25, 50 and 100 evaluations as far as they go, and after the last', () => {
    expect([10, 50, 100, 130].map(checkpointsOf)).toEqual([[10], [25, 50], [25, 50, 100], [25, 50, 100, 130]])
  })

  it('is put together over seeds, with the time of the last suggestions', () => {
    const suggestionMs = Array.from({ length: 100 }, (_, i) => (i < 90 ? 50 : i))
    const runs = [0, 0, 3].map(best => ({ values: [9, ...new Array<number>(99).fill(best)], suggestionMs }))
    expect(summarize(runs, checkpointsOf(100), (values, count) => Math.min(...values.slice(0, count)))).toEqual({
      mean: { 25: 1, 50: 1, 100: 1 },
      median: { 25: 0, 50: 0, 100: 0 },
      msPerSuggestion: 94.5,
    })
  })
})

describe('the Mann–Whitney test', () => {
  // golden values: scipy.stats.mannwhitneyu(a, b, alternative='less', method='asymptotic'), SciPy 1.17.1
  it.each([
    [[1.2, 0.4, 3.3, 0.9, 0.4, 2.2], [2.5, 3.3, 4.1, 0.4, 5], 0.06977357186265792],
    [[2.5, 3.3, 4.1, 0.4, 5], [1.2, 0.4, 3.3, 0.9, 0.4, 2.2], 0.9517600982455208],
    [Array.from({ length: 20 }, (_, i) => i), Array.from({ length: 20 }, (_, i) => i + 7.5), 0.0005070493426080219],
  ])('has the p-value of SciPy', (a, b, p) => {
    expect(mannWhitneyP(a, b)).toBeCloseTo(p, 6)
  })

  it('finds nothing where all is alike', () => {
    expect(mannWhitneyP([1, 1, 1], [1, 1])).toBe(1)
  })
})

describe('the quality benchmark', () => {
  beforeEach(() => {
    // its progress
    vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  })

  it('gives its figures by problem and searcher', async () => {
    const figures = await bench({
      json: true,
      problems: 'branin,eggholder',
      searchers: 'random',
      seeds: '2',
      evaluations: '50',
    })
    const number = expect.any(Number)
    const random = { mean: { 25: number, 50: number }, median: { 25: number, 50: number }, msPerSuggestion: number }
    expect(figures).toEqual({ branin: { random }, eggholder: { random } })
  })

  it.each([
    [{ searchers: 'rnd' }, /there is no searcher rnd; name some of random, /],
    [{ problems: 'brain' }, /there is no problem brain; name some of branin, /],
    [{ seeds: '0' }, /--seeds is 0; give an integer of at least 1/],
    [{ searchers: 'optuna-gp' }, /optuna-gp run in Python: add --peers/],
  ])('says what is wrong with %j', async (options, message) => {
    await expect(bench({ json: true, problems: 'branin', ...options })).rejects.toThrow(message)
  })

  it('shows its figures as a table', () => {
    const figures = { mean: { 25: 0.07612, 100: 3.04e-5 }, median: { 25: 0.05, 100: 0 }, msPerSuggestion: 1.5 }
    const rows = [
      { searcher: 'random', figures },
      { searcher: 'tpe', figures, versusRandom: 0.00042 },
    ]
    expect(formatTable('branin', 20, rows).split('\n')).toEqual([
      'branin, 20 seeds  mean@25  mean@100  median@25  median@100   ms  p vs. random',
      'random             0.0761    3.0e-5       0.05           0  1.5',
      'tpe                0.0761    3.0e-5       0.05           0  1.5          4e-4',
    ])
  })
})
