import { expect, it } from 'vitest'
import { Rng } from '../../src/rng.js'
import {
  buildMlp,
  loadTensorFlow,
  type MnistMlpConfig,
  mnistMlp,
  mnistMlpSettings,
  Network,
  optimizerNames,
} from '../../trainables/index.js'
import { describeGoodCitizen, lastReport } from './good-citizen.js'

const tiny: MnistMlpConfig = {
  learningRate: 0.01,
  hiddenUnits: [24, 16],
  inputDropout: 0.2,
  hiddenDropout: 0.5,
  l2: 1e-4,
  batchSize: 32,
  trainImages: 128,
  validationImages: 32,
  epochs: 3,
}

describeGoodCitizen(mnistMlp, tiny, [
  [{ hiddenUnits: [] }, /hiddenUnits is \[\]: it must be one or more integers/],
  [{ hiddenUnits: [100, 0.5] }, /hiddenUnits is/],
  [{ activation: 'gelu' as 'relu' }, /activation is "gelu"/],
  [{ inputDropout: 1 }, /inputDropout is 1: it must be at least 0 and less than 1/],
  [{ hiddenDropout: -0.5 }, /hiddenDropout is -0.5/],
  [{ optimizer: 'rprop' as 'adam' }, /optimizer is "rprop"/],
])

it('has 1,796,010 parameters in two hidden layers of 1,000', async () => {
  const { tf } = await loadTensorFlow({ backend: 'wasm' })
  const network = new Network(tf, { rng: Rng.from(1), initializer: 'heNormal' })
  buildMlp(network, { height: 28, width: 28, channels: 1, classes: 10 }, mnistMlpSettings({ learningRate: 1 }))
  // 785 × 1000 + 1001 × 1000 + 1001 × 10
  expect(network.parameterCount).toBe(1_796_010)
  network.dispose()
})

// a good learning rate of each, for this size
const rates = {
  sgd: 0.1,
  momentum: 0.02,
  nesterov: 0.02,
  adagrad: 0.03,
  rmsprop: 0.002,
  rmspropNesterov: 0.0003,
  adadelta: 1,
  adam: 0.003,
}

it.each(optimizerNames)('learns to read most digits from 2,000 images by %s', async optimizer => {
  const last = await lastReport(mnistMlp, {
    optimizer,
    learningRate: rates[optimizer],
    hiddenUnits: [64, 64],
    batchSize: 32,
    trainImages: 2_000,
    validationImages: 500,
    epochs: 3,
  })
  expect(last.valAccuracy).toBeGreaterThan(0.8)
})
