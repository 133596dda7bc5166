/**
 * What is a convolution worth? A CNN and an MLP of about 7,900 parameters each learn to tell vertical edges, horizontal ones and noise apart on images of
 * 28 × 28 pixels: accuracy by the number of training images, on edges in places and of widths that were not trained on, and with all pixels permuted.
 *
 * Takes about 1 minute on 2 cores, with `--quick` a few seconds. Writes pictures and a study to `--out FOLDER`; `--seed N` draws other images.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gridSearch, type ResultGrid, Rng, Tuner } from 'tunewright'
import { barChart, bootstrapInterval, imageGrid, lineChart } from 'tunewright/analysis'
import {
  type EdgeDetectionConfig,
  type EdgeDetectionMetrics,
  edgeClasses,
  edgeDetectionTrainable,
  edgeImageSide,
  edgeImages,
  edgeNetworkNames,
  edgeShifts,
  fixedPixelOrder,
  permutePixels,
  readCheckpointWeights,
} from 'tunewright/trainables'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    out: { type: 'string', default: 'tunewright-results/edges' },
    seed: { type: 'string', default: '1' },
  },
})
const { quick, out } = options
const seed = Number(options.seed)
const stamp = new Date(performance.timeOrigin).toISOString().slice(0, 19).replaceAll(':', '-')
const imageCounts = quick ? [30, 90] : [30, 100, 500, 2_500]
const shiftImages = quick ? 90 : 1_000
const repeats = quick ? 2 : 4
const effort = quick ? { testImages: 60, steps: 30 } : { testImages: 600 }
const names = { cnn: 'CNN', mlp: 'MLP' } as const
const orders = [
  { isPermuted: false, order: 'in place' },
  { isPermuted: true, order: 'permuted' },
] as const

const dataSeeds = gridSearch(Array.from({ length: repeats }, (_, i) => 1_000 * seed + i))
const networks = gridSearch(edgeNetworkNames)
const tuneConfig = { metric: 'testAccuracy', mode: 'max', seed } as const
const runConfig = { storagePath: false, verbose: quick ? 0 : 1 } as const

const percent = (share: number) => (100 * share).toFixed(1)
const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length
const line = (...cells: readonly string[]) =>
  console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(16) : cell.padStart(21))).join(''))

/** Mean and interval of a metric over the trials that have these settings. */
function summary(
  results: ResultGrid<object, EdgeDetectionMetrics>,
  settings: EdgeDetectionConfig,
  metric: 'testAccuracy' | 'shiftedAccuracy',
) {
  const own = results
    .reported()
    .filter(({ config }) =>
      Object.entries(settings).every(([name, value]) => (config as Record<string, unknown>)[name] === value),
    )
  const values = own.map(result => result.metrics[metric])
  const interval = bootstrapInterval(values, mean, { rng: Rng.from(seed).fork('interval') })
  return { mean: mean(values), ...interval }
}
type Summary = ReturnType<typeof summary>
const shown = ({ mean: middle, lower, upper }: Summary) => `${percent(middle)} (${percent(lower)} – ${percent(upper)})`

// 1. how many images does it take, and what if neighbours are neighbours no longer
console.log('Accuracy by training images, pixels in place and permuted …')
const curve = await new Tuner(edgeDetectionTrainable, {
  paramSpace: {
    network: networks,
    trainImages: gridSearch(imageCounts),
    isPermuted: gridSearch(orders.map(({ isPermuted }) => isPermuted)),
    dataSeed: dataSeeds,
    ...effort,
  },
  tuneConfig,
  runConfig,
}).fit()
const curves = edgeNetworkNames.flatMap(network =>
  orders.map(({ isPermuted, order }) => ({
    name: `${names[network]}, ${order}`,
    points: imageCounts.map(trainImages => summary(curve, { network, trainImages, isPermuted }, 'testAccuracy')),
  })),
)
const sizes = edgeNetworkNames.map(network => {
  const any = curve.reported().find(({ config }) => config.network === network)
  return `${names[network]} ${any ? any.metrics.parameters.toLocaleString('en') : '?'}`
})
console.log(`Test accuracy in %: mean and 95 % interval over ${repeats} draws of the images; chance is 33.3 %`)
console.log(`Parameters: ${sizes.join(', ')}`)
line('images', ...imageCounts.map(count => count.toLocaleString('en')))
for (const { name, points } of curves) line(name, ...points.map(shown))

// 2. edges in other places, and of other widths
console.log(`\nDomain shift, ${shiftImages.toLocaleString('en')} training images …`)
const shifts = {
  positions: 'trained on edges in the upper and left half, shifted to the lower and right half',
  widths: 'trained on widths 4 and 5, shifted to 1 and 2',
} as const
const shiftNames = Object.keys(shifts) as (keyof typeof shifts)[]
const shifted = await new Tuner(edgeDetectionTrainable, {
  paramSpace: {
    network: networks,
    shift: gridSearch(shiftNames),
    dataSeed: dataSeeds,
    trainImages: shiftImages,
    ...effort,
  },
  tuneConfig,
  runConfig,
}).fit()
const domains = shiftNames.flatMap(shift =>
  edgeNetworkNames.map(network => ({
    name: `${names[network]}, ${shift}`,
    shift,
    same: summary(shifted, { network, shift }, 'testAccuracy'),
    other: summary(shifted, { network, shift }, 'shiftedAccuracy'),
  })),
)
line('', 'domain as trained', 'shifted domain')
for (const { name, same, other } of domains) line(name, shown(same), shown(other))
for (const [shift, meaning] of Object.entries(shifts)) console.log(`${shift}: ${meaning}`)

