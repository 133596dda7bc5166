/**
 * What a network has learnt from five classes of CIFAR-10 helps to tell the five others apart, of which there are only 500 images to learn from: a network
 * from scratch, the last layer of the trained one alone, and that with the whole network trained after it. Learning rates are tuned for each; validation
 * loss ends each training early.
 *
 * `--data FOLDER` is `cifar-10-batches-bin` with the official binary files (`npm run cifar-10 -- FOLDER` makes it). Without
 * `--weights` ResNet-18 is trained on the five other classes at first, for `--body-epochs N` epochs of `--body-images N` images (22,500 at most);
 * `--weights model.json` takes those of a TensorFlow.js file, in which `--layers JSON` says what is called otherwise (`{"stage1":"conv2"}`).
 *
 * Takes about 30 minutes on 2 cores (WASM back end), with `--quick` (a small network, pictures that are made up) a few seconds. Writes pictures and
 * studies to `--out FOLDER`; `--seed N` draws other weights.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gridSearch, type Result, type ResultGrid, Rng, Tuner } from 'tunewright'
import { barChart, imageGrid, lineChart, type Plot } from 'tunewright/analysis'
import {
  activationsOf,
  assignWeights,
  batchesOf,
  buildImageModel,
  cifar10Classes,
  cifar10Normalization,
  evaluate,
  firstFilters,
  type ImageModel,
  imagesOfClasses,
  loadCifar10,
  loadTensorFlow,
  Network,
  readCheckpointWeights,
  readModelWeights,
  resnet18,
  selectImages,
  type TransferLearningMetrics,
  transferLearningTrainable,
  writeCifar10StandIn,
} from 'tunewright/trainables'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    data: { type: 'string' },
    weights: { type: 'string' },
    layers: { type: 'string', default: '{}' },
    'body-epochs': { type: 'string' },
    'body-images': { type: 'string' },
    out: { type: 'string', default: 'tunewright-results/transfer-learning' },
    seed: { type: 'string', default: '1' },
  },
})
const { quick, out } = options
const seed = Number(options.seed)
const stamp = new Date(performance.timeOrigin).toISOString().slice(0, 19).replaceAll(':', '-')
const model: ImageModel = quick
  ? { ...resnet18, stem: { filterSize: 7, stride: 1, isPooled: false }, blocks: [1, 1], channels: [8, 16] }
  : resnet18
const sourceClasses = [0, 1, 2, 3, 4]
const targetClasses = [5, 6, 7, 8, 9]
let dataDirectory = options.data
if (quick && dataDirectory === undefined) {
  dataDirectory = join(out, 'made-up-cifar-10')
  await writeCifar10StandIn(dataDirectory, { imagesPerFile: 100, seed })
}

const shared = {
  model: gridSearch([model]),
  // the made-up pictures tell their class by where something is
  ...(quick && { batchSize: 20, crop: 0, flip: false }),
  ...(dataDirectory !== undefined && { dataDirectory }),
}
const target = {
  ...shared,
  classes: targetClasses,
  trainImages: quick ? 50 : 500,
  validationImages: quick ? 50 : 500,
  patience: quick ? 2 : 5,
}
/** What a study is called; its networks are kept, each as it was in its best epoch. */
const runConfig = (name: string) => ({
  name: `${name}-${stamp}`,
  storagePath: join(out, 'studies'),
  checkpointConfig: {
    checkpointFrequency: 1,
    numToKeep: 1,
    checkpointScoreAttribute: 'valLoss',
    checkpointScoreOrder: 'min' as const,
  },
  verbose: quick ? (0 as const) : (1 as const),
})

const percent = (share: number | undefined) => (share === undefined ? '—' : `${(100 * share).toFixed(1)} %`)
const namesOf = (classes: readonly number[]) => classes.map(label => cifar10Classes[label]).join(', ')
const objective = { metric: 'valLoss', mode: 'min', seed } as const

const layers: Record<string, string> = JSON.parse(options.layers)
const weights = { path: options.weights ?? (await trainBody()), layers }

