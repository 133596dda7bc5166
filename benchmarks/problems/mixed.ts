/** Held-out problems over mixed spaces: logarithmic, integer, categorical and conditional parameters that bear on one another. */
import { type JsonObject, Rng } from '../../src/index.js'
import { randomRotation } from './held-out.js'
import { branchAt, indexAt, numberAt, type Parameter, type Problem } from './problem.js'

const { cos, log10, log2, PI } = Math
const stream = Rng.from('tunewright.benchmarks.mixed')

/** A network's settings: the best learning rate hangs on depth and activation, the best weight decay on the learning rate. */
function network(): Problem {
  const activations = ['elu', 'gelu', 'relu', 'tanh']
  const losses = [0.12, 0, 0.05, 0.3]
  const shifts = [-0.2, 0.1, 0, 0.5]
  return {
    name: 'heldout-network',
    parameters: {
      activation: { type: 'choice', values: activations },
      depth: { type: 'integer', low: 1, high: 8 },
      dropout: { type: 'float', low: 0, high: 0.8 },
      learningRate: { type: 'float', low: 1e-5, high: 1, log: true },
      weightDecay: { type: 'float', low: 1e-8, high: 0.1, log: true },
      width: { type: 'integer', low: 16, high: 1024, log: true },
    },
    mode: 'min',
    optimum: 0,
    evaluate: config => {
      const activation = indexAt(config, 'activation', activations)
      const depth = numberAt(config, 'depth') - 5
      const rate = log10(numberAt(config, 'learningRate')) + 2.7 + 0.2 * depth - (shifts[activation] ?? 0)
      const decay = log10(numberAt(config, 'weightDecay')) + 4.3 + 0.7 * rate
      const width = log2(numberAt(config, 'width') / 184)
      const dropout = numberAt(config, 'dropout') - 0.27 - 0.05 * width
      // too high a rate hurts more than too low a one
      const pace = rate > 0 ? 1.5 * rate ** 2 : 0.4 * rate ** 2
      return (losses[activation] ?? 0) + pace + 0.05 * decay ** 2 + 0.08 * depth ** 2 + 0.1 * width ** 2 + dropout ** 2
    },
  }
}

/** A rotated bowl with ripples over five integers. */
function integers(): Problem {
  const dimension = 5
  const rng = stream.fork('integers')
  const rotation = randomRotation(dimension, rng)
  const best = Array.from({ length: dimension }, () => rng.integer(-12, 22))
  const names = best.map((_, i) => `n${i}`)
  const parameter: Parameter = { type: 'integer', low: -20, high: 30 }
  return {
    name: 'heldout-integers',
    parameters: Object.fromEntries(names.map(name => [name, parameter])),
    mode: 'min',
    optimum: 0,
    evaluate: config => {
      const away = names.map((name, i) => numberAt(config, name) - (best[i] ?? 0))
      let sum = 0
      for (const [i, here] of away.entries()) {
        const turned = away.reduce((total, value, j) => total + (rotation[i * dimension + j] ?? 0) * value, 0)
        sum += 4 ** i * turned ** 2 + 200 * (1 - cos((2 * PI * here) / 7))
      }
      return sum
    },
  }
}

/** Choices with effects of their own and in pairs; two numbers whose best values hang on two of the choices. */
function choices(): Problem {
  const count = 4
  const values = ['a', 'b', 'c', 'd', 'e', 'f']
  const rng = stream.fork('choices')
  const draw = (length: number): Float64Array => Float64Array.from({ length }, () => rng.normal())
  const single = Array.from({ length: count }, () => draw(values.length))
  const pairs = Array.from({ length: count - 1 }, () => draw(values.length ** 2).map(value => 0.7 * value))
  const targets = Array.from({ length: 2 }, () => Float64Array.from(values, () => rng.uniform()))
  const names = Array.from({ length: count }, (_, i) => `choice${i}`)
  const effectOf = (chosen: readonly number[]): number => {
    let sum = 0
    for (const [i, index] of chosen.entries()) {
      sum += single[i]?.[index] ?? 0
      if (i > 0) sum += pairs[i - 1]?.[(chosen[i - 1] ?? 0) * values.length + index] ?? 0
    }
    return sum
  }
  let optimum = Number.POSITIVE_INFINITY
  for (let code = 0; code < values.length ** count; code++) {
    const chosen = names.map((_, i) => Math.floor(code / values.length ** i) % values.length)
    optimum = Math.min(optimum, effectOf(chosen))
  }
  const categorical: Parameter = { type: 'choice', values }
  return {
    name: 'heldout-choices',
    parameters: {
      ...Object.fromEntries(names.map(name => [name, categorical])),
      x0: { type: 'float', low: 0, high: 1 },
      x1: { type: 'float', low: 0, high: 1 },
    },
    mode: 'min',
    optimum,
    evaluate: config => {
      const chosen = names.map(name => indexAt(config, name, values))
      const bowls = targets.map((target, i) => 4 * (numberAt(config, `x${i}`) - (target[chosen[i] ?? 0] ?? 0)) ** 2)
      return effectOf(chosen) + bowls.reduce((sum, bowl) => sum + bowl, 0)
    },
  }
}

