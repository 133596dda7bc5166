import { defineTrainable } from '../../src/trainable/define.js'
import { type Report, report, type TrialContext } from '../../src/trainable/trainable.js'
import { loadArrays, saveArrays } from '../kit/array-checkpoint.js'
import { breathing } from '../kit/breath.js'
import { decayFactor } from '../training/schedule.js'
import { type LinearClassifierConfig, linearClassifierSettings } from './config.js'
import { hingeStep, perceptronPass } from './learners.js'
import { widestMargin } from './margin.js'
import { dividedSquare, errorRate } from './points.js'

/** What {@link linearClassifier} reports. */
export type LinearClassifierMetrics = {
  /** How many passes over the points are done. */
  readonly pass: number
  /** How often the weights have changed: a perceptron's mistakes, a step a pass for the hinge loss. */
  readonly updates: number
  /** R² / γ², which a perceptron's mistakes never exceed; of the points alone. */
  readonly mistakeBound: number
  /** The widest margin γ that the points leave; of the points alone. */
  readonly margin: number
  /** Whether the last pass had no mistake; false for the hinge loss, which has its number of passes. */
  readonly isConverged: boolean
  /** The part of the points to learn from that lie on the wrong side. */
  readonly trainError: number
  /** The part of the points to judge by that lie on the wrong side. */
  readonly testError: number
  /** The learnt line is where `weights · (1, x, y)` is 0. */
  readonly weights: readonly number[]
}

/**
 * Learns a line that divides the unit square from a few labelled points, by the perceptron's rule or by gradient descent on the hinge loss.
 * The points come from the config's `dataSeed`, so that both learn from the same; neither learner draws random numbers.
 *
 * @throws TuneError `INVALID_CONFIG` for a config that is out of range
 */
export async function* linearClassifier(
  config: LinearClassifierConfig,
  { checkpoint, signal }: Pick<TrialContext, 'checkpoint' | 'signal'>,
): AsyncGenerator<Report<LinearClassifierMetrics>, void, unknown> {
  const settings = linearClassifierSettings(config)
  const { learner, maxPasses, passesPerReport, regularization } = settings
  const { train, test } = dividedSquare(settings)
  // a line made the labels, so there is a margin
  const { margin = 0, mistakeBound = Number.POSITIVE_INFINITY } = widestMargin(train) ?? {}
  const weights = new Float64Array(3)
  const breathe = breathing(signal)
  let { pass = 0, updates = 0 } = checkpoint === undefined ? {} : await loadArrays({ weights }, checkpoint.directory)
  let isConverged = false
  while (pass < maxPasses && !isConverged) {
    const end = Math.min(maxPasses, pass + passesPerReport)
    for (; pass < end && !isConverged; pass++) {
      if (!(await breathe())) return
      if (learner === 'perceptron') {
        const mistakes = perceptronPass(weights, train)
        updates += mistakes
        isConverged = mistakes === 0
      } else {
        const learningRate = settings.learningRate * decayFactor('linear', pass / maxPasses)
        hingeStep(weights, train, { regularization, learningRate })
        updates++
      }
    }
    const progress = { pass, updates }
    const metrics: LinearClassifierMetrics = {
      ...progress,
      mistakeBound,
      margin,
      isConverged,
      trainError: errorRate(weights, train),
      testError: errorRate(weights, test),
      weights: [...weights],
    }
    yield report(metrics, { checkpoint: directory => saveArrays({ progress, arrays: { weights } }, directory) })
  }
}

/** {@link linearClassifier}, for worker threads: what a `Tuner` is given. */
export default defineTrainable(import.meta.url, linearClassifier)
