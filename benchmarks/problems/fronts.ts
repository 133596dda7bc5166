/**
 * Closed forms of several objectives, all to minimise, whose Pareto fronts are known.
 *
 * @see Zitzler, Deb and Thiele, Comparison of Multiobjective Evolutionary Algorithms, Evolutionary Computation 8 (2000), for ZDT
 * @see Deb, Thiele, Laumanns and Zitzler, Scalable Multi-Objective Optimization Test Problems, CEC (2002), for DTLZ
 */
import type { JsonObject } from '../../src/index.js'
import { all, boxOf, indexAt, numberAt, type Parameters, type Task } from './problem.js'
import { dominatedVolume } from './volume.js'

/** A function of several objectives whose Pareto front is known. */
export interface FrontProblem extends Task<readonly number[]> {
  readonly mode: 'min'
  readonly objectives: number
  /** [objectives]: the corner up to which the dominated volume is measured. */
  readonly reference: readonly number[]
  /** What the whole front dominates. */
  readonly volume: number
}

const { PI, cos, exp, log10, sin, sqrt } = Math

/** h: by how much g is multiplied for the second objective. */
type Shape = (first: number, g: number) => number

interface Zdt {
  readonly name: string
  readonly shape: Shape
  /** What the front dominates up to {@link zdtReference}. */
  readonly volume: number
}

/** Most random configs are below it, so that progress shows from the first ones on. */
const zdtReference = [1.1, 8]

const zdts: readonly Zdt[] = [
  // ∫ 8 − (1 − √x) dx over [0, 1], and a tenth of 8
  { name: 'zdt1', shape: (first, g) => 1 - sqrt(first / g), volume: 7 + 2 / 3 + 0.8 },
  { name: 'zdt2', shape: (first, g) => 1 - (first / g) ** 2, volume: 7 + 1 / 3 + 0.8 },
  // in five pieces: the integral of the least value so far, by the trapezoidal rule on 20 million intervals
  {
    name: 'zdt3',
    shape: (first, g) => 1 - sqrt(first / g) - (first / g) * sin(10 * PI * first),
    volume: 8.92176290865,
  },
]

/** The standard form, of 30 parameters: all but the first are best at 0, the edge of their range. */
function zdtProblem({ name, shape, volume }: Zdt): FrontProblem {
  const { parameters, read } = boxOf(all(30, 0), all(30, 1))
  const evaluate = (config: JsonObject) => evaluateZdt(read(config), shape)
  return { name, parameters, mode: 'min', objectives: 2, reference: zdtReference, volume, evaluate }
}

/** Of 8 parameters, all but the first best somewhere within their range, each elsewhere, which no searcher finds by being pushed to the edge. */
function shiftedZdtProblem({ name, shape, volume }: Zdt): FrontProblem {
  const { parameters, read } = boxOf(all(8, 0), all(8, 1))
  const evaluate = (config: JsonObject) => {
    const x = read(config).map((value, index) => (index === 0 ? value : distanceFrom(shiftOf(index), value)))
    return evaluateZdt(x, shape)
  }
  return { name: `${name}-shifted`, parameters, mode: 'min', objectives: 2, reference: zdtReference, volume, evaluate }
}

/** Where a shifted parameter is best: from 0.15 to 0.85, by multiples of the golden ratio. */
function shiftOf(index: number): number {
  return 0.15 + 0.7 * ((index * 0.618033988749895) % 1)
}

/** From 0 at the shift to 1 at the farther end. */
function distanceFrom(shift: number, value: number): number {
  return Math.abs(value - shift) / Math.max(shift, 1 - shift)
}

function evaluateZdt(x: Float64Array, shape: Shape): readonly number[] {
  const [first = 0, ...others] = x
  const g = 1 + (9 * others.reduce((sum, value) => sum + value, 0)) / others.length
  return [first, g * shape(first, g)]
}

/** Three objectives of twelve parameters; the front is the part of the unit sphere where all are positive. */
function dtlz2(): FrontProblem {
  const { parameters, read } = boxOf(all(12, 0), all(12, 1))
  return {
    name: 'dtlz2',
    parameters,
    mode: 'min',
    objectives: 3,
    reference: all(3, 2.2),
    volume: 2.2 ** 3 - PI / 6,
    evaluate: config => {
      const [first = 0, second = 0, ...others] = read(config)
      const radius = others.reduce((sum, value) => sum + (value - 0.5) ** 2, 1)
      const [a, b] = [(first * PI) / 2, (second * PI) / 2]
      return [radius * cos(a) * cos(b), radius * cos(a) * sin(b), radius * sin(a)]
    },
  }
}

const models = ['linear', 'forest', 'boosted', 'network', 'ensemble']
/** How much more than the least the error of a model is, and its cost. */
const modelErrors = [2, 1.2, 0.2, 0.8, 0]
const modelCosts = [0, 0.1, 0.2, 0.9, 0.5]
const activations = ['relu', 'gelu', 'tanh']
const widths = Array.from({ length: 20 }, (_, index) => index + 1)
const mixedReference = [6, 6]

const mixedParameters: Parameters = {
  model: { type: 'choice', values: models },
  activation: { type: 'choice', values: activations },
  width: { type: 'integer', low: 1, high: 20 },
  depth: { type: 'integer', low: 0, high: 8 },
  rate: { type: 'float', low: 1e-4, high: 1, log: true },
  dropout: { type: 'float', low: 0, high: 1 },
  momentum: { type: 'float', low: 0, high: 1 },
}

/** Error and cost, between which width and model trade off; all else is right or wrong for both, dropout by the width. */
function evaluateMixed(config: JsonObject): readonly number[] {
  const model = indexAt(config, 'model', models)
  const width = numberAt(config, 'width')
  const flaw =
    (config.activation === 'gelu' ? 0 : 0.5) +
    (numberAt(config, 'depth') - 5) ** 2 / 10 +
    2 * ((log10(numberAt(config, 'rate')) + 1.2) / 4) ** 2 +
    2 * (numberAt(config, 'dropout') - width / 40) ** 2 +
    2 * (numberAt(config, 'momentum') - 0.8) ** 2
  return [
    flaw + (modelErrors[model] ?? Number.NaN) + 3 * exp(-width / 6),
    flaw + (modelCosts[model] ?? Number.NaN) + width / 20,
  ]
}

function mixedFront(): FrontProblem {
  const best = models.flatMap(model =>
    widths.map(width => {
      const others = { activation: 'gelu', depth: 5, rate: 10 ** -1.2, momentum: 0.8 }
      return evaluateMixed({ model, width, dropout: width / 40, ...others })
    }),
  )
  return {
    name: 'mixed-front',
    parameters: mixedParameters,
    mode: 'min',
    objectives: 2,
    reference: mixedReference,
    volume: dominatedVolume(best, mixedReference),
    evaluate: evaluateMixed,
  }
}

/** ZDT as published and shifted, DTLZ2, and a space of all kinds of parameters. */
export const frontProblems: readonly FrontProblem[] = [
  ...zdts.map(zdtProblem),
  ...zdts.map(shiftedZdtProblem),
  dtlz2(),
  mixedFront(),
]

/** The share of the volume under the front that the first `count` values leave open, from 0 for the whole front to 1. */
export function openShareAfter(
  { reference, volume }: Pick<FrontProblem, 'reference' | 'volume'>,
  values: readonly (readonly number[])[],
  count: number,
): number {
  return 1 - dominatedVolume(values.slice(0, count), reference) / volume
}
