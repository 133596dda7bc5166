import { describe, expect, it } from 'vitest'
import { Rng } from '../../src/rng.js'
import {
  correlatedInputs,
  type DropoutRegressionConfig,
  dropoutRegression,
  dropoutSolution,
  expectedLoss,
} from '../../trainables/dropout-regression/index.js'
import { describeGoodCitizen, lastReport } from './good-citizen.js'

const config: DropoutRegressionConfig = {
  learningRate: 0.1,
  optimizer: 'adam',
  dropout: 0.3,
  rows: 100,
  epochs: 6,
  epochsPerReport: 2,
}
describeGoodCitizen(dropoutRegression, config, [
  [{ learningRate: -1 }, /learningRate is -1/],
  [{ dropout: 1 }, /dropout is 1: it must be at least 0 and less than 1/],
  [{ correlation: 1 }, /correlation is 1/],
  [{ rows: 2 }, /rows is 2/],
])

const data = correlatedInputs({ rows: 1_000, correlation: 0.99, dataSeed: 0 })
const ratio = (dropout: number) => {
  const [w1, w2] = dropoutSolution(data, dropout)
  return w2 / w1
}

describe('the closed form of dropout', () => {
  it('has w1 ten times w2 without dropout and w2 about ten times w1 with it', () => {
    expect(ratio(0)).toBeCloseTo(0.1, 9)
    // the formula of correlatedInputs, at λ = 1/2 and ρ = 0.99
    const [sum, difference] = [(101 * 1.99) / 2.49, (99 * 0.01) / 0.51]
    expect(ratio(1 / 3)).toBeCloseTo((10 * (sum - difference)) / (sum + difference), 9)
    expect(ratio(1 / 3)).toBeGreaterThan(9.5)
    expect(ratio(0.9)).toBeGreaterThan(9.8)
  })

  it('is where the expected loss is least', () => {
    const [w1, w2] = dropoutSolution(data, 0.4)
    const best = expectedLoss(data, 0.4, [w1, w2])
    for (const [a, b] of [
      [1e-3, 0],
      [-1e-3, 0],
      [0, 1e-3],
      [0, -1e-3],
    ] as const)
      expect(expectedLoss(data, 0.4, [w1 + a, w2 + b])).toBeGreaterThan(best)
  })

  it('is of the loss that random masks have on average', () => {
    const small = correlatedInputs({ rows: 5, correlation: 0.5, dataSeed: 1 })
    const rng = Rng.from(1)
    const [w1, w2, dropout, draws] = [2, -1, 0.3, 100_000]
    let sum = 0
    for (let draw = 0; draw < draws; draw++) {
      const row = draw % 5
      const mask = () => (rng.uniform() < dropout ? 0 : 1 / (1 - dropout))
      const [x1 = 0, x2 = 0] = small.inputs.subarray(2 * row)
      sum += ((small.targets[row] ?? 0) - w1 * x1 * mask() - w2 * x2 * mask()) ** 2
    }
    expect(sum / draws / expectedLoss(small, dropout, [w1, w2])).toBeCloseTo(1, 2)
  })
})

it.each([
  ['sgd', 0.003],
  ['adam', 0.3],
] as const)('gradient descent with dropout comes to the closed form, by %s', async (optimizer, learningRate) => {
  const last = await lastReport(dropoutRegression, { dropout: 0.5, optimizer, learningRate, epochs: 60 })
  expect(last.distance).toBeLessThan(0.03)
  expect(last.w2 / last.w1).toBeGreaterThan(9)
})

it('gradient descent without dropout comes to the weights that made the data', async () => {
  const last = await lastReport(dropoutRegression, { learningRate: 0.003, epochs: 60 })
  expect(last.w1 / last.w2).toBeCloseTo(10, 0)
})