/** The choice of a model, each kind with its own settings; accuracy to be maximised. */
function models(): Problem {
  const lossOf = (model: JsonObject & { readonly branch: string }): number => {
    switch (model.branch) {
      case 'svm': {
        const cost = log10(numberAt(model, 'cost')) - 1.3
        const gamma = log10(numberAt(model, 'gamma')) + 1.8 + 0.6 * cost
        return 0.04 + 0.02 * cost ** 2 + 0.06 * gamma ** 2
      }
      case 'forest': {
        const trees = log2(numberAt(model, 'trees') / 400)
        const depth = numberAt(model, 'depth') - 14
        const features = numberAt(model, 'features') - 0.36
        return 0.005 * trees ** 2 + 0.002 * depth ** 2 + 0.5 * features ** 2
      }
      case 'linear':
        return 0.15 + 0.01 * (log10(numberAt(model, 'penalty')) + 2) ** 2
      default:
        throw new Error(`there is no model ${model.branch}`)
    }
  }
  return {
    name: 'heldout-models',
    parameters: {
      model: {
        type: 'branch',
        branches: {
          forest: {
            depth: { type: 'integer', low: 2, high: 30 },
            features: { type: 'float', low: 0.05, high: 1 },
            trees: { type: 'integer', low: 10, high: 1000, log: true },
          },
          linear: { penalty: { type: 'float', low: 1e-6, high: 100, log: true } },
          svm: {
            cost: { type: 'float', low: 1e-3, high: 1e4, log: true },
            gamma: { type: 'float', low: 1e-6, high: 10, log: true },
          },
        },
      },
      scale: { type: 'choice', values: [true, false] },
      share: { type: 'float', low: 0.1, high: 1 },
    },
    mode: 'max',
    optimum: 1,
    evaluate: config => {
      const unscaled = config.scale === true ? 0 : 0.03
      return 1 - lossOf(branchAt(config, 'model')) - unscaled - 0.2 * (numberAt(config, 'share') - 0.83) ** 2
    },
  }
}

/** How many layers there are, each with its own width, and settings that all share. */
function layers(): Problem {
  const targets = [48, 160, 300]
  const width: Parameter = { type: 'integer', low: 8, high: 512, log: true }
  const widths = (count: number) => Object.fromEntries(targets.slice(0, count).map((_, i) => [`width${i}`, width]))
  return {
    name: 'heldout-layers',
    parameters: {
      learningRate: { type: 'float', low: 1e-5, high: 0.1, log: true },
      momentum: { type: 'float', low: 0, high: 0.99 },
      stack: { type: 'branch', branches: { one: widths(1), two: widths(2), three: widths(3) } },
    },
    mode: 'min',
    optimum: 0,
    evaluate: config => {
      const stack = branchAt(config, 'stack')
      const count = stack.branch === 'one' ? 1 : stack.branch === 'two' ? 2 : 3
      let sum = [0.5, 0, 0.15][count - 1] ?? 0
      for (const [i, target] of targets.slice(0, count).entries()) {
        sum += 0.15 * log2(numberAt(stack, `width${i}`) / target) ** 2
      }
      const momentum = numberAt(config, 'momentum') - 0.85
      const rate = log10(numberAt(config, 'learningRate')) + 2.5 + momentum
      return sum + rate ** 2 + 2 * momentum ** 2
    },
  }
}

/** Problems of spaces that are no boxes. */
export const mixedProblems: readonly Problem[] = [network(), integers(), choices(), models(), layers()]
