export { buildMlp } from './build-mlp.js'
export { type MnistMlpConfig, type MnistMlpSettings, mnistMlpSettings } from './config.js'
export { default as mnistMlpTrainable, type MnistMlpMetrics, mnistMlp } from './mnist-mlp.js'
