/**
 * LeNet-5 on MNIST: plain, with batch normalization on the hidden layers, on the input too, with dropout (0.2 of the input, 0.5 of the hidden layers), and
 * with both. The learning rate of each is tuned; then each trains on all training images. Prints what batch normalization has learnt.
 *
 * Takes about 7 minutes on 2 cores, with `--quick` a few seconds. Writes pictures and the studies to `--out FOLDER`; `--seed N` draws other weights.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { choice, Tuner } from 'tunewright'
import { barChart, lineChart } from 'tunewright/analysis'
import { RandomSearcher } from 'tunewright/searchers'
import { type LeNet5Metrics, leNet5Trainable, normalizedParts, readCheckpointWeights } from 'tunewright/trainables'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    out: { type: 'string', default: 'tunewright-results/lenet-5-mnist' },
    seed: { type: 'string', default: '1' },
  },
})
const { quick, out } = options
const seed = Number(options.seed)
const verbose = quick ? 0 : 1
const stamp = new Date(performance.timeOrigin).toISOString().slice(0, 19).replaceAll(':', '-')
const dropped = { inputDropout: 0.2, hiddenDropout: 0.5 } as const
const kept = { inputDropout: 0, hiddenDropout: 0 } as const
const variants = [
  { name: 'plain', settings: { batchNormalization: 'none', ...kept } },
  { name: 'batch norm, hidden', settings: { batchNormalization: 'hidden', ...kept } },
  { name: 'batch norm, input and hidden', settings: { batchNormalization: 'inputAndHidden', ...kept } },
  { name: 'dropout', settings: { batchNormalization: 'none', ...dropped } },
  { name: 'batch norm and dropout', settings: { batchNormalization: 'inputAndHidden', ...dropped } },
] as const
const rates = quick ? [0.01, 0.03] : [0.003, 0.01, 0.03, 0.1]

const percent = (share: number | undefined) => (share === undefined ? '—' : `${(100 * share).toFixed(2)} %`)
const line = (...cells: readonly string[]) =>
  console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(30) : cell.padStart(14))).join(''))

const space = {
  batchNormalization: choice(normalizedParts),
  inputDropout: choice([0, 0.2]),
  hiddenDropout: choice([0, 0.5]),
  learningRate: choice(rates),
  optimizer: 'momentum',
  learningRateDecay: 'cosine',
} as const
/** Trains these configs and no others. */
const train = (
  points: readonly { readonly [name: string]: string | number }[],
  effort: { readonly epochs: number; readonly trainImages: number; readonly evaluateTest: boolean },
  runConfig: object,
) =>
  new Tuner(leNet5Trainable, {
    paramSpace: { ...space, ...effort, validationImages: quick ? 200 : 5_000 },
    tuneConfig: {
      metric: 'valAccuracy',
      mode: 'max',
      searchAlg: new RandomSearcher({ pointsToEvaluate: points }),
      numSamples: points.length,
      seed,
    },
    runConfig: { verbose, ...runConfig },
  }).fit()

console.log('The learning rate of each variant …')
const grid = await train(
  variants.flatMap(({ settings }) => rates.map(learningRate => ({ ...settings, learningRate }))),
  { epochs: quick ? 1 : 3, trainImages: quick ? 400 : 15_000, evaluateTest: false },
  { storagePath: false },
)
const tuned = variants.map((variant, i) => {
  const results = grid.reported().slice(i * rates.length, (i + 1) * rates.length)
  const best = results.reduce((a, b) => (b.metrics.valAccuracy > a.metrics.valAccuracy ? b : a))
  return { ...variant, results, best }
})
line('validation accuracy', ...rates.map(rate => `rate ${rate}`))
for (const { name, results } of tuned) line(name, ...results.map(result => percent(result.metrics.valAccuracy)))

