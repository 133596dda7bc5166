import { describe, expect, it } from 'vitest'
import { toCoroutine } from '../../src/trainable/coroutine.js'
import {
  type Metrics,
  Report,
  type ReportingContext,
  report,
  type TrainableDefinition,
  type TrialContext,
} from '../../src/trainable/trainable.js'
import { brief, ended, invalidReport, makeContext, open, runAll } from './coroutine-steps.js'

describe('a trainable runs step by step', () => {
  it.each<[string, unknown]>([
    [
      'an async generator',
      async function* () {
        yield { n: 1 }
        yield report({ n: 2 })
      },
    ],
    [
      'a plain generator',
      function* () {
        yield { n: 1 }
        yield new Report({ n: 2 })
      },
    ],
    [
      'a function that awaits its reports',
      async (_: unknown, context: ReportingContext) => {
        await context.report({ n: 1 })
        await context.report({ n: 2 })
      },
    ],
    [
      'a function that does not await them',
      async (_: unknown, context: ReportingContext) => {
        context.report({ n: 1 }).catch(() => undefined)
        context.report({ n: 2 }).catch(() => undefined)
      },
    ],
    [
      'a plain function that cannot await them',
      (_: unknown, context: ReportingContext) => {
        context.report({ n: 1 }).catch(() => undefined)
        context.report({ n: 2 }).catch(() => undefined)
      },
    ],
    [
      'a function that reports from promises of its own',
      async (_: unknown, context: ReportingContext) => {
        await Promise.all([context.report({ n: 1 }), Promise.resolve().then(() => context.report({ n: 2 }))])
      },
    ],
  ])('%s', async (_, definition) => {
    expect(await runAll(definition)).toEqual([{ n: 1 }, { n: 2 }, ...ended])
  })

  it.each<[string, unknown]>([
    [
      'an async generator',
      async function* () {
        yield { n: 1 }
        return { n: 2 }
      },
    ],
    [
      'a plain generator',
      function* () {
        yield { n: 1 }
        return report({ n: 2 })
      },
    ],
    [
      'a function',
      async (_: unknown, context: ReportingContext) => {
        await context.report({ n: 1 })
        return { n: 2 }
      },
    ],
  ])('and what %s returns is its last report', async (_, definition) => {
    expect(await runAll(definition)).toEqual([{ n: 1 }, { n: 2 }, ...ended])
  })

  it('and a function that only returns makes one report', async () => {
    expect(await runAll(async ({ lr }: { lr: number }) => ({ lr }))).toEqual([{ lr: 0.1 }, ...ended])
    expect(await runAll(({ lr }: { lr: number }) => ({ lr }))).toEqual([{ lr: 0.1 }, ...ended])
  })

  it.each([undefined, null])('and a function that returns %s makes none', async nothing => {
    expect(await runAll(() => nothing)).toEqual(ended)
  })

  it('and runs no line before its first step, nor beyond the report that it waits at', async () => {
    const seen: string[] = []
    const generator = open(async function* () {
      seen.push('generator begins')
      yield { n: 1 }
      seen.push('generator goes on')
    })
    const caller = open(async (_: unknown, context: ReportingContext) => {
      seen.push('function begins')
      await context.report({ n: 1 })
      seen.push('function goes on')
    })
    await new Promise(resolve => setImmediate(resolve))
    expect(seen).toEqual([])
    await generator.next()
    await caller.next()
    await new Promise(resolve => setImmediate(resolve))
    expect(seen).toEqual(['generator begins', 'function begins'])
    await Promise.all([generator.stop(), caller.stop()])
    expect(seen).toEqual(['generator begins', 'function begins'])
  })

  it('and gets its config and its context', async () => {
    const context = makeContext()
    const seen: unknown[] = []
    const see = (config: unknown, { trialIndex, trialId, directory, seed, rng, signal }: TrialContext) =>
      seen.push([config, trialIndex, trialId, directory, seed, rng === context.rng, signal === context.signal])
    const definitions: TrainableDefinition[] = [
      async function* (config: unknown, its: TrialContext) {
        see(config, its)
        yield {}
      },
      (config: unknown, its: TrialContext) => {
        see(config, its)
      },
    ]
    for (const definition of definitions) await toCoroutine({ definition, config: { lr: 1 }, context }).next()
    expect(seen).toEqual(Array.from({ length: 2 }, () => [{ lr: 1 }, 3, 't_3', '/nowhere', 1, true, true]))
  })

  it('and hands on the means to save with the report that they belong to', async () => {
    const saved: string[] = []
    const save = (what: string) => ({ checkpoint: (directory: string) => void saved.push(`${what} to ${directory}`) })
    const coroutines = [
      open(async function* () {
        yield report({}, save('generator'))
        yield {}
      }),
      open(async (_: unknown, context: ReportingContext) => {
        await context.report({}, save('function'))
        await context.report({})
      }),
    ]
    for (const coroutine of coroutines) {
      const first = await coroutine.next()
      const second = await coroutine.next()
      if (first.type === 'report') await first.save?.('here')
      expect(second).toEqual({ type: 'report', metrics: {}, save: undefined })
    }
    expect(saved).toEqual(['generator to here', 'function to here'])
  })

  it.each<[string, unknown]>([
    [
      'a generator',
      async function* () {
        yield Promise.reject(new RangeError('boom'))
      },
    ],
    ['a function', () => Promise.reject(new RangeError('boom'))],
    [
      'a function that throws at once',
      () => {
        throw new RangeError('boom')
      },
    ],
  ])('and what %s throws is thrown by the step', async (_, definition) => {
    const coroutine = open(definition)
    await expect(coroutine.next()).rejects.toThrow(new RangeError('boom'))
    await coroutine.stop()
  })
})

