import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { ProgressReporter, type ProgressReporterOptions } from '../../src/callbacks/progress/progress-reporter.js'
import { FakeStudy } from './fake-study.js'
import { FakeStream, ManualTime } from './manual-time.js'

/** A reporter on a stream of its own, in time that the test moves, and a study that tells it. */
function setUp(
  options: ProgressReporterOptions & {
    size?: { columns: number; rows: number }
    study?: ConstructorParameters<typeof FakeStudy>[0]
  } = {},
) {
  const { size, study: definition, ...rest } = options
  const time = new ManualTime()
  const stream = new FakeStream(size)
  const reporter = new ProgressReporter({ clock: time, timer: time, stream, ...rest })
  const study = new FakeStudy({ callbacks: [reporter], ...definition })
  reporter.onStudyStart(study)
  return { time, stream, reporter, study }
}

/** What the last picture on a fake terminal shows: its first writes are whole pictures when nothing was drawn before. */
function lines(text: string): string[] {
  return stripVTControlCharacters(text).split('\n')
}

describe('without a terminal', () => {
  it('tells of ends, of progress every half minute, and sums up', () => {
    const { time, stream, reporter, study } = setUp({ study: { totalTrials: 4, name: 'tiny' } })
    const first = study.start({ lr: 0.1, kind: 'a' })
    const second = study.start({ lr: 0.2, kind: 'a' })
    study.report(first, { accuracy: 0.5 })
    study.report(second, { accuracy: 0.984_12 }, 12.5)
    study.end(first, 'accuracy 0.5 is below the cut-off 0.75 of rung 1')
    time.advance(31_000)
    study.fail(second, { name: 'TypeError', message: 'no such layer\nat x' })
    reporter.onStudyEnd(study, { type: 'interrupted' })
    expect(stream.text.trimEnd().split('\n')).toEqual([
      'tiny: 4 trials, maximizing accuracy · random + asha, seed 7 · /results/demo',
      'trial 0 terminated after 1 iteration: accuracy 0.5 (best 0.9841, trial 1) · stopped: accuracy 0.5 is below the cut-off 0.75 of rung 1',
      '[30s] 1/4 trials: 1 running, 1 terminated · best accuracy 0.9841 (trial 1, iteration 1)',
      'trial 1 failed after 1 iteration: accuracy 0.9841 (best 0.9841, trial 1) · TypeError: no such layer',
      'tiny interrupted after 31s · 2 trials · 1 terminated · 1 error',
      '',
      '   trial  status      accuracy    best  iter   time   lr',
      '★      1  error         0.9841  0.9841     1  12.5s  0.2',
      '       0  terminated    0.5     0.5        1  1.00s  0.1',
      '',
      '★ best accuracy 0.9841 (trial 1, iteration 1) in 12.5s',
      '  lr    0.2',
      '  kind  a',
      '',
      'Why trials were stopped:',
      '  1 × accuracy 0.5 is below the cut-off 0.75 of rung 1',
      '',
      '1 trial failed:',
      '  trial 1: TypeError: no such layer',
      '    /results/demo/trial_00001/error.txt',
      '',
      'Results: /results/demo',
      "Go on:   await Tuner.restore('/results/demo', trainable, options).fit(), with the options it was made with",
    ])
    expect(time.timers).toBe(0)
  })

  it('tells every event and what trials print when it is to be verbose', () => {
    const { stream, reporter, study } = setUp({ verbose: 2, study: { maxFailures: 2 } })
    const trial = study.start({ model: { lr: 0.125 }, kind: 'a' })
    reporter.onTrialOutput(trial, 'stdout', 'epoch 1\n\u001b[2Jdone\n')
    study.report(trial, { accuracy: 0.5, valid: { f1: Number.NaN } })
    study.fail(trial, { name: 'Error', message: 'flaky' }, true)
    study.pause(trial, 'waits for its rung')
    study.resume(trial)
    study.end(trial)
    expect(stream.text.trimEnd().split('\n').slice(1)).toEqual([
      'trial 0 started: model/lr 0.125, kind a',
      'trial 0 | epoch 1',
      'trial 0 | done',
      'trial 0 report 1: accuracy 0.5, valid/f1 NaN (1.00s)',
      'trial 0 failed and is tried again (failure 1 of 2 allowed): Error: flaky',
      'trial 0 paused after 1 iteration: waits for its rung',
      'trial 0 goes on',
      'trial 0 terminated after 1 iteration: accuracy 0.5 (best 0.5, trial 0)',
    ])
  })

  it('prints nothing but warnings when it is to be silent', () => {
    const { stream, reporter, study, time } = setUp({ verbose: 0 })
    study.end(study.start())
    reporter.onNotice({ level: 'info', message: 'all is well' })
    reporter.onNotice({ level: 'warning', message: 'a worker died' })
    time.advance(60_000)
    reporter.onStudyEnd(study, { type: 'finished' })
    expect(stream.text).toBe('warning: a worker died\n')
  })

  it('does without a metric, without a folder and without an end', () => {
    const { stream, reporter, study, time } = setUp({
      study: { metric: null, mode: null, path: undefined, totalTrials: Number.POSITIVE_INFINITY },
    })
    const trial = study.start({ lr: 1 })
    study.report(trial, { loss: 0.5 })
    study.end(trial)
    time.advance(30_000)
    reporter.onStudyEnd(study, { type: 'finished' })
    expect(stream.text.trimEnd().split('\n')).toEqual([
      'demo: trials without end · random + asha, seed 7',
      'trial 0 terminated after 1 iteration',
      '[30s] 1 trial ended: 1 terminated',
      'demo finished after 30s · 1 trial · 1 terminated',
      '',
      '   trial  status      iter   time  lr  loss',
      '       0  terminated     1  1.00s   1   0.5',
    ])
  })

  it('groups reasons that differ in their numbers alone', () => {
    const { stream, reporter, study } = setUp()
    for (let i = 0; i < 12; i++) study.end(study.start(), `loss ${i / 8} is above ${i * 3e-5} at rung ${i}`)
    study.end(study.start(), 'plateau')
    study.end(study.start())
    reporter.onStudyEnd(study, { type: 'finished' })
    const all = stream.text.split('\n')
    const start = all.indexOf('Why trials were stopped:')
    expect(all.slice(start + 1, start + 3)).toEqual(['  12 × loss … is above … at rung …', '   1 × plateau'])
  })
})

