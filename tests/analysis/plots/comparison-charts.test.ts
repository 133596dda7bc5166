import { describe, expect, it } from 'vitest'
import { shapes } from '../../../analysis/plots/core/markers.js'
import {
  barChart,
  type ChartOption,
  lineChart,
  plotBestSoFar,
  plotCriticalDifference,
  plotDistribution,
  plotLineage,
  plotParetoFront,
  plotStrategyCurves,
} from '../../../analysis/plots/index.js'
import { PopulationBasedTraining } from '../../../schedulers/index.js'
import { createStudy, report, type StudyView, Tuner, uniform } from '../../../src/index.js'
import type { StudyDefinition } from '../../../src/study/events.js'
import type { Objective, Trial, TrialReport } from '../../../src/trial.js'

type Data = readonly (readonly (number | null)[])[]

function dataOf({ series }: ChartOption, name: string, type: string): Data {
  const list = (Array.isArray(series) ? series : [series]) as { name?: string; type?: string; data?: Data }[]
  return list.find(each => each.name === name && each.type === type)?.data ?? []
}

/** A study of trials that made these reports, one each second. */
function studyOf(values: readonly (readonly Record<string, number>[])[], objectives: Objective[]): StudyView {
  const reports = values.flatMap((list, trialIndex) =>
    list.map((metrics, i): { trialIndex: number; report: TrialReport } => ({
      trialIndex,
      report: {
        iteration: i + 1,
        metrics,
        timing: { timestampMs: 1000 * (trialIndex + i + 1), timeThisIterS: 1, timeTotalS: i + 1 },
      },
    })),
  )
  const trials = values.map(
    (list, index) =>
      ({ index, config: { x: index }, status: 'terminated', iteration: list.length }) as unknown as Trial,
  )
  const definition = { objectives, name: 'made', space: { object: {} } } as unknown as StudyDefinition
  return { definition, trials, reports: () => reports, lineageOf: () => [] } as unknown as StudyView
}

const loss: Objective = { metric: 'loss', mode: 'min' }
const score: Objective = { metric: 'score', mode: 'max' }

describe('the Pareto front', () => {
  const points = [
    [{ loss: 1, score: 1 }],
    [{ loss: 2, score: 3 }],
    [{ loss: 4, score: 4 }],
    [{ loss: 3, score: 2 }],
    [{ loss: Number.NaN, score: 9 }],
  ]

  it('is marked and joined by steps on the side of the worse', () => {
    const { option } = plotParetoFront(studyOf(points, [loss, score]))
    expect(dataOf(option, 'Pareto front', 'scatter')).toEqual([
      [1, 1, 0],
      [2, 3, 1],
      [4, 4, 2],
    ])
    expect(dataOf(option, 'dominated', 'scatter')).toEqual([[3, 2, 3]])
    expect(dataOf(option, 'Pareto front', 'line')).toEqual([
      [1, 1],
      [2, 1],
      [2, 3],
      [4, 3],
      [4, 4],
    ])
  })

  it('has the volume that it dominates up to a reference', () => {
    const { option } = plotParetoFront(studyOf(points, [loss, score]), { reference: { loss: 5, score: 0 } })
    // (5 − 4)·4 + (4 − 2)·3 + (2 − 1)·1
    expect(JSON.stringify(option.title)).toContain('hypervolume 11')
  })

  it('needs two metrics', () => {
    expect(() => plotParetoFront(studyOf(points, [loss]))).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }))
  })
})

