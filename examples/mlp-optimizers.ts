/**
 * AdaGrad, RMSProp, RMSProp with Nesterov momentum, AdaDelta and Adam on MNIST, for a multi-layer perceptron with two hidden layers of 1,000 ReLUs: first
 * with an L2 penalty, then with dropout (0.2 of the input, 0.5 of the hidden layers). The learning rate of each is tuned; then each trains on all training
 * images.
 *
 * Takes about 16 minutes on 2 cores (`--epochs N` makes it shorter), with `--quick` a few seconds. Writes pictures to `--out FOLDER`; `--seed N` draws
 * other weights.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { choice, Tuner } from 'tunewright'
import { barChart, lineChart, type Plot } from 'tunewright/analysis'
import { RandomSearcher } from 'tunewright/searchers'
import { type MnistMlpMetrics, mnistMlpTrainable } from 'tunewright/trainables'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    epochs: { type: 'string' },
    out: { type: 'string', default: 'tunewright-results/mlp-optimizers' },
    seed: { type: 'string', default: '1' },
  },
})
const { quick, out } = options
const seed = Number(options.seed)
const epochs = Number(options.epochs ?? (quick ? 3 : 8))
const optimizers = {
  adagrad: { name: 'AdaGrad', rates: [0.003, 0.01, 0.03] },
  rmsprop: { name: 'RMSProp', rates: [0.0001, 0.0003, 0.001] },
  rmspropNesterov: { name: 'RMSProp, Nesterov', rates: [0.00001, 0.00003, 0.0001] },
  adadelta: { name: 'AdaDelta', rates: [0.3, 1, 3] },
  adam: { name: 'Adam', rates: [0.0001, 0.0003, 0.001] },
} as const
type OptimizerName = keyof typeof optimizers
const names = Object.keys(optimizers) as OptimizerName[]
const regularizers = {
  L2: { l2: 1e-5, inputDropout: 0, hiddenDropout: 0 },
  dropout: { l2: 0, inputDropout: 0.2, hiddenDropout: 0.5 },
} as const
type RegularizerName = keyof typeof regularizers
const variants = (Object.keys(regularizers) as RegularizerName[]).flatMap(regularizer =>
  names.map(optimizer => ({ optimizer, regularizer, label: `${optimizers[optimizer].name}, ${regularizer}` })),
)
const ratesOf = ({ optimizer }: { readonly optimizer: OptimizerName }) => {
  const { rates } = optimizers[optimizer]
  return quick ? rates.slice(1) : rates
}

const percent = (share: number | undefined) => (share === undefined ? '—' : `${(100 * share).toFixed(2)} %`)
const line = (...cells: readonly string[]) =>
  console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(27) : cell.padStart(15))).join(''))

/** Trains these configs and no others. */
const train = (
  points: readonly {
    readonly optimizer: OptimizerName
    readonly learningRate: number
    readonly [name: string]: string | number
  }[],
  effort: { readonly epochs: number; readonly trainImages: number; readonly evaluateTest: boolean },
) =>
  new Tuner(mnistMlpTrainable, {
    paramSpace: {
      optimizer: choice(names),
      learningRate: choice([...new Set(points.map(({ learningRate }) => learningRate))]),
      l2: choice([0, 1e-5]),
      inputDropout: choice([0, 0.2]),
      hiddenDropout: choice([0, 0.5]),
      hiddenUnits: quick ? [64, 64] : [1000, 1000],
      initializer: 'heNormal',
      batchSize: quick ? 32 : 128,
      validationImages: quick ? 200 : 5_000,
      ...effort,
    },
    tuneConfig: {
      metric: 'valAccuracy',
      mode: 'max',
      searchAlg: new RandomSearcher({ pointsToEvaluate: points }),
      numSamples: points.length,
      seed,
    },
    runConfig: { storagePath: quick ? false : out, verbose: quick ? 0 : 1 },
  }).fit()

