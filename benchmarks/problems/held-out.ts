/**
 * Functions that nothing was tuned to: others than {@link functionProblems} (or other dimensions), turned by a random rotation and
 * moved to a random optimum, the same ones in each run.
 */
import { Rng } from '../../src/index.js'
import { ackley } from './functions.js'
import { all, type BoxFunction, boxProblem, type Problem } from './problem.js'

/** A function with the point of its box where it is best. */
interface BaseFunction extends Omit<BoxFunction, 'optimum'> {
  readonly minimizer: readonly number[]
}

const { PI, cos, exp, log, sin, sqrt } = Math

function griewank(x: Float64Array): number {
  let sum = 1
  let product = 1
  for (const [i, value] of x.entries()) {
    sum += value ** 2 / 4000
    product *= cos(value / sqrt(i + 1))
  }
  return sum - product
}

function styblinskiTang(x: Float64Array): number {
  return x.reduce((sum, value) => sum + (value ** 4 - 16 * value ** 2 + 5 * value) / 2, 0)
}

function michalewicz(x: Float64Array): number {
  return x.reduce((sum, value, i) => sum - sin(value) * sin(((i + 1) * value ** 2) / PI) ** 20, 0)
}

function dixonPrice(x: Float64Array): number {
  let sum = ((x[0] ?? 0) - 1) ** 2
  for (let i = 1; i < x.length; i++) sum += (i + 1) * (2 * (x[i] ?? 0) ** 2 - (x[i - 1] ?? 0)) ** 2
  return sum
}

function schwefel(x: Float64Array): number {
  return x.reduce((sum, value) => sum - value * sin(sqrt(Math.abs(value))), 0)
}

function sixHumpCamel([x = 0, y = 0]: Float64Array): number {
  return (4 - 2.1 * x ** 2 + x ** 4 / 3) * x ** 2 + x * y + (-4 + 4 * y ** 2) * y ** 2
}

function logGoldsteinPrice([x = 0, y = 0]: Float64Array): number {
  const first = 1 + (x + y + 1) ** 2 * (19 - 14 * x + 3 * x ** 2 - 14 * y + 6 * x * y + 3 * y ** 2)
  const second = 30 + (2 * x - 3 * y) ** 2 * (18 - 32 * x + 12 * x ** 2 + 48 * y - 36 * x * y + 27 * y ** 2)
  return log(first * second)
}

/** Axes from 1 to 1,000 times as steep as the first. */
function ellipsoid(x: Float64Array): number {
  return x.reduce((sum, value, i) => sum + exp((log(1000) * i) / (x.length - 1)) * value ** 2, 0)
}

const bases: readonly BaseFunction[] = [
  { name: 'ackley4', low: all(4, -20), high: all(4, 20), minimizer: all(4, 0), evaluate: ackley },
  { name: 'griewank5', low: all(5, -60), high: all(5, 60), minimizer: all(5, 0), evaluate: griewank },
  {
    name: 'styblinski-tang4',
    low: all(4, -5),
    high: all(4, 5),
    minimizer: all(4, -2.903534027771177),
    evaluate: styblinskiTang,
  },
  {
    name: 'michalewicz5',
    low: all(5, 0),
    high: all(5, PI),
    minimizer: [2.20290552014618, 1.57079632677565, 1.28499157179786, 1.92305846988689, 1.72046977393095],
    evaluate: michalewicz,
  },
  {
    name: 'dixon-price4',
    low: all(4, -10),
    high: all(4, 10),
    minimizer: [1, 2 ** -0.5, 2 ** -0.75, 2 ** -0.875],
    evaluate: dixonPrice,
  },
  { name: 'schwefel3', low: all(3, -500), high: all(3, 500), minimizer: all(3, 420.968746359982), evaluate: schwefel },
  {
    name: 'six-hump-camel',
    low: [-3, -2],
    high: [3, 2],
    minimizer: [0.0898420131, -0.712656403],
    evaluate: sixHumpCamel,
  },
  { name: 'log-goldstein-price', low: [-2, -2], high: [2, 2], minimizer: [0, -1], evaluate: logGoldsteinPrice },
  { name: 'ellipsoid6', low: all(6, -5), high: all(6, 5), minimizer: all(6, 0), evaluate: ellipsoid },
]

/**
 * Moves a function's optimum to a random place in the inner part of its box and turns the box around it. Beyond the function's own box
 * it is that of the nearest point and a penalty, so that the optimum stays what it was.
 */
function transform({ name, low, high, minimizer, evaluate }: BaseFunction, rng: Rng): BoxFunction {
  const dimension = low.length
  const width = Float64Array.from(low, (from, i) => (high[i] ?? 0) - from)
  const place = Float64Array.from(low, () => 0.15 + 0.7 * rng.uniform())
  const rotation = randomRotation(dimension, rng)
  const spread = spreadOf({ low, width, evaluate }, rng)
  const centred = new Float64Array(dimension)
  const z = new Float64Array(dimension)
  return {
    name: `heldout-${name}`,
    low,
    high,
    optimum: evaluate(Float64Array.from(minimizer)),
    evaluate: x => {
      for (let i = 0; i < dimension; i++) {
        centred[i] = ((x[i] ?? 0) - (low[i] ?? 0)) / (width[i] ?? 1) - (place[i] ?? 0)
      }
      let outside = 0
      for (let i = 0; i < dimension; i++) {
        let turned = 0
        for (let j = 0; j < dimension; j++) turned += (rotation[i * dimension + j] ?? 0) * (centred[j] ?? 0)
        const wanted = (minimizer[i] ?? 0) + turned * (width[i] ?? 1)
        const held = Math.min(high[i] ?? 0, Math.max(low[i] ?? 0, wanted))
        outside += ((wanted - held) / (width[i] ?? 1)) ** 2
        z[i] = held
      }
      return evaluate(z) + spread * outside
    },
  }
}

/** How much the function varies over its box: the range of 256 random values. */
function spreadOf(
  { low, width, evaluate }: { low: readonly number[]; width: Float64Array; evaluate: (x: Float64Array) => number },
  rng: Rng,
): number {
  const values = Array.from({ length: 256 }, () =>
    evaluate(Float64Array.from(low, (from, i) => from + (width[i] ?? 0) * rng.uniform())),
  )
  return Math.max(...values) - Math.min(...values)
}

/**
 * An orthogonal matrix, uniform among them: the Gram–Schmidt basis of normal vectors.
 *
 * @returns row-major [dimension × dimension]
 */
export function randomRotation(dimension: number, rng: Rng): Float64Array {
  const basis = Float64Array.from({ length: dimension ** 2 }, () => rng.normal())
  const rows = Array.from({ length: dimension }, (_, i) => basis.subarray(i * dimension, (i + 1) * dimension))
  for (const [i, row] of rows.entries()) {
    for (const earlier of rows.slice(0, i)) {
      const along = row.reduce((sum, value, j) => sum + value * (earlier[j] ?? 0), 0)
      for (let j = 0; j < dimension; j++) row[j] = (row[j] ?? 0) - along * (earlier[j] ?? 0)
    }
    const length = Math.hypot(...row)
    for (let j = 0; j < dimension; j++) row[j] = (row[j] ?? 0) / length
  }
  return basis
}

const stream = Rng.from('tunewright.benchmarks.held-out')

/** Shifted and rotated functions to check that searchers are good beyond {@link functionProblems}. */
export const heldOutFunctions: readonly Problem[] = bases.map(base =>
  boxProblem(transform(base, stream.fork(base.name))),
)
