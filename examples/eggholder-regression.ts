/**
 * Dense networks of 1 to 3 hidden layers, at most 512 units in all, learn the Eggholder function from 100,000 noisy points: error by units and by
 * parameters, and training time by parameters.
 *
 * Takes about 3 minutes on 2 cores, with `--quick` (2,000 points) a few seconds. Writes pictures to `--out FOLDER`; `--seed N` draws other points.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gridSearch, Tuner } from 'tunewright'
import { heatmap, lineChart, type Plot } from 'tunewright/analysis'
import { eggholder, eggholderTrainable } from 'tunewright/trainables'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    out: { type: 'string', default: 'tunewright-results/eggholder-regression' },
    seed: { type: 'string', default: '1' },
  },
})
const seed = Number(options.seed)
const layerCounts = [1, 2, 3]
const sizes = options.quick ? [8, 32] : [32, 64, 128, 256, 512]
const noise = 0.3

const grid = await new Tuner(eggholderTrainable, {
  paramSpace: {
    hiddenLayers: gridSearch(layerCounts),
    units: gridSearch(sizes),
    epochs: options.quick ? 2 : 30,
    points: options.quick ? 2_000 : 100_000,
    testPoints: options.quick ? 500 : 10_000,
    noise,
    dataSeed: seed,
  },
  // one network a core at a time, so that the times compare
  tuneConfig: { metric: 'testRmse', mode: 'min', seed, order: 'arrival' },
  runConfig: { storagePath: false, verbose: options.quick ? 0 : 1 },
}).fit()

const runs = layerCounts.flatMap(hiddenLayers =>
  sizes.flatMap(units => {
    const own = grid.reported().find(({ config }) => config.hiddenLayers === hiddenLayers && config.units === units)
    return own ? [{ hiddenLayers, units, ...own.metrics, seconds: own.timing?.timeTotalS ?? Number.NaN }] : []
  }),
)
const line = (...cells: readonly (string | number)[]) =>
  console.log(cells.map(cell => String(cell).padStart(13)).join(''))
line('hidden layers', 'units', 'parameters', 'train RMSE', 'test RMSE', 'seconds')
for (const run of runs) {
  const { hiddenLayers, units, parameters, trainRmse, testRmse, seconds } = run
  line(hiddenLayers, units, parameters, trainRmse.toFixed(1), testRmse.toFixed(1), seconds.toFixed(1))
}
const deviation = deviationOfFunction()
const best = runs.reduce((a, b) => (b.testRmse < a.testRmse ? b : a))
console.log(
  `\nThe function's own standard deviation is ${deviation.toFixed(1)}, that of the noise ${noise}. Best: ${best.hiddenLayers} hidden layers, ${best.units} units, test RMSE ${best.testRmse.toFixed(1)}, R² ${(1 - (best.testRmse / deviation) ** 2).toFixed(3)}`,
)

type Run = (typeof runs)[number]
const byLayers = (x: (run: Run) => number, y: (run: Run) => number) =>
  layerCounts.map(layers => {
    const own = runs.filter(({ hiddenLayers }) => hiddenLayers === layers)
    return { name: `${layers} hidden layer${layers > 1 ? 's' : ''}`, x: own.map(x), y: own.map(y) }
  })
const rmse = { name: 'test RMSE', scale: 'linear', min: 0 } as const
const parameters = { name: 'parameters', scale: 'log' } as const
const plots: Record<string, Plot> = {
  'rmse-by-units': lineChart(
    byLayers(
      run => run.units,
      run => run.testRmse,
    ),
    { title: 'Error by units', x: { name: 'units of all hidden layers', scale: 'log' }, y: rmse },
  ),
  'rmse-by-parameters': lineChart(
    byLayers(
      run => run.parameters,
      run => run.testRmse,
    ),
    { title: 'Error by parameters', x: parameters, y: rmse },
  ),
  'time-by-parameters': lineChart(
    byLayers(
      run => run.parameters,
      run => run.seconds,
    ),
    { title: 'Training time by parameters', x: parameters, y: { name: 'training time', unit: 's', scale: 'log' } },
  ),
  function: surface(),
}
for (const [name, plot] of Object.entries(plots))
  for (const extension of ['svg', 'png']) await plot.save(join(options.out, `${name}.${extension}`))
console.log(`${Object.keys(plots).length} pictures: ${options.out}`)

/** The function's standard deviation over the square, on a grid. */
function deviationOfFunction(): number {
  const places = Array.from({ length: 512 }, (_, i) => 2 * i - 511)
  const values = Float64Array.from(places.flatMap(y => places.map(x => eggholder(x, y))))
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
}

/** The function as colours. */
function surface(): Plot {
  const places = Array.from({ length: 65 }, (_, i) => 16 * i - 512)
  const values = places.toReversed().flatMap(y => places.map(x => eggholder(x, y)))
  return heatmap(
    { rows: places.toReversed().map(String), columns: places.map(String), values },
    { title: 'The Eggholder function', rowAxis: 'y', columnAxis: 'x', measure: 'value', isLabelled: false },
  )
}
