import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/json.js'
import { Rng } from '../../src/rng.js'
import { type Coroutine, type Step, toCoroutine } from '../../src/trainable/coroutine.js'
import {
  type Metrics,
  Report,
  type ReportingContext,
  report,
  type TrainableDefinition,
  type TrainableInstance,
  type TrialContext,
} from '../../src/trainable/trainable.js'

function makeContext(some: Partial<TrialContext> = {}): TrialContext {
  return {
    trialIndex: 3,
    trialId: 't_3',
    repeat: undefined,
    directory: '/nowhere',
    seed: 1,
    rng: Rng.from(1),
    signal: new AbortController().signal,
    checkpoint: undefined,
    ...some,
  }
}

type Previous = TrainableInstance | undefined

function open(definition: unknown, some: Partial<TrialContext> = {}, previous?: Previous): Coroutine {
  const context = makeContext(some)
  return toCoroutine({ definition: definition as TrainableDefinition, config: { lr: 0.1 }, context, previous })
}

function brief(step: Step): JsonObject | 'end' {
  return step.type === 'end' ? 'end' : step.metrics
}

/** All steps up to the end, and two more beyond it. */
async function runAll(definition: unknown): Promise<(JsonObject | 'end')[]> {
  const coroutine = open(definition)
  const steps: (JsonObject | 'end')[] = []
  for (let beyond = 0; beyond < 3; ) {
    const step = brief(await coroutine.next())
    steps.push(step)
    if (step === 'end') beyond += 1
  }
  return steps
}

const invalidReport = (message: string) =>
  expect.objectContaining({ name: 'TuneError', code: 'INVALID_REPORT', message: expect.stringContaining(message) })

