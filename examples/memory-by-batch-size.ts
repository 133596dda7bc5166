/**
 * How much memory does a training step take, by batch size and by optimizer? ResNet-18 and AlexNet on images of 224 × 224 pixels; SGD, momentum and
 * Adam; the whole network, and its last layer alone. Bytes of tensors, as TensorFlow.js counts them.
 *
 * Takes about 4 minutes on 2 cores, with `--quick` (a small network, small images) a few seconds. Writes pictures to `--out FOLDER`; `--seed N` draws
 * other images.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gridSearch, Tuner } from 'tunewright'
import { barChart, lineChart, type Plot } from 'tunewright/analysis'
import { trainingMemoryTrainable } from 'tunewright/trainables'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    out: { type: 'string', default: 'tunewright-results/memory-by-batch-size' },
    seed: { type: 'string', default: '1' },
  },
})
const models = options.quick ? (['resnet20'] as const) : (['resnet18', 'alexNet'] as const)
const names = { resnet18: 'ResNet-18', alexNet: 'AlexNet', resnet20: 'ResNet-20' }
const optimizers = ['sgd', 'momentum', 'adam'] as const
const optimizerNames = { sgd: 'SGD', momentum: 'momentum', adam: 'Adam' }
const imageSize = options.quick ? 32 : 224
const batchSizes = options.quick ? [1, 4, 16] : [1, 2, 4, 8]

const grid = await new Tuner(trainingMemoryTrainable, {
  paramSpace: {
    model: gridSearch(models),
    optimizer: gridSearch(optimizers),
    isBodyFrozen: gridSearch([false, true]),
    batchSize: gridSearch(batchSizes),
    imageSize,
    classes: options.quick ? 10 : 1_000,
  },
  tuneConfig: { metric: 'peakBytes', mode: 'min', seed: Number(options.seed), maxConcurrentTrials: 1 },
  // one at a time: each may need more than a gigabyte
  runConfig: { storagePath: false, workers: 1, verbose: options.quick ? 0 : 1 },
}).fit()

const runs = grid.reported().map(({ config, metrics }) => ({ ...config, ...metrics }))
type Run = (typeof runs)[number]
const megabytes = (bytes: number) => bytes / 1e6
const line = (...cells: readonly (string | number)[]) =>
  console.log(
    cells.map((cell, i) => (i < 2 ? String(cell).padEnd(i === 0 ? 11 : 21) : String(cell).padStart(15))).join(''),
  )
line('model', 'optimizer', 'parameters', 'kept', ...batchSizes.map(size => `batch ${size}`), 'a further one')
const lines = models.flatMap(model =>
  [false, true].flatMap(isBodyFrozen => optimizers.map(optimizer => ({ model, isBodyFrozen, optimizer }))),
)
const runsOf = ({ model, isBodyFrozen, optimizer }: (typeof lines)[number]): Run[] =>
  runs
    .filter(run => run.model === model && run.isBodyFrozen === isBodyFrozen && run.optimizer === optimizer)
    .sort((a, b) => a.batchSize - b.batchSize)
const labelOf = ({ optimizer, isBodyFrozen }: (typeof lines)[number]) =>
  `${optimizerNames[optimizer]}${isBodyFrozen ? ', last layer' : ''}`
for (const each of lines) {
  const own = runsOf(each)
  const [previous, last] = own.slice(-2)
  if (previous === undefined || last === undefined) continue
  const further = (last.peakBytes - previous.peakBytes) / (last.batchSize - previous.batchSize)
  line(
    names[each.model],
    labelOf(each),
    megabytes(last.parameterBytes).toFixed(1),
    megabytes(last.optimizerBytes).toFixed(1),
    ...own.map(({ peakBytes }) => megabytes(peakBytes).toFixed(1)),
    megabytes(further).toFixed(2),
  )
}
console.log(
  `Megabytes, at the peak of a step on images of ${imageSize} × ${imageSize} pixels. Kept: by the optimizer. A further one: for each image more.`,
)

const plots: Record<string, Plot> = {}
for (const model of models) {
  const own = lines.filter(each => each.model === model)
  plots[`by-batch-size-${model}`] = lineChart(
    // the last layer's few numbers make no difference between optimizers
    own
      .filter(({ isBodyFrozen, optimizer }) => !isBodyFrozen || optimizer === 'adam')
      .map(each => ({
        name: labelOf(each),
        x: runsOf(each).map(run => run.batchSize),
        y: runsOf(each).map(run => megabytes(run.peakBytes)),
      })),
    {
      title: `${names[model]}: memory of a training step`,
      subtitle: `Images of ${imageSize} × ${imageSize} pixels; “last layer”: the rest is frozen`,
      x: { name: 'batch size', scale: 'linear', isInteger: true, min: 0 },
      y: { name: 'tensors at the peak', unit: 'MB', scale: 'linear', min: 0 },
    },
  )
  const whole = own.filter(({ isBodyFrozen }) => !isBodyFrozen)
  const part = (bytes: (run: Run) => number) =>
    whole.map(each => megabytes(runsOf(each).map(bytes).at(-1) ?? Number.NaN))
  plots[`parts-${model}`] = barChart(
    whole.map(({ optimizer }) => optimizerNames[optimizer]),
    [
      { name: 'parameters', values: part(run => run.parameterBytes) },
      { name: 'kept by the optimizer', values: part(run => run.optimizerBytes) },
      { name: 'the step itself', values: part(run => run.stepBytes) },
    ],
    {
      title: `${names[model]}: what the memory is for`,
      subtitle: `Batch size ${batchSizes.at(-1)}`,
      category: 'optimizer',
      value: { name: 'tensors at the peak', unit: 'MB' },
    },
  )
}
for (const [name, plot] of Object.entries(plots))
  for (const extension of ['svg', 'png']) await plot.save(join(options.out, `${name}.${extension}`))
console.log(`${Object.keys(plots).length} pictures: ${options.out}`)
