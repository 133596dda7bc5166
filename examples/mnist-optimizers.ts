/**
 * SGD, momentum, AdaGrad and Adam on MNIST: the learning rate of each is tuned on validation accuracy, then each trains the same network on all training
 * images. Draws training cost and validation accuracy by epoch.
 *
 * Takes about 6 minutes on 2 cores, with `--quick` a few seconds. Writes pictures to `--out FOLDER`; `--seed N` draws other weights.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { choice, loguniform, Tuner } from 'tunewright'
import { lineChart } from 'tunewright/analysis'
import { ASHAScheduler } from 'tunewright/schedulers'
import { GridSearcher, RandomSearcher } from 'tunewright/searchers'
import { type MnistCnnMetrics, mnistCnnTrainable } from 'tunewright/trainables'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    out: { type: 'string', default: 'tunewright-results/mnist-optimizers' },
    seed: { type: 'string', default: '1' },
  },
})
const { quick, out } = options
const seed = Number(options.seed)
// one thread starts in half the time of two
const runConfig = quick ? ({ storagePath: false, verbose: 0, workers: 1 } as const) : ({ storagePath: false } as const)
const optimizers = {
  sgd: { name: 'SGD', rates: [0.01, 1] },
  momentum: { name: 'momentum', rates: [0.001, 0.1] },
  adagrad: { name: 'AdaGrad', rates: [0.003, 0.3] },
  adam: { name: 'Adam', rates: [0.0001, 0.01] },
} as const
type OptimizerName = keyof typeof optimizers
const names = Object.keys(optimizers) as OptimizerName[]

const percent = (share: number | undefined) => (share === undefined ? '—' : `${(100 * share).toFixed(2)} %`)
const line = (...cells: readonly string[]) =>
  console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(12) : cell.padStart(15))).join(''))

const tune = (optimizer: OptimizerName) => {
  const [least, most] = optimizers[optimizer].rates
  const maxEpochs = quick ? 2 : 4
  console.log(`The learning rate of ${optimizers[optimizer].name} …`)
  return new Tuner(mnistCnnTrainable, {
    paramSpace: {
      optimizer,
      learningRate: loguniform(least, most),
      learningRateDecay: 'cosine',
      epochs: maxEpochs,
      trainImages: quick ? 300 : 15_000,
      validationImages: quick ? 200 : 5_000,
    },
    tuneConfig: {
      metric: 'valAccuracy',
      mode: 'max',
      // from bound to bound, evenly on a logarithmic scale
      searchAlg: new GridSearcher({ pointsPerDimension: quick ? 3 : 9 }),
      scheduler: new ASHAScheduler({ maxT: maxEpochs, gracePeriod: 1, reductionFactor: 2 }),
      seed,
    },
    runConfig,
  }).fit()
}
const grids = {
  sgd: await tune('sgd'),
  momentum: await tune('momentum'),
  adagrad: await tune('adagrad'),
  adam: await tune('adam'),
}
const bestRates = names.map(optimizer => grids[optimizer].getBestResult().config.learningRate)

console.log('Each with its best learning rate on all training images …')
const finals = await new Tuner(mnistCnnTrainable, {
  paramSpace: {
    optimizer: choice(names),
    learningRate: choice(bestRates),
    // at a constant rate the last steps decide: one bad batch at the end can spoil what ten epochs have learnt
    learningRateDecay: 'cosine',
    epochs: quick ? 3 : 10,
    trainImages: quick ? 300 : 55_000,
    validationImages: quick ? 200 : 5_000,
    evaluateTest: true,
  },
  tuneConfig: {
    metric: 'valAccuracy',
    mode: 'max',
    searchAlg: new RandomSearcher({
      pointsToEvaluate: names.map((optimizer, i) => ({ optimizer, learningRate: bestRates[i] ?? Number.NaN })),
    }),
    numSamples: names.length,
    seed,
  },
  runConfig,
}).fit()

const runs = names.flatMap((optimizer, i) => {
  const result = finals.reported().find(({ trialIndex }) => trialIndex === i)
  return result ? [{ optimizer, name: optimizers[optimizer].name, result, ...result.metrics }] : []
})
line('optimizer', 'learning rate', 'tuned to', 'cost', 'validation', 'test', 'seconds')
for (const { optimizer, name, result, trainCost, valAccuracy, testAccuracy } of runs) {
  line(
    name,
    result.config.learningRate.toPrecision(3),
    percent(grids[optimizer].getBestResult().metrics.valAccuracy),
    trainCost.toPrecision(3),
    percent(valAccuracy),
    percent(testAccuracy),
    (result.timing?.timeTotalS ?? Number.NaN).toFixed(1),
  )
}

const byEpoch = (value: (metrics: MnistCnnMetrics) => number) =>
  runs.map(({ name, result }) => ({
    name: `${name}, ${result.config.learningRate.toPrecision(2)}`,
    x: result.history.map(({ metrics }) => metrics.epoch),
    y: result.history.map(({ metrics }) => value(metrics)),
  }))
const epoch = { name: 'epoch', scale: 'linear', isInteger: true } as const
const plots = {
  cost: lineChart(
    byEpoch(({ trainCost }) => trainCost),
    { title: 'Training cost', x: epoch, y: { name: 'cross-entropy', unit: 'nats', scale: 'log' } },
  ),
  accuracy: lineChart(
    byEpoch(({ valAccuracy }) => 100 * valAccuracy),
    { title: 'Validation accuracy', x: epoch, y: { name: 'accuracy', unit: '%', scale: 'linear' } },
  ),
  'learning-rates': lineChart(
    names.map(optimizer => {
      const found = [...grids[optimizer]].toSorted((a, b) => a.config.learningRate - b.config.learningRate)
      const best = (result: (typeof found)[number]) =>
        Math.max(...result.history.map(({ metrics }) => metrics.valAccuracy))
      return {
        name: optimizers[optimizer].name,
        x: found.map(({ config }) => config.learningRate),
        y: found.map(result => 100 * (1 - best(result))),
      }
    }),
    {
      title: 'Learning rates that were tried',
      subtitle: 'each at its best epoch; weak ones were stopped early',
      x: { name: 'learning rate', scale: 'log' },
      y: { name: 'validation error', unit: '%', scale: 'log' },
    },
  ),
}
for (const [name, plot] of Object.entries(plots))
  for (const extension of ['svg', 'png']) await plot.save(join(out, `${name}.${extension}`))
console.log(`${Object.keys(plots).length} pictures: ${out}`)
