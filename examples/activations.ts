/**
 * What do the five hidden layers of a network see of MNIST's digits before it has learnt anything, and what does it learn from there? tanh, sigmoid and
 * ReLU, from weights of N(0, 1²), N(0, 0.01²), Xavier and He.
 *
 * Takes about 2 minutes on 2 cores, with `--quick` a few seconds. Writes pictures to `--out FOLDER`; `--seed N` draws other weights.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gridSearch, Tuner } from 'tunewright'
import { heatmap, histogram, lineChart, type Plot } from 'tunewright/analysis'
import { layerActivationsTrainable } from 'tunewright/trainables'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    out: { type: 'string', default: 'tunewright-results/activations' },
    seed: { type: 'string', default: '1' },
  },
})
const activations = ['tanh', 'sigmoid', 'relu'] as const
const initializers = {
  'N(0, 1²)': { normal: 1 },
  'N(0, 0.01²)': { normal: 0.01 },
  Xavier: 'glorotNormal',
  He: 'heNormal',
} as const
type InitializerLabel = keyof typeof initializers
const fileNames = { 'N(0, 1²)': 'normal-1', 'N(0, 0.01²)': 'normal-0.01', Xavier: 'xavier', He: 'he' }
const labels = Object.keys(initializers) as InitializerLabel[]
const epochs = options.quick ? 1 : 10

const grid = await new Tuner(layerActivationsTrainable, {
  paramSpace: {
    activation: gridSearch(activations),
    initializer: gridSearch(labels.map(label => initializers[label])),
    epochs,
    trainImages: options.quick ? 500 : 5_000,
    probeImages: options.quick ? 200 : 1_000,
    reportedActivations: 2_000,
  },
  tuneConfig: { metric: 'accuracy', mode: 'max', seed: Number(options.seed) },
  runConfig: { storagePath: false, verbose: options.quick ? 0 : 1 },
}).fit()

const runs = activations.flatMap(activation =>
  labels.map(label => {
    const initializer = JSON.stringify(initializers[label])
    const own = grid
      .reported()
      .find(({ config }) => config.activation === activation && JSON.stringify(config.initializer) === initializer)
    const history = (own?.history ?? []).map(report => report.metrics)
    return { activation, label, history, start: history[0], end: history.at(-1) }
  }),
)

const significant = (value: number) => {
  const size = Math.abs(value)
  return size !== 0 && (size < 0.01 || size >= 1000) ? value.toExponential(0) : value.toFixed(size < 10 ? 2 : 0)
}
const percent = (share: number) => `${(100 * share).toFixed(0)} %`
const line = (...cells: readonly string[]) =>
  console.log(cells.map((cell, i) => (i < 3 ? cell.padEnd(i === 2 ? 11 : 13) : cell.padStart(15))).join(''))
line('activation', 'weights', '', 'layer 1', 'layer 2', 'layer 3', 'layer 4', 'layer 5', `after ${epochs} ep.`)
for (const { activation, label, start, end } of runs) {
  const { layers = [] } = start ?? {}
  line(
    activation,
    label,
    'mean ± sd',
    ...layers.map(({ mean, deviation }) => `${significant(mean)} ± ${significant(deviation)}`),
    end && Number.isFinite(end.loss) ? percent(end.accuracy) : 'diverged',
  )
  line('', '', 'saturated', ...layers.map(({ saturated }) => percent(saturated)))
  line('', '', 'dead units', ...layers.map(({ dead }) => percent(dead)))
}
console.log(
  'Saturated: the slope is below a twentieth of its most. Dead: saturated for every image. Right: accuracy on other images.',
)

const layerNames = [1, 2, 3, 4, 5].map(layer => `layer ${layer}`)
const plots: Record<string, Plot> = {
  saturated: heatmap(
    {
      rows: runs.map(({ activation, label }) => `${activation}, ${label}`),
      columns: layerNames,
      values: runs.flatMap(({ start }) => layerNames.map((_, i) => Number(start?.layers[i]?.saturated.toFixed(2)))),
    },
    { title: 'Share of saturated activations', subtitle: 'Before training', measure: 'share', range: [0, 1] },
  ),
}
for (const activation of activations) {
  const own = runs.filter(run => run.activation === activation)
  plots[`deviation-${activation}`] = lineChart(
    own.map(({ label, start }) => ({ name: label, y: start?.layers.map(({ deviation }) => deviation) ?? [] })),
    {
      title: `${activation}: spread of activations before training`,
      x: { name: 'layer', scale: 'linear', isInteger: true },
      y: { name: 'standard deviation', scale: 'log' },
    },
  )
  plots[`accuracy-${activation}`] = lineChart(
    own.map(({ label, history }) => ({
      name: label,
      x: history.map(({ epoch }) => epoch),
      y: history.map(({ accuracy, loss }) => (Number.isFinite(loss) ? accuracy : Number.NaN)),
    })),
    {
      title: `${activation}: what is learnt from these weights`,
      x: { name: 'epoch', isInteger: true },
      y: { name: 'accuracy on other images', scale: 'linear', min: 0, max: 1 },
    },
  )
}
for (const { activation, label, start } of runs) {
  // half of what ReLU gives is 0, and the rest may span many powers of ten
  const isRelu = activation === 'relu'
  const values = (layer: number) => (start?.activations[layer] ?? []).filter(value => !isRelu || value > 0)
  plots[`histogram-${activation}-${fileNames[label]}`] = histogram(
    layerNames.map((name, i) => ({ name, values: values(i) })),
    {
      title: `${activation}, ${label}: activations before training`,
      ...(isRelu && { subtitle: 'Positive ones; the others are 0' }),
      x: { name: 'activation', scale: isRelu ? 'log' : 'linear' },
      isShare: true,
      bins: 40,
    },
  )
}
for (const [name, plot] of Object.entries(plots))
  for (const extension of ['svg', 'png']) await plot.save(join(options.out, `${name}.${extension}`))
console.log(`${Object.keys(plots).length} pictures: ${options.out}`)
