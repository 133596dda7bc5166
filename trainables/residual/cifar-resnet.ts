import { defineTrainable } from '../../src/trainable/define.js'
import { type Report, report, type TrialContext } from '../../src/trainable/trainable.js'
import { cifar10Normalization, loadCifar10 } from '../data/cifar10.js'
import { type ClassifierParts, prepareClassifier } from '../image-classifier/prepare-classifier.js'
import { type ImageClassifierMetrics, trainEpochs } from '../image-classifier/train-classifier.js'
import { scheduledPlan } from '../image-classifier/training-plan.js'
import { cifarResidual } from './architecture.js'
import { type CifarResNetConfig, cifarResNetSettings } from './config.js'
import { buildResidualNetwork } from './residual-network.js'

/** What {@link cifarResNet} reports after each epoch. */
export type CifarResNetMetrics = ImageClassifierMetrics & {
  /** The learning rate of the epoch's last step. */
  readonly learningRate: number
}

/**
 * Trains the residual network for CIFAR-10: 20 layers with 269,722 parameters, unless the config says otherwise. One iteration is one epoch. The
 * same config and seed give the same numbers each time.
 *
 * @throws TuneError `INVALID_CONFIG` for a config that is out of range, `DEPENDENCY_MISSING` without TensorFlow.js or the data
 * @see He et al., "Deep Residual Learning for Image Recognition", 2016, section 4.2
 */
export async function* cifarResNet(
  config: CifarResNetConfig,
  context: TrialContext,
): AsyncGenerator<Report<CifarResNetMetrics>, void, unknown> {
  const settings = cifarResNetSettings(config)
  const { blocks, shortcut, crop, flip } = settings
  const parts: ClassifierParts = {
    load: loadCifar10,
    build: (network, images) => buildResidualNetwork(network, cifarResidual(blocks, shortcut), images),
  }
  const { classifier, ...prepared } = await prepareClassifier(settings, parts, context)
  const [plan, normalization, augment] = [scheduledPlan(settings), cifar10Normalization, { crop, flip }]
  const task = { ...prepared, plan, normalization, augment }
  for await (const { metrics, learningRate, save } of trainEpochs(classifier, task, context)) {
    yield report({ ...metrics, learningRate }, { checkpoint: save })
  }
}

/** {@link cifarResNet}, for worker threads: what a `Tuner` is given. */
export default defineTrainable(import.meta.url, cifarResNet)
