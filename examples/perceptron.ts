/**
 * A perceptron and a support vector machine learn a line from 20 points of the unit square, on hundreds of squares: the perceptron's mistakes against
 * their bound R²/γ², and the error of both on 1,000 other points. λ and learning rate of the machine are tuned first, on squares of their own.
 *
 * Takes about 10 seconds on 2 cores, with `--quick` a few. Writes pictures to `--out FOLDER`; `--seed N` draws other squares.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gridSearch, Rng, Tuner } from 'tunewright'
import { bootstrapInterval, histogram, lineChart, signedRankTest } from 'tunewright/analysis'
import { dividedSquare, type LabelledPoints, linearClassifierTrainable } from 'tunewright/trainables'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    out: { type: 'string', default: 'tunewright-results/perceptron' },
    seed: { type: 'string', default: '1' },
  },
})
const seed = Number(options.seed)
const [tuningSquares, squares] = options.quick ? [4, 12] : [40, 300]
const runConfig = { storagePath: false, verbose: 0 } as const

/** So many squares that no other part of the script has. */
const seedsFrom = (first: number, count: number) => Array.from({ length: count }, (_, i) => 10_000 * seed + first + i)
const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
const percent = (share: number) => `${(100 * share).toFixed(2)} %`
const line = (...cells: readonly (string | number)[]) =>
  console.log(cells.map((cell, i) => (i === 0 ? String(cell).padEnd(12) : String(cell).padStart(17))).join(''))

// 1. which λ and which learning rate generalize best
const regularizations = options.quick ? [1e-4, 1e-2] : [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1]
const learningRates = options.quick ? [10] : [0.1, 1, 10]
const tuning = await new Tuner(linearClassifierTrainable, {
  paramSpace: {
    learner: 'hinge',
    regularization: gridSearch(regularizations),
    learningRate: gridSearch(learningRates),
    dataSeed: gridSearch(seedsFrom(5_000, tuningSquares)),
  },
  tuneConfig: { metric: 'testError', mode: 'min', seed },
  runConfig,
}).fit()
const settings = regularizations.flatMap(regularization => learningRates.map(rate => ({ regularization, rate })))
const tuned = settings.map(({ regularization, rate }) => {
  const own = tuning
    .reported()
    .filter(({ config }) => config.regularization === regularization && config.learningRate === rate)
  return { regularization, rate, error: mean(own.map(result => result.metrics.testError)) }
})
const best = tuned.reduce((a, b) => (b.error < a.error ? b : a))
console.log(`Mean test error of the hinge loss on ${tuningSquares} squares`)
line('λ', ...learningRates.map(rate => `rate ${rate}`))
for (const regularization of regularizations)
  line(
    regularization,
    ...tuned.filter(each => each.regularization === regularization).map(({ error }) => percent(error)),
  )

// 2. both learners on the same, other squares
const seeds = seedsFrom(0, squares)
const learn = async (learner: 'perceptron' | 'hinge') => {
  const study = new Tuner(linearClassifierTrainable, {
    paramSpace: {
      learner,
      dataSeed: gridSearch(seeds),
      regularization: best.regularization,
      learningRate: best.rate,
      // the perceptron ends by itself, but may take its time
      maxPasses: learner === 'perceptron' ? 1_000_000 : 10_000,
    },
    tuneConfig: { metric: 'testError', mode: 'min', seed },
    runConfig,
  })
  return (await study.fit()).reported().map(({ metrics }) => metrics)
}
const learnt = { perceptron: await learn('perceptron'), hinge: await learn('hinge') }
const errors = {
  perceptron: learnt.perceptron.map(each => each.testError),
  hinge: learnt.hinge.map(each => each.testError),
}

console.log(
  `\nTest error on ${squares} other squares, hinge loss with λ ${best.regularization} and learning rate ${best.rate}`,
)
line('learner', 'mean', '95 % interval', 'median', 'worst', 'wrong on the 20')
for (const [learner, own] of Object.entries(errors)) {
  const { lower, upper } = bootstrapInterval(own, mean, { rng: Rng.from(seed).fork(learner) })
  const onTrain = mean(learnt[learner as keyof typeof learnt].map(each => each.trainError))
  const figures = [mean(own), median(own), Math.max(...own), onTrain].map(percent)
  line(learner, figures[0] ?? '', `${percent(lower)} – ${percent(upper)}`, ...figures.slice(1))
}
const differences = errors.perceptron.map((error, i) => error - (errors.hinge[i] ?? 0))
const better = differences.filter(difference => difference > 0).length
const ties = differences.filter(difference => difference === 0).length
const { pValue } = signedRankTest(differences)
console.log(
  `hinge is better on ${better} squares, the perceptron on ${squares - better - ties}; signed-rank test p = ${pValue.toExponential(1)}`,
)

