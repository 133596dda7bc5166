import { describe, expect, it } from 'vitest'
import { TuneError } from '../../src/errors.js'
import type { JsonObject } from '../../src/json.js'
import { type BestResultOptions, ResultGrid } from '../../src/results/result-grid.js'
import { FakeStudy } from '../callbacks/fake-study.js'

/** A study in which each list of metrics is a trial that ended. */
function studyOf(trials: readonly (readonly JsonObject[])[], options: ConstructorParameters<typeof FakeStudy>[0] = {}) {
  const study = new FakeStudy(options)
  for (const [index, reports] of trials.entries()) {
    const trial = study.start({ lr: index / 10, model: { units: 2 ** index } })
    for (const metrics of reports) study.report(trial, metrics)
    study.end(trial)
  }
  return study
}

const values = (...list: readonly number[]) => list.map(accuracy => ({ accuracy }))

function bestOf(study: FakeStudy, options?: BestResultOptions): number {
  return new ResultGrid(study).getBestResult(options).trialIndex
}

function refusal(call: () => unknown) {
  try {
    call()
  } catch (error) {
    if (error instanceof TuneError) return { code: error.code, message: error.message }
    throw error
  }
  return undefined
}

describe('getBestResult', () => {
  // trial 0 peaks highest, trial 1 ends highest, trial 2 has the highest mean, trial 3 the highest last five
  const study = studyOf([
    values(0.99, 0.1, 0.1),
    values(0.1, 0.1, 0.98),
    values(0.9, 0.9, 0.9, 0.9, 0.9, 0.2, 0.2, 0.2, 0.2, 0.2, 0.9),
    values(0, 0, 0, 0, 0, 0, 0.7, 0.7, 0.7, 0.7, 0.7),
  ])

  it('compares by the scope that is asked for', () => {
    expect({
      default: bestOf(study),
      last: bestOf(study, { scope: 'last' }),
      all: bestOf(study, { scope: 'all' }),
      avg: bestOf(study, { scope: 'avg' }),
      last5: bestOf(study, { scope: 'last-5-avg' }),
      last10: bestOf(study, { scope: 'last-10-avg' }),
      min: bestOf(study, { metric: 'accuracy', mode: 'min', scope: 'all' }),
    }).toEqual({ default: 1, last: 1, all: 0, avg: 2, last5: 3, last10: 2, min: 3 })
  })

  it('reads the journal once for all scopes of a metric, and not at all for last reports', () => {
    const passes = study.passes
    const grid = new ResultGrid(study)
    grid.getBestResult()
    expect(study.passes - passes).toBe(0)
    for (const scope of ['all', 'avg', 'last-5-avg', 'last-10-avg'] as const) grid.getBestResult({ scope })
    expect(study.passes - passes).toBe(1)
  })

  it('takes the mean over the reports that have the metric, and the last one that has it', () => {
    const patchy = studyOf([[{ accuracy: 0.8 }, { other: 1 }, { accuracy: 0.6 }], [{ accuracy: 0.65 }]])
    expect([bestOf(patchy, { scope: 'avg' }), bestOf(patchy)]).toEqual([0, 1])
    const early = studyOf([[{ accuracy: 0.8 }, { other: 1 }], [{ accuracy: 0.65 }]])
    expect(bestOf(early)).toBe(0)
  })

  it('finds nested metrics and the automatic ones', () => {
    const nested = studyOf([[{ valid: { f1: 0.2 } }], [{ valid: { f1: 0.4 } }], [{ valid: { f1: 0.1 } }, {}]])
    expect(bestOf(nested, { metric: 'valid/f1', mode: 'max' })).toBe(1)
    expect(bestOf(nested, { metric: 'trainingIteration', mode: 'max' })).toBe(2)
  })

  it('never lets NaN win, and infinities only when they are asked for', () => {
    const wild = studyOf([values(Number.NaN), values(0.5), values(Number.POSITIVE_INFINITY), values(0.6, Number.NaN)])
    expect({
      filtered: bestOf(wild),
      unfiltered: bestOf(wild, { filterNanAndInf: false }),
      peak: bestOf(wild, { scope: 'all' }),
      mean: bestOf(wild, { scope: 'avg' }),
    }).toEqual({ filtered: 1, unfiltered: 2, peak: 3, mean: 1 })
  })

  it('gives the trial of lowest index among equals, failed ones included', () => {
    const equal = new FakeStudy()
    const failed = equal.start()
    equal.report(failed, { accuracy: 0.5 })
    equal.fail(failed, { name: 'Error', message: 'late' })
    const ended = equal.start()
    equal.report(ended, { accuracy: 0.5 })
    equal.end(ended)
    expect(bestOf(equal)).toBe(0)
  })

  it('names what to pass when metric or mode are missing', () => {
    const bare = studyOf([values(1)], { metric: null, mode: null })
    expect(refusal(() => bestOf(bare))).toEqual({
      code: 'INVALID_OPTION',
      message:
        "getBestResult needs a metric, and the study has none: pass { metric: 'loss', mode: 'min' }, or set both in tuneConfig",
    })
    expect(refusal(() => bestOf(studyOf([values(1)]), { metric: 'loss' }))).toEqual({
      code: 'INVALID_OPTION',
      message: `getBestResult needs a mode for the metric "loss": pass { metric: "loss", mode: 'min' } or mode: 'max'`,
    })
  })

  it('explains why there is no best trial', () => {
    const why = (study: FakeStudy, options?: BestResultOptions) => refusal(() => bestOf(study, options))?.message
    expect([
      why(studyOf([])),
      why(studyOf([[], []])),
      why(studyOf([[{ accuracy: 1, valLoss: 2 }]]), { metric: 'val_loss', mode: 'min' }),
      why(studyOf([values(Number.POSITIVE_INFINITY)])),
    ]).toEqual([
      "no trial is best by 'accuracy' (max, scope 'last'): the study has no trials",
      "no trial is best by 'accuracy' (max, scope 'last'): of 2 trials (2 terminated) none made a report",
      `no trial is best by 'val_loss' (min, scope 'last'): of 1 trials (1 terminated) none reported it; metrics reported: "accuracy", "valLoss"; did you mean "valLoss"?`,
      "no trial is best by 'accuracy' (max, scope 'last'): of 1 trials (1 terminated) 1 reported it, but with NaN or infinite values only; filterNanAndInf: false lets infinite values win",
    ])
  })
})