describe('the best value so far', () => {
  const first = studyOf([[{ loss: 5 }, { loss: 3 }], [{ loss: 4 }]], [loss])
  const second = studyOf([[{ loss: 1 }, { loss: 9 }], [{ loss: 0 }]], [loss])

  it('is the median over the studies of a strategy, with quartiles', () => {
    const { option } = plotBestSoFar({ both: [first, second] }, { against: 'iterations' })
    // 5, 3, 3 and 1, 1, 0
    expect(dataOf(option, 'both (2 studies)', 'line')).toEqual([
      [1, 3],
      [2, 3],
      [2, 2],
      [3, 2],
      [3, 1.5],
    ])
  })

  it('runs against trials and seconds as well', () => {
    const at = (against: 'trials' | 'seconds') => dataOf(plotBestSoFar({ a: [first] }, { against }).option, 'a', 'line')
    expect(at('trials')).toEqual([
      [1, 3],
      [2, 3],
    ])
    expect(at('seconds')).toEqual([
      [1, 5],
      [2, 5],
      [2, 3],
    ])
  })

  it('of a comparison is drawn as it is', () => {
    const curve = { strategy: 'tpe', axis: 'trials', x: [1, 2], median: [2, 1], lower: [1, 0], upper: [3, 2] } as const
    const { option } = plotStrategyCurves([curve])
    expect(option.xAxis).toMatchObject({ name: 'trials begun' })
    expect(dataOf(option, 'tpe', 'line')).toEqual([
      [1, 2],
      [2, 2],
      [2, 1],
    ])
  })
})

describe('a distribution', () => {
  it('rises by one in so many at each value', () => {
    const { option } = plotDistribution({ a: studyOf([[{ loss: 2 }], [{ loss: 1 }], [{ loss: Number.NaN }]], [loss]) })
    expect(dataOf(option, 'a (2 trials)', 'line').slice(0, 4)).toEqual([
      [1, 0],
      [1, 0.5],
      [2, 0.5],
      [2, 1],
    ])
  })
})

describe('a critical-difference diagram', () => {
  const ranks = [
    { strategy: 'c', meanRank: 2.9 },
    { strategy: 'a', meanRank: 1.2 },
    { strategy: 'b', meanRank: 1.9 },
  ]

  it('joins strategies whose ranks differ by less than the critical difference', () => {
    const bars = (difference: number) => JSON.stringify(plotCriticalDifference({ ranks, difference }).option)
    expect(bars(0.9)).toContain('[[1.16,0.55],[1.94,0.55],[null,null]]')
    expect(bars(1.1)).toContain('[[1.16,0.55],[1.94,0.55],[null,null],[1.8599999999999999,1.1],[2.94,1.1],[null,null]]')
  })

  it('takes groups as they are given', () => {
    const { option } = plotCriticalDifference({ ranks, difference: 9, groups: [['b', 'c']] })
    expect(JSON.stringify(option)).toContain('[[1.8599999999999999,0.55],[2.94,0.55],[null,null]]')
  })

  it('needs two strategies', () => {
    expect(() => plotCriticalDifference({ ranks: [], difference: 1 })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    )
  })
})

describe('a lineage', () => {
  it('follows a hyperparameter over what trials took over from others', async () => {
    async function* train({ h }: { h: number }) {
      for (let step = 1; step <= 8; step++) yield report({ q: h, done: step === 8 }, { checkpoint: () => undefined })
    }
    const scheduler = new PopulationBasedTraining({
      perturbationInterval: 2,
      hyperparamMutations: { h: uniform(0, 1) },
    })
    const grid = await new Tuner(train, {
      paramSpace: { h: uniform(0, 1) },
      tuneConfig: { metric: 'q', mode: 'max', numSamples: 4, maxConcurrentTrials: 4, scheduler, seed: 2 },
      runConfig: { storagePath: false, verbose: 0 },
    }).fit()
    const { option } = plotLineage(grid, 'h')
    const taken = dataOf(option, 'takes over another trial', 'scatter')
    const steps = [...grid].flatMap(result =>
      result.lineage.flatMap(({ iteration, config, exploit }) =>
        exploit ? [[iteration, Number(config.h), result.trialIndex, exploit.donor]] : [],
      ),
    )
    expect(taken.length).toBeGreaterThan(0)
    expect(taken).toEqual(steps)
  })

  it('refuses what is no number', async () => {
    const study = createStudy({ paramSpace: { name: 'x' }, metric: 'q', mode: 'max', numSamples: 1, seed: 1 })
    expect(study.trials).toEqual([])
    expect(() => plotLineage(studyOf([[{ q: 1 }]], [score]), 'name')).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    )
  })
})

