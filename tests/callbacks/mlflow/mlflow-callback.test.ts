import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { MLflowCallback, type MLflowOptions } from '../../../src/callbacks/mlflow/mlflow-callback.js'
import type { JsonObject } from '../../../src/json.js'
import { FakeStudy } from '../fake-study.js'
import { ManualTime } from '../manual-time.js'
import { FakeMLflow } from './fake-server.js'

let server: FakeMLflow
let url: string

beforeEach(async () => {
  for (const name of ['URI', 'TOKEN', 'USERNAME', 'PASSWORD']) vi.stubEnv(`MLFLOW_TRACKING_${name}`, undefined)
  vi.stubEnv('MLFLOW_EXPERIMENT_NAME', undefined)
  server = new FakeMLflow()
  url = await server.listen()
})

afterEach(() => server.close())

const epochMs = Date.UTC(2026, 0, 2, 3, 4, 5)
const finished = { type: 'finished' } as const

function begin(options: MLflowOptions = {}) {
  const callback = new MLflowCallback({
    trackingUri: url,
    retryAfterMs: 5,
    sendEveryMs: 1,
    clock: new ManualTime(),
    ...options,
  })
  const callbacks = [callback]
  const study = new FakeStudy({ metric: 'loss', mode: 'min', callbacks })
  callback.onStudyStart(study)
  return { callback, callbacks, study }
}

/** One trial of so many reports. */
function runTrial(study: FakeStudy, config: JsonObject, reports: readonly JsonObject[]) {
  const trial = study.start(config)
  for (const metrics of reports) study.report(trial, metrics)
  study.end(trial)
}

const losses = (count: number, first = 1) => Array.from({ length: count }, (_, i) => ({ loss: 1 / (first + i) }))
const stepsOf = (index: number, key = 'loss') =>
  server
    .trial(index)
    .metrics.filter(metric => metric.key === key)
    .map(({ step }) => step)
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1)