describe('reported', () => {
  it('gives the trials that have made a report, failed ones included, in their order', () => {
    const study = new FakeStudy()
    const trials = [0, 1, 2, 3].map(lr => study.start({ lr }))
    for (const trial of trials.slice(1, 3)) study.report(trial, { accuracy: trial.index / 4 })
    const grid = new ResultGrid(study)
    expect(grid.reported().map(({ trialIndex, metrics }) => [trialIndex, metrics])).toEqual([
      [1, { accuracy: 0.25, trainingIteration: 1 }],
      [2, { accuracy: 0.5, trainingIteration: 1 }],
    ])
    expect(grid.at(0)?.metrics).toEqual({ trainingIteration: 0 })
  })
})

describe('rows', () => {
  it('gives one flat row for each trial, of its last report or of its best', () => {
    const study = studyOf([
      [
        { accuracy: 0.9, valid: { f1: 0.5 } },
        { accuracy: 0.7, valid: { f1: 0.6 } },
      ],
      [],
    ])
    const grid = new ResultGrid(study)
    const first = { trialId: 'demo_00000', trialIndex: 0, status: 'terminated', path: '/results/demo/trial_00000' }
    const second = {
      trialId: 'demo_00001',
      trialIndex: 1,
      status: 'terminated',
      path: '/results/demo/trial_00001',
      'config/lr': 0.1,
      'config/model/units': 2,
    }
    const config = { 'config/lr': 0, 'config/model/units': 1 }
    const at = Date.UTC(2026, 0, 2, 3, 4, 5) / 1000
    expect(grid.rows()).toEqual([
      {
        ...first,
        accuracy: 0.7,
        'valid/f1': 0.6,
        trainingIteration: 2,
        timeThisIterS: 1,
        timeTotalS: 2,
        timestamp: at + 2,
        ...config,
      },
      second,
    ])
    expect(grid.rows({ filterMetric: 'accuracy' })).toEqual([
      {
        ...first,
        accuracy: 0.9,
        'valid/f1': 0.5,
        trainingIteration: 1,
        timeThisIterS: 1,
        timeTotalS: 1,
        timestamp: at + 1,
        ...config,
      },
      second,
    ])
  })

  it('keeps keys that are special to JavaScript as plain columns', () => {
    const study = new FakeStudy()
    study.report(study.start(), JSON.parse('{"__proto__": {"x": 1}, "constructor": 2}'))
    const [row] = new ResultGrid(study).rows()
    expect(Object.entries(row ?? {}).slice(3, 5)).toEqual([
      ['__proto__/x', 1],
      ['constructor', 2],
    ])
  })
})

