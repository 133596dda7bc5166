/**
 * Batch normalization on each hidden layer of a convolutional network on MNIST, with plain SGD: the learning rate is tuned with it and without, as it
 * allows far greater ones, then both train on all training images.
 *
 * Takes about 3 minutes on 2 cores, with `--quick` a few seconds. Writes pictures to `--out FOLDER`; `--seed N` draws other weights.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { choice, gridSearch, Tuner } from 'tunewright'
import { lineChart } from 'tunewright/analysis'
import { RandomSearcher } from 'tunewright/searchers'
import { type MnistCnnMetrics, mnistCnnTrainable } from 'tunewright/trainables'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    out: { type: 'string', default: 'tunewright-results/mnist-batch-normalization' },
    seed: { type: 'string', default: '1' },
  },
})
const { quick, out } = options
const seed = Number(options.seed)
const verbose = quick ? 0 : 1
const rates = quick ? [0.01, 0.1, 1] : [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3]
const variants = [false, true].map(batchNormalization => ({
  batchNormalization,
  name: batchNormalization ? 'batch normalization' : 'without',
}))

const percent = (share: number | undefined) => (share === undefined ? '—' : `${(100 * share).toFixed(2)} %`)
const line = (...cells: readonly string[]) =>
  console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(22) : cell.padStart(14))).join(''))

const shared = { optimizer: 'sgd', batchSize: 64 } as const
const grid = await new Tuner(mnistCnnTrainable, {
  paramSpace: {
    batchNormalization: gridSearch([false, true]),
    learningRate: gridSearch(rates),
    ...shared,
    epochs: quick ? 1 : 3,
    trainImages: quick ? 400 : 15_000,
    validationImages: quick ? 200 : 5_000,
  },
  tuneConfig: { metric: 'valAccuracy', mode: 'max', seed },
  runConfig: { storagePath: false, verbose },
}).fit()
const tuned = variants.map(variant => {
  const results = grid.reported().filter(({ config }) => config.batchNormalization === variant.batchNormalization)
  return {
    ...variant,
    results,
    best: results.reduce((a, b) => (b.metrics.valAccuracy > a.metrics.valAccuracy ? b : a)),
  }
})
line('validation accuracy', ...rates.map(rate => `rate ${rate}`))
for (const { name, results } of tuned) line(name, ...results.map(result => percent(result.metrics.valAccuracy)))

console.log('\nEach with its best learning rate on all training images …')
const finals = await new Tuner(mnistCnnTrainable, {
  paramSpace: {
    batchNormalization: choice([false, true]),
    learningRate: choice(rates),
    ...shared,
    epochs: quick ? 3 : 8,
    trainImages: quick ? 400 : 55_000,
    validationImages: quick ? 200 : 5_000,
    evaluateTest: true,
  },
  tuneConfig: {
    metric: 'valAccuracy',
    mode: 'max',
    searchAlg: new RandomSearcher({
      pointsToEvaluate: tuned.map(({ batchNormalization, best }) => ({
        batchNormalization,
        learningRate: best.config.learningRate,
      })),
    }),
    numSamples: variants.length,
    seed,
  },
  runConfig: { storagePath: false, verbose },
}).fit()
const runs = variants.flatMap(({ name }, i) => {
  const result = finals.reported().find(({ trialIndex }) => trialIndex === i)
  return result ? [{ name, result, ...result.metrics }] : []
})
line('', 'learning rate', 'cost', 'validation', 'test', 'seconds')
for (const { name, result, trainCost, valAccuracy, testAccuracy } of runs) {
  const seconds = (result.timing?.timeTotalS ?? Number.NaN).toFixed(1)
  line(
    name,
    String(result.config.learningRate),
    trainCost.toPrecision(3),
    percent(valAccuracy),
    percent(testAccuracy),
    seconds,
  )
}

const byEpoch = (value: (metrics: MnistCnnMetrics) => number) =>
  runs.map(({ name, result }) => ({
    name: `${name}, learning rate ${result.config.learningRate}`,
    x: result.history.map(({ metrics }) => metrics.epoch),
    y: result.history.map(({ metrics }) => value(metrics)),
  }))
const epoch = { name: 'epoch', scale: 'linear', isInteger: true } as const
const plots = {
  'learning-rates': lineChart(
    tuned.map(({ name, results }) => ({
      name,
      x: rates,
      y: results.map(result => 100 * (1 - result.metrics.valAccuracy)),
    })),
    {
      title: 'Learning rates with and without batch normalization',
      subtitle: 'networks that diverged get everything wrong',
      x: { name: 'learning rate', scale: 'log' },
      y: { name: 'validation error', unit: '%', scale: 'log' },
    },
  ),
  cost: lineChart(
    byEpoch(({ trainCost }) => trainCost),
    { title: 'Training cost', x: epoch, y: { name: 'cross-entropy', unit: 'nats', scale: 'log' } },
  ),
  accuracy: lineChart(
    byEpoch(({ valAccuracy }) => 100 * valAccuracy),
    { title: 'Validation accuracy', x: epoch, y: { name: 'accuracy', unit: '%', scale: 'linear' } },
  ),
}
for (const [name, plot] of Object.entries(plots))
  for (const extension of ['svg', 'png']) await plot.save(join(out, `${name}.${extension}`))
console.log(`${Object.keys(plots).length} pictures: ${out}`)
