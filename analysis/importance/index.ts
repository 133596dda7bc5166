export { type EffectOptions, type EffectPoint, effectsOf, type ParameterEffect } from './effects.js'
export { type Importance, type ImportanceOptions, importancesOf } from './importances.js'
