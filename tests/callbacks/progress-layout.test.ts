import { describe, expect, it } from 'vitest'
import { drawLive } from '../../src/callbacks/progress/layout.js'
import { Pace } from '../../src/callbacks/progress/pace.js'
import { drawSummary } from '../../src/callbacks/progress/summary.js'
import { ProgressTracker } from '../../src/callbacks/progress/tracker.js'
import { createPalette } from '../../src/results/palette.js'
import { displayWidth } from '../../src/results/text.js'
import { FakeStudy } from './fake-study.js'

const palette = createPalette(false)

function populate(study: FakeStudy, count: number, running: number): ProgressTracker {
  for (let i = 0; i < count; i++) {
    const trial = study.start({
      model: { lr: 10 ** -(i % 6), units: 2 ** (i % 8) },
      act: i % 2 ? 'relu' : 'tanh',
      data: 'mnist',
    })
    const reports = i >= count - running ? i % 3 : 1 + (i % 4)
    for (let k = 1; k <= reports; k++)
      study.report(trial, { accuracy: (((i * 37) % 100) / 100) * (1 - 0.5 ** k), loss: 1 / (i + k) }, 0.75)
    if (i >= count - running) continue
    if (i % 17 === 5) study.fail(trial, { name: 'Error', message: 'out of memory' })
    else if (i % 17 === 6) study.pause(trial, 'waits')
    else study.end(trial, 'below the cut-off')
  }
  return new ProgressTracker(study, 0)
}