console.log('The learning rate of each …')
const grid = await train(
  variants.flatMap(variant =>
    ratesOf(variant).map(learningRate => ({
      ...{ optimizer: variant.optimizer, learningRate },
      ...regularizers[variant.regularizer],
    })),
  ),
  { epochs: quick ? 1 : 2, trainImages: quick ? 600 : 15_000, evaluateTest: false },
)
let taken = 0
const tuned = variants.map(variant => {
  const results = grid.reported().slice(taken, taken + ratesOf(variant).length)
  taken += results.length
  const best = results.reduce((a, b) => (b.metrics.valAccuracy > a.metrics.valAccuracy ? b : a))
  return { ...variant, results, learningRate: best.config.learningRate }
})
for (const { label, results } of tuned) {
  line(label, ...results.map(each => `${each.config.learningRate}: ${percent(each.metrics.valAccuracy)}`.padStart(20)))
}

console.log('\nEach with its best learning rate on all training images …')
const finals = await train(
  tuned.map(({ optimizer, regularizer, learningRate }) => ({ optimizer, learningRate, ...regularizers[regularizer] })),
  { epochs, trainImages: quick ? 600 : 55_000, evaluateTest: true },
)
const runs = tuned.flatMap((variant, i) => {
  const result = finals.reported().find(({ trialIndex }) => trialIndex === i)
  if (result?.error !== undefined) throw result.error
  return result ? [{ ...variant, result, ...result.metrics }] : []
})
line('', 'learning rate', 'training loss', 'validation', 'test', 'seconds')
for (const { label, learningRate, result, trainLoss, valAccuracy, testAccuracy } of runs) {
  line(
    label,
    String(learningRate),
    trainLoss.toPrecision(3),
    percent(valAccuracy),
    percent(testAccuracy),
    (result.timing?.timeTotalS ?? Number.NaN).toFixed(1),
  )
}
console.log(
  `${epochs} epochs. Loss: mean cross-entropy of the last epoch in nats, without the penalty, with dropout where there is any.`,
)

const byEpoch = (regularizer: RegularizerName, value: (metrics: MnistMlpMetrics) => number) =>
  runs
    .filter(run => run.regularizer === regularizer)
    .map(({ optimizer, learningRate, result }) => ({
      name: `${optimizers[optimizer].name}, ${learningRate}`,
      x: result.history.map(({ metrics }) => metrics.epoch),
      y: result.history.map(({ metrics }) => value(metrics)),
    }))
const epoch = { name: 'epoch', scale: 'linear', isInteger: true } as const
const plots: Record<string, Plot> = {}
for (const [regularizer, words] of [
  ['L2', 'L2 penalty'],
  ['dropout', 'dropout of 0.2 and 0.5'],
] as const) {
  plots[`training-loss-${regularizer.toLowerCase()}`] = lineChart(
    byEpoch(regularizer, ({ trainLoss }) => trainLoss),
    {
      title: `Training loss with ${words}`,
      subtitle: 'each optimizer at its best learning rate',
      x: epoch,
      y: { name: 'cross-entropy', unit: 'nats', scale: 'log' },
    },
  )
  plots[`accuracy-${regularizer.toLowerCase()}`] = lineChart(
    byEpoch(regularizer, ({ valAccuracy }) => 100 * valAccuracy),
    {
      title: `Validation accuracy with ${words}`,
      subtitle: 'each optimizer at its best learning rate',
      x: epoch,
      y: { name: 'accuracy', unit: '%', scale: 'linear' },
    },
  )
}
const hundredths = (value: number): number => Math.round(100 * value) / 100
plots['test-error'] = barChart(
  names.map(optimizer => optimizers[optimizer].name),
  (Object.keys(regularizers) as RegularizerName[]).map(regularizer => ({
    name: regularizer,
    values: names.map(optimizer => {
      const run = runs.find(each => each.optimizer === optimizer && each.regularizer === regularizer)
      return hundredths(100 * (1 - (run?.testAccuracy ?? Number.NaN)))
    }),
  })),
  {
    title: 'Test error by optimizer',
    subtitle: `after ${epochs} epochs`,
    category: 'optimizer',
    value: { name: 'misread test images', unit: '%' },
  },
)
for (const [name, plot] of Object.entries(plots))
  for (const extension of ['svg', 'png']) await plot.save(join(out, `${name}.${extension}`))
console.log(`${Object.keys(plots).length} pictures: ${out}`)
