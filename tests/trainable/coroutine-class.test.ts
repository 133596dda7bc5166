import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/json.js'
import type { Metrics, TrialContext } from '../../src/trainable/trainable.js'
import { brief, open } from './coroutine-steps.js'

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
