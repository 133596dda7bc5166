import type { GaussianProcess } from '../../src/gp/gaussian-process.js'
import { logImprovement } from './log-ei.js'

/** How much a trial at a row of the model promises; the larger the better. */
export interface Acquisition {
  /** @param rows - row-major [count × d] */
  score(rows: Float64Array, count: number): Float64Array
  /** Writes the gradient at a row, both [d], and returns the score. */
  scoreWithGradient(row: Float64Array, gradient: Float64Array): number
}

/** The score of a mean and a standard deviation, with its derivatives. */
interface Score {
  readonly value: number
  readonly byMean: number
  readonly byDeviation: number
}

type Formula = (mean: number, deviation: number) => Score

/** Variances below this share of the prior's are rounding errors. */
const leastVariance = 1e-12

/**
 * The logarithm of the expected improvement on `best`.
 *
 * @param best - the least mean so far, so that a lucky observation of a noisy metric is not taken for it
 * @see Ament et al., Unexpected Improvements to Expected Improvement for Bayesian Optimization, NeurIPS 2023
 */
export function logExpectedImprovement(gp: GaussianProcess, best: number): Acquisition {
  return acquisitionOf(gp, (mean, deviation) => {
    const { value, slope, density } = logImprovement((best - mean) / deviation)
    return { value: Math.log(deviation) + value, byMean: -slope / deviation, byDeviation: density / deviation }
  })
}

/**
 * The lower confidence bound, turned round.
 *
 * @see Srinivas et al., Gaussian Process Optimization in the Bandit Setting, ICML 2010, section 3
 */
export function confidenceBound(gp: GaussianProcess, kappa: number): Acquisition {
  return acquisitionOf(gp, (mean, deviation) => ({
    value: kappa * deviation - mean,
    byMean: -1,
    byDeviation: kappa,
  }))
}

/**
 * The logarithm of the mean of what acquisitions are the logarithms of: expected improvement over all fantasies.
 *
 * @see Snoek et al., Practical Bayesian Optimization of Machine Learning Algorithms, NeurIPS 2012, section 3.3
 */
export function logMean(parts: readonly Acquisition[]): Acquisition {
  const [first] = parts
  if (first !== undefined && parts.length === 1) return first
  return {
    score(rows, count) {
      const scores = parts.map(part => part.score(rows, count))
      return Float64Array.from({ length: count }, (_, i) => logMeanOf(scores.map(score => score[i] ?? 0)).value)
    },
    scoreWithGradient(row, gradient) {
      const gradients = parts.map(() => new Float64Array(gradient.length))
      const scores = parts.map((part, i) => part.scoreWithGradient(row, gradients[i] ?? gradient))
      const { value, weights } = logMeanOf(scores)
      gradient.fill(0)
      for (const [i, own] of gradients.entries()) {
        for (let j = 0; j < gradient.length; j++) gradient[j] = (gradient[j] ?? 0) + (weights[i] ?? 0) * (own[j] ?? 0)
      }
      return value
    },
  }
}

function logMeanOf(logs: readonly number[]): { readonly value: number; readonly weights: readonly number[] } {
  const most = Math.max(...logs)
  const shares = logs.map(log => Math.exp(log - most))
  const sum = shares.reduce((total, share) => total + share, 0)
  return { value: most + Math.log(sum / logs.length), weights: shares.map(share => share / sum) }
}

function acquisitionOf(gp: GaussianProcess, formula: Formula): Acquisition {
  const d = gp.hyperparameters.lengthScales.length
  const varianceGradient = new Float64Array(d)
  const floor = leastVariance * gp.hyperparameters.outputScale
  return {
    score(rows, count) {
      const { mean, variance } = gp.predict(rows, count)
      return mean.map((value, i) => formula(value, Math.sqrt(Math.max(variance[i] ?? 0, floor))).value)
    },
    scoreWithGradient(row, gradient) {
      const { mean, variance } = gp.predictWithGradient(row, gradient, varianceGradient)
      const deviation = Math.sqrt(Math.max(variance, floor))
      const { value, byMean, byDeviation } = formula(mean, deviation)
      const byVariance = variance > floor ? byDeviation / (2 * deviation) : 0
      for (let j = 0; j < d; j++) gradient[j] = byMean * (gradient[j] ?? 0) + byVariance * (varianceGradient[j] ?? 0)
      return value
    },
  }
}