const mistakes = learnt.perceptron.map(({ updates }) => updates)
const bounds = learnt.perceptron.map(({ mistakeBound }) => mistakeBound)
const shares = mistakes.map((count, i) => count / (bounds[i] ?? 1))
const within = shares.filter(share => share <= 1).length
const converged = learnt.perceptron.filter(({ isConverged }) => isConverged).length
console.log(`\nThe perceptron converged on ${converged} of ${squares} squares, within the bound R²/γ² on ${within}`)
console.log(
  `mistakes: median ${median(mistakes)}, most ${Math.max(...mistakes)}; of the bound: median ${percent(median(shares))}, most ${percent(Math.max(...shares))}`,
)

// 3. pictures
const places = Float64Array.from({ length: 1001 }, (_, i) => i / 1000)
/** Where a line crosses the unit square, NaN outside. */
const heights = ([offset = 0, across = 0, up = 0]: ArrayLike<number> & Iterable<number>) =>
  places.map(x => -(offset + across * x) / up).map(y => (y >= 0 && y <= 1 ? y : Number.NaN))
const axes = { x: { name: 'x₁', min: 0, max: 1 }, y: { name: 'x₂', min: 0, max: 1 } }
const shown = dividedSquare({ points: 20, testPoints: 1, dataSeed: seeds[0] ?? 0 })
const extent = [Math.min(...bounds), Math.max(...bounds)]
const plots = {
  square: lineChart(
    [
      { ...pointsOf(shown.train, 1), form: 'points' },
      { ...pointsOf(shown.train, -1), form: 'points' },
      { name: 'true line', x: places, y: heights(shown.line), form: 'line' },
      { name: 'perceptron', x: places, y: heights(learnt.perceptron[0]?.weights ?? []), form: 'line' },
      { name: 'hinge loss', x: places, y: heights(learnt.hinge[0]?.weights ?? []), form: 'line' },
    ],
    { title: 'Lines learnt from the 20 points of one square', width: 720, height: 700, ...axes },
  ),
  mistakes: lineChart(
    [
      { name: 'a square', x: bounds, y: mistakes, form: 'points' },
      { name: 'the bound', x: extent, y: extent, form: 'line' },
    ],
    {
      title: 'Mistakes of the perceptron until it makes none',
      subtitle: `A point is one of ${squares} squares; the line is the bound`,
      x: { name: 'bound R²/γ²', scale: 'log' },
      y: { name: 'mistakes', scale: 'log', min: 1, max: extent[1] ?? 1 },
    },
  ),
  'test-error': histogram(
    Object.entries(errors).map(([name, values]) => ({ name, values })),
    { title: `Test error on ${squares} squares`, x: { name: 'share of 1,000 points on the wrong side' }, bins: 24 },
  ),
  regularization: lineChart(
    learningRates.map(rate => {
      const own = tuned.filter(each => each.rate === rate)
      return { name: `learning rate ${rate}`, x: regularizations, y: own.map(({ error }) => error) }
    }),
    {
      title: `Hinge loss: mean test error on ${tuningSquares} squares`,
      x: { name: 'λ', scale: 'log' },
      y: { name: 'share of 1,000 points on the wrong side', scale: 'linear', min: 0 },
    },
  ),
}
for (const [name, plot] of Object.entries(plots))
  for (const extension of ['svg', 'png']) await plot.save(join(options.out, `${name}.${extension}`))
console.log(`\n${Object.keys(plots).length} pictures: ${options.out}`)

function pointsOf({ points, labels, count }: LabelledPoints, label: number) {
  const chosen = Array.from({ length: count }, (_, i) => i).filter(i => labels[i] === label)
  const column = (k: number) => chosen.map(i => points[3 * i + k] ?? 0)
  return { name: label > 0 ? 'label 1' : 'label −1', x: column(1), y: column(2) }
}
