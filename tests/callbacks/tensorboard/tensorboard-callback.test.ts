import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PopulationBasedTraining } from '../../../schedulers/index.js'
import { TensorBoardCallback } from '../../../src/callbacks/tensorboard/tensorboard-callback.js'
import { choice, loguniform, report, Tuner, uniform } from '../../../src/index.js'
import { FakeStudy } from '../fake-study.js'
import { ManualTime } from '../manual-time.js'
import { readEvents } from './decode.js'

let path: string
let time: ManualTime

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'tensorboard-'))
  time = new ManualTime()
})

afterEach(() => {
  rmSync(path, { recursive: true, force: true })
})

const epoch = Date.UTC(2026, 0, 2, 3, 4, 5) / 1000
const fileName = `events.out.tfevents.${epoch}.box.tunewright`

const create = (host = 'box') => new TensorBoardCallback({ host, clock: time, timer: time })

async function setUp(space = {}) {
  const callbacks = [create()]
  const study = new FakeStudy({ path, metric: 'loss', mode: 'min', space, callbacks })
  for (const callback of callbacks) await callback.onStudyStart(study)
  const [callback] = callbacks
  if (callback === undefined) throw new Error('no callback')
  return { callback, callbacks, study }
}

const eventsOf = (folder: string) => {
  const names = readdirSync(join(path, folder)).filter(name => name.includes('tfevents'))
  return names.flatMap(name => readEvents(join(path, folder, name)))
}
/** Every file of the study, by its path. */
const snapshot = () =>
  Object.fromEntries(
    readdirSync(path, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => [
        join(entry.parentPath, entry.name).slice(path.length),
        readFileSync(join(entry.parentPath, entry.name), 'hex'),
      ]),
  )

describe('the event file of a trial', () => {
  it('tells its config, its metrics by iteration and its end', async () => {
    const { callback, study } = await setUp()
    const trial = study.start({ lr: 0.1, net: { act: 'relu', bias: true }, sizes: [1, 2], none: null })
    study.report(trial, {
      loss: 0.5,
      valid: { f1: Number.NaN },
      ok: true,
      phase: 'warm *up*\n<b>',
      note: null,
      list: [1],
    })
    study.report(trial, { loss: 0.25, valid: { f1: Number.POSITIVE_INFINITY }, ok: false, phase: 'warm *up*\n<b>' })
    study.report(trial, { loss: 'text now', phase: 'train' })
    study.end(trial)
    await callback.onStudyEnd(study)
    const times = (total: number) => ({ 'time/timeThisIterS': 1, 'time/timeTotalS': total })
    expect(readdirSync(join(path, 'trial_00000'))).toEqual([fileName])
    expect(eventsOf('trial_00000')).toEqual([
      { wallTime: epoch, step: 0, version: 'brain.Event:2' },
      {
        wallTime: epoch,
        step: 0,
        values: {
          '_hparams_/session_start_info': {
            hparams: { lr: 0.1, 'net/act': 'relu', 'net/bias': true, sizes: '[1,2]', none: 'null' },
            group: 'demo_00000',
            start: epoch,
          },
        },
      },
      {
        wallTime: epoch,
        step: 0,
        values: {
          config:
            '    {\n      "lr": 0.1,\n      "net": {\n        "act": "relu",\n        "bias": true\n      },\n      "none": null,\n      "sizes": [\n        1,\n        2\n      ]\n    }',
        },
      },
      {
        wallTime: epoch + 1,
        step: 1,
        values: { ...times(1), loss: 0.5, 'valid/f1': Number.NaN, ok: 1, phase: '    warm *up*\n    <b>' },
      },
      {
        wallTime: epoch + 2,
        step: 2,
        values: { ...times(2), loss: 0.25, 'valid/f1': Number.POSITIVE_INFINITY, ok: 0 },
      },
      { wallTime: epoch + 3, step: 3, values: { ...times(3), phase: '    train' } },
      { wallTime: epoch + 3, step: 3, values: { '_hparams_/session_end_info': { status: 1, end: epoch + 3 } } },
    ])
  })

  it('of one that failed before it reported says so', async () => {
    const { callback, study } = await setUp()
    study.fail(study.start({ lr: 1 }), { name: 'Error', message: 'no' })
    await callback.onStudyEnd(study)
    expect(eventsOf('trial_00000').at(-1)?.values).toEqual({ '_hparams_/session_end_info': { status: 2, end: 0 } })
  })

  it('keeps metrics apart from what TensorBoard and the callback name themselves', async () => {
    const { callback, study } = await setUp()
    const trial = study.start()
    study.report(trial, { config: 1, '': 2, '_hparams_/experiment': 3, 'time/timeTotalS': 4 })
    await callback.onStudyEnd(study)
    expect(eventsOf('trial_00000').at(-1)?.values).toEqual({
      'time/timeThisIterS': 1,
      'time/timeTotalS': 4,
      'metric/config': 1,
      'metric/': 2,
      'metric/_hparams_/experiment': 3,
    })
  })

  it('is written while the trial runs, every half second at most', async () => {
    const { callback, study } = await setUp()
    const trial = study.start()
    study.report(trial, { loss: 1 })
    study.flush()
    expect(readdirSync(path)).toEqual([])
    time.advance(500)
    study.report(trial, { loss: 0.5 })
    // the end waits for what was being written
    await callback.onStudyEnd(study)
    expect(eventsOf('trial_00000').map(({ step }) => step)).toEqual([0, 0, 0, 1, 2])
  })
})

