/**
 * Closed forms to minimise, with the domains and optima that the literature uses; ours avoid optima in the domain's middle, where some
 * searchers start.
 *
 * @see Surjanovic and Bingham, Virtual Library of Simulation Experiments
 * @see McCourt, Optimization Test Functions (sigopt/evalset)
 */
import { all, type BoxFunction, boxProblem, type Problem } from './problem.js'

const { PI, cos, exp, sin, sqrt } = Math

function branin([x = 0, y = 0]: Float64Array): number {
  return (y - (5.1 / (4 * PI ** 2)) * x ** 2 + (5 / PI) * x - 6) ** 2 + 10 * (1 - 1 / (8 * PI)) * cos(x) + 10
}

const hartmannWeights = [1, 1.2, 3, 3.2]
const hartmannScales = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
]
/** In ten thousandths. */
const hartmannCentres = [
  [1312, 1696, 5569, 124, 8283, 5886],
  [2329, 4135, 8307, 3736, 1004, 9991],
  [2348, 1451, 3522, 2883, 3047, 6650],
  [4047, 8828, 8732, 5743, 1091, 381],
]

function hartmann6(x: Float64Array): number {
  let sum = 0
  for (const [i, weight] of hartmannWeights.entries()) {
    let exponent = 0
    for (const [j, value] of x.entries()) {
      exponent += (hartmannScales[i]?.[j] ?? 0) * (value - 1e-4 * (hartmannCentres[i]?.[j] ?? 0)) ** 2
    }
    sum -= weight * exp(-exponent)
  }
  return sum
}

export function ackley(x: Float64Array): number {
  let squares = 0
  let waves = 0
  for (const value of x) {
    squares += value ** 2
    waves += cos(2 * PI * value)
  }
  return -20 * exp(-0.2 * sqrt(squares / x.length)) - exp(waves / x.length) + 20 + Math.E
}

function rosenbrock(x: Float64Array): number {
  let sum = 0
  for (let i = 0; i + 1 < x.length; i++) {
    const here = x[i] ?? 0
    sum += 100 * ((x[i + 1] ?? 0) - here ** 2) ** 2 + (1 - here) ** 2
  }
  return sum
}

function levy(x: Float64Array): number {
  const w = x.map(value => 1 + (value - 1) / 4)
  const last = w.length - 1
  let sum = sin(PI * (w[0] ?? 0)) ** 2
  for (const value of w.subarray(0, last)) sum += (value - 1) ** 2 * (1 + 10 * sin(PI * value + 1) ** 2)
  const end = w[last] ?? 0
  return sum + (end - 1) ** 2 * (1 + sin(2 * PI * end) ** 2)
}

function rastrigin(x: Float64Array): number {
  let sum = 10 * x.length
  for (const value of x) sum += value ** 2 - 10 * cos(2 * PI * value)
  return sum
}

function eggholder([x = 0, y = 0]: Float64Array): number {
  return -(y + 47) * sin(sqrt(Math.abs(x / 2 + y + 47))) - x * sin(sqrt(Math.abs(x - y - 47)))
}

const functions: readonly BoxFunction[] = [
  { name: 'branin', low: [-5, 0], high: [10, 15], optimum: 0.39788735772973816, evaluate: branin },
  { name: 'hartmann6', low: all(6, 0), high: all(6, 1), optimum: -3.32236801141551, evaluate: hartmann6 },
  { name: 'ackley5', low: all(5, -10), high: all(5, 30), optimum: 0, evaluate: ackley },
  { name: 'rosenbrock5', low: all(5, -5), high: all(5, 10), optimum: 0, evaluate: rosenbrock },
  { name: 'levy5', low: all(5, -10), high: all(5, 10), optimum: 0, evaluate: levy },
  // shifted, so that the optimum is not the domain's middle
  { name: 'rastrigin5', low: all(5, -3.12), high: all(5, 7.12), optimum: 0, evaluate: rastrigin },
  { name: 'eggholder', low: all(2, -512), high: all(2, 512), optimum: -959.6406627208506, evaluate: eggholder },
]

/** The seven functions that the README's figures are measured on. */
export const functionProblems: readonly Problem[] = functions.map(boxProblem)