describe('lines', () => {
  it('have bands that run along the upper edge and back along the lower one, and gaps where nothing is finite', () => {
    const nan = Number.NaN
    const { option } = lineChart([{ name: 'a', x: [1, 2, 3], y: [2, nan, 4], lower: [1, 2, 3], upper: [3, 4, 5] }])
    const list = option.series as { data: Data; areaStyle?: unknown }[]
    expect(list[0]?.data).toEqual([
      [1, 2],
      [2, null],
      [3, 4],
    ])
    expect(list.find(each => each.areaStyle)?.data).toEqual([
      [1, 3],
      [2, 4],
      [3, 5],
      [3, 3],
      [2, 2],
      [1, 1],
      [1, 3],
    ])
  })

  it('differ in dash and marker as well as in colour', () => {
    const { option } = lineChart(Array.from({ length: 6 }, (_, i) => ({ name: `line ${i}`, y: [1, 2] })))
    const lines = option.series as { lineStyle: { type: unknown }; symbol: string }[]
    expect(new Set(lines.map(line => JSON.stringify(line.lineStyle.type))).size).toBe(6)
    expect(new Set(lines.map(line => line.symbol)).size).toBe(6)
  })

  it('can be points alone, lines alone, or both, in one picture', () => {
    const long = Array.from({ length: 20 }, (_, i) => i)
    const { option } = lineChart(
      [
        { name: 'points', x: [3, 1, 2], y: [1, Number.NaN, 2], form: 'points' },
        { name: 'line', y: [1, 2], form: 'line' },
        { name: 'both', y: long, form: 'points-and-line' },
        { name: 'as ever', y: long },
      ],
      { x: { name: 'time' } },
    )
    const list = option.series as { type: string; name: string; data: Data; showSymbol?: boolean; symbol: string }[]
    const kinds = list.map(({ type, name, data, showSymbol }) => [name, type, data.length, showSymbol])
    expect(kinds).toEqual([
      ['points', 'scatter', 2, undefined],
      ['line', 'line', 2, false],
      ['both', 'line', 20, true],
      ['as ever', 'line', 20, false],
      // few marks, to tell it from others
      ['as ever', 'scatter', 7, undefined],
    ])
    expect(list[0]).toMatchObject({
      data: [
        [3, 1],
        [2, 2],
      ],
      dimensions: [{ name: 'time' }, { name: 'y' }],
    })
    // in legends too
    expect(list[1]).toMatchObject({ itemStyle: { opacity: 0 } })
    expect(list[2]).not.toHaveProperty('itemStyle')
  })

  it('have the dashes and markers of their kind, whatever stands between them', () => {
    const { option } = lineChart([
      { name: 'a', y: [1], form: 'points' },
      { name: 'b', y: [1, 2], form: 'line' },
      { name: 'c', y: [1], form: 'points' },
      { name: 'd', y: [1, 2], form: 'line' },
    ])
    const list = option.series as { symbol: string; lineStyle?: { type: unknown } }[]
    expect([list[1], list[3]].map(each => each?.lineStyle?.type)).toEqual(['solid', [8, 4]])
    expect([list[0], list[2]].map(each => each?.symbol)).toEqual([shapes.disc, shapes.square])
  })

  it('as steps are marked at each value where told so, not at their corners', () => {
    const y = [1, 1, 2, 1]
    const { option } = lineChart([{ name: 'a', y, isStep: true, form: 'points-and-line' }])
    expect(dataOf(option, 'a', 'scatter')).toEqual(y.map((value, i) => [i + 1, value]))
  })

  it('refuse lists of different lengths', () => {
    const message = 'lineChart: x of "a" has 1 values: pass 2'
    expect(() => lineChart([{ name: 'a', x: [1], y: [1, 2] }])).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message }),
    )
  })
})

describe('bars on a logarithmic axis', () => {
  it('begin at the power of ten below the least, without what can not be shown', () => {
    const axisOf = (values: readonly number[], value = {}) =>
      barChart(values.map(String), [{ name: 'a', values }], { value: { scale: 'log', ...value } }).option.yAxis as {
        min: number
        startValue: number
        axisLabel: { customValues: number[] }
      }
    const { min, startValue, axisLabel } = axisOf([0.01, 0, 3, 500])
    expect([min, startValue, axisLabel.customValues]).toEqual([0.001, 0.001, [0.001, 0.01, 0.1, 1, 10, 100, 1000]])
    expect(axisOf([20, 30], { min: 5 })).toMatchObject({ min: 5, startValue: 5 })
  })
})
