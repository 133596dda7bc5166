import { describe, expect, it } from 'vitest'
import { CMAESSearcher, RandomSearcher, TPESearcher } from '../../searchers/index.js'
import { TuneError } from '../../src/errors.js'
import { decodeJson, encodeJson, type JsonObject } from '../../src/json.js'
import { Rng } from '../../src/rng.js'
import type { Searcher } from '../../src/searcher.js'
import { choice, loguniform, randint, Space, sampleFrom, uniform } from '../../src/space/index.js'
import { contextOf, requestOf } from '../searchers/scribe.js'
import { fuzzFactor, junk, spoil } from '../support/junk.js'

const space = Space.of({
  rate: loguniform(1e-5, 1),
  layers: randint(1, 5),
  optimizer: choice([{ type: 'adam', beta: uniform(0.8, 1) }, 'sgd', [uniform(0, 1), choice([1, 2])]]),
  nested: { drop: uniform(0, 0.5), fixed: 3 },
  twice: sampleFrom(({ rate }) => Number(rate) * 2),
})
const context = { ...contextOf([{ metric: 'loss', mode: 'min' }]), space }

/** What an action gives, or the code of the `TuneError` that it throws; whatever else it throws is a fault. */
function settle<T>(action: () => T): { readonly value: T } | { readonly code: string } {
  try {
    return { value: action() }
  } catch (error) {
    if (error instanceof TuneError) return { code: error.code }
    throw error
  }
}

/** Whether a journal can keep it: texts are compared, since matchers take a key such as `__proto__` for something else. */
function expectWhole(data: JsonObject): void {
  const text = encodeJson(data)
  expect(encodeJson(decodeJson(text))).toBe(text)
}

function junkConfig(rng: Rng): JsonObject {
  const config = spoil(space.sample(rng), rng)
  return (rng.uniform() < 0.3 ? spoil(config, rng) : config) as JsonObject
}

/** Has a searcher do all that comes before its first trial. */
function begin(searcher: Searcher): JsonObject | undefined {
  searcher.setUp(context)
  expectWhole(searcher.options)
  const suggestion = searcher.suggest(requestOf(0))
  return suggestion.type === 'config' ? suggestion.config : undefined
}

const searchers = [RandomSearcher, TPESearcher, CMAESSearcher]

describe('a config that is anything at all', () => {
  const count = 250 * fuzzFactor

  it(
    'is taken or refused with a TuneError, and changes nothing but itself',
    () => {
      const rng = Rng.from(1).fork('configs')
      const before = Object.getOwnPropertyNames(Object.prototype)
      let taken = 0
      for (let run = 0; run < count; run++) {
        const config = junkConfig(rng)
        const isInside = space.contains(config)
        for (const unit of space.encode(config)) expect(unit >= 0 && unit <= 1 ? 0 : unit).toSatisfy(isZeroOrNaN)
        const checked = settle(() => space.checkGiven(config))
        if ('code' in checked) expect(checked.code).toBe('INVALID_CONFIG')
        else {
          taken += 1
          const made = settle(() => space.sample(rng, { given: config }))
          if ('value' in made) expectWhole(made.value)
        }
        expect(isInside && 'code' in checked && !isComputed(config)).toBe(false)
      }
      expect(taken).toBeGreaterThan(count / 10)
      expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before)
    },
    60_000 * fuzzFactor,
  )

  it(
    'is evaluated first or refused by a searcher',
    () => {
      const rng = Rng.from(1).fork('points')
      for (let run = 0; run < count / 2; run++) {
        const Searcher = searchers[run % searchers.length] ?? RandomSearcher
        const pointsToEvaluate = (rng.uniform() < 0.1 ? junk(rng) : [junkConfig(rng)]) as JsonObject[]
        const begun = settle(() => begin(new Searcher({ pointsToEvaluate })))
        if ('code' in begun) expect(begun.code).toMatch(/^INVALID_/)
        else expect(encodeJson(begun.value ?? {})).toBeTypeOf('string')
      }
    },
    60_000 * fuzzFactor,
  )

  it(
    'is learnt from, left out or refused where it was evaluated elsewhere',
    () => {
      const rng = Rng.from(1).fork('evaluated')
      for (let run = 0; run < count / 2; run++) {
        const searcher = run % 2 === 0 ? new TPESearcher() : new CMAESSearcher()
        const good = { config: space.sample(rng), metrics: { loss: 1 } }
        const evaluated = spoil([good, { ...good, config: junkConfig(rng) }], rng)
        const begun = settle(() => {
          searcher.addEvaluated(evaluated as (typeof good)[])
          return begin(searcher)
        })
        if ('code' in begun) expect(begun.code).toMatch(/^INVALID_/)
        else expect(space.contains(begun.value)).toBe(true)
      }
    },
    60_000 * fuzzFactor,
  )
})

const isZeroOrNaN = (unit: number) => unit === 0 || Number.isNaN(unit)

/** Whether a config may be of the space although it is no plain data: what stands for a computed value is not looked at. */
function isComputed({ twice }: JsonObject): boolean {
  return typeof twice !== 'number'
}
