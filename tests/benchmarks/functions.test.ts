import { describe, expect, it } from 'vitest'
import { functionProblems } from '../../benchmarks/problems/functions.js'
import { heldOutFunctions, randomRotation } from '../../benchmarks/problems/held-out.js'
import { mixedProblems } from '../../benchmarks/problems/mixed.js'
import { type Problem, regretOf, spaceOf } from '../../benchmarks/problems/problem.js'
import { type JsonObject, Rng, Space } from '../../src/index.js'

const five = [-2, 3.5, 0.5, -1.25, 7]

function find(problems: readonly Problem[], name: string): Problem {
  const problem = problems.find(candidate => candidate.name === name)
  if (problem) return problem
  throw new Error(`there is no problem ${name}`)
}

function at(point: readonly number[]): JsonObject {
  return Object.fromEntries(point.map((value, index) => [`x${index}`, value]))
}

describe('the benchmark’s functions', () => {
  // golden values: the same formulas in NumPy 2.4.6, Rosenbrock's from scipy.optimize.rosen (SciPy 1.17.1)
  it.each([
    ['branin', [1.5, 8.25], 29.572671047686818],
    ['hartmann6', [0.1, 0.3, 0.5, 0.7, 0.2, 0.9], -0.41742614266869493],
    ['ackley5', five, 12.1037982225493],
    ['rosenbrock5', five, 17033.453125],
    ['levy5', five, 11.102826387566083],
    ['rastrigin5', five, 117.0625],
    ['eggholder', [100, -250], 59.436655453564256],
  ])('%s has its value at a point', (name, point, value) => {
    expect(find(functionProblems, name).evaluate(at(point))).toBeCloseTo(value, 10)
  })

  // where the optima are: sigopt/evalset; Eggholder's second coordinate by scipy.optimize.minimize_scalar
  it.each([
    ['branin', [-Math.PI, 12.275]],
    ['branin', [Math.PI, 2.275]],
    ['hartmann6', [0.20168952, 0.15001069, 0.47687398, 0.27533243, 0.31165162, 0.65730054]],
    ['ackley5', [0, 0, 0, 0, 0]],
    ['rosenbrock5', [1, 1, 1, 1, 1]],
    ['levy5', [1, 1, 1, 1, 1]],
    ['rastrigin5', [0, 0, 0, 0, 0]],
    ['eggholder', [512, 404.2318051665797]],
  ])('%s has no regret at its optimum', (name, point) => {
    const problem = find(functionProblems, name)
    const config = at(point)
    expect(
      Space.of(spaceOf(problem.parameters))
        .encode(config)
        .every(unit => unit >= 0 && unit <= 1),
    ).toBe(true)
    expect(regretOf(problem, problem.evaluate(config))).toBeCloseTo(0, 9)
  })
})

describe('every problem', () => {
  it.each([...functionProblems, ...heldOutFunctions, ...mixedProblems])(
    '$name is nowhere better than its optimum',
    problem => {
      const space = Space.of(spaceOf(problem.parameters))
      const rng = Rng.from('problems').fork(problem.name)
      const regrets = Array.from({ length: 300 }, (_, i) =>
        regretOf(problem, problem.evaluate(space.sample(rng.fork(i)))),
      )
      expect(regrets.filter(regret => !(regret > 0))).toEqual([])
    },
  )

  it('has a name of its own', () => {
    const names = [...functionProblems, ...heldOutFunctions, ...mixedProblems].map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })
})

describe('held-out problems', () => {
  it('are turned by orthogonal matrices', () => {
    const rotation = randomRotation(4, Rng.from(1))
    for (let i = 0; i < 4; i++) {
      for (let j = 0; j < 4; j++) {
        let product = 0
        for (let k = 0; k < 4; k++) product += (rotation[4 * i + k] ?? 0) * (rotation[4 * j + k] ?? 0)
        expect(product).toBeCloseTo(i === j ? 1 : 0, 12)
      }
    }
  })

  it.each(['heldout-ellipsoid6', 'heldout-six-hump-camel', 'heldout-log-goldstein-price'])(
    '%s comes to its optimum inside the box',
    name => {
      const problem = find(heldOutFunctions, name)
      // a random walk of shrinking steps that keeps what is better, from the best of a hundred starts
      const rng = Rng.from(name)
      const dimensions = Object.keys(problem.parameters).length
      const space = Space.of(spaceOf(problem.parameters))
      const value = (units: ArrayLike<number>) => problem.evaluate(space.decode(units))
      let best = new Float64Array(dimensions).fill(0.5)
      for (let start = 0; start < 100; start++) {
        const units = Float64Array.from(best, () => rng.uniform())
        if (value(units) < value(best)) best = units
      }
      let step = 0.2
      for (let trial = 0; trial < 6000; trial++) {
        const units = best.map(unit => Math.min(1, Math.max(0, unit + step * rng.normal())))
        const isBetter = value(units) < value(best)
        if (isBetter) best = units
        step = Math.max(1e-6, step * (isBetter ? 1.6 : 0.91))
      }
      expect(regretOf(problem, value(best))).toBeLessThan(0.05)
      expect(best.every(unit => unit > 0.1 && unit < 0.9)).toBe(true)
    },
  )

  it.each<[string, JsonObject]>([
    [
      'heldout-network',
      {
        activation: 'gelu',
        depth: 5,
        dropout: 0.27,
        learningRate: 10 ** -2.6,
        weightDecay: 10 ** -4.3,
        width: 184,
      },
    ],
    [
      'heldout-models',
      { model: { branch: 'forest', depth: 14, features: 0.36, trees: 400 }, scale: true, share: 0.83 },
    ],
    ['heldout-layers', { learningRate: 10 ** -2.5, momentum: 0.85, stack: { branch: 'two', width0: 48, width1: 160 } }],
  ])('%s has no regret at the config that it was made around', (name, config) => {
    const problem = find(mixedProblems, name)
    Space.of(spaceOf(problem.parameters)).validate(config)
    expect(regretOf(problem, problem.evaluate(config))).toBeCloseTo(0, 12)
  })
})