const ended = ['end', 'end', 'end']

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
      // biome-ignore lint/correctness/useYield: it throws first
      async function* () {
        throw new RangeError('boom')
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

describe('a stop', () => {
  const kinds: [string, (log: string[]) => unknown][] = [
    [
      'an async generator',
      log =>
        async function* () {
          try {
            for (let n = 1; ; n++) yield { n }
          } finally {
            await Promise.resolve()
            log.push('cleaned up')
          }
        },
    ],
    [
      'a plain generator',
      log =>
        function* () {
          try {
            for (let n = 1; ; n++) yield { n }
          } finally {
            log.push('cleaned up')
          }
        },
    ],
    [
      'a function',
      log => async (_: unknown, context: ReportingContext) => {
        try {
          for (let n = 1; ; n++) await context.report({ n })
        } finally {
          await Promise.resolve()
          log.push('cleaned up')
        }
      },
    ],
    [
      'a class',
      log =>
        class {
          step() {
            return { n: 1 }
          }
          async cleanup() {
            await Promise.resolve()
            log.push('cleaned up')
          }
        },
    ],
  ]

  it.each(kinds)('runs the clean-up of %s, once', async (_, make) => {
    const log: string[] = []
    const coroutine = open(make(log))
    await coroutine.next()
    await coroutine.next()
    expect(log).toEqual([])
    await coroutine.stop()
    await coroutine.stop()
    expect(log).toEqual(['cleaned up'])
  })

  it.each(kinds)('before the first step runs nothing of %s', async (_, make) => {
    const log: string[] = []
    const coroutine = open(make(log))
    await coroutine.stop()
    await coroutine.stop()
    expect(log).toEqual([])
  })

  it('after the end does nothing', async () => {
    const coroutine = open(function* () {
      yield {}
    })
    await coroutine.next()
    expect(brief(await coroutine.next())).toBe('end')
    await coroutine.stop()
  })

  it('waits for the step of an async generator that is under way', async () => {
    const log: string[] = []
    let finishStep: (value?: unknown) => void = () => undefined
    const coroutine = open(async function* () {
      try {
        await new Promise(resolve => {
          finishStep = resolve
        })
        log.push('stepped')
        yield {}
      } finally {
        log.push('cleaned up')
      }
    })
    const step = coroutine.next()
    const stopped = coroutine.stop()
    finishStep()
    await Promise.all([step, stopped])
    expect(log).toEqual(['stepped', 'cleaned up'])
  })

  it('lets a function see an AbortError at the report that it waits at', async () => {
    const seen: unknown[] = []
    const coroutine = open(async (_: unknown, context: ReportingContext) => {
      await context.report({ n: 1 }).catch(error => seen.push(error.name, error.message))
      throw new Error('its clean-up fails, which changes nothing')
    })
    await coroutine.next()
    await coroutine.stop()
    expect(seen).toEqual(['AbortError', 'the trial was stopped'])
  })

  it('holds though a function swallows the AbortError and keeps reporting', async () => {
    const seen: unknown[] = []
    const coroutine = open(async (_: unknown, context: ReportingContext) => {
      for (let n = 1; n <= 5; n++) await context.report({ n }).catch(error => seen.push([n, error.name]))
      return { n: 6 }
    })
    await coroutine.next()
    await coroutine.next()
    await coroutine.stop()
    // the next one would never settle, so that a loop can't spin for ever
    expect(seen).toEqual([2, 3].map(n => [n, 'AbortError']))
  })

  it('passes on what the clean-up of a generator or a class throws', async () => {
    const generator = open(async function* () {
      try {
        yield {}
      } finally {
        await Promise.reject(new Error('no clean-up'))
      }
    })
    const instance = open(
      class {
        step() {
          return {}
        }
        cleanup() {
          throw new Error('no clean-up')
        }
      },
    )
    for (const coroutine of [generator, instance]) {
      await coroutine.next()
      await expect(coroutine.stop()).rejects.toThrow('no clean-up')
      await coroutine.stop()
    }
  })
})

describe('a class trainable', () => {
  /** A class that writes down what is done to its instances. */
  function makeClass(log: string[], canReset?: boolean | (() => boolean | Promise<boolean>)) {
    let made = 0
    class Stepper {
      readonly #name = `#${++made}`
      #count = 0
      async setup(config: JsonObject, { trialIndex }: TrialContext) {
        await Promise.resolve()
        log.push(`${this.#name} set up for ${trialIndex} with ${JSON.stringify(config)}`)
      }
      step() {
        this.#count += 1
        return { count: this.#count }
      }
      save(directory: string) {
        log.push(`${this.#name} saved at ${this.#count} to ${directory}`)
      }
      load(directory: string) {
        this.#count = 100
        log.push(`${this.#name} loaded from ${directory}`)
      }
      cleanup() {
        log.push(`${this.#name} cleaned up`)
      }
    }
    if (canReset === undefined) return Stepper
    return class extends Stepper {
      async reset() {
        log.push('reset')
        return typeof canReset === 'function' ? await canReset() : canReset
      }
    }
  }

  it('is set up at its first step, saves what a step left, and is cleaned up at its stop', async () => {
    const log: string[] = []
    const coroutine = open(makeClass(log))
    expect([coroutine.isClass, coroutine.instance, log]).toEqual([true, undefined, []])
    const first = await coroutine.next()
    if (first.type === 'report') await first.save?.('d')
    expect(brief(await coroutine.next())).toEqual({ count: 2 })
    await coroutine.stop()
    expect(log).toEqual(['#1 set up for 3 with {"lr":0.1}', '#1 saved at 1 to d', '#1 cleaned up'])
  })

  it('loads its checkpoint after it is set up', async () => {
    const log: string[] = []
    const coroutine = open(makeClass(log), { checkpoint: { directory: '/c', iteration: 4 } })
    expect(brief(await coroutine.next())).toEqual({ count: 101 })
    expect(log).toEqual(['#1 set up for 3 with {"lr":0.1}', '#1 loaded from /c'])
  })

  it('with a checkpoint and no load() says what is missing', async () => {
    class Forgetful {
      step() {
        return {}
      }
    }
    await expect(open(Forgetful, { checkpoint: { directory: '/c', iteration: 4 } }).next()).rejects.toThrow(
      expect.objectContaining({
        code: 'INVALID_TRAINABLE',
        message: expect.stringContaining('its class has no load()'),
      }),
    )
  })

  it('without save() has nothing to save', async () => {
    class Plain {
      step() {
        return {}
      }
    }
    expect(await open(Plain).next()).toEqual({ type: 'report', metrics: {}, save: undefined })
  })

  it('gives its instance to the next trial when that can be reset, cleaned up by nobody in between', async () => {
    const log: string[] = []
    const Stepper = makeClass(log, true)
    const first = open(Stepper)
    await first.next()
    await first.stop()
    const second = open(Stepper, { trialIndex: 4 }, first.instance)
    expect(brief(await second.next())).toEqual({ count: 2 })
    expect([second.instance === first.instance, log]).toEqual([true, ['#1 set up for 3 with {"lr":0.1}', 'reset']])
  })

  it('loads its checkpoint into an instance that was reset', async () => {
    const log: string[] = []
    const Stepper = makeClass(log, true)
    const first = open(Stepper)
    await first.next()
    const checkpoint = { directory: '/c', iteration: 4 }
    expect(brief(await open(Stepper, { checkpoint }, first.instance).next())).toEqual({ count: 101 })
    expect(log).toEqual(['#1 set up for 3 with {"lr":0.1}', 'reset', '#1 loaded from /c'])
  })

  it('makes a new instance where the old one says that it cannot be reset, and cleans that up', async () => {
    const log: string[] = []
    const Stepper = makeClass(log, false)
    const first = open(Stepper)
    await first.next()
    const second = open(Stepper, { trialIndex: 4 }, first.instance)
    expect(brief(await second.next())).toEqual({ count: 1 })
    expect(log).toEqual([
      '#1 set up for 3 with {"lr":0.1}',
      'reset',
      '#1 cleaned up',
      '#2 set up for 4 with {"lr":0.1}',
    ])
  })

  it('gives no instance away that has no reset()', async () => {
    const coroutine = open(makeClass([]))
    await coroutine.next()
    expect(coroutine.instance).toBeUndefined()
  })

  it('fails the trial with what setup, reset or step throws', async () => {
    const fail = (method: string) =>
      class {
        setup() {
          if (method === 'setup') throw new Error('setup failed')
        }
        step(): Metrics {
          if (method === 'step') throw new Error('step failed')
          return {}
        }
        reset(): boolean {
          throw new Error('reset failed')
        }
      }
    await expect(open(fail('setup')).next()).rejects.toThrow('setup failed')
    await expect(open(fail('step')).next()).rejects.toThrow('step failed')
    await expect(open(fail('reset'), {}, new (fail('reset'))()).next()).rejects.toThrow('reset failed')
  })
})