const rates = quick ? [0.03] : [0.1, 0.03, 0.01]
const [frozenEpochs, fineTuneEpochs] = quick ? [6, 4] : [60, 60]
console.log('From scratch …')
const scratch = await new Tuner(transferLearningTrainable, {
  paramSpace: {
    ...target,
    learningRate: 1,
    fineTuneLearningRate: gridSearch(rates),
    frozenEpochs: 0,
    fineTuneEpochs: frozenEpochs + fineTuneEpochs,
  },
  tuneConfig: objective,
  runConfig: runConfig('from-scratch'),
}).fit()
console.log('The last layer …')
const lastLayer = await new Tuner(transferLearningTrainable, {
  paramSpace: {
    ...target,
    weights: gridSearch([weights]),
    learningRate: gridSearch(rates),
    frozenEpochs,
    fineTuneEpochs: 0,
  },
  tuneConfig: objective,
  runConfig: runConfig('last-layer'),
}).fit()
const headRate = bestOf(lastLayer).result.config.learningRate
console.log('The last layer, then the whole network …')
const fineTuned = await new Tuner(transferLearningTrainable, {
  paramSpace: {
    ...target,
    weights: gridSearch([weights]),
    learningRate: headRate,
    fineTuneLearningRate: gridSearch(rates.map(rate => rate / 10)),
    frozenEpochs,
    fineTuneEpochs,
  },
  tuneConfig: objective,
  runConfig: runConfig('fine-tuned'),
}).fit()

const [fromScratch, headOnly, both] = [bestOf(scratch), bestOf(lastLayer), bestOf(fineTuned)]
const chosen = [
  { name: 'from scratch', rate: fromScratch.result.config.fineTuneLearningRate, ...fromScratch },
  { name: 'last layer', rate: headOnly.result.config.learningRate, ...headOnly },
  { name: 'last layer, then all', rate: both.result.config.fineTuneLearningRate, ...both },
]
// the test images are for those alone that the validation images have chosen
const runs: ((typeof chosen)[number] & { readonly testAccuracy: number | undefined })[] = []
for (const run of chosen) runs.push({ ...run, testAccuracy: await testAccuracyOf(run.result, targetClasses) })
const line = (...cells: readonly (string | number)[]) =>
  console.log(cells.map((cell, i) => (i === 0 ? String(cell).padEnd(22) : String(cell).padStart(15))).join(''))
line('', 'learning rate', 'trained', 'epochs', 'best epoch', 'validation', 'test', 'seconds')
for (const { name, rate, result, history, best, testAccuracy } of runs) {
  line(
    name,
    rate,
    `${history.at(-1)?.trainedParameters}`,
    ['head', 'whole'].map(phase => history.filter(each => each.phase === phase).length).join(' + '),
    best?.epoch ?? '—',
    percent(best?.valAccuracy),
    percent(testAccuracy),
    (result.timing?.timeTotalS ?? Number.NaN).toFixed(1),
  )
}
console.log(
  `Classes: ${namesOf(targetClasses)}; ${target.trainImages} images. Trained: parameters in the last epoch. Epochs: of the last layer + of all.`,
)

const epoch = { name: 'epoch', isInteger: true } as const
const plots: Record<string, Plot> = {
  accuracy: lineChart(
    runs.map(({ name, history }) => ({
      name,
      x: history.map(each => each.epoch),
      y: history.map(({ valAccuracy }) => valAccuracy),
    })),
    {
      title: 'What five classes teach about five others',
      subtitle: `${target.trainImages} ${quick ? 'made-up pictures' : 'images of CIFAR-10'}; each until its validation loss no longer falls`,
      x: epoch,
      y: { name: 'validation accuracy', scale: 'linear', max: 1 },
    },
  ),
  loss: lineChart(
    runs.map(({ name, history }) => ({
      name,
      x: history.map(each => each.epoch),
      y: history.map(each => each.valLoss),
    })),
    { title: 'Validation loss by epoch', x: epoch, y: { name: 'cross-entropy', unit: 'nats', scale: 'log' } },
  ),
  'test-accuracy': barChart(
    runs.map(({ name }) => name),
    [{ name: 'test', values: runs.map(({ testAccuracy }) => testAccuracy ?? Number.NaN) }],
    { title: 'Accuracy on the test images', value: { name: 'accuracy', min: 0, max: 1 } },
  ),
  ...(await lookInside()),
}
for (const [name, plot] of Object.entries(plots))
  for (const extension of ['svg', 'png']) await plot.save(join(out, `${name}.${extension}`))
console.log(`${Object.keys(plots).length} pictures: ${out}`)

