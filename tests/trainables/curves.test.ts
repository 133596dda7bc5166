import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { Rng } from '../../src/rng.js'
import { Space } from '../../src/space/index.js'
import { curveSpace, curveTrainable, loadCurveTable } from '../../trainables/curves/curve-table.js'
import { syntheticCurveSpace, syntheticCurves } from '../../trainables/curves/synthetic-curves.js'

const folder = mkdtempSync(join(tmpdir(), 'tunewright-curves-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function writeTable(name: string, description: object = {}): string {
  const path = join(folder, name)
  const ranges = { rate: [1e-4, 1], decay: [1e-6, 1e-2] }
  const whole = { name, hyperparameters: ['rate', 'decay'], ranges, configurations: 2, steps: 3, ...description }
  writeFileSync(`${path}.json`, JSON.stringify(whole))
  writeFileSync(`${path}.hp.f64`, new Uint8Array(Float64Array.of(1e-3, 1e-5, 1e-1, 1e-3).buffer))
  writeFileSync(`${path}.valid.f32`, new Uint8Array(Float32Array.of(3, 2, 1, 4, Number.NaN, Number.NaN).buffer))
  writeFileSync(`${path}.test.f32`, new Uint8Array(Float32Array.of(6, 5, 4, 8, Number.NaN, Number.NaN).buffer))
  return path
}

describe('recorded learning curves', () => {
  it('play back the curve of the recorded config that is nearest on the logarithm', () => {
    const table = loadCurveTable(writeTable('two'))
    const play = curveTrainable(table)
    expect([...play({ rate: 2e-3, decay: 2e-5 })].map(({ validLoss }) => validLoss)).toEqual([3, 2, 1])
    expect([...play({ rate: 0.5, decay: 1e-4 })]).toEqual([
      { validLoss: 4, testLoss: 8 },
      { validLoss: Number.NaN, testLoss: Number.NaN },
      { validLoss: Number.NaN, testLoss: Number.NaN },
    ])
    expect(table.bestFinalLoss).toBe(1)
  })

  it('have a space between the bounds that were recorded', () => {
    const space = Space.of(curveSpace(loadCurveTable(writeTable('spaced'))))
    expect(space.contains({ rate: 1e-4, decay: 1e-2 })).toBe(true)
    expect(space.contains({ rate: 2, decay: 1e-2 })).toBe(false)
  })

  it('say which file is missing, short or something else', () => {
    expect(() => loadCurveTable(join(folder, 'none'))).toThrow(/none\.json can't be read: ENOENT/)
    expect(() => loadCurveTable(writeTable('other', { steps: 'many' }))).toThrow('it does not describe learning curves')
    expect(() => loadCurveTable(writeTable('short', { steps: 4 }))).toThrow(
      /short\.valid\.f32 can't be read: it has 24 bytes, not 32/,
    )
  })

  const taskset = new URL('../../../shared/data/taskset/patch32_GRU128_bs128', import.meta.url).pathname
  it.skipIf(!existsSync(`${taskset}.json`))(
    'of TaskSet are read as their description says (skipped without the data)',
    () => {
      const table = loadCurveTable(taskset)
      expect([table.size, table.steps, table.hyperparameters.length]).toEqual([1000, 51, 8])
      expect(table.bestFinalLoss).toBeCloseTo(0.3776991665363312, 7)
    },
  )
})

describe('synthetic learning curves', () => {
  const lossesOf = (config: { learningRate: number; capacity: number; regularization: number }, options = {}) =>
    [...syntheticCurves({ noise: 0, ...options })(config, { rng: Rng.from(1) })].map(({ loss }) => loss)
  const best = { learningRate: 0.01, capacity: 0.8, regularization: 0.4 }

  it('end best at the known optimum', () => {
    const space = Space.of(syntheticCurveSpace)
    const others = Array.from({ length: 50 }, (_, i) => space.sample(Rng.from(i))) as (typeof best)[]
    const options = { crossing: 0, steps: 30 }
    const finals = others.map(config => lossesOf(config, options).at(-1) ?? 0)
    const least = Math.min(...finals.filter(loss => !Number.isNaN(loss)))
    expect(lossesOf(best, options).at(-1)).toBeLessThan(least)
  })

  it('cross when they are told to: what ends better may begin worse', () => {
    const small = { ...best, capacity: 0 }
    const [good, poor] = [lossesOf(best, { crossing: 1, steps: 2000 }), lossesOf(small, { crossing: 1, steps: 2000 })]
    expect(good[0]).toBeGreaterThan(poor[0] ?? 0)
    expect(good.at(-1)).toBeLessThan(poor.at(-1) ?? 0)
  })

  it('diverge sooner the larger the learning rate is', () => {
    const firstNaN = (learningRate: number) => lossesOf({ ...best, learningRate }).findIndex(Number.isNaN)
    expect(firstNaN(0.1)).toBe(-1)
    expect(firstNaN(0.4)).toBeGreaterThan(firstNaN(0.9))
    expect(firstNaN(0.9)).toBeGreaterThan(0)
  })

  it('have the same noise for the same trial, and other noise for another', () => {
    const noisy = syntheticCurves({ noise: 0.1 })
    const run = (seed: number) => [...noisy(best, { rng: Rng.from(seed) })]
    expect(run(1)).toEqual(run(1))
    expect(run(1)).not.toEqual(run(2))
  })
})
