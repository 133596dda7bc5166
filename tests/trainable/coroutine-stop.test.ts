import { describe, expect, it } from 'vitest'
import type { ReportingContext } from '../../src/trainable/trainable.js'
import { brief, open } from './coroutine-steps.js'

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
