import { describe, expect, it } from 'vitest'
import { checkRunConfig, checkTuneConfig } from '../../src/tuner/check-options.js'
import type { RunConfig, TuneConfig } from '../../src/tuner/config.js'

const invalid = (message: string) =>
  expect.objectContaining({ name: 'TuneError', code: 'INVALID_OPTION', message: expect.stringContaining(message) })

describe('the options of a search', () => {
  it.each<TuneConfig>([
    {},
    { metric: 'loss', mode: 'min' },
    {
      metric: 'val/acc',
      mode: 'max',
      numSamples: 1,
      maxConcurrentTrials: 1,
      timeBudgetS: 0.1,
      seed: 0,
      order: 'arrival',
    },
    { numSamples: -1 },
    { numSamples: Number.POSITIVE_INFINITY, seed: Number.MAX_SAFE_INTEGER, order: 'logical' },
    { trialNameCreator: ({ id }) => id, trialDirnameCreator: ({ id }) => id, reuseActors: false },
  ])('may be %o', config => {
    expect(() => checkTuneConfig(config)).not.toThrow()
  })

  it.each<[unknown, string]>([
    [{ metric: '' }, 'tuneConfig.metric is "": give the name of a reported metric'],
    [{ metric: 3, mode: 'min' }, 'tuneConfig.metric is 3: give the name of a reported metric'],
    [{ metric: 'loss' }, "tuneConfig.mode is undefined: give 'min' or 'max' with the metric 'loss'"],
    [{ mode: 'min' }, 'tuneConfig.metric is undefined: give the metric whose min is looked for'],
    [{ metric: 'loss', mode: 'minimize' }, "tuneConfig.mode is \"minimize\": give 'min' or 'max'"],
    [{ numSamples: 0 }, 'tuneConfig.numSamples is 0: give an integer from 1, or -1 for no limit'],
    [{ numSamples: 1.5 }, 'tuneConfig.numSamples is 1.5'],
    [{ numSamples: -2 }, 'tuneConfig.numSamples is -2'],
    [{ numSamples: Number.NaN }, 'tuneConfig.numSamples is NaN'],
    [{ numSamples: '10' }, 'tuneConfig.numSamples is "10"'],
    [{ numSamples: null }, 'tuneConfig.numSamples is null'],
    [{ maxConcurrentTrials: 0 }, 'tuneConfig.maxConcurrentTrials is 0: give an integer from 1'],
    [{ maxConcurrentTrials: Number.POSITIVE_INFINITY }, 'tuneConfig.maxConcurrentTrials is Infinity'],
    [{ timeBudgetS: 0 }, 'tuneConfig.timeBudgetS is 0: give a number of seconds above 0'],
    [{ timeBudgetS: -1 }, 'tuneConfig.timeBudgetS is -1'],
    [{ timeBudgetS: Number.NaN }, 'tuneConfig.timeBudgetS is NaN'],
    [{ seed: -1 }, 'tuneConfig.seed is -1: give an integer from 0'],
    [{ seed: 0.5 }, 'tuneConfig.seed is 0.5'],
    [{ seed: 2 ** 53 }, 'tuneConfig.seed is 9007199254740992'],
    [{ seed: 'mnist' }, 'tuneConfig.seed is "mnist"'],
    [{ order: 'random' }, "tuneConfig.order is \"random\": give 'logical' or 'arrival'"],
    [
      { num_samples: 3 },
      "tuneConfig has no option 'num_samples': it has metric, mode, searchAlg, scheduler, numSamples",
    ],
    [{ searchAlgorithm: undefined }, "tuneConfig has no option 'searchAlgorithm'"],
  ])('are refused by name when they are %o', (config, message) => {
    expect(() => checkTuneConfig(config as TuneConfig)).toThrow(invalid(message))
  })
})

describe('the options of a run', () => {
  it.each<RunConfig>([
    {},
    { verbose: 0, workers: 1, executor: 'inline', storagePath: '/tmp/x', name: 'mnist' },
    { failureConfig: { maxFailures: -1 } },
    { failureConfig: { maxFailures: 0, failFast: 'raise' } },
    { failureConfig: { maxFailures: 3, failFast: false } },
    { checkpointConfig: { numToKeep: 1, checkpointFrequency: 0, checkpointScoreOrder: 'min', checkpointAtEnd: true } },
    { executor: () => expect.unreachable() },
    { resourceLimits: { maxOldGenerationSizeMb: 64 }, handleSignals: false, logToFile: false, callbacks: [] },
  ])('may be %o', config => {
    expect(() => checkRunConfig(config)).not.toThrow()
  })

  it.each<[unknown, string]>([
    [{ verbose: 3 }, 'runConfig.verbose is 3: give 0, 1 or 2'],
    [{ verbose: true }, 'runConfig.verbose is true'],
    [{ workers: 0 }, 'runConfig.workers is 0: give an integer from 1'],
    [{ workers: 2.5 }, 'runConfig.workers is 2.5'],
    [{ storagePath: '' }, 'runConfig.storagePath is "": give a path'],
    [{ storagePath: 7 }, 'runConfig.storagePath is 7'],
    [
      { executor: 'ray' },
      "runConfig.executor is \"ray\": give 'threads', 'inline' or a function that makes an executor",
    ],
    [
      { failureConfig: { maxFailures: -2 } },
      'failureConfig.maxFailures is -2: give an integer from 0, or -1 for no limit',
    ],
    [{ failureConfig: { maxFailures: 0.5 } }, 'failureConfig.maxFailures is 0.5'],
    [
      { failureConfig: { maxFailures: 2, failFast: true } },
      'failureConfig.maxFailures is 2: give 0 when failFast is set',
    ],
    [{ failureConfig: { maxFailures: -1, failFast: 'raise' } }, 'failureConfig.maxFailures is -1'],
    [
      { failureConfig: { retries: 2 } },
      "runConfig.failureConfig has no option 'retries': it has maxFailures, failFast",
    ],
    [{ checkpointConfig: { numToKeep: 0 } }, 'checkpointConfig.numToKeep is 0: give an integer from 1'],
    [
      { checkpointConfig: { checkpointFrequency: -1 } },
      'checkpointConfig.checkpointFrequency is -1: give an integer from 0',
    ],
    [{ checkpointConfig: { checkpointScoreOrder: 'high' } }, 'checkpointConfig.checkpointScoreOrder is "high"'],
    [{ checkpointConfig: { keep: 1 } }, "runConfig.checkpointConfig has no option 'keep'"],
    [{ stopper: 1 }, "runConfig has no option 'stopper': it has name, storagePath"],
  ])('are refused by name when they are %o', (config, message) => {
    expect(() => checkRunConfig(config as RunConfig)).toThrow(invalid(message))
  })
})