console.log('\nEach with its best learning rate on all training images …')
const finals = await train(
  tuned.map(({ settings, best }) => ({ ...settings, learningRate: best.config.learningRate })),
  { epochs: quick ? 2 : 10, trainImages: quick ? 400 : 55_000, evaluateTest: true },
  {
    name: `variants-${stamp}`,
    storagePath: join(out, 'studies'),
    checkpointConfig: { checkpointFrequency: 1, numToKeep: 1 },
  },
)
const runs = variants.flatMap(({ name }, i) => {
  const result = finals.reported().find(({ trialIndex }) => trialIndex === i)
  return result ? [{ name, result, ...result.metrics }] : []
})
line('', 'learning rate', 'cost', 'training', 'validation', 'test', 'seconds')
for (const { name, result, trainCost, trainAccuracy, valAccuracy, testAccuracy } of runs) {
  line(
    name,
    String(result.config.learningRate),
    trainCost.toPrecision(3),
    percent(trainAccuracy),
    percent(valAccuracy),
    percent(testAccuracy),
    (result.timing?.timeTotalS ?? Number.NaN).toFixed(1),
  )
}

/** Mean, least and greatest of some numbers. */
const summary = (values: Float32Array): string =>
  `${(values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(2)} (${Math.min(...values).toFixed(2)} … ${Math.max(...values).toFixed(2)})`
const layers = ['input', 'convolution1', 'convolution2', 'dense1', 'dense2']
const learnt = await Promise.all(
  runs
    .filter(({ result }) => result.config.batchNormalization !== 'none')
    .map(async ({ name, result }) => {
      const arrays = await readCheckpointWeights(result.checkpoint?.directory ?? '')
      const rows = layers.flatMap(layer => {
        const [scale, shift] = ['scale', 'shift'].map(parameter => arrays.get(`${layer}/${parameter}`)?.values)
        return scale && shift ? [{ layer, scale, shift }] : []
      })
      return { name, rows }
    }),
)
console.log('\nLearnt by batch normalization: mean over the channels (least … greatest)')
line('', 'layer', 'channels', 'scale γ'.padStart(12), ''.padStart(8), 'shift β')
for (const { name, rows } of learnt) {
  for (const [i, { layer, scale, shift }] of rows.entries())
    line(i === 0 ? name : '', layer, String(scale.length), summary(scale).padStart(22), summary(shift).padStart(24))
}

const byEpoch = (value: (metrics: LeNet5Metrics) => number) =>
  runs.map(({ name, result }) => ({
    name,
    x: result.history.map(({ metrics }) => metrics.epoch),
    y: result.history.map(({ metrics }) => value(metrics)),
  }))
const epoch = { name: 'epoch', scale: 'linear', isInteger: true } as const
const mean = (values: Float32Array | undefined): number =>
  values === undefined ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length
const hundredths = (value: number): number => Math.round(100 * value) / 100
const parameterBars = (parameter: 'scale' | 'shift', title: string, value: string) => {
  const bars = learnt.map(({ name, rows }) => ({
    name,
    values: layers.map(layer => hundredths(mean(rows.find(row => row.layer === layer)?.[parameter]))),
  }))
  const greatest = Math.max(0.01, ...bars.flatMap(({ values }) => values.filter(Number.isFinite)))
  return barChart(layers, bars, {
    title,
    subtitle: 'mean over the channels of a layer',
    // room for the numbers of bars that hang
    value: { name: value, max: 1.2 * greatest },
    category: 'layer',
  })
}
const plots = {
  cost: lineChart(
    byEpoch(({ trainCost }) => trainCost),
    {
      title: 'Training cost',
      subtitle: 'with dropout where there is any',
      x: epoch,
      y: { name: 'cross-entropy', unit: 'nats', scale: 'log' },
    },
  ),
  accuracy: lineChart(
    byEpoch(({ valAccuracy }) => 100 * valAccuracy),
    { title: 'Validation accuracy', x: epoch, y: { name: 'accuracy', unit: '%', scale: 'linear' } },
  ),
  'learning-rates': lineChart(
    tuned.map(({ name, results }) => ({
      name,
      x: rates,
      y: results.map(each => 100 * (1 - each.metrics.valAccuracy)),
    })),
    {
      title: 'Learning rates that were tried',
      x: { name: 'learning rate', scale: 'log' },
      y: { name: 'validation error', unit: '%', scale: 'log' },
    },
  ),
  scales: parameterBars('scale', 'Learnt scales γ of batch normalization', 'scale γ'),
  shifts: parameterBars('shift', 'Learnt shifts β of batch normalization', 'shift β'),
}
for (const [name, plot] of Object.entries(plots))
  for (const extension of ['svg', 'png']) await plot.save(join(out, `${name}.${extension}`))
console.log(`${Object.keys(plots).length} pictures: ${out}`)
