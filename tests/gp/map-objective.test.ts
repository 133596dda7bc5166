import { describe, expect, it } from 'vitest'
import type { GpDimension } from '../../src/gp/dimension.js'
import { MapObjective } from '../../src/gp/map-objective.js'
import { searchHyperparameters } from '../../src/gp/map-search.js'
import { Rng } from '../../src/rng.js'

const numeric: GpDimension = { type: 'numeric' }
const dimensions = [numeric, { type: 'categorical', size: 3 } as const, numeric]

function observe(n: number): { x: Float64Array; y: Float64Array } {
  const rng = Rng.from('observations')
  const rows = Array.from({ length: n }, () => {
    const third = rng.uniform() < 0.3 ? Number.NaN : rng.uniform()
    return [rng.uniform(), rng.integer(0, 3), third]
  })
  const y = rows.map(([a = 0, b = 0]) => 3 * (a - 0.4) ** 2 + b - 1 + 0.3 * rng.normal())
  return { x: Float64Array.from(rows.flat()), y: Float64Array.from(y) }
}

describe('the posterior density of hyperparameters', () => {
  // from NumPy 2.4 and SciPy 1.17: multivariate_normal.logpdf with the best mean and its prior, and the normal priors
  it('is that of the formulas', () => {
    const x = Float64Array.of(0.1, 0.2, 0.4, 0.9, 0.8, 0.3, 0.5, 0.5, 0.95, 0.85)
    const objective = new MapObjective(x, Float64Array.of(1, -2, 0.5, 3, -1), [numeric, numeric], undefined)
    const gradient = new Float64Array(4)
    const value = (theta: readonly number[]) => objective.evaluate(Float64Array.from(theta), gradient)
    const difference = value([-1.2, -0.3, 0.4, -3]) - value([-0.5, -1, 0, -5])
    expect(difference).toBeCloseTo(3.336176772416483, 10)
  })

  it.each([
    ['learnt', undefined],
    ['given', 0.01],
  ])('has the gradient that finite differences give where noise is %s', (_, noise) => {
    for (const n of [1, 2, 13]) {
      const { x, y } = observe(n)
      const objective = new MapObjective(x, y, dimensions, noise)
      const theta = Float64Array.of(-0.5, 0.2, 0.3, 0.1, -3).subarray(0, objective.priors.length)
      const gradient = new Float64Array(theta.length)
      const spare = new Float64Array(theta.length)
      objective.evaluate(theta, gradient)
      const differences = theta.map((value, i) => {
        const above = objective.evaluate(theta.with(i, value + 1e-5), spare)
        return (above - objective.evaluate(theta.with(i, value - 1e-5), spare)) / 2e-5
      })
      for (const [i, value] of gradient.entries()) expect(value).toBeCloseTo(differences[i] ?? Number.NaN, 6)
    }
  })

  it('is greatest where the search ends', () => {
    const { x, y } = observe(25)
    const options = { dimensions, initial: undefined, noise: undefined, maxIterations: 50, restarts: 0 }
    const { lengthScales, outputScale, noise } = searchHyperparameters(x, y, options)
    const theta = Float64Array.from([...Array.from(lengthScales), outputScale, noise], Math.log)
    const objective = new MapObjective(x, y, dimensions, undefined)
    const gradient = new Float64Array(theta.length)
    const least = objective.evaluate(theta, gradient)
    const rng = Rng.from('elsewhere')
    for (let trial = 0; trial < 200; trial++) {
      const other = objective.evaluate(
        theta.map(value => value + rng.normal()),
        gradient,
      )
      expect(other).toBeGreaterThan(least - 0.02)
    }
  })

  it('has a preconditioner that leaves what is fixed at 0 and descends in the rest', () => {
    const { x, y } = observe(25)
    const objective = new MapObjective(x, y, dimensions, undefined)
    const gradient = new Float64Array(5)
    objective.evaluate(Float64Array.of(-1, -1, -1, 0, -3), gradient)
    const isFree = Float64Array.of(1, 0, 1, 1, 1)
    const step = gradient.map((value, i) => value * (isFree[i] ?? 0))
    objective.precondition(step, isFree)
    expect(step[1]).toBe(0)
    expect(step.reduce((sum, value, i) => sum + value * (gradient[i] ?? 0), 0)).toBeGreaterThan(0)
  })
})
