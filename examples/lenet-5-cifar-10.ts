/**
 * LeNet-5 on CIFAR-10: batch normalization, Swish for ReLU, random crops and flips, learning rates from 1 to 0.001, L2 penalties from 0.01 to 0, and the
 * weights under L1 and under L2 as histograms.
 *
 * `--data FOLDER` names the folder `cifar-10-batches-bin` with the official binary files; `npm run cifar-10 -- FOLDER` makes it. Takes about 15 minutes
 * on 2 cores. `--quick` takes a few seconds and needs no files: it learns drawn squares. Writes pictures and the study to `--out FOLDER`;
 * `--seed N` draws other weights.
 */
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { choice, Tuner } from 'tunewright'
import { barChart, histogram, lineChart, type Plot } from 'tunewright/analysis'
import { RandomSearcher } from 'tunewright/searchers'
import { leNet5Trainable, loadCifar10, readCheckpointWeights, writeCifar10StandIn } from 'tunewright/trainables'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    data: { type: 'string' },
    out: { type: 'string', default: 'tunewright-results/lenet-5-cifar-10' },
    seed: { type: 'string', default: '1' },
  },
})
const { quick, out } = options
const seed = Number(options.seed)
const stamp = new Date(performance.timeOrigin).toISOString().slice(0, 19).replaceAll(':', '-')

const base = {
  batchNormalization: 'hidden',
  activation: 'relu',
  crop: 0,
  flip: false,
  learningRate: 0.1,
  l1: 0,
  l2: 0,
} as const
type Change = { readonly [K in keyof typeof base]?: string | number | boolean }
/** What differs from the base; several experiments have configs in common, which are trained once. */
const experiments: Readonly<Record<string, Readonly<Record<string, Change>>>> = {
  'Batch normalization': { without: { batchNormalization: 'none' }, 'on hidden layers': {} },
  Activation: { ReLU: {}, Swish: { activation: 'swish' } },
  Augmentation: { none: {}, flip: { flip: true }, crop: { crop: 4 }, 'crop and flip': { crop: 4, flip: true } },
  'Learning rate': Object.fromEntries([1, 0.1, 0.01, 0.001].map(rate => [rate, { learningRate: rate }])),
  'L2 strength': Object.fromEntries(['0.01', '0.001', '0.0001', '0'].map(l2 => [`λ ${l2}`, { l2: Number(l2) }])),
  Penalty: { none: {}, 'L1, λ 0.0001': { l1: 1e-4 }, 'L2, λ 0.001': { l2: 1e-3 } },
}
const keyOf = (change: Change) => JSON.stringify({ ...base, ...change })
const keys = [...new Set(Object.values(experiments).flatMap(variants => Object.values(variants).map(keyOf)))]

const percent = (share: number | undefined) => (share === undefined ? '—' : `${(100 * share).toFixed(2)} %`)
const line = (...cells: readonly string[]) =>
  console.log(cells.map((cell, i) => (i < 2 ? cell.padEnd(21) : cell.padStart(12))).join(''))

let dataDirectory = options.data === undefined ? undefined : resolve(options.data)
if (quick && dataDirectory === undefined) {
  dataDirectory = resolve(out, 'stand-in')
  await writeCifar10StandIn(dataDirectory, { imagesPerFile: 100, seed })
}
const { train } = await loadCifar10(dataDirectory).catch((error: unknown) => {
  console.error(`--data FOLDER: ${error instanceof Error ? error.message : String(error)}`)
  return process.exit(1)
})
const validationImages = Math.round(train.count / 10)
console.log(`${keys.length} networks on ${train.count - validationImages} images …`)

const grid = await new Tuner(leNet5Trainable, {
  paramSpace: {
    dataset: 'cifar10',
    ...(dataDirectory !== undefined && { dataDirectory }),
    batchNormalization: choice(['none', 'hidden']),
    activation: choice(['relu', 'swish']),
    crop: choice([0, 4]),
    flip: choice([false, true]),
    learningRate: choice([1, 0.1, 0.01, 0.001]),
    l1: choice([0, 1e-4]),
    l2: choice([0.01, 0.001, 0.0001, 0]),
    optimizer: 'sgd',
    learningRateDecay: 'cosine',
    batchSize: 64,
    epochs: quick ? 2 : 10,
    trainImages: train.count - validationImages,
    validationImages,
    evaluateTest: true,
  },
  tuneConfig: {
    metric: 'valAccuracy',
    mode: 'max',
    searchAlg: new RandomSearcher({ pointsToEvaluate: keys.map(key => JSON.parse(key)) }),
    numSamples: keys.length,
    seed,
  },
  runConfig: {
    name: `experiments-${stamp}`,
    storagePath: join(out, 'studies'),
    checkpointConfig: { checkpointFrequency: 1, numToKeep: 1 },
    verbose: quick ? 0 : 1,
  },
}).fit()

