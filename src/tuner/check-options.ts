import { show, TuneError } from '../errors.js'
import type { CheckpointConfig, FailureConfig, RunConfig, TuneConfig } from './config.js'
import { toObjectives } from './objectives.js'

const tuneKeys = [
  'metric',
  'mode',
  'searchAlg',
  'scheduler',
  'numSamples',
  'maxConcurrentTrials',
  'timeBudgetS',
  'reuseActors',
  'seed',
  'order',
  'trialNameCreator',
  'trialDirnameCreator',
] satisfies readonly (keyof TuneConfig)[]

const runKeys = [
  'name',
  'storagePath',
  'failureConfig',
  'checkpointConfig',
  'stop',
  'callbacks',
  'verbose',
  'logToFile',
  'executor',
  'workers',
  'resourceLimits',
  'handleSignals',
] satisfies readonly (keyof RunConfig)[]

const failureKeys = [
  'maxFailures',
  'failFast',
  'stepTimeoutS',
  'trialTimeoutS',
] satisfies readonly (keyof FailureConfig)[]

const checkpointKeys = [
  'numToKeep',
  'checkpointScoreAttribute',
  'checkpointScoreOrder',
  'checkpointFrequency',
  'checkpointAtEnd',
] satisfies readonly (keyof CheckpointConfig)[]

/** @throws `TuneError` `INVALID_OPTION` naming the option, its value and what it may be */
export function checkTuneConfig(config: TuneConfig): void {
  checkKeys('tuneConfig', config, tuneKeys)
  toObjectives(config)
  const { numSamples, maxConcurrentTrials, timeBudgetS, seed, order } = config
  if (numSamples !== undefined && numSamples !== -1 && numSamples !== Number.POSITIVE_INFINITY) {
    checkInteger('tuneConfig.numSamples', numSamples, 1, 'an integer from 1, or -1 for no limit')
  }
  if (maxConcurrentTrials !== undefined) checkInteger('tuneConfig.maxConcurrentTrials', maxConcurrentTrials, 1)
  const isBudget = typeof timeBudgetS === 'number' && timeBudgetS > 0
  if (timeBudgetS !== undefined && !isBudget)
    throw invalid('tuneConfig.timeBudgetS', timeBudgetS, 'a number of seconds above 0, or Infinity for no limit')
  const { searchAlg, scheduler, reuseActors, trialNameCreator, trialDirnameCreator } = config
  if (searchAlg !== undefined && typeof searchAlg?.suggest !== 'function') {
    throw invalid('tuneConfig.searchAlg', searchAlg, 'a searcher, such as new RandomSearcher()')
  }
  if (scheduler !== undefined && typeof scheduler?.onReport !== 'function') {
    throw invalid('tuneConfig.scheduler', scheduler, 'a scheduler, such as new ASHAScheduler()')
  }
  if (reuseActors !== undefined && typeof reuseActors !== 'boolean')
    throw invalid('tuneConfig.reuseActors', reuseActors, 'true or false')
  for (const [name, create] of Object.entries({ trialNameCreator, trialDirnameCreator })) {
    if (create !== undefined && typeof create !== 'function') throw invalid(`tuneConfig.${name}`, create, 'a function')
  }
  if (seed !== undefined) checkInteger('tuneConfig.seed', seed, 0)
  if (order !== undefined && order !== 'logical' && order !== 'arrival')
    throw invalid('tuneConfig.order', order, "'logical' or 'arrival'")
}

/** @throws `TuneError` `INVALID_OPTION` */
export function checkRunConfig(config: RunConfig): void {
  checkKeys('runConfig', config, runKeys)
  const { failureConfig = {}, checkpointConfig = {}, verbose, workers, executor, storagePath } = config
  checkKeys('runConfig.failureConfig', failureConfig, failureKeys)
  checkKeys('runConfig.checkpointConfig', checkpointConfig, checkpointKeys)
  if (verbose !== undefined && verbose !== 0 && verbose !== 1 && verbose !== 2)
    throw invalid('runConfig.verbose', verbose, '0, 1 or 2')
  if (workers !== undefined) checkInteger('runConfig.workers', workers, 1)
  if (storagePath !== undefined && storagePath !== false && (typeof storagePath !== 'string' || storagePath === ''))
    throw invalid('runConfig.storagePath', storagePath, 'a path, or false to keep the study in memory')
  if (executor !== undefined && executor !== 'threads' && executor !== 'inline' && typeof executor !== 'function') {
    throw invalid('runConfig.executor', executor, "'threads', 'inline' or a function that makes an executor")
  }
  const { maxFailures = 0, failFast = false } = failureConfig
  if (maxFailures !== -1)
    checkInteger('failureConfig.maxFailures', maxFailures, 0, 'an integer from 0, or -1 for no limit')
  if (failFast !== false && maxFailures !== 0)
    throw invalid('failureConfig.maxFailures', maxFailures, '0 when failFast is set')
  for (const name of ['stepTimeoutS', 'trialTimeoutS'] as const) {
    const seconds: unknown = failureConfig[name]
    if (seconds !== undefined && !(typeof seconds === 'number' && seconds > 0))
      throw invalid(`failureConfig.${name}`, seconds, 'a number of seconds above 0')
  }
  const { numToKeep, checkpointFrequency, checkpointScoreOrder: scoreOrder } = checkpointConfig
  if (numToKeep !== undefined) checkInteger('checkpointConfig.numToKeep', numToKeep, 1)
  if (checkpointFrequency !== undefined) checkInteger('checkpointConfig.checkpointFrequency', checkpointFrequency, 0)
  if (scoreOrder !== undefined && scoreOrder !== 'min' && scoreOrder !== 'max') {
    throw invalid('checkpointConfig.checkpointScoreOrder', scoreOrder, "'min' or 'max'")
  }
}

function checkKeys(where: string, config: object, known: readonly string[]): void {
  for (const key of Object.keys(config)) {
    if (known.includes(key)) continue
    throw new TuneError('INVALID_OPTION', `${where} has no option '${key}': it has ${known.join(', ')}`)
  }
}

function checkInteger(where: string, value: unknown, least: number, expected = `an integer from ${least}`): void {
  if (!Number.isSafeInteger(value) || Number(value) < least) throw invalid(where, value, expected)
}

function invalid(where: string, value: unknown, expected: string): TuneError {
  return new TuneError('INVALID_OPTION', `${where} is ${show(value)}: give ${expected}`)
}
