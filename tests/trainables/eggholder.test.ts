import { describe, expect, it } from 'vitest'
import { Rng } from '../../src/rng.js'
import { eggholder, eggholderPoints, eggholderRegression, unitsByLayer } from '../../trainables/eggholder/index.js'
import { loadTensorFlow } from '../../trainables/index.js'
import { describeGoodCitizen, lastReport, reportsOf } from './good-citizen.js'

const tiny = { units: 12, points: 200, testPoints: 50, batchSize: 50, epochs: 3 }
describeGoodCitizen(eggholderRegression, tiny, [
  [{ units: 513 }, /units is 513: it must be at most 512/],
  [{ units: 1 }, /units is 1: it must be an integer, 2 or more/],
  [{ points: 1 }, /points is 1/],
])

describe('the Eggholder function', () => {
  it('has its least value where it is known to be', () => {
    // −959.6407 at (512, 404.2319), as in collections of test functions
    expect(eggholder(512, 404.2319)).toBeCloseTo(-959.6407, 4)
  })

  it('is measured at points of the square, with noise of the size that was asked for', () => {
    const { inputs, targets, count } = eggholderPoints(5_000, 0.3, Rng.from(1))
    expect(Math.max(...inputs.map(Math.abs))).toBeLessThanOrEqual(1)
    let squares = 0
    for (let i = 0; i < count; i++)
      squares += ((targets[i] ?? 0) - eggholder(512 * (inputs[2 * i] ?? 0), 512 * (inputs[2 * i + 1] ?? 0))) ** 2
    expect(Math.sqrt(squares / count)).toBeCloseTo(0.3, 1)
  })
})

it('shares its units between its layers', () => {
  expect(unitsByLayer({ hiddenLayers: 3, units: 512 })).toEqual([171, 171, 170])
})

it('counts its parameters: weights and biases', async () => {
  const { parameters } = await lastReport(eggholderRegression, { ...tiny, epochs: 1 })
  expect(parameters).toBe(2 * 6 + 6 + 6 * 6 + 6 + 6 + 1)
})

it('learns: it comes to know thirty points', async () => {
  const config = { units: 256, points: 30, testPoints: 50, batchSize: 30, epochs: 200, learningRate: 0.01 }
  const reports = await reportsOf(eggholderRegression, config)
  expect(reports.at(-1)?.trainRmse).toBeLessThan((reports[0]?.trainRmse ?? 0) / 2)
})

it('frees its tensors when it ends or is stopped at a report', async () => {
  const { tf } = await loadTensorFlow()
  const before = tf.memory().numTensors
  await lastReport(eggholderRegression, tiny)
  for await (const _ of eggholderRegression(tiny, {
    rng: Rng.from(1),
    signal: new AbortController().signal,
    checkpoint: undefined,
  }))
    break
  expect(tf.memory().numTensors).toBe(before)
})
