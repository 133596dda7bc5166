import { configCheck } from '../kit/check-config.js'

/** What finds the line. */
export const linearLearnerNames = ['perceptron', 'hinge'] as const

/** The perceptron's rule, or gradient descent on the hinge loss: a support vector machine. */
export type LinearLearnerName = (typeof linearLearnerNames)[number]

/** Hyperparameters and settings of {@link linearClassifier}. */
export interface LinearClassifierConfig {
  /** @defaultValue 'perceptron' */
  readonly learner?: LinearLearnerName | undefined
  /** Decides line and points, whatever the learner. An integer ≥ 0. @defaultValue 0 */
  readonly dataSeed?: number | undefined
  /** Points to learn from; from 2 to 200. @defaultValue 20 */
  readonly points?: number | undefined
  /** Points to judge by; ≥ 1. @defaultValue 1,000 */
  readonly testPoints?: number | undefined
  /** λ of the hinge loss: a small one lets no point into the margin, a large one many; > 0. @defaultValue 0.001 */
  readonly regularization?: number | undefined
  /** Of the hinge loss, at the start; it falls to 0 linearly. > 0. @defaultValue 1 */
  readonly learningRate?: number | undefined
  /** Passes over the points after which the learner gives up; the perceptron ends when a pass has no mistake. ≥ 1. @defaultValue 10,000 */
  readonly maxPasses?: number | undefined
  /** Passes from one report to the next; ≥ 1. @defaultValue 1,000 */
  readonly passesPerReport?: number | undefined
}

/** A config with each default filled in. */
export type LinearClassifierSettings = {
  readonly [K in keyof LinearClassifierConfig]-?: Exclude<LinearClassifierConfig[K], undefined>
}

/**
 * Checks a config and fills in the defaults.
 *
 * @throws TuneError `INVALID_CONFIG` that names the field, its value and what it may be
 */
export function linearClassifierSettings(config: LinearClassifierConfig): LinearClassifierSettings {
  const settings: LinearClassifierSettings = {
    learner: config.learner ?? 'perceptron',
    dataSeed: config.dataSeed ?? 0,
    points: config.points ?? 20,
    testPoints: config.testPoints ?? 1_000,
    regularization: config.regularization ?? 0.001,
    learningRate: config.learningRate ?? 1,
    maxPasses: config.maxPasses ?? 10_000,
    passesPerReport: config.passesPerReport ?? 1_000,
  }
  const check = configCheck(settings)
  check.oneOf('learner', linearLearnerNames)
  check.count(0, 'dataSeed')
  check.count(2, 'points')
  check.that('points', settings.points <= 200, 'at most 200, as the margin takes the cube of that')
  check.count(1, 'testPoints', 'maxPasses', 'passesPerReport')
  check.positive('regularization', 'learningRate')
  return settings
}