describe('the event file of the study', () => {
  it('tells TensorBoard of hyperparameters and metrics', async () => {
    const { callback, study } = await setUp({
      object: {
        act: { domain: 'choice', values: [{ constant: 'relu' }, { constant: 'tanh' }] },
        epochs: { constant: 3 },
        mixed: { domain: 'choice', values: [{ constant: null }, { constant: 1 }] },
        noise: { domain: 'randn', mean: 0, sd: 1 },
        optimizer: {
          domain: 'choice',
          values: [
            { object: { lr: { domain: 'loguniform', lower: 0.001, upper: 1 }, name: { constant: 'sgd' } } },
            { object: { lr: { domain: 'loguniform', lower: 0.0001, upper: 0.1 }, name: { constant: 'adam' } } },
          ],
        },
        sizes: { domain: 'gridSearch', values: [{ array: [{ constant: 8 }, { constant: 16 }] }, { constant: 4 }] },
        units: {
          domain: 'choice',
          values: [{ constant: 16 }, { constant: 64 }, { domain: 'randint', lower: 1, upper: 4 }],
        },
        warm: { domain: 'sampleFrom', source: 'c => c.epochs' },
      },
    })
    const trial = study.start({ warm: 2 })
    study.report(trial, { loss: 1, b: 1, a: { c: 1 }, text: 'x' })
    study.report(trial, { loss: 1, later: 1 })
    await callback.onStudyEnd(study)
    expect(readEvents(join(path, fileName)).at(-1)).toEqual({
      wallTime: epoch,
      step: 0,
      values: {
        '_hparams_/experiment': {
          name: 'demo',
          created: epoch,
          // 1 string, 2 boolean, 3 number
          parameters: [
            { name: 'act', type: 1, values: ['relu', 'tanh'] },
            { name: 'mixed', type: 1, values: ['null', '1'] },
            { name: 'noise', type: 3 },
            { name: 'optimizer/lr', type: 3, interval: [0.0001, 1] },
            { name: 'optimizer/name', type: 1, values: ['sgd', 'adam'] },
            { name: 'sizes', type: 1, values: ['[8,16]', '4'] },
            { name: 'units', type: 3, interval: [1, 64] },
            { name: 'warm', type: 3 },
          ],
          metrics: [
            ['loss', 'minimized by the study'],
            ['a/c', ''],
            ['b', ''],
            ['later', ''],
          ],
        },
      },
    })
  })
})

describe('a study that is resumed', () => {
  it.each([
    ['never wrote', () => undefined],
    ['was cut off in the middle of a record', () => truncateSync(join(path, 'trial_00000', fileName), 200)],
    ['lost a folder', () => rmSync(join(path, 'trial_00001'), { recursive: true })],
    ['lost its own file', () => rmSync(join(path, fileName))],
  ])('has the same files as one that was not interrupted, though its first session %s', async (what, harm) => {
    const { callback, callbacks, study } = await setUp()
    const wholePath = path
    const first = study.start({ lr: 1 })
    const second = study.start({ lr: 2 })
    study.report(first, { loss: 3 })
    study.report(second, { loss: 2 })
    study.end(first)
    if (what !== 'never wrote') await callback.onStudyEnd(study)
    harm()
    callbacks.length = 0
    // on another machine
    const resumed = create('other')
    callbacks.push(resumed)
    await resumed.onStudyStart(study)
    study.report(second, { loss: 1 })
    study.end(second)
    await resumed.onStudyEnd(study)
    const files = Object.values(snapshot()).sort()

    path = mkdtempSync(join(tmpdir(), 'tensorboard-'))
    const whole = await setUp()
    const [a, b] = [whole.study.start({ lr: 1 }), whole.study.start({ lr: 2 })]
    whole.study.report(a, { loss: 3 })
    whole.study.report(b, { loss: 2 })
    whole.study.end(a)
    whole.study.report(b, { loss: 1 })
    whole.study.end(b)
    await whole.callback.onStudyEnd(whole.study)
    expect(files).toEqual(Object.values(snapshot()).sort())
    rmSync(wholePath, { recursive: true, force: true })
  })

  it('leaves files alone that are whole, and those of the trainable', async () => {
    const { callback, callbacks, study } = await setUp()
    const trial = study.start()
    study.report(trial, { loss: 1 })
    study.end(trial)
    await callback.onStudyEnd(study)
    writeFileSync(join(path, 'trial_00000', 'events.out.tfevents.1.box'), 'of the trainable')
    const before = snapshot()
    callbacks.length = 0
    const passes = study.passes
    const again = create('other')
    await again.onStudyStart(study)
    await again.onStudyEnd(study)
    expect(snapshot()).toEqual(before)
    // one look at the first report, for the time of the study
    expect(study.passes - passes).toBe(1)
  })

  it('writes through no link out of its folder', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'tensorboard-'))
    const { callback, study } = await setUp()
    const trial = study.start()
    mkdirSync(join(path, 'trial_00000'))
    symlinkSync(join(outside, 'target'), join(path, 'trial_00000', 'tensorboard.tmp'))
    study.report(trial, { loss: 1 })
    await callback.onStudyEnd(study)
    expect(readdirSync(outside)).toEqual([])
    expect(eventsOf('trial_00000').map(({ step }) => step)).toEqual([0, 0, 0, 1])
    rmSync(outside, { recursive: true })
  })
})