describe('on a terminal', () => {
  it('draws a picture that fits, running trials first, then the best', () => {
    const { stream, study, reporter, time } = setUp({ size: { columns: 80, rows: 16 }, study: { totalTrials: 40 } })
    for (let i = 0; i < 12; i++) {
      const trial = study.start({ lr: 10 ** -(i % 5), layers: i, act: i % 2 ? 'relu' : 'tanh', data: 'mnist' })
      study.report(trial, { accuracy: i === 3 ? Number.NaN : (i * 7) / 100, loss: 1 / (i + 1) }, 1.5)
      if (i < 9) study.end(trial)
    }
    stream.writes.length = 0
    reporter.onFlush(study)
    expect(stream.writes).toEqual([])
    time.advance(1000)
    expect(lines(stream.writes.join('')).filter(line => line !== '')).toMatchInlineSnapshot(`
      [
        "demo · 0s elapsed · about 1s left",
        "━━━━━───────────────────  9/40 trials · 3 running · 9 terminated",
        "best accuracy 0.77 (trial 11, iteration 1) · lr 0.1 · layers 11 · act relu",
        "   trial  status      accuracy  best  iter   time     lr  layers  act      loss",
        "       9  running         0.63  0.63     1  1.50s  1e-4        9  relu  0.1",
        "      10  running         0.7   0.7      1  1.50s  1          10  tanh  0.09091",
        "★     11  running         0.77  0.77     1  1.50s  0.1        11  relu  0.08333",
        "       8  terminated      0.56  0.56     1  1.50s  0.001       8  tanh  0.1111",
        "       7  terminated      0.49  0.49     1  1.50s  0.01        7  relu  0.125",
        "       6  terminated      0.42  0.42     1  1.50s  0.1         6  tanh  0.1429",
        "       5  terminated      0.35  0.35     1  1.50s  1           5  relu  0.1667",
        "       4  terminated      0.28  0.28     1  1.50s  1e-4        4  tanh  0.2",
        "       2  terminated      0.14  0.14     1  1.50s  0.01        2  tanh  0.3333",
        "… 3 more: 3 terminated",
      ]
    `)
  })

  it('keeps failures and warnings above the picture, and leaves a summary', () => {
    const { stream, study, reporter, time } = setUp({ size: { columns: 100, rows: 30 } })
    study.fail(study.start(), { name: 'Error', message: 'boom' })
    reporter.onNotice({ level: 'warning', message: 'a worker died' })
    time.advance(200)
    reporter.onStudyEnd(study, { type: 'failed', error: new Error('nothing works\nat all') })
    const text = stripVTControlCharacters(stream.text)
    expect(text).toContain('trial 0 failed after 0 iterations · Error: boom\nwarning: a worker died\n')
    expect(text.slice(text.lastIndexOf('demo failed')).split('\n')).toEqual([
      'demo failed after 0s · 1 trial · 1 error',
      '',
      '   trial  status  accuracy  best  iter  time',
      '       0  error                      0',
      '',
      '1 trial failed:',
      '  trial 0: Error: boom',
      '    /results/demo/trial_00000/error.txt',
      '',
      'The study failed: Error: nothing works',
      'Results: /results/demo',
      "Go on:   await Tuner.restore('/results/demo', trainable, options).fit(), with the options it was made with",
      '',
    ])
  })

  it('draws at most five times a second, and once a second when nothing happens', () => {
    const { stream, study, reporter, time } = setUp({ size: { columns: 80, rows: 24 }, colors: false })
    const trial = study.start()
    const pictures = () =>
      stream.writes.splice(0).filter(text => text.includes('elapsed') || text.includes('iter')).length
    pictures()
    for (let i = 0; i < 100; i++) {
      study.report(trial, { accuracy: i })
      reporter.onFlush(study)
      time.advance(10)
    }
    expect(pictures()).toBeLessThanOrEqual(6)
    time.advance(1000)
    stream.writes.length = 0
    time.advance(10_000)
    expect(stream.writes.length).toBe(10)
  })

  it('uses colours there alone', () => {
    const red = `${String.fromCharCode(27)}[31m`
    const plain = setUp()
    const colored = setUp({ size: { columns: 80, rows: 24 }, colors: true })
    for (const { study, reporter } of [plain, colored]) {
      study.fail(study.start(), { name: 'Error', message: 'boom' })
      reporter.onStudyEnd(study, { type: 'finished' })
    }
    expect([plain.stream.text.includes(red), colored.stream.text.includes(red)]).toEqual([false, true])
  })
})
