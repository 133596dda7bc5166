import { Resvg } from '@resvg/resvg-js'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  type ChartOption,
  type Plot,
  plotBestSoFar,
  plotContour,
  plotDistribution,
  plotImportances,
  plotLearningCurves,
  plotOptimizationHistory,
  plotParallelCoordinates,
  plotParetoFront,
  plotRungs,
  plotSlices,
  plotTimeline,
  rungTable,
  timelineOf,
} from '../../../analysis/plots/index.js'
import { choice, loguniform, type ResultGrid, type StudyView, Tuner, uniform } from '../../../src/index.js'
import { lossDown, racedStudy } from './studies.js'

interface LooseSeries {
  readonly type?: string
  readonly name?: string
  readonly data?: readonly unknown[]
}

function seriesOf({ series }: ChartOption): readonly LooseSeries[] {
  return (Array.isArray(series) ? series : [series]) as readonly LooseSeries[]
}

function named(option: ChartOption, name: string, type = 'scatter'): LooseSeries | undefined {
  return seriesOf(option).find(each => each.name === name && each.type === type)
}

describe('charts of a study', () => {
  let grid: ResultGrid<unknown>
  beforeAll(async () => {
    grid = await racedStudy()
  })

  const charts: [string, (grid: ResultGrid<unknown>) => Plot][] = [
    ['optimization history', each => plotOptimizationHistory(each, lossDown)],
    ['learning curves', each => plotLearningCurves(each, lossDown)],
    ['parallel coordinates', each => plotParallelCoordinates(each, lossDown)],
    ['slices', each => plotSlices(each, lossDown)],
    ['contour of numbers', each => plotContour(each, ['lr', 'dropout'], lossDown)],
    ['contour with categories', each => plotContour(each, ['optimizer', 'lr'], lossDown)],
    ['distribution', each => plotDistribution({ a: each, b: each }, lossDown)],
    ['timeline', each => plotTimeline(each)],
    ['rungs', each => plotRungs(each, lossDown)],
    ['best so far', each => plotBestSoFar({ a: [each, each], b: [each] }, lossDown)],
    [
      'Pareto front',
      each =>
        plotParetoFront(each, {
          objectives: [
            { metric: 'loss', mode: 'min' },
            { metric: 'seconds', mode: 'min' },
          ],
          reference: { loss: 3, seconds: 40 },
        }),
    ],
  ]

  it.each(charts)('%s: is plain data, and the same well-formed SVG each time', async (_, draw) => {
    const { option } = draw(grid)
    expect(JSON.parse(JSON.stringify(option))).toEqual(option)
    const svg = await draw(grid).toSvg()
    expect(svg).not.toMatch(/NaN|undefined|Infinity/)
    expect(() => new Resvg(svg)).not.toThrow()
    expect(await draw(await racedStudy()).toSvg()).toBe(svg)
  })

  it('the history follows the best value so far', () => {
    const { option } = plotOptimizationHistory(grid, lossDown)
    const line = named(option, 'best so far', 'line')?.data as [number, number][]
    const best = Math.min(...[...grid].flatMap(result => result.history.map(({ metrics }) => Number(metrics.loss))))
    expect(line.at(-1)).toEqual([39, best])
    const values = line.map(([, value]) => value)
    expect(values).toEqual(values.toSorted((a, b) => b - a))
  })

  it('the history tells trials that ran to the end from those stopped early and failed', () => {
    const { option } = plotOptimizationHistory(grid, lossDown)
    const counts = ['trial', 'stopped early', 'failed'].map(name => named(option, name)?.data?.length ?? 0)
    const whole = [...grid].filter(({ history }) => history.length === 27).length
    expect(counts).toEqual([whole, 40 - whole - grid.numErrors, grid.numErrors])
    expect(grid.numErrors).toBeGreaterThan(0)
  })

  it('the table of rungs counts who got there, stopped and went on', () => {
    const rows = rungTable(grid, lossDown)
    expect(rows.map(row => row.level)).toEqual([1, 3, 9])
    for (const { reached, stopped, wentOn } of rows) expect(stopped + wentOn).toBe(reached)
    expect(rows[0]?.reached).toBe(40 - grid.numErrors)
    expect(rows[1]?.reached).toBe(rows[0]?.wentOn)
    for (const { best, median, worst } of rows)
      expect([best, median, worst]).toEqual([best, median, worst].toSorted((a, b) => a - b))
  })

  it('learning curves name the best trials and mark rungs and stops', () => {
    const { option } = plotLearningCurves(grid, { ...lossDown, highlight: 2 })
    const best = grid.getBestResult({ ...lossDown, scope: 'all' }).trialIndex
    const lines = seriesOf(option).filter(each => each.type === 'line' && each.name?.startsWith('trial '))
    expect(lines.map(each => each.name)[0]).toBe(`trial ${best}`)
    expect(lines).toHaveLength(2)
    expect(named(option, 'stopped')?.data).toHaveLength(
      [...grid].filter(each => each.status === 'terminated' && each.history.length < 27).length,
    )
    expect(JSON.stringify(option)).toContain('rungs at 1, 3, 9')
  })

  it('learning curves of very many trials are drawn of some of them, and say so', () => {
    const { option } = plotLearningCurves(grid, { ...lossDown, highlight: 3, maxTrials: 10 })
    expect(JSON.stringify(option)).toMatch(/10 of \d+ other trials are drawn/)
  })

  it('axes of hyperparameters are logarithmic or categories as their domains are', () => {
    const { xAxis } = plotSlices(grid, { ...lossDown, parameters: ['lr', 'optimizer', 'dropout'] }).option
    const axes = xAxis as { type: string; show?: boolean; name?: string; data?: string[] }[]
    const shown = axes.filter(axis => axis.show !== false).map(({ type, name, data }) => ({ type, name, data }))
    expect(shown).toEqual([
      { type: 'log', name: 'lr', data: undefined },
      { type: 'category', name: 'optimizer', data: ['adam', 'sgd'] },
      { type: 'value', name: 'dropout', data: undefined },
    ])
  })

  it('the timeline has no more places than the machine had workers, and no two runs at once in one', () => {
    const runs = timelineOf(grid)
    expect(Math.max(...runs.map(run => run.place))).toBe(3)
    for (const place of [0, 1, 2, 3]) {
      const own = runs.filter(run => run.place === place)
      for (const [i, run] of own.entries())
        if (i > 0) expect(run.startMs).toBeGreaterThanOrEqual((own[i - 1]?.endMs ?? 0) - 1)
    }
    const worked = runs.reduce((sum, run) => sum + run.endMs - run.startMs, 0)
    const reports = [...grid].reduce((sum, { history }) => sum + history.length, 0)
    expect(worked / 1000).toBeCloseTo(30 * reports, 6)
  })

  it.each([
    [
      'a metric that nobody reported',
      () => plotOptimizationHistory(grid, { metric: 'acuracy', mode: 'max' }),
      'NO_RESULT',
    ],
    [
      'a mode that is none',
      () => plotOptimizationHistory(grid, { metric: 'loss', mode: 'less' as 'min' }),
      'INVALID_OPTION',
    ],
    [
      'a hyperparameter that nobody has',
      () => plotSlices(grid, { ...lossDown, parameters: ['rate'] }),
      'INVALID_OPTION',
    ],
    ['a contour over one hyperparameter twice', () => plotContour(grid, ['lr', 'lr'], lossDown), 'INVALID_OPTION'],
  ])('refuses %s', (_, draw, code) => {
    expect(draw).toThrow(expect.objectContaining({ code }))
  })

  it('what a callback sees of a study will do, with its metric', async () => {
    let view: StudyView | undefined
    await new Tuner(({ lr }: { lr: number }) => ({ loss: lr }), {
      paramSpace: { lr: loguniform(0.01, 1), '<b>&"': uniform(0, 1) },
      tuneConfig: { metric: 'loss', mode: 'min', numSamples: 20, seed: 1 },
      runConfig: {
        storagePath: false,
        verbose: 0,
        callbacks: [
          {
            onStudyEnd(study) {
              view = study
            },
          },
        ],
      },
    }).fit()
    if (view === undefined) throw new Error('the callback was not told of the end')
    const option = plotOptimizationHistory(view).option
    expect(named(option, 'trial')?.data).toHaveLength(20)
    // names of hyperparameters are text too
    const svg = await plotSlices(view).toSvg()
    expect(svg).toContain('&lt;b&gt;&amp;&quot;')
    expect(svg).not.toContain('<b>')
  })
})

