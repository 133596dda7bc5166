import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  dividedSquare,
  type LinearClassifierConfig,
  linearClassifier,
  linearLearnerNames,
  widestMargin,
} from '../../trainables/perceptron/index.js'
import { perceptronPass } from '../../trainables/perceptron/learners.js'
import { describeGoodCitizen, lastReport } from './good-citizen.js'

const config: LinearClassifierConfig = { learner: 'hinge', maxPasses: 300, passesPerReport: 100, testPoints: 200 }
describeGoodCitizen(linearClassifier, config, [
  [{ points: 1 }, /points is 1: it must be an integer, 2 or more/],
  [{ points: 201 }, /points is 201: it must be at most 200/],
  [{ regularization: 0 }, /regularization is 0/],
  [{ learner: 'other' as 'hinge' }, /learner is "other": it must be one of perceptron, hinge/],
])

describe('the widest margin', () => {
  it('is half the gap between two points on a line through both classes', () => {
    // in (1, x, y) the plane through the origin halfway between (1, 0, 0) and (1, 1, 0) is turned, so the margin is not 1/2 but 1/√5: w = (−1, 2, 0)
    const points = { count: 2, points: Float64Array.of(1, 0, 0, 1, 1, 0), labels: Float64Array.of(-1, 1) }
    const { margin, radius, mistakeBound } = widestMargin(points) ?? { margin: 0, radius: 0, mistakeBound: 0 }
    expect([margin, radius, mistakeBound].map(value => Number(value.toFixed(12)))).toEqual([
      Number((1 / Math.sqrt(5)).toFixed(12)),
      Number(Math.SQRT2.toFixed(12)),
      10,
    ])
  })

  it('is none for points that no line separates', () => {
    const points = Float64Array.of(1, 0, 0, 1, 1, 1, 1, 0, 1, 1, 1, 0)
    expect(widestMargin({ count: 4, points, labels: Float64Array.of(1, 1, -1, -1) })).toBeUndefined()
  })

  it('is at least that of the line that labels the points, and bounds the mistakes of a perceptron', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.integer({ min: 2, max: 25 }), (dataSeed, points) => {
        const { train, line } = dividedSquare({ points, testPoints: 1, dataSeed })
        const found = widestMargin(train)
        const own = Array.from({ length: points }, (_, i) => {
          const [a = 0, b = 0, c = 0] = train.points.subarray(3 * i, 3 * i + 3)
          return Math.abs(a * (line[0] ?? 0) + b * (line[1] ?? 0) + c * (line[2] ?? 0))
        })
        expect(found?.margin).toBeGreaterThanOrEqual(Math.min(...own) * (1 - 1e-6))
        const weights = new Float64Array(3)
        let mistakes = 0
        for (let pass = 0; pass < 2_000; pass++) mistakes += perceptronPass(weights, train)
        expect(mistakes).toBeLessThanOrEqual(found?.mistakeBound ?? 0)
      }),
      { numRuns: 40, seed: 1 },
    )
  })
})

it.each(linearLearnerNames)('a line learnt by the %s tells other points apart', async learner => {
  const seeds = Array.from({ length: 20 }, (_, i) => i)
  const errors = await Promise.all(
    seeds.map(async dataSeed => {
      const last = await lastReport(linearClassifier, {
        learner,
        dataSeed,
        learningRate: 10,
        regularization: 1e-4,
        maxPasses: 5_000,
      })
      return last.testError
    }),
  )
  expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(0.06)
})

it('the perceptron ends when a pass has no mistake, within its bound', async () => {
  const last = await lastReport(linearClassifier, { dataSeed: 3, maxPasses: 100_000 })
  expect(last).toMatchObject({ isConverged: true, trainError: 0 })
  expect(last.updates).toBeLessThanOrEqual(last.mistakeBound)
})
