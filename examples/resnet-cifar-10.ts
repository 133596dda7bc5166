/**
 * The residual network of 20 layers on CIFAR-10: learning rate 0.2, divided by 10 when half of the epochs are done, beside 0.2 to the end; L2 1e-5, momentum
 * 0.9, batches of 128, random crops and flips.
 *
 * `--data FOLDER` is `cifar-10-batches-bin` with the official binary files (`npm run cifar-10 -- FOLDER` makes it). Takes about 20 minutes on 2 cores for 20
 * epochs of 10,000 images (WASM back end); the whole experiment, `--epochs 50 --train-images 45000`, about 4 hours. `--quick` (8 layers, pictures that are
 * made up) takes a few seconds. Writes pictures to `--out FOLDER`; `--seed N` draws other weights.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gridSearch, Tuner } from 'tunewright'
import { lineChart, type Plot } from 'tunewright/analysis'
import { type CifarResNetMetrics, cifarResNetTrainable, writeCifar10StandIn } from 'tunewright/trainables'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    data: { type: 'string' },
    epochs: { type: 'string' },
    'train-images': { type: 'string' },
    out: { type: 'string', default: 'tunewright-results/resnet-cifar-10' },
    seed: { type: 'string', default: '1' },
  },
})
const { quick, out } = options
const seed = Number(options.seed)
const epochs = Number(options.epochs ?? (quick ? 6 : 20))
const trainImages = Number(options['train-images'] ?? (quick ? 200 : 10_000))
let dataDirectory = options.data
if (quick && dataDirectory === undefined) {
  dataDirectory = join(out, 'made-up-cifar-10')
  await writeCifar10StandIn(dataDirectory, { imagesPerFile: 60, seed })
}

const schedules = {
  'divided by 10': { kind: 'step', rate: 0.2, every: epochs / 2 },
  constant: { kind: 'constant', rate: 0.2 },
} as const
const labels = Object.keys(schedules) as (keyof typeof schedules)[]
const blocks = quick ? 1 : 3
const stamp = new Date(performance.timeOrigin).toISOString().slice(0, 19).replaceAll(':', '-')

const grid = await new Tuner(cifarResNetTrainable, {
  paramSpace: {
    learningRate: gridSearch(labels.map(label => schedules[label])),
    blocks,
    batchSize: quick ? 20 : 128,
    epochs,
    trainImages,
    validationImages: quick ? 100 : 5_000,
    // the made-up pictures tell their class by where something is
    ...(quick && { crop: 0, flip: false }),
    evaluateTest: true,
    ...(dataDirectory !== undefined && { dataDirectory }),
  },
  tuneConfig: { metric: 'valAccuracy', mode: 'max', seed },
  runConfig: {
    name: `study-${stamp}`,
    storagePath: quick ? false : out,
    checkpointConfig: { checkpointFrequency: quick ? 0 : 1, numToKeep: 1 },
    verbose: quick ? 0 : 1,
  },
}).fit()

const runs = labels.map(label => {
  const own = grid.reported().find(({ config }) => config.learningRate.kind === schedules[label].kind)
  if (own?.error !== undefined) throw own.error
  return {
    label,
    history: (own?.history ?? []).map(report => report.metrics),
    seconds: own?.timing?.timeTotalS ?? Number.NaN,
  }
})
const percent = (share: number | undefined) => (share === undefined ? '—' : `${(100 * share).toFixed(2)} %`)
const line = (...cells: readonly (string | number)[]) =>
  console.log(cells.map((cell, i) => (i === 0 ? String(cell).padEnd(16) : String(cell).padStart(16))).join(''))
line('learning rate', 'train loss', 'train accuracy', 'validation', 'best validation', 'test', 'images/s')
for (const { label, history, seconds } of runs) {
  const last = history.at(-1)
  line(
    label,
    last?.trainLoss.toFixed(4) ?? '—',
    percent(last?.trainAccuracy),
    percent(last?.valAccuracy),
    percent(Math.max(...history.map(({ valAccuracy }) => valAccuracy))),
    percent(last?.testAccuracy),
    ((trainImages * history.length) / seconds).toFixed(0),
  )
}
console.log(
  `${6 * blocks + 2} layers, ${epochs} epochs of ${trainImages} images. Images/s: trained on, a core, with the judging.`,
)

const curves = (value: (metrics: CifarResNetMetrics) => number, name = '') =>
  runs.map(({ label, history }) => ({
    name: `${label}${name}`,
    x: history.map(({ epoch }) => epoch),
    y: history.map(value),
  }))
const epoch = { name: 'epoch', isInteger: true } as const
const plots: Record<string, Plot> = {
  accuracy: lineChart(
    [
      ...curves(metrics => metrics.valAccuracy, ', validation'),
      ...curves(metrics => metrics.trainAccuracy, ', training'),
    ],
    {
      title: 'Learning rate 0.2, divided by 10 halfway or not',
      subtitle: `Residual network of ${6 * blocks + 2} layers on ${quick ? 'made-up pictures' : 'CIFAR-10'}`,
      x: epoch,
      y: { name: 'accuracy', scale: 'linear', max: 1 },
    },
  ),
  loss: lineChart(
    [...curves(metrics => metrics.valLoss, ', validation'), ...curves(metrics => metrics.trainLoss, ', training')],
    { title: 'Cross-entropy by epoch', x: epoch, y: { name: 'cross-entropy', unit: 'nats', scale: 'log' } },
  ),
  'learning-rate': lineChart(
    curves(metrics => metrics.learningRate).map(each => ({ ...each, isStep: true })),
    { title: 'Learning rate of each epoch', x: epoch, y: { name: 'learning rate', scale: 'log' } },
  ),
}
for (const [name, plot] of Object.entries(plots))
  for (const extension of ['svg', 'png']) await plot.save(join(out, `${name}.${extension}`))
console.log(`${Object.keys(plots).length} pictures: ${out}`)