/** Trains the body on the other classes, and tells where its weights are. */
async function trainBody(): Promise<string> {
  console.log(`A body is trained on ${namesOf(sourceClasses)} …`)
  const grid = await new Tuner(transferLearningTrainable, {
    paramSpace: {
      ...shared,
      classes: sourceClasses,
      learningRate: 1,
      fineTuneLearningRate: quick ? 0.03 : gridSearch([0.1, 0.03]),
      frozenEpochs: 0,
      fineTuneEpochs: Number(options['body-epochs'] ?? 8),
      patience: quick ? 8 : 5,
      trainImages: Number(options['body-images'] ?? (quick ? 200 : 10_000)),
      validationImages: quick ? 50 : 2_500,
    },
    tuneConfig: objective,
    runConfig: runConfig('body'),
  }).fit()
  const { result } = bestOf(grid)
  console.log(`It tells them apart with ${percent(await testAccuracyOf(result, sourceClasses))} on their test images.`)
  return checkpointOf(result)
}

/** Where a network is kept as it was in its best epoch. */
function checkpointOf(result: Result<unknown>): string {
  const checkpoint = result.getBestCheckpoint()
  if (checkpoint === undefined) throw new Error(`trial ${result.trialIndex} has left no checkpoint`)
  return checkpoint.directory
}

/** The accuracy on the test images of some classes, in a run's best epoch. */
async function testAccuracyOf(result: Result<unknown>, classes: readonly number[]): Promise<number | undefined> {
  const { tf } = await loadTensorFlow()
  const test = imagesOfClasses((await loadCifar10(dataDirectory)).test, classes)
  const network = new Network(tf, { rng: Rng.from(seed), initializer: 'heNormal' })
  const classifier = buildImageModel(network, model, test)
  assignWeights(network, await readCheckpointWeights(checkpointOf(result)))
  const batches = batchesOf(selectImages(test, 0, test.count), 128, cifar10Normalization)
  const score = await evaluate(classifier, batches, test, new AbortController().signal)
  network.dispose()
  return score?.accuracy
}

/** The trial with the lowest validation loss of all epochs, its reports, and that of its best epoch. */
function bestOf<C>(grid: ResultGrid<C, TransferLearningMetrics>): {
  readonly result: Result<C>
  readonly history: readonly TransferLearningMetrics[]
  readonly best: TransferLearningMetrics | undefined
} {
  for (const error of grid.errors) throw error
  const result = grid.getBestResult({ scope: 'all' })
  const history = result.history.map(({ metrics }) => metrics)
  return { result, history, best: history.findLast(({ isBest }) => isBest) }
}

/** The first layer's filters, and what they give for an image. */
async function lookInside(): Promise<Record<string, Plot>> {
  const { tf } = await loadTensorFlow()
  const { test } = await loadCifar10(dataDirectory)
  const network = new Network(tf, { rng: Rng.from(seed), initializer: 'heNormal' })
  const classifier = buildImageModel(network, model, test)
  const { path } = weights
  const arrays = await (path.endsWith('.json') ? readModelWeights(path) : readCheckpointWeights(path))
  assignWeights(network, arrays, { layers, except: ['output'] })
  const filters = firstFilters(network)
  const image = test.labels.findIndex(label => targetClasses.includes(label))
  const [batch] = batchesOf(selectImages(test, image, 1), 1, cifar10Normalization)
  if (batch === undefined) throw new Error('there is no test image')
  const activations = activationsOf(classifier, 'stem', batch, test)
  network.dispose()
  const area = test.height * test.width
  const name = quick ? 'A made-up picture' : `${cifar10Classes[test.labels[image] ?? 0]}`
  return {
    filters: imageGrid(filters.planes, {
      ...{ width: filters.width, height: filters.height },
      title: 'Filters of the first layer',
      subtitle: 'The mean over the three colours',
    }),
    activations: imageGrid(activations.planes, {
      ...{ width: activations.width, height: activations.height },
      title: 'What the first layer sees',
      subtitle: `${name}, by filter`,
    }),
    image: imageGrid(
      ['red', 'green', 'blue'].map((label, colour) => ({
        values: Uint8Array.from({ length: area }, (_, at) => test.pixels[3 * (area * image + at) + colour] ?? 0),
        label,
      })),
      {
        ...{ width: test.width, height: test.height, columns: 3, range: [0, 255] },
        title: 'The image',
        subtitle: name,
      },
    ),
  }
}
