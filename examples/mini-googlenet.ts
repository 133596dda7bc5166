/**
 * MiniGoogLeNet on Fashion-MNIST: finds a learning rate between 1e-9 and 10 and batch sizes between 64 and 8,192, then compares two policies: a cyclical
 * learning rate whose cycles decay exponentially, and a cyclical batch size.
 *
 * Takes about 20 minutes on 2 cores with half the channels of the published network and 15,000 images (WASM back end; `--width 1` for all channels takes
 * two and a half times as long, `--epochs N` and `--train-images N` change the rest), with `--quick` a few seconds. Writes pictures to `--out FOLDER`;
 * `--seed N` draws other weights.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { choice, Tuner } from 'tunewright'
import { lineChart, type Plot } from 'tunewright/analysis'
import { RandomSearcher } from 'tunewright/searchers'
import {
  findMiniGoogLeNetBatchSize,
  findMiniGoogLeNetLearningRate,
  type MiniGoogLeNetMetrics,
  miniGoogLeNetTrainable,
  plannedSteps,
} from 'tunewright/trainables'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    width: { type: 'string' },
    epochs: { type: 'string' },
    'train-images': { type: 'string' },
    out: { type: 'string', default: 'tunewright-results/mini-googlenet' },
    seed: { type: 'string', default: '1' },
  },
})
const { quick, out } = options
const seed = Number(options.seed)
const width = Number(options.width ?? (quick ? 1 / 16 : 0.5))
const epochs = Number(options.epochs ?? (quick ? 6 : 8))
const trainImages = Number(options['train-images'] ?? (quick ? 300 : 15_000))
const network = { width, trainImages, validationImages: quick ? 100 : 5_000 }
const smallest = quick ? 8 : 64

console.log('Learning rates from 1e-9 to 10 …')
const steady = { kind: 'constant', size: smallest } as const
const steps = quick ? 60 : 200
let tried = 0
const rates = await findMiniGoogLeNetLearningRate(
  { ...network, batchSize: steady },
  {
    ...{ seed, steps },
    onPoint({ value, smoothed }) {
      tried++
      if (tried % (steps / 10) === 0) console.log(`${value.toExponential(1).padStart(8)}  loss ${smoothed.toFixed(3)}`)
    },
  },
)
if (rates?.lowest === undefined) throw new Error('the loss is no number: try another --seed')
// a tenth of where the loss is lowest (Gugger 2018), and a quarter of that (Smith 2017, section 3.3)
const upper = rates.lowest / 10
const lower = upper / 4
console.log(
  `the loss is lowest at ${rates.lowest.toPrecision(2)} and falls most steeply at ${rates.steepest?.toPrecision(2)}; cycles from ${lower.toPrecision(2)} to ${upper.toPrecision(2)}`,
)

console.log(`Batch sizes at the learning rate ${upper.toPrecision(2)} …`)
const constantRate = { kind: 'constant', rate: upper } as const
const sizes = await findMiniGoogLeNetBatchSize(
  { ...network, learningRate: constantRate },
  {
    ...{ seed, from: smallest, to: quick ? 64 : 8_192, stepsPerSize: quick ? 4 : 3 },
    onPoint({ value, loss, imagesPerSecond }) {
      console.log(`${String(value).padStart(8)}  loss ${loss.toFixed(3)}  ${imagesPerSecond.toFixed(0)} images/s`)
    },
  },
)
const [least, most] = [sizes?.lower ?? smallest, sizes?.upper ?? 4 * smallest]
console.log(
  sizes?.lower === undefined ? `the loss never falls: ${least} to ${most}` : `the loss falls from ${least} to ${most}`,
)

const halfCycle = epochs / 6
const allSteps = epochs * Math.ceil(trainImages / smallest)
const policies = [
  {
    name: 'cyclical learning rate',
    sizes: `${smallest}`,
    // by the end of the run the cycles are a tenth as high
    learningRate: { kind: 'cyclical', lower, upper, halfCycle, decay: 0.1 ** (1 / allSteps) },
    batchSize: steady,
  },
  {
    name: 'cyclical batch size',
    sizes: `${least} … ${most}`,
    learningRate: constantRate,
    batchSize: { kind: 'cyclical', lower: least, upper: most, halfCycle },
  },
] as const
console.log('Both policies …')
const grid = await new Tuner(miniGoogLeNetTrainable, {
  paramSpace: {
    learningRate: choice(policies.map(({ learningRate }) => learningRate)),
    batchSize: choice(policies.map(({ batchSize }) => batchSize)),
    ...network,
    epochs,
    evaluateTest: !quick,
  },
  tuneConfig: {
    metric: 'valAccuracy',
    mode: 'max',
    searchAlg: new RandomSearcher({
      pointsToEvaluate: policies.map(({ learningRate, batchSize }) => ({ learningRate, batchSize })),
    }),
    numSamples: policies.length,
    seed,
  },
  runConfig: { storagePath: quick ? false : out, verbose: quick ? 0 : 1 },
}).fit()

const runs = policies.map((policy, i) => {
  const result = grid.reported().find(({ trialIndex }) => trialIndex === i)
  if (result?.error !== undefined) throw result.error
  return {
    ...policy,
    plan: [...plannedSteps({ ...policy, epochs, trainImages })],
    history: (result?.history ?? []).map(({ metrics }) => metrics),
    seconds: result?.timing?.timeTotalS ?? Number.NaN,
  }
})
const percent = (share: number | undefined) => (share === undefined ? '—' : `${(100 * share).toFixed(2)} %`)
const line = (...cells: readonly (string | number)[]) =>
  console.log(cells.map((cell, i) => (i === 0 ? String(cell).padEnd(24) : String(cell).padStart(17))).join(''))
const range = (values: readonly number[]) =>
  [...new Set([Math.min(...values), Math.max(...values)].map(value => value.toPrecision(2)))].join(' … ')
line('policy', 'learning rate', 'batch size', 'steps', 'train loss', 'validation', 'best validation', 'test', 'seconds')
for (const { name, sizes: batchSizes, plan, history, seconds } of runs) {
  const last = history.at(-1)
  line(
    name,
    range(plan.map(({ learningRate }) => learningRate)),
    batchSizes,
    last?.step ?? 0,
    last?.trainLoss.toFixed(4) ?? '—',
    percent(last?.valAccuracy),
    percent(Math.max(...history.map(({ valAccuracy }) => valAccuracy))),
    percent(last?.testAccuracy),
    seconds.toFixed(1),
  )
}
console.log(`${epochs} epochs of ${trainImages} images, ${width} times the published channels.`)

const step = { name: 'step', scale: 'linear', isInteger: true } as const
const bySteps = (value: (metrics: MiniGoogLeNetMetrics) => number, label = '') =>
  runs.map(({ name, history }) => ({
    name: label === '' ? name : `${name.replace('cyclical ', '')}, ${label}`,
    x: history.map(metrics => metrics.step),
    y: history.map(value),
  }))
const planned = (value: (planned: { readonly learningRate: number; readonly batchSize: number }) => number) =>
  runs.map(({ name, plan }) => ({ name, x: plan.map(each => each.step), y: plan.map(value) }))
const curves = (points: readonly { readonly value: number; readonly loss: number; readonly smoothed: number }[]) => [
  { name: 'loss', x: points.map(({ value }) => value), y: points.map(({ loss }) => loss) },
  { name: 'smoothed', x: points.map(({ value }) => value), y: points.map(({ smoothed }) => smoothed) },
]
const loss = { name: 'cross-entropy', unit: 'nats', scale: 'linear' } as const
const plots: Record<string, Plot> = {
  'learning-rate-finder': lineChart(curves(rates.points), {
    title: 'Loss by learning rate',
    subtitle: `one batch of ${smallest} with each; smoothed, it is lowest at ${rates.lowest.toPrecision(2)}`,
    x: { name: 'learning rate', scale: 'log' },
    y: { ...loss, min: 0, max: 2 * (rates.points[0]?.loss ?? 1) },
  }),
  'batch-size-finder': lineChart(curves(sizes?.points ?? []), {
    title: 'Loss by batch size',
    subtitle: `doubled after a few steps, learning rate ${upper.toPrecision(2)}; falls from ${least} to ${most}`,
    x: { name: 'batch size', scale: 'log', isInteger: true },
    y: loss,
  }),
  'learning-rate': lineChart(
    planned(({ learningRate }) => learningRate),
    { title: 'Learning rate of each step', x: step, y: { name: 'learning rate', scale: 'linear', min: 0 } },
  ),
  'batch-size': lineChart(
    planned(({ batchSize }) => batchSize),
    { title: 'Batch size of each step', x: step, y: { name: 'images', scale: 'linear', min: 0 } },
  ),
  accuracy: lineChart(
    bySteps(({ valAccuracy }) => 100 * valAccuracy),
    {
      title: 'Validation accuracy by step',
      subtitle: `${epochs} epochs of each policy`,
      x: step,
      y: { name: 'accuracy', unit: '%', scale: 'linear' },
    },
  ),
  loss: lineChart(
    [...bySteps(({ trainLoss }) => trainLoss, 'training'), ...bySteps(({ valLoss }) => valLoss, 'validation')],
    { title: 'Loss by step', subtitle: 'either the learning rate is cyclical or the batch size', x: step, y: loss },
  ),
}
for (const [name, plot] of Object.entries(plots))
  for (const extension of ['svg', 'png']) await plot.save(join(out, `${name}.${extension}`))
console.log(`${Object.keys(plots).length} pictures: ${out}`)