describe('a report that is no plain data', () => {
  const odd: [string, unknown, string][] = [
    ['an array', [1], 'a report of trial 3 is [1], not a plain object: report metrics by name'],
    ['a number', 0.1, 'a report of trial 3 is 0.1, not a plain object'],
    ['a map', new Map(), 'a report of trial 3 is {}, not a plain object'],
    ['a metric that is undefined', { loss: undefined }, "a report of trial 3 holds undefined at 'loss'"],
    ['a metric that is a tensor', { loss: new Float32Array(1) }, "a report of trial 3 holds a Float32Array at 'loss'"],
  ]

  it.each(odd)('fails a generator: %s', async (_, value, message) => {
    const yields = open(async function* () {
      yield value
    })
    await expect(yields.next()).rejects.toThrow(invalidReport(message))
    const returns = open(function* () {
      yield {}
      return value
    })
    await returns.next()
    await expect(returns.next()).rejects.toThrow(invalidReport(message))
  })

  it.each(odd)('fails a function: %s', async (_, value, message) => {
    const reports = open((_: unknown, context: ReportingContext) => context.report(value as Metrics))
    await expect(reports.next()).rejects.toThrow(invalidReport(message))
    await expect(open(() => value).next()).rejects.toThrow(invalidReport(message))
  })

  it.each(odd)('fails a class: %s', async (_, value, message) => {
    class Stepper {
      step() {
        return value
      }
    }
    await expect(open(Stepper).next()).rejects.toThrow(invalidReport(message))
  })

  it('fails the trial, be it caught or not awaited', async () => {
    const caught = open(async (_: unknown, context: ReportingContext) => {
      await context.report([] as unknown as Metrics).catch(() => undefined)
      await context.report({ n: 1 })
    })
    const ignored = open((_: unknown, context: ReportingContext) => {
      void context.report([] as unknown as Metrics)
    })
    for (const coroutine of [caught, ignored]) {
      await expect(coroutine.next()).rejects.toThrow(expect.objectContaining({ code: 'INVALID_REPORT' }))
    }
  })

  it('is not lost for being made without waiting, before others are returned', async () => {
    const coroutine = open((_: unknown, context: ReportingContext) => {
      void context.report({ n: 1 })
      void context.report({ n: 2 })
      return { n: 3 }
    })
    expect([brief(await coroutine.next()), brief(await coroutine.next()), brief(await coroutine.next())]).toEqual([
      { n: 1 },
      { n: 2 },
      { n: 3 },
    ])
    expect(await coroutine.next()).toEqual({ type: 'end' })
  })

  it('is none for being made by another copy of the package', async () => {
    const foreign = { Report: class Report {} }.Report
    const made = Object.assign(new foreign(), { metrics: { n: 1 }, checkpoint: undefined })
    expect(brief(await open(() => made).next())).toEqual({ n: 1 })
  })

  it('is one that a generator makes by calling', async () => {
    const coroutine = open(async function* (_: unknown, context: ReportingContext) {
      await context.report({ n: 1 })
      yield { n: 2 }
    })
    await expect(coroutine.next()).rejects.toThrow(
      expect.objectContaining({
        code: 'INVALID_TRAINABLE',
        message: expect.stringContaining('a generator reports by yielding'),
      }),
    )
  })
})
