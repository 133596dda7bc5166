export { buildCnn } from './build-cnn.js'
export { type MnistCnnConfig, type MnistCnnSettings, mnistCnnSettings } from './config.js'
export { default as mnistCnnTrainable, type MnistCnnMetrics, mnistCnn } from './mnist-cnn.js'