const studies = Object.entries(experiments).map(([experiment, variants]) => ({
  experiment,
  runs: Object.entries(variants).flatMap(([variant, change]) => {
    const result = grid.reported().find(({ trialIndex }) => trialIndex === keys.indexOf(keyOf(change)))
    return result ? [{ variant, result, ...result.metrics }] : []
  }),
}))
line('', '', 'training', 'validation', 'test', 'seconds')
for (const { experiment, runs } of studies) {
  for (const [i, { variant, result, trainAccuracy, valAccuracy, testAccuracy }] of runs.entries()) {
    const seconds = (result.timing?.timeTotalS ?? Number.NaN).toFixed(1)
    line(
      i === 0 ? experiment : '',
      variant,
      percent(trainAccuracy),
      percent(valAccuracy),
      percent(testAccuracy),
      seconds,
    )
  }
}

const plots: Record<string, Plot> = {}
for (const { experiment, runs } of studies) {
  const name = experiment.toLowerCase().replaceAll(' ', '-')
  plots[name] = lineChart(
    runs.map(({ variant, result }) => ({
      name: variant,
      x: result.history.map(({ metrics }) => metrics.epoch),
      y: result.history.map(({ metrics }) => 100 * metrics.valAccuracy),
    })),
    {
      title: `${experiment}: validation accuracy`,
      x: { name: 'epoch', scale: 'linear', isInteger: true },
      y: { name: 'accuracy', unit: '%', scale: 'linear' },
    },
  )
}
const bars = studies.flatMap(({ experiment, runs }) =>
  runs.map(run => ({ name: `${experiment}: ${run.variant}`, ...run })),
)
plots['test-accuracy'] = barChart(
  bars.map(({ name }) => name),
  [{ name: 'test accuracy', values: bars.map(({ testAccuracy = Number.NaN }) => 100 * testAccuracy) }],
  { title: 'Test accuracy', value: { name: 'accuracy', unit: '%' }, isHorizontal: true },
)

const penalized = await Promise.all(
  (studies.find(({ experiment }) => experiment === 'Penalty')?.runs ?? []).map(async ({ variant, result }) => {
    const arrays = await readCheckpointWeights(result.checkpoint?.directory ?? '')
    const weights = [...arrays].flatMap(([name, { values }]) => (/\/(?:filter|kernel)$/.test(name) ? [...values] : []))
    return { name: variant, weights }
  }),
)
console.log('\nWeights of all layers')
line('', '', '|w| < 0.001', 'mean |w|', 'max |w|')
for (const { name, weights } of penalized) {
  const sizes = weights.map(Math.abs)
  const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length
  const most = sizes.reduce((a, b) => Math.max(a, b), 0)
  line(name, '', percent(sizes.filter(size => size < 0.001).length / sizes.length), mean.toFixed(4), most.toFixed(3))
}
/** Beyond it nothing is to be seen but a few strong weights. */
const widest = 0.2
const weightHistogram = (chosen: typeof penalized, title: string) =>
  histogram(
    chosen.map(({ name, weights }) => ({ name, values: weights.filter(weight => Math.abs(weight) <= widest) })),
    {
      title,
      subtitle: `filters and matrices of all layers; weights beyond ±${widest} are left out`,
      x: { name: 'weight', scale: 'linear', min: -widest, max: widest },
      bins: 81,
      isShare: true,
    },
  )
const [without, ...shrunk] = penalized
if (without) plots['weights-without'] = weightHistogram([without], 'Weights without a penalty')
for (const each of shrunk)
  plots[`weights-${each.name.slice(0, 2).toLowerCase()}`] = weightHistogram([each], `Weights under ${each.name}`)
plots.weights = weightHistogram(shrunk, 'Weights under L1 and under L2')
for (const [name, plot] of Object.entries(plots))
  for (const extension of ['svg', 'png']) await plot.save(join(out, `${name}.${extension}`))
console.log(`${Object.keys(plots).length} pictures: ${out}`)
