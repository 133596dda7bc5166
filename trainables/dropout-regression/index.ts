export { dropoutSolution, expectedLoss, type Weights } from './closed-form.js'
export { type DropoutRegressionConfig, type DropoutRegressionSettings, dropoutRegressionSettings } from './config.js'
export { type CorrelatedInputsOptions, correlatedInputs, type RegressionData } from './correlated-inputs.js'
export {
  type DropoutRegressionMetrics,
  default as dropoutRegressionTrainable,
  dropoutRegression,
} from './dropout-regression.js'