describe('the live picture', () => {
  it('is one glance at 80 × 24', () => {
    const study = new FakeStudy({ name: 'mnist-asha', totalTrials: 100 })
    study.schedulerState = 'rung 1: 38 trials · rung 4: 9 · rung 16: 2'
    const tracker = populate(study, 40, 4)
    expect(drawLive(tracker.progress(study, 42_000), { width: 79, height: 23, palette })).toMatchInlineSnapshot(`
      [
        "mnist-asha · 42s elapsed · — left",
        "━━━━━──────────  34/100 trials · 4 running · 2 paused · 32 terminated · 2 error",
        "best accuracy 0.9281 (trial 27, iteration 4) · lr 0.001 · units 8 · act relu",
        "rung 1: 38 trials · rung 4: 9 · rung 16: 2",
        "",
        "   trial  status      accuracy    best  iter   time     lr  units  act",
        "      36  running                          0         1         16  tanh",
        "      37  running       0.345   0.345      1  0.75s  0.1       32  relu",
        "      38  running       0.045   0.045      2  1.50s  0.01      64  tanh",
        "      39  running                          0         0.001    128  relu",
        "★     27  terminated    0.9281  0.9281     4  3.00s  0.001      8  relu",
        "      35  terminated    0.8906  0.8906     4  3.00s  1e-5       8  relu",
        "       2  terminated    0.6475  0.6475     3  2.25s  0.01       4  tanh",
        "       5  error         0.6375  0.6375     2  1.50s  1e-5      32  relu",
        "      10  terminated    0.6125  0.6125     3  2.25s  1e-4       4  tanh",
        "      13  terminated    0.6075  0.6075     2  1.50s  0.1       32  relu",
        "      18  terminated    0.5775  0.5775     3  2.25s  1          4  tanh",
        "      21  terminated    0.5775  0.5775     2  1.50s  0.001     32  relu",
        "       7  terminated    0.5531  0.5531     4  3.00s  0.1      128  relu",
        "      29  terminated    0.5475  0.5475     2  1.50s  1e-5      32  relu",
        "      26  terminated    0.5425  0.5425     3  2.25s  0.01       4  tanh",
        "      15  terminated    0.5156  0.5156     4  3.00s  0.001    128  relu",
        "… 24 more: 2 paused, 21 terminated, 1 error",
      ]
    `)
  })

  it('shows more columns where there is room', () => {
    const study = new FakeStudy({ name: 'mnist-asha', totalTrials: 100 })
    const tracker = populate(study, 12, 2)
    expect(drawLive(tracker.progress(study, 42_000), { width: 119, height: 39, palette })).toMatchInlineSnapshot(`
      [
        "mnist-asha · 42s elapsed · — left",
        "━━──────────────────────  9/100 trials · 2 running · 1 paused · 8 terminated · 1 error",
        "best accuracy 0.6475 (trial 2, iteration 3) · lr 0.01 · units 4 · act tanh",
        "",
        "   trial  status      accuracy    best  iter   time     lr  units  act      loss",
        "      10  running       0.35    0.35       1  0.75s  1e-4       4  tanh  0.09091",
        "      11  running       0.0525  0.0525     2  1.50s  1e-5       8  relu  0.07692",
        "★      2  terminated    0.6475  0.6475     3  2.25s  0.01       4  tanh  0.2",
        "       5  error         0.6375  0.6375     2  1.50s  1e-5      32  relu  0.1429",
        "       7  terminated    0.5531  0.5531     4  3.00s  0.1      128  relu  0.09091",
        "       8  terminated    0.48    0.48       1  0.75s  0.01       1  tanh  0.1111",
        "       1  terminated    0.2775  0.2775     2  1.50s  0.1        2  relu  0.3333",
        "       9  terminated    0.2475  0.2475     2  1.50s  0.001      2  relu  0.09091",
        "       4  terminated    0.24    0.24       1  0.75s  1e-4      16  tanh  0.2",
        "       6  paused        0.1925  0.1925     3  2.25s  1         64  tanh  0.1111",
        "       3  terminated    0.1031  0.1031     4  3.00s  0.001      8  relu  0.1429",
        "       0  terminated    0       0          1  0.75s  1          1  tanh  1",
      ]
    `)
  })

  it('never leaves its screen, whatever the size and the names', () => {
    const hostile = '\u001b[2J<b>日本\n\u202Ename'
    const study = new FakeStudy({ name: hostile.repeat(9), metric: hostile, totalTrials: 500 })
    study.schedulerState = hostile.repeat(30)
    for (let i = 0; i < 50; i++) {
      const trial = study.start({ [hostile]: hostile.repeat(i), [`${hostile}2`]: i })
      trial.name = hostile
      study.report(trial, { [hostile]: i, [`${hostile}3`]: Number.NaN })
      if (i % 3 === 0) study.end(trial, hostile.repeat(20))
      if (i % 3 === 1) study.fail(trial, { name: hostile, message: hostile })
    }
    const progress = new ProgressTracker(study, 0).progress(study, 1000)
    for (const width of [1, 5, 12, 39, 79, 200])
      for (const height of [1, 2, 5, 8, 23, 100]) {
        const picture = drawLive(progress, { width, height, palette })
        expect(picture.length).toBeLessThanOrEqual(height)
        expect(Math.max(...picture.map(displayWidth))).toBeLessThanOrEqual(width)
        expect(picture.join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
      }
    const summary = drawSummary(progress, { type: 'finished' }, { width: 79, height: 23, palette }, 10)
    expect(summary.join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })

  it('looks at a screenful of trials however many there are', () => {
    const study = new FakeStudy({ totalTrials: 10_000 })
    const tracker = populate(study, 10_000, 8)
    let reads = 0
    const { trials } = study
    const counted = new Proxy(trials, {
      get(target, key) {
        if (typeof key === 'string' && /^\d+$/.test(key)) reads++
        return Reflect.get(target, key)
      },
    })
    Object.defineProperty(study, 'trials', { value: counted })
    const picture = drawLive(tracker.progress(study, 1000), { width: 119, height: 39, palette })
    expect(picture.length).toBe(39)
    expect(picture.at(-1)).toBe('… 9967 more: 586 paused, 8794 terminated, 587 error')
    expect(reads).toBeLessThan(100)
  })
})

describe('the time that is left', () => {
  it('is unknown at first, counts running trials as half done, and follows the latest pace', () => {
    const pace = new Pace(0)
    pace.end(1000)
    pace.end(1000)
    const early = pace.remainingS(18, 4, 1000)
    pace.end(1000)
    // 3 ended and 4 half done in one second: 5 in a second, 15 to go
    const first = pace.remainingS(17, 4, 1000)
    for (let i = 0; i < 200; i++) pace.end(2000 + i * 100)
    const later = pace.remainingS(102, 4, 2000 + 199 * 100)
    expect([early, first, later?.toFixed(1), pace.remainingS(Number.POSITIVE_INFINITY, 4, 1000)]).toEqual([
      undefined,
      3,
      '9.8',
      undefined,
    ])
  })
})