describe('Result', () => {
  it('tells of one trial all that is known', () => {
    const study = new FakeStudy()
    const trial = study.start({ lr: 0.1 })
    study.report(trial, { accuracy: 0.5, valid: { f1: 0.25 } })
    study.checkpoint(trial)
    study.report(trial, { accuracy: 0.9 })
    study.report(trial, { accuracy: 0.7 })
    study.checkpoint(trial)
    study.end(trial, 'below the cut-off')
    const grid = new ResultGrid<{ lr: number }>(study)
    const result = grid.at(-1)
    const directory = '/results/demo/trial_00000'
    expect({
      lr: result?.config.lr,
      status: result?.status,
      metrics: result?.metrics,
      metric: result?.metric('accuracy'),
      seconds: result?.timing?.timeTotalS,
      reason: result?.stopReason,
      error: result?.error,
      path: result?.path,
      checkpoint: result?.checkpoint,
      best: result?.getBestCheckpoint(),
      worst: result?.getBestCheckpoint('accuracy', 'min'),
      checkpoints: result?.bestCheckpoints,
      history: result?.history.map(({ metrics }) => metrics.accuracy),
      table: result?.metricsHistory.map(row => row['valid/f1']),
    }).toEqual({
      lr: 0.1,
      status: 'terminated',
      metrics: { accuracy: 0.7, trainingIteration: 3 },
      metric: 0.7,
      seconds: 3,
      reason: 'below the cut-off',
      error: undefined,
      path: directory,
      checkpoint: { directory: `${directory}/checkpoint_000001`, iteration: 3 },
      best: { directory: `${directory}/checkpoint_000001`, iteration: 3 },
      worst: { directory: `${directory}/checkpoint_000000`, iteration: 1 },
      checkpoints: [
        [
          { directory: `${directory}/checkpoint_000000`, iteration: 1 },
          { accuracy: 0.5, valid: { f1: 0.25 }, trainingIteration: 1 },
        ],
        [
          { directory: `${directory}/checkpoint_000001`, iteration: 3 },
          { accuracy: 0.7, trainingIteration: 3 },
        ],
      ],
      history: [0.5, 0.9, 0.7],
      table: [0.25, undefined, undefined],
    })
  })

  it('gives back the errors of trials that failed for good, as they were', () => {
    const study = new FakeStudy()
    study.fail(study.start(), { name: 'TypeError', message: 'x is not a function' })
    study.fail(study.start(), { name: 'TuneError', code: 'METRIC_MISSING', message: 'no accuracy' })
    const retried = study.start()
    study.fail(retried, { name: 'Error', message: 'once' }, true)
    study.end(retried)
    const grid = new ResultGrid(study)
    expect({
      counts: [grid.length, grid.numErrors, grid.numTerminated],
      errors: grid.errors.map(String),
      code: grid.errors.map(error => error instanceof TuneError && error.code),
      each: [...grid].map(({ error }) => error?.message),
    }).toEqual({
      counts: [3, 2, 1],
      errors: ['TypeError: x is not a function', 'TuneError: no accuracy'],
      code: [false, 'METRIC_MISSING'],
      each: ['x is not a function', 'no accuracy', undefined],
    })
  })
})

describe('toTable', () => {
  it('shows the best trials and counts the others', () => {
    const study = studyOf([values(0.5), values(0.25, 0.75), values(Number.NaN)], { name: 'tiny' })
    expect(new ResultGrid(study).toTable({ maxRows: 2 })).toBe(
      [
        'tiny: 3 trials (3 terminated)',
        '',
        '   trial  status      accuracy  best  iter   time   lr  units',
        '★      1  terminated      0.75  0.75     2  2.00s  0.1      2',
        '       0  terminated      0.5   0.5      1  1.00s  0        1',
        '… 1 more',
      ].join('\n'),
    )
  })
})
