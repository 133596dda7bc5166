import { describe, expect, it } from 'vitest'
import { TuneError } from '../../src/errors.js'
import type { StopperContext } from '../../src/stopper.js'
import { MetricStopper, type StopInput, toStopper } from '../../src/stoppers/index.js'

/** A stopper as the journal's header names it. */
function made(input: StopInput, context: StopperContext = { objectives: [{ metric: 'accuracy', mode: 'max' }] }) {
  const { name, options } = toStopper(input, context)
  return { name, options }
}

const bound = (options: { [key: string]: string | number }) => ({ name: 'metric', options })
const iterations = (maxIterations: number) => ({ name: 'maximum-iteration', options: { maxIterations } })

describe('toStopper', () => {
  it('keeps a stopper', () => {
    const stopper = new MetricStopper({ metric: 'loss', atMost: 1 })
    expect(toStopper(stopper, { objectives: [] })).toBe(stopper)
  })

  it('takes a function', () => {
    expect(
      made(function tooSlow() {
        return false
      }),
    ).toMatchObject({ name: 'function', options: { function: 'tooSlow' } })
  })

  it('reads numbers of iterations and seconds as upper limits', () => {
    expect(made({ trainingIteration: 10 })).toEqual(iterations(10))
    expect(made({ timeTotalS: 60 })).toEqual(bound({ metric: 'timeTotalS', atLeast: 60 }))
  })

  it("reads a number for the study's metric in the direction of its mode", () => {
    expect(made({ accuracy: 0.98 })).toEqual(bound({ metric: 'accuracy', atLeast: 0.98 }))
    expect(made({ loss: 0.1 }, { objectives: [{ metric: 'loss', mode: 'min' }] })).toEqual(
      bound({ metric: 'loss', atMost: 0.1 }),
    )
  })

  it('reads bounds with a direction for any metric, even one called name', () => {
    expect(made({ loss: { atMost: 0.1 } })).toEqual(bound({ metric: 'loss', atMost: 0.1 }))
    expect(made({ name: { atLeast: 3 } })).toEqual(bound({ metric: 'name', atLeast: 3 }))
    expect(made({ trainingIteration: { atLeast: 3 } })).toEqual(bound({ metric: 'trainingIteration', atLeast: 3 }))
  })

  it('stops at any of several bounds, or of anything in an array', () => {
    expect(
      made([{ trainingIteration: 10, accuracy: 0.98 }, new MetricStopper({ metric: 'loss', atLeast: 9 })]),
    ).toEqual({
      name: 'any-of',
      options: {
        stoppers: [
          {
            name: 'any-of',
            options: { stoppers: [iterations(10), bound({ metric: 'accuracy', atLeast: 0.98 })] },
          },
          bound({ metric: 'loss', atLeast: 9 }),
        ],
      },
    })
  })

  it('never stops when it is given nothing to stop at', () => {
    expect([made({}), made([])]).toEqual(Array(2).fill({ name: 'any-of', options: { stoppers: [] } }))
  })

  it('asks for the direction of a number that has none', () => {
    const contexts: StopperContext[] = [{ objectives: [{ metric: 'accuracy', mode: 'max' }] }, { objectives: [] }]
    for (const context of contexts) {
      expect(() => toStopper({ loss: 0.1 }, context)).toThrow(
        new TuneError(
          'INVALID_OPTION',
          'stop.loss is 0.1, which says nothing about the direction: write { loss: { atMost: 0.1 } } to stop at 0.1 and below, or { loss: { atLeast: 0.1 } } to stop at 0.1 and above',
        ),
      )
    }
  })

  it.each([[{}], [{ atMost: 1, atLeast: 0 }], [{ above: 1 }], ['0.1'], [null]])('refuses the bound %o', wrong => {
    const input: object = { loss: wrong }
    // @ts-expect-error such bounds don't compile; plain JavaScript may still pass them
    expect(() => toStopper(input, { objectives: [{ metric: 'loss', mode: 'min' }] })).toThrow(
      /^stop\.loss is .*; give { atLeast: number } or { atMost: number }/,
    )
  })

  it.each([['loss < 1'], [3], [null], [undefined], [new Map()]])('refuses %o', wrong => {
    // @ts-expect-error such values don't compile; plain JavaScript may still pass them
    expect(() => toStopper(wrong, { objectives: [{ metric: 'loss', mode: 'min' }] })).toThrow(
      /^stop is .*; give a stopper, a function/,
    )
  })
})
