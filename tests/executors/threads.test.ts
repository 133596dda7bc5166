import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ExecutorOptions } from '../../src/executors/executor.js'
import { ThreadsExecutor, type ThreadsExecutorOptions } from '../../src/executors/threads/threads.js'
import { Bench, describeExecutor } from '../contract/executor.js'

const fixture = (name: string) => new URL(`../fixtures/${name}`, import.meta.url).href

function create(options: ExecutorOptions, exportName = 'default', more: Partial<ThreadsExecutorOptions> = {}) {
  return new ThreadsExecutor({
    ...options,
    trainable: { moduleUrl: fixture('counter.mjs'), exportName },
    workers: 2,
    ...more,
  })
}

describeExecutor('threads', (options, exportName) => create(options, exportName))

describe('worker threads', () => {
  let bench: Bench
  beforeEach(() => {
    bench = new Bench()
  })
  afterEach(() => bench.close())

  const from = (name: string) => (options: ExecutorOptions) =>
    create(options, 'default', { trainable: { moduleUrl: fixture(name), exportName: 'default' } })

  it('report a process.exit as the fault of the worker, with every trial that was aboard', async () => {
    const executor = await bench.open(options => create(options, 'default', { workers: 1 }))
    executor.start(bench.run(0, { steps: 5 }, { grant: { until: 2, iteration: 9 } }), 0)
    executor.start(bench.run(1, { steps: 5, exitAt: 3 }), 0)
    const failed = [await bench.until('failed', 0), await bench.until('failed', 1)]
    expect(failed.map(({ fault, error }) => [fault, error.code])).toEqual([
      ['worker', 'WORKER_EXITED'],
      ['worker', 'WORKER_EXITED'],
    ])
    // and a new thread takes the place
    executor.start(bench.run(0, { steps: 5 }), 1)
    expect((await bench.until('ended', 0)).attempt).toBe(1)
  })

  it('report running out of memory', async () => {
    const executor = await bench.open(options =>
      create(options, 'default', { resourceLimits: { maxOldGenerationSizeMb: 32 } }),
    )
    executor.start(bench.run(0, { steps: 5, eatAt: 2 }), 0)
    const { fault, error } = await bench.until('failed')
    expect([fault, error.code]).toEqual(['worker', 'WORKER_OUT_OF_MEMORY'])
    expect(error.message).toContain('maxOldGenerationSizeMb')
  })

  it.each([
    ['strayAt', 'thrown in a timer'],
    ['rejectAt', 'rejected by nobody'],
  ])('fail only the trial whose code throws outside any promise (%s)', async (when, message) => {
    const executor = await bench.open(options => create(options, 'default', { workers: 1 }))
    executor.start(bench.run(0, { steps: 5, delayMs: 5 }), 0)
    executor.start(bench.run(1, { steps: 5, [when]: 2 }), 0)
    const { fault, error, trialIndex } = await bench.until('failed')
    expect([trialIndex, fault, error.message]).toEqual([1, 'trainable', message])
    await bench.until('ended', 0)
    expect(bench.counts(0)).toEqual([1, 2, 3, 4, 5])
  })

  it('are ended by force when a trial never comes to its end', async () => {
    const executor = await bench.open(create)
    executor.start(bench.run(0, { steps: 5, spinAt: 2 }), 0)
    await bench.report(0, 1)
    await executor.close({ graceMs: 50 })
  })

  it('give each trial a thread of its own when workers are not to be reused', async () => {
    const executor = await bench.open(options => create(options, 'Stepper'), 'Stepper', { reuseActors: false })
    executor.start(bench.run(0, { steps: 1 }), 0)
    await bench.until('ended', 0)
    executor.start(bench.run(1, { steps: 1 }), 0)
    await bench.until('ended', 1)
    expect([...bench.reports(0), ...bench.reports(1)].map(({ metrics }) => metrics.made)).toEqual([1, 1])
  })

  it('load trainables written in TypeScript', async () => {
    const executor = await bench.open(from('typed.ts'))
    executor.start(bench.run(4, { steps: 2 }), 0)
    await bench.until('ended')
    expect(bench.reports(4).map(({ metrics }) => metrics)).toEqual([
      { step: 1, trial: 4 },
      { step: 2, trial: 4 },
    ])
  })

  it.each([
    ['throws-on-import.mjs', 'TRAINABLE_IMPORT_FAILED', 'the module is broken'],
    ['no-default.mjs', 'INVALID_TRAINABLE', 'it exports somethingElse'],
    ['not-a-trainable.mjs', 'INVALID_TRAINABLE', "export 'default'"],
  ])('say that a module is of no use (%s)', async (name, code, message) => {
    const executor = await bench.open(from(name))
    executor.start(bench.run(0, {}), 0)
    const { error } = await bench.until('broken')
    expect(error.code).toBe(code)
    expect(error.message).toContain(message)
  })

  it('are not made for a module that does not exist', () => {
    expect(() => from('missing.mjs')({} as ExecutorOptions)).toThrowError(
      expect.objectContaining({ code: 'TRAINABLE_NOT_FOUND', message: expect.stringContaining('missing.mjs') }),
    )
  })
})
