export { type Importance, type ImportanceOptions, importancesOf } from './importances.js'
