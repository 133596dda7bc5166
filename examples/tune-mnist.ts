/**
 * The main job: tunes a convolutional network on MNIST with random search and ASHA in worker threads, then trains the best config on
 * the full training set and tests it. Run by `npm start`; `npm start -- --json` ends in one line of JSON, and `npm start -- --resume PATH`
 * goes on with a search that was cut off.
 */
import { parseArgs } from 'node:util'
import { ASHAScheduler } from '../schedulers/index.js'
import { RandomSearcher } from '../searchers/index.js'
import { choice, loguniform, type ResultGrid, Tuner, uniform } from '../src/index.js'
import { type MnistCnnConfig, mnistCnnTrainable } from '../trainables/index.js'

const maxEpochs = 4
const finalEpochs = 3

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    trials: { type: 'string', default: '12' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string' },
    resume: { type: 'string' },
    'train-images': { type: 'string', default: '10000' },
    'final-images': { type: 'string', default: '55000' },
  },
})

const seed = Number(options.seed)
// with --json the last line of standard output is for programs, and people are told on standard error
const say = (text: string): void => {
  ;(options.json ? process.stderr : process.stdout).write(`${text}\n`)
}
const percent = (value: unknown): string => (typeof value === 'number' ? `${(100 * value).toFixed(2)} %` : '—')
const runConfig = {
  storagePath: 'tunewright-results',
  ...(options.workers !== undefined && { workers: Number(options.workers) }),
}
const started = performance.now()
const stamp = new Date(performance.timeOrigin + started).toISOString().slice(0, 19).replaceAll(':', '-')

const shared = { batchNormalization: true, learningRateDecay: 'cosine' } as const

const searchOptions = {
  paramSpace: {
    learningRate: loguniform(1e-3, 2e-2),
    optimizer: choice(['adam', 'momentum']),
    batchSize: choice([32, 64]),
    filters: choice([
      [8, 16],
      [16, 32],
    ]),
    denseUnits: choice([32, 64, 128]),
    dropout: uniform(0, 0.4),
    l2: loguniform(1e-6, 1e-3),
    ...shared,
    epochs: maxEpochs,
    trainImages: Number(options['train-images']),
    validationImages: 2_000,
  },
  tuneConfig: {
    metric: 'valAccuracy',
    mode: 'max' as const,
    searchAlg: new RandomSearcher(),
    scheduler: new ASHAScheduler({ maxT: maxEpochs, gracePeriod: 1, reductionFactor: 2 }),
    numSamples: Number(options.trials),
    seed,
  },
  runConfig: { ...runConfig, name: `mnist-search-${stamp}` },
}
const search = await (options.resume === undefined
  ? new Tuner(mnistCnnTrainable, searchOptions)
  : Tuner.restore(options.resume, mnistCnnTrainable, searchOptions)
).fit()
stopIfInterrupted(search)

const best = search.getBestResult({ scope: 'all' })
const config: MnistCnnConfig = best.config
say(`\nTraining the best config on ${options['final-images']} images for ${finalEpochs} epochs …`)
const final = await new Tuner(mnistCnnTrainable, {
  paramSpace: {
    ...best.config,
    epochs: finalEpochs,
    trainImages: Number(options['final-images']),
    validationImages: 5_000,
    evaluateTest: true,
  },
  tuneConfig: { metric: 'valAccuracy', mode: 'max', seed },
  runConfig: {
    ...runConfig,
    workers: 1,
    name: `mnist-final-${stamp}`,
    checkpointConfig: { checkpointFrequency: 1, numToKeep: 1 },
  },
}).fit()
stopIfInterrupted(final)

const trained = final.getBestResult()
const epochs = [...search].reduce((sum, result) => sum + result.metrics.trainingIteration, 0)
const summary = {
  testAccuracy: trained.metrics.testAccuracy,
  valAccuracy: trained.metrics.valAccuracy,
  seconds: Number(((performance.now() - started) / 1000).toFixed(1)),
  trials: search.length,
  epochs,
  epochsWithoutScheduler: search.length * maxEpochs,
  best: config,
  path: search.path,
}

say(`\n${search.toTable({ width: process.stdout.columns ?? 140 })}`)
say('\nBest config')
for (const [name, value] of Object.entries(config)) say(`  ${name.padEnd(22)}${JSON.stringify(value)}`)
say(`\nValidation accuracy  ${percent(summary.valAccuracy)}`)
say(`Test accuracy        ${percent(summary.testAccuracy)} on the 10,000 test images`)
say(
  `Epochs of the search ${epochs} instead of ${summary.epochsWithoutScheduler}: ASHA saved ${percent(1 - epochs / summary.epochsWithoutScheduler)}`,
)
say(`Time                 ${summary.seconds} s`)
say(`Search               ${search.path}`)
say(`Trained network      ${trained.checkpoint?.directory ?? final.path}`)
if (options.json) process.stdout.write(`${JSON.stringify(summary)}\n`)

/** Ctrl-C ends the job with the study. */
function stopIfInterrupted(grid: ResultGrid): void {
  if (grid.outcome?.type !== 'interrupted') return
  say(`\nGo on with: npm start -- --resume ${search.path}`)
  process.exit(130)
}