// 3. what the first layers have learnt
console.log('\nFirst layers …')
const trained = await new Tuner(edgeDetectionTrainable, {
  paramSpace: {
    network: networks,
    isPermuted: gridSearch(orders.map(({ isPermuted }) => isPermuted)),
    trainImages: imageCounts.at(-1) ?? 0,
    dataSeed: 1_000 * seed,
    ...effort,
    // longer than the accuracy of the CNN needs: its kernels take their time to look like edges
    steps: quick ? 30 : 1_000,
  },
  tuneConfig,
  runConfig: {
    ...runConfig,
    name: `first-layers-${stamp}`,
    storagePath: join(out, 'studies'),
    checkpointConfig: { checkpointFrequency: 1, numToKeep: 1 },
  },
}).fit()

/** The weights that lead to each unit of a first layer, as pictures. */
async function firstLayer(network: keyof typeof names, isPermuted: boolean, label: string) {
  const result = [...trained].find(({ config }) => config.network === network && config.isPermuted === isPermuted)
  const arrays = await readCheckpointWeights(result?.checkpoint?.directory ?? '')
  const { values, shape } = arrays.get(network === 'cnn' ? 'convolution1/filter' : 'hidden/kernel') ?? missing(network)
  const units = shape.at(-1) ?? 1
  // the MLP's pixels are put back where they came from
  const order = network === 'mlp' && isPermuted ? fixedPixelOrder(edgeImageSide ** 2) : undefined
  return Array.from({ length: units }, (_, unit) => {
    const picture = new Float32Array(values.length / units)
    for (let pixel = 0; pixel < picture.length; pixel++)
      picture[order?.[pixel] ?? pixel] = values[pixel * units + unit] ?? 0
    return { values: picture, label: `${label}${unit + 1}` }
  })
}
function missing(network: string): never {
  throw new Error(`the ${network} has left no checkpoint`)
}
const firstLayers = async (network: keyof typeof names) => [
  ...(await firstLayer(network, false, '')),
  ...(await firstLayer(network, true, 'perm. ')),
]

const samples = edgeShifts.none.trained.widths.flatMap(width => {
  const images = edgeImages(3, { places: [0, 1], widths: [width] }, 0.1, Rng.from(seed).fork('samples', width))
  return [images, permutePixels(images)].map(({ pixels }, i) => ({ pixels, width, isPermuted: i === 1 }))
})
const samplePlanes = edgeClasses.flatMap((name, label) =>
  [false, true].flatMap(isPermuted =>
    samples
      .filter(sample => sample.isPermuted === isPermuted)
      .map(({ pixels, width }) => ({
        values: pixels.subarray(label * edgeImageSide ** 2, (label + 1) * edgeImageSide ** 2),
        label: name === 'none' ? name : `${name} ${width}`,
      })),
  ),
)
const kernels = { cnn: await firstLayers('cnn'), mlp: await firstLayers('mlp') }
const plots = {
  images: imageGrid(samplePlanes, {
    title: 'Edges of width 1 to 5',
    subtitle: 'left: pixels in place; right: the same images, permuted',
    width: edgeImageSide,
    height: edgeImageSide,
    columns: 10,
    zoom: 3,
    range: [0, 255],
  }),
  accuracy: lineChart(
    curves.map(({ name, points }) => ({
      name,
      x: imageCounts,
      y: points.map(point => 100 * point.mean),
      lower: points.map(point => 100 * point.lower),
      upper: points.map(point => 100 * point.upper),
    })),
    {
      title: 'CNN and MLP on edges',
      subtitle: `mean and 95 % interval over ${repeats} draws of the images`,
      x: { name: 'training images', scale: 'log' },
      y: { name: 'test accuracy', unit: '%', scale: 'linear', min: 0, max: 100 },
    },
  ),
  shift: barChart(
    domains.map(({ name }) => name),
    [
      { name: 'domain as trained', values: domains.map(({ same }) => Number(percent(same.mean))) },
      { name: 'shifted domain', values: domains.map(({ other }) => Number(percent(other.mean))) },
    ],
    {
      title: 'Edges in places and of widths that were not trained on',
      subtitle: `${shiftImages.toLocaleString('en')} training images`,
      value: { name: 'test accuracy', unit: '%', min: 0, max: 110 },
    },
  ),
  'cnn-kernels': imageGrid(kernels.cnn, {
    title: 'First kernels of the CNN',
    subtitle: 'above: pixels in place; below: permuted',
    width: 5,
    height: 5,
    columns: kernels.cnn.length / 2,
  }),
  'mlp-weights': imageGrid(kernels.mlp, {
    title: 'First weights of the MLP',
    subtitle: 'above: pixels in place; below: permuted, put back in place for the picture',
    width: edgeImageSide,
    height: edgeImageSide,
    columns: kernels.mlp.length / 2,
  }),
}
for (const [name, plot] of Object.entries(plots))
  for (const extension of ['svg', 'png']) await plot.save(join(out, `${name}.${extension}`))

const atEnd = curves.map(({ points }) => points.at(-1)?.mean ?? Number.NaN)
const lost = (from: number) => percent((atEnd[from] ?? Number.NaN) - (atEnd[from + 1] ?? Number.NaN))
console.log(
  `With ${(imageCounts.at(-1) ?? 0).toLocaleString('en')} images, permuted pixels cost the CNN ${lost(0)} points of accuracy, the MLP ${lost(2)}`,
)
console.log(`${Object.keys(plots).length} pictures: ${out}`)