describe('charts of unusual studies', () => {
  const study = async (
    train: (config: Record<string, unknown>) => { loss: number },
    paramSpace: Record<string, unknown>,
  ) =>
    await new Tuner(train, {
      paramSpace: paramSpace as Record<string, never>,
      tuneConfig: { metric: 'loss', mode: 'min', numSamples: 12, seed: 1 },
      runConfig: { storagePath: false, verbose: 0 },
    }).fit()

  it('name choices between lists and objects by what they hold', async () => {
    const grid = await study(({ filters }) => ({ loss: JSON.stringify(filters).length }), {
      filters: choice([[8, 16], [32]]),
    })
    const { xAxis } = plotSlices(grid, lossDown).option
    expect(xAxis).toMatchObject([{ show: false }, { data: ['[32]', '[8, 16]'] }])
  })

  it('can be drawn where all values are alike, or few are finite', async () => {
    const values: [string, (x: number) => number][] = [
      ['alike', () => 0],
      ['few finite', x => (x < 0.5 ? Number.NaN : x < 0.8 ? Number.POSITIVE_INFINITY : -x)],
      ['huge', x => 10 ** (200 * x)],
    ]
    for (const [name, lossOf] of values) {
      const grid = await study(({ x }) => ({ loss: lossOf(Number(x)) }), { x: uniform(0, 1), y: uniform(0, 1) })
      const charts = [
        plotOptimizationHistory(grid, lossDown),
        plotLearningCurves(grid, lossDown),
        plotParallelCoordinates(grid, lossDown),
        plotSlices(grid, lossDown),
        plotContour(grid, ['x', 'y'], lossDown),
      ]
      for (const chart of charts)
        expect([name, await chart.toSvg()]).not.toContainEqual(expect.stringMatching(/NaN|Infinity/))
    }
  })

  it('tell that no hyperparameter differs', async () => {
    const grid = await study(() => ({ loss: 1 }), { x: 3 })
    const message = 'plotSlices: no hyperparameter differs between the 12 trials'
    expect(() => plotSlices(grid, lossDown)).toThrow(expect.objectContaining({ code: 'NO_RESULT', message }))
  })
})

describe('importances', () => {
  it('are bars with the largest first', () => {
    const { option } = plotImportances({ a: 0.2, b: 0.7, c: 0.1 })
    expect(option.yAxis).toMatchObject({ data: ['b', 'a', 'c'], inverse: true })
    expect(seriesOf(option)[0]?.data).toMatchObject([{ value: 0.7 }, { value: 0.2 }, { value: 0.1 }])
  })

  it('refuse what is no number', () => {
    const message = 'plotImportances: "a" is NaN: pass finite numbers'
    expect(() => plotImportances({ a: Number.NaN })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message }),
    )
  })
})