describe('a study in MLflow', () => {
  it('is a run with a nested one for each trial, which have parameters and metrics', async () => {
    const { callback, study } = begin({ experimentName: 'mine' })
    const trial = study.start({ lr: 0.1, net: { act: 'relu', bias: true }, sizes: [1, 2], none: null })
    study.report(trial, { loss: 0.5, valid: { f1: Number.NaN }, ok: true, text: 'x', list: [1] })
    study.report(trial, { loss: 0.25, valid: { f1: Number.NEGATIVE_INFINITY } })
    study.end(trial, 'below the cut-off')
    study.fail(study.start({ lr: 1 }), { name: 'RangeError', message: 'no such network' })
    study.totalTrials = 2
    await callback.onStudyEnd(study, finished)
    const [parent] = server.parents
    const entry = (key: string, value: unknown, step: number) => ({
      key,
      value,
      timestamp: epochMs + 1000 * step,
      step,
    })
    expect(server.experiments).toEqual(['mine'])
    expect(server.runs).toHaveLength(3)
    expect(parent).toMatchObject({ name: 'demo', status: 'FINISHED', endTime: epochMs })
    expect(parent?.metrics).toEqual([{ key: 'best/loss', value: 0.25, timestamp: epochMs + 2000, step: 2 }])
    expect(server.trial(0)).toMatchObject({ name: 'demo_00000', status: 'FINISHED', endTime: epochMs + 2000 })
    expect(server.trial(0).tags.get('mlflow.parentRunId')).toBe(parent?.id)
    expect(server.trial(0).tags.get('tunewright.reason')).toBe('below the cut-off')
    expect(Object.fromEntries(server.trial(0).params)).toEqual({
      lr: '0.1',
      'net/act': 'relu',
      'net/bias': 'true',
      sizes: '[1,2]',
      none: 'null',
    })
    expect(server.trial(0).metrics.filter(({ key }) => !key.startsWith('time/'))).toEqual([
      entry('loss', 0.5, 1),
      entry('valid/f1', 'NaN', 1),
      entry('ok', 1, 1),
      entry('loss', 0.25, 2),
      entry('valid/f1', '-Infinity', 2),
    ])
    expect(server.trial(1).status).toBe('FAILED')
    expect(server.trial(1).tags.get('tunewright.error')).toBe('RangeError: no such network')
  })

  it('keeps to the limits of a batch, of names and of values', async () => {
    const { callback, study } = begin()
    const wide = Object.fromEntries(Array.from({ length: 2345 }, (_, i) => [`m${i}`, i]))
    const config = Object.fromEntries(Array.from({ length: 234 }, (_, i) => [`p${i}`, i]))
    const odd = { 'a@b': 1, 'a#b': 2, a_b: 3, '../up': 4, 'x//y/': 5, λ: 6, [`${'k'.repeat(300)}`]: 7, "'; DROP": 8 }
    runTrial(study, { ...config, long: 'ä'.repeat(9000) }, [wide, odd])
    await callback.onStudyEnd(study, finished)
    const run = server.trial(0)
    expect(run.metrics.filter(({ step }) => step === 1)).toHaveLength(2345 + 2)
    const names = run.metrics.filter(({ step, key }) => step === 2 && !key.startsWith('time/')).map(({ key }) => key)
    expect(new Set(names).size).toBe(8)
    expect(names).toEqual(expect.arrayContaining(['a_b', '_/up', 'x/_/y/_', 'λ']))
    expect(run.params.size).toBe(235)
    expect(run.params.get('long')).toHaveLength(6000)
  })

  it('gives shorter values to an older server', async () => {
    server.maxParamLength = 250
    const { callback, study } = begin()
    runTrial(study, { long: 'x'.repeat(9000), lr: 1 }, losses(1))
    await callback.onStudyEnd(study, finished)
    expect(server.trial(0).params.get('long')).toBe(`${'x'.repeat(249)}…`)
  })

  it('goes to the server of the environment, with its credentials', async () => {
    vi.stubEnv('MLFLOW_TRACKING_URI', `${url}/`)
    vi.stubEnv('MLFLOW_TRACKING_TOKEN', 'secret-token')
    vi.stubEnv('MLFLOW_EXPERIMENT_NAME', 'from the environment')
    const callback = new MLflowCallback()
    const study = new FakeStudy({ callbacks: [callback] })
    callback.onStudyStart(study)
    await callback.onStudyEnd(study, { type: 'interrupted' })
    expect(server.experiments).toEqual(['from the environment'])
    expect(new Set(server.requests.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer secret-token']))
    expect(server.parents[0]?.status).toBe('KILLED')
  })

  it('takes user name and password from the address', async () => {
    const { callback, study } = begin({ trackingUri: url.replace('http://', 'http://ada:p%40ss@') })
    await callback.onStudyEnd(study, finished)
    expect(server.requests[0]?.authorization).toBe(`Basic ${Buffer.from('ada:p@ss').toString('base64')}`)
  })
})

describe('a study that is resumed', () => {
  it('goes on in its runs, and sends nothing twice', async () => {
    server.pageSize = 2
    const { callback, callbacks, study } = begin()
    for (let i = 0; i < 4; i++) runTrial(study, { i }, losses(3))
    const open = study.start({ i: 4 })
    study.report(open, { loss: 1 })
    await callback.onStudyEnd(study, { type: 'interrupted' })
    callbacks.length = 0
    const again = new MLflowCallback({ trackingUri: url, retryAfterMs: 5 })
    callbacks.push(again)
    again.onStudyStart(study)
    study.report(open, { loss: 0.5 })
    study.end(open)
    runTrial(study, { i: 5 }, losses(2))
    await again.onStudyEnd(study, finished)
    expect(server.parents).toHaveLength(1)
    expect(server.runs).toHaveLength(7)
    expect([0, 1, 2, 3, 4, 5].map(index => stepsOf(index))).toEqual([...Array(4).fill(upTo(3)), upTo(2), upTo(2)])
    expect(new Set(server.runs.map(({ status }) => status))).toEqual(new Set(['FINISHED']))
  })

  it('sends what earlier sessions could not', async () => {
    await server.close()
    const { callback, callbacks, study } = begin({ flushTimeoutMs: 500 })
    for (let i = 0; i < 3; i++) runTrial(study, { i }, losses(4))
    await expect(callback.onStudyEnd(study, finished)).rejects.toThrow(
      /^http:.* lacks 12 reports of 3 trials: it does not answer \(.*ECONNREFUSED.*\)\. Nothing is lost.*resumed/,
    )
    server = new FakeMLflow()
    await server.listen(Number(new URL(url).port))
    callbacks.length = 0
    const again = new MLflowCallback({ trackingUri: url, maxWaitingReports: 5 })
    again.onStudyStart(study)
    await again.onStudyEnd(study, finished)
    expect([0, 1, 2].map(index => stepsOf(index))).toEqual(Array(3).fill(upTo(4)))
  })

  it('leaves a run alone that an older study of the same name has', async () => {
    const first = begin()
    runTrial(first.study, {}, losses(1))
    await first.callback.onStudyEnd(first.study, finished)
    const second = begin()
    runTrial(second.study, {}, losses(1))
    await second.callback.onStudyEnd(second.study, finished)
    expect(server.parents).toHaveLength(2)
    expect(server.runs.map(({ metrics }) => metrics.filter(({ key }) => key === 'loss').length)).toEqual([0, 1, 0, 1])
  })
})

describe('a server in trouble', () => {
  it('that answers 500 for a while gets everything once', async () => {
    server.fault = (_, n) => (n % 3 === 0 ? { status: 500, text: 'oops' } : undefined)
    const { callback, study } = begin()
    for (let i = 0; i < 5; i++) runTrial(study, { i }, losses(3))
    await callback.onStudyEnd(study, finished)
    expect([0, 1, 2, 3, 4].map(index => stepsOf(index))).toEqual(Array(5).fill(upTo(3)))
    expect(server.parents).toHaveLength(1)
  })

  it('whose answers are lost gets everything once', async () => {
    const lost = new Set<string>()
    server.fault = method => {
      if (lost.has(method)) return undefined
      lost.add(method)
      return 'lose'
    }
    const { callback, study } = begin()
    runTrial(study, { lr: 1 }, losses(5))
    await callback.onStudyEnd(study, finished)
    expect(lost).toContain('runs/create')
    expect(server.parents).toHaveLength(1)
    expect(stepsOf(0)).toEqual(upTo(5))
  })

  it('that never answers is given up when time is up, and told of', async () => {
    server.fault = method => (method === 'runs/log-batch' ? 'hang' : undefined)
    const { callback, study } = begin({ flushTimeoutMs: 100 })
    runTrial(study, { lr: 1 }, losses(2))
    await expect(callback.onStudyEnd(study, finished)).rejects.toThrow(
      /lacks 2 reports of 1 trials: the time for it ran out/,
    )
  })

  it('that comes back while the study runs gets what it missed, however little may wait', async () => {
    let isAway = true
    server.fault = () => (isAway ? { status: 503, text: '', headers: { 'retry-after': '0' } } : undefined)
    const { callback, study } = begin({ maxWaitingReports: 3 })
    for (let i = 0; i < 10; i++) runTrial(study, { i }, losses(4))
    await expect.poll(() => server.requests.length).toBeGreaterThan(2)
    isAway = false
    await expect.poll(() => server.runs.filter(run => run.status === 'FINISHED').length).toBe(10)
    runTrial(study, { i: 10 }, losses(4))
    await callback.onStudyEnd(study, finished)
    expect(upTo(11).map(n => stepsOf(n - 1))).toEqual(Array(11).fill(upTo(4)))
  })

  it('that refuses the credentials is told of at once, without them', async () => {
    server.fault = () => ({ status: 401, text: 'Bearer hunter2 is not welcome\u001b[31m' })
    const { callback, study } = begin({ token: 'hunter2' })
    await expect
      .poll(() => attempt(() => callback.onFlush()))
      .toBe(
        `TuneError: nothing is sent to ${url}/: it answers 401 (Bearer *** is not welcome): check MLFLOW_TRACKING_TOKEN, or user name and password`,
      )
    expect(attempt(() => callback.onFlush())).toBe('')
    runTrial(study, {}, losses(1))
    await expect(callback.onStudyEnd(study, finished)).rejects.toThrow(/lacks 1 reports of 1 trials: it answers 401/)
    expect(server.requests).toHaveLength(1)
  })

  it.each([
    ['is none of MLflow', { status: 404, text: '<html>nginx</html>' }, /speaks MLflow's REST interface/],
    [
      'sends elsewhere',
      { status: 302, text: '', headers: { location: 'http://127.0.0.1:1/login' } },
      /sends requests elsewhere/,
    ],
    [
      'answers with a page',
      { status: 200, text: '<html>log in</html>' },
      /something else than MLflow's JSON \(<html>log in/,
    ],
    [
      'answers with half of it',
      { status: 200, text: '{"experiment": {"experiment_id": {}}}' },
      /lacks 'experiment_id'/,
    ],
    [
      'answers with an id that is none',
      { status: 200, text: `{"experiment":{"experiment_id":"1' OR"}}` },
      /lacks 'experiment_id'/,
    ],
  ])('that %s is told of', async (_, fault, expected) => {
    server.fault = () => fault
    const { callback, study } = begin()
    runTrial(study, {}, losses(1))
    await expect(callback.onStudyEnd(study, finished)).rejects.toThrow(expected)
  })

  it('that does not take one thing gets the others', async () => {
    server.fault = (method, n) =>
      method === 'runs/log-batch' && n < 9
        ? { status: 400, text: '{"error_code":"INVALID_PARAMETER_VALUE","message":"bad"}' }
        : undefined
    const { callback, study } = begin()
    runTrial(study, { lr: 1 }, losses(1))
    await expect.poll(() => server.runs.length).toBe(2)
    await expect(callback.onStudyEnd(study, finished)).rejects.toThrow(
      /did not take parameters: it answers 400 INVALID/,
    )
    expect(server.trial(0).status).toBe('FINISHED')
  })
})

describe('what can not be', () => {
  it.each([
    [{}, /MLflow's address is not known: set MLFLOW_TRACKING_URI/],
    [{ trackingUri: 'databricks' }, /is no URL/],
    [{ trackingUri: 'sqlite:///hunter2.db' }, /begins with "sqlite:"/],
    [{ trackingUri: 'http://127.0.0.1', flushTimeoutMs: Number.NaN }, /flushTimeoutMs is NaN/],
    [{ trackingUri: 'http://127.0.0.1', experimentName: '' }, /experimentName is ""/],
    [{ trackingUri: 'http://127.0.0.1', token: 'a\nb' }, /characters that no HTTP header may have/],
  ])('is refused: %j', (options, expected) => {
    expect(() => new MLflowCallback(options)).toThrow(expected)
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
