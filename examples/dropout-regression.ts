/**
 * Linear regression with dropout on its two inputs: what gradient descent comes to, against the closed form, at dropout rates from 0 to 0.9; SGD
 * against Adam, each with its learning rate tuned. Without dropout w₁ is ten times w₂, with it w₂ about ten times w₁.
 *
 * Takes about 20 seconds on 2 cores, with `--quick` a few. Writes pictures to `--out FOLDER`; `--seed N` draws other rows.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gridSearch, Tuner } from 'tunewright'
import { lineChart } from 'tunewright/analysis'
import { correlatedInputs, dropoutRegressionTrainable, dropoutSolution } from 'tunewright/trainables'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    out: { type: 'string', default: 'tunewright-results/dropout-regression' },
    seed: { type: 'string', default: '1' },
  },
})
const seed = Number(options.seed)
const rates = options.quick ? [0, 0.3, 0.6] : [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
const learningRates = { sgd: [0.0003, 0.001, 0.003], adam: [0.03, 0.1, 0.3] }
const optimizers = ['sgd', 'adam'] as const

const line = (...cells: readonly (string | number)[]) =>
  console.log(cells.map((cell, i) => String(cell).padStart(i < 2 ? 8 : 12)).join(''))

const data = correlatedInputs({ rows: 1_000, correlation: 0.99, dataSeed: seed })
const runs = (optimizer: 'sgd' | 'adam') =>
  new Tuner(dropoutRegressionTrainable, {
    paramSpace: {
      optimizer,
      dropout: gridSearch(rates),
      learningRate: gridSearch(learningRates[optimizer]),
      epochs: options.quick ? 50 : 600,
      dataSeed: seed,
    },
    tuneConfig: { metric: 'distance', mode: 'min', seed },
    runConfig: { storagePath: false, verbose: 0 },
  }).fit()
const grids = { sgd: await runs('sgd'), adam: await runs('adam') }

// each optimizer with the learning rate that brings it nearest to the closed form
const rows = rates.map(dropout => {
  const [w1, w2] = dropoutSolution(data, dropout)
  const found = optimizers.map(optimizer => {
    const own = grids[optimizer].reported().filter(({ config }) => config.dropout === dropout)
    const nearness = ({ metrics }: (typeof own)[number]) => metrics.distance || Number.POSITIVE_INFINITY
    const best = own.reduce((a, b) => (nearness(b) < nearness(a) ? b : a))
    return { optimizer, ...best.metrics, learningRate: best.config.learningRate, history: best.history }
  })
  return { dropout, w1, w2, found }
})

line('dropout', 'by', 'rate', 'w1', 'w2', 'w2 / w1', 'distance')
for (const { dropout, w1, w2, found } of rows) {
  line(dropout, 'formula', '', w1.toFixed(3), w2.toFixed(3), (w2 / w1).toFixed(2), '')
  for (const each of found)
    line(
      '',
      each.optimizer,
      each.learningRate,
      each.w1.toFixed(3),
      each.w2.toFixed(3),
      (each.w2 / each.w1).toFixed(2),
      `${(100 * each.distance).toFixed(2)} %`,
    )
}
const without = rows[0]
const strongest = rows.at(-1)
if (without && strongest)
  console.log(
    `\nWithout dropout w1 is ${(without.w1 / without.w2).toFixed(2)} times w2; at ${strongest.dropout} w2 is ${(strongest.w2 / strongest.w1).toFixed(2)} times w1`,
  )

const of = (optimizer: string, value: (each: { readonly w1: number; readonly w2: number }) => number) =>
  rows.map(({ found }) => found.flatMap(each => (each.optimizer === optimizer ? value(each) : []))[0] ?? Number.NaN)
const dropoutAxis = { name: 'dropout rate', min: 0, max: 0.9 }
const middle = rows[rows.length >> 1]
const plots = {
  ratio: lineChart(
    [
      { name: 'closed form', x: rates, y: rows.map(({ w1, w2 }) => w2 / w1) },
      { name: 'SGD', x: rates, y: of('sgd', ({ w1, w2 }) => w2 / w1) },
      { name: 'Adam', x: rates, y: of('adam', ({ w1, w2 }) => w2 / w1) },
    ],
    { title: 'Dropout turns the weights round', x: dropoutAxis, y: { name: 'w₂ / w₁', scale: 'log' } },
  ),
  weights: lineChart(
    [
      { name: 'w₁, closed form', x: rates, y: rows.map(({ w1 }) => w1) },
      { name: 'w₂, closed form', x: rates, y: rows.map(({ w2 }) => w2) },
      { name: 'w₁, SGD', x: rates, y: of('sgd', ({ w1 }) => w1) },
      { name: 'w₂, SGD', x: rates, y: of('sgd', ({ w2 }) => w2) },
      { name: 'w₁, Adam', x: rates, y: of('adam', ({ w1 }) => w1) },
      { name: 'w₂, Adam', x: rates, y: of('adam', ({ w2 }) => w2) },
    ],
    { title: 'Weights by dropout rate', x: dropoutAxis, y: { name: 'weight', scale: 'linear', min: 0 } },
  ),
  convergence: lineChart(
    [without, middle].flatMap(row =>
      (row?.found ?? []).map(({ optimizer, history }) => ({
        name: `${optimizer === 'sgd' ? 'SGD' : 'Adam'}, dropout ${row?.dropout}`,
        x: history.map(({ metrics }) => metrics.epoch),
        y: history.map(({ metrics }) => metrics.distance),
      })),
    ),
    {
      title: 'Distance from the closed form',
      x: { name: 'epoch', scale: 'linear' },
      y: { name: 'distance, as a share of the length', scale: 'log', min: 1e-5 },
    },
  ),
}
for (const [name, plot] of Object.entries(plots))
  for (const extension of ['svg', 'png']) await plot.save(join(options.out, `${name}.${extension}`))
console.log(`${Object.keys(plots).length} pictures: ${options.out}`)