describe('a study that is kept in memory', () => {
  it('has no folder for the files, and is told so', async () => {
    const callback = create()
    const study = new FakeStudy({ path: undefined, callbacks: [callback] })
    await expect(callback.onStudyStart(study)).rejects.toThrow(
      /no folder for the event files: give runConfig.storagePath/,
    )
    study.end(study.start())
    await callback.onStudyEnd(study)
  })
})

describe('options that can not be', () => {
  it.each([
    [{ writeEveryMs: Number.NaN }, /writeEveryMs is NaN/],
    [{ writeEveryMs: 0 }, /writeEveryMs is 0: give a number of milliseconds from 1/],
    [{ host: 7 as unknown as string }, /host is 7: give a name/],
  ])('are refused: %j', (options, expected) => {
    expect(() => new TensorBoardCallback(options)).toThrow(expected)
  })

  it('leave no name that leads to another folder', async () => {
    const callback = create('../../evil\u0000 host')
    const study = new FakeStudy({ path, callbacks: [callback] })
    await callback.onStudyStart(study)
    study.report(study.start(), { loss: 1 })
    await callback.onStudyEnd(study)
    expect(readdirSync(join(path, 'trial_00000'))).toEqual([`events.out.tfevents.${epoch}...-..-evil-host.tunewright`])
  })
})

describe('a file that can not be written', () => {
  it('is reported once, and made anew at the end', async () => {
    const { callback, study } = await setUp()
    const trial = study.start()
    writeFileSync(join(path, 'trial_00000'), 'in the way')
    study.report(trial, { loss: 1 })
    time.advance(500)
    await expect
      .poll(() => attempt(() => callback.onFlush(study)))
      .toMatch(/trial_00000.* can't be written \(E.*made anew/)
    expect(attempt(() => callback.onFlush(study))).toBe('')
    rmSync(join(path, 'trial_00000'))
    study.report(trial, { loss: 0.5 })
    await callback.onStudyEnd(study)
    expect(eventsOf('trial_00000').map(({ step }) => step)).toEqual([0, 0, 0, 1, 2])
  })

  it('is made anew when its folder vanished while the study ran', async () => {
    const { callback, study } = await setUp()
    const trial = study.start()
    study.report(trial, { loss: 1 })
    time.advance(500)
    await expect.poll(() => readdirSync(path)).toContain('trial_00000')
    await expect.poll(() => readdirSync(join(path, 'trial_00000'))).toEqual([fileName])
    rmSync(join(path, 'trial_00000'), { recursive: true })
    study.report(trial, { loss: 0.5 })
    await callback.onStudyEnd(study)
    expect(eventsOf('trial_00000').map(({ step }) => step)).toEqual([0, 0, 0, 1, 2])
  })
})

describe('a study of the tuner', () => {
  it('shows the configs that trials take over', async () => {
    async function* train({ lr }: { lr: number }) {
      for (let step = 1; step <= 6; step++) yield report({ loss: lr }, { checkpoint: async () => undefined })
    }
    await new Tuner(train, {
      paramSpace: { lr: loguniform(1e-3, 1), act: choice(['a', 'b']) },
      tuneConfig: {
        metric: 'loss',
        mode: 'min',
        numSamples: 4,
        maxConcurrentTrials: 4,
        seed: 1,
        scheduler: new PopulationBasedTraining({ perturbationInterval: 2, hyperparamMutations: { lr: uniform(0, 1) } }),
      },
      runConfig: { storagePath: path, name: 'pbt', verbose: 0, callbacks: [create()] },
    }).fit()
    const folders = readdirSync(join(path, 'pbt')).filter(name => name.startsWith('trial_'))
    const configs = folders.map(folder => {
      const events = eventsOf(join('pbt', folder)).flatMap(({ step, values = {} }) =>
        'config' in values ? [{ step, config: JSON.parse(String(values.config)) }] : [],
      )
      const start = eventsOf(join('pbt', folder))[1]?.values?.['_hparams_/session_start_info']
      return { events, start }
    })
    const changed = configs.filter(({ events }) => events.length > 1)
    expect(changed.length).toBeGreaterThan(0)
    for (const { events, start } of changed) expect(start).toMatchObject({ hparams: events.at(-1)?.config })
  })
})

function attempt(action: () => void): string {
  try {
    action()
    return ''
  } catch (error) {
    return String(error)
  }
}
