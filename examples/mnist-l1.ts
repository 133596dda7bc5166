/**
 * A convolutional network on MNIST with an L1 penalty instead of L2: its strength λ and the learning rate are tuned, for networks that start with the
 * weights of one trained with L2, and for networks that start with random ones. L1 brings weights to zero, L2 only near it.
 *
 * Takes about 6 minutes on 2 cores, with `--quick` a few seconds. Writes pictures and the studies to `--out FOLDER`; `--seed N` draws other weights.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loguniform, type ReportedResult, type Result, Tuner } from 'tunewright'
import { histogram, lineChart, scatterChart } from 'tunewright/analysis'
import { BayesianSearcher } from 'tunewright/searchers'
import { type MnistCnnMetrics, mnistCnnTrainable, readCheckpointWeights } from 'tunewright/trainables'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    out: { type: 'string', default: 'tunewright-results/mnist-l1' },
    seed: { type: 'string', default: '1' },
  },
})
const { quick, out } = options
const seed = Number(options.seed)
const stamp = new Date(performance.timeOrigin).toISOString().slice(0, 19).replaceAll(':', '-')
/** Weights nearer to zero than this count as zero. */
const nearZero = 1e-3
/** How much less right a network may be for having fewer weights. */
const tolerated = 0.005

const percent = (share: number | undefined) => (share === undefined ? '—' : `${(100 * share).toFixed(2)} %`)
const line = (...cells: readonly string[]) =>
  console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(27) : cell.padStart(14))).join(''))

const network = { optimizer: 'sgd', batchSize: 32, dropout: 0.25, learningRateDecay: 'cosine' } as const
const images = {
  trainImages: quick ? 300 : 20_000,
  validationImages: quick ? 200 : 5_000,
  evaluateTest: true,
}
const runConfig = (name: string) => ({
  name: `${name}-${stamp}`,
  storagePath: join(out, 'studies'),
  checkpointConfig: { checkpointFrequency: 1, numToKeep: 1 },
  // one thread starts in half the time of two
  ...(quick && { verbose: 0 as const, workers: 1 }),
})

console.log('A network with L2 …')
const withL2 = await new Tuner(mnistCnnTrainable, {
  paramSpace: { learningRate: 0.1, l2: 1e-4, ...network, ...images, epochs: quick ? 2 : 5 },
  tuneConfig: { metric: 'valAccuracy', mode: 'max', seed },
  runConfig: runConfig('l2'),
}).fit()
const l2 = withL2.getBestResult()
const l2Weights = l2.checkpoint?.directory
if (l2Weights === undefined) throw new Error('the network with L2 has left no checkpoint')

const starts = { random: 'random weights', l2: 'the weights of L2' } as const
const tune = (start: keyof typeof starts) => {
  console.log(`λ and learning rate of L1, from ${starts[start]} …`)
  return new Tuner(mnistCnnTrainable, {
    paramSpace: {
      l1: loguniform(1e-6, 1e-3),
      learningRate: loguniform(3e-3, 0.3),
      ...(start === 'l2' && { initialWeights: l2Weights }),
      ...network,
      ...images,
      epochs: quick ? 2 : 4,
    },
    tuneConfig: {
      metric: 'valAccuracy',
      mode: 'max',
      searchAlg: new BayesianSearcher(),
      maxConcurrentTrials: 4,
      numSamples: quick ? 3 : 16,
      seed,
    },
    runConfig: runConfig(`l1-from-${start}`),
  }).fit()
}
const grids = { random: await tune('random'), l2: await tune('l2') }

/** All filters and matrices of a trained network. */
async function weightsOf(result: Result<unknown>): Promise<number[]> {
  const arrays = await readCheckpointWeights(result.checkpoint?.directory ?? '')
  return [...arrays].flatMap(([name, { values }]) => (/\/(?:filter|kernel)$/.test(name) ? [...values] : []))
}
const shareOfZeros = (weights: readonly number[]) =>
  weights.filter(weight => Math.abs(weight) < nearZero).length / weights.length
const runOf = async (
  name: string,
  strength: number,
  result: ReportedResult<{ readonly learningRate: number }, MnistCnnMetrics>,
) => {
  const weights = await weightsOf(result)
  const learningRate = result.config.learningRate
  return { name, strength, learningRate, result, weights, zeros: shareOfZeros(weights), ...result.metrics }
}
type Run = Awaited<ReturnType<typeof runOf>>
const startNames = ['random', 'l2'] as const
const runsFrom = (start: (typeof startNames)[number]) =>
  Promise.all(grids[start].reported().map(result => runOf(`L1, from ${starts[start]}`, result.config.l1, result)))
const trials = { random: await runsFrom('random'), l2: await runsFrom('l2') }
const runs = [
  await runOf('L2', l2.config.l2, l2),
  ...startNames.flatMap(
    start => trials[start].find(run => run.result.trialIndex === grids[start].getBestResult().trialIndex) ?? [],
  ),
]
const all = startNames.flatMap(start => trials[start])
const most = Math.max(...all.map(({ valAccuracy }) => valAccuracy))
// of the networks with L1 that are nearly as good as the best, the one with the fewest weights
const sparsest = all
  .filter(({ valAccuracy }) => valAccuracy >= most - tolerated)
  .reduce((a, b) => (b.zeros > a.zeros ? b : a))

line('best of', 'λ', 'learning rate', 'validation', 'test', `|w| < ${nearZero}`)
for (const { name, strength, learningRate, valAccuracy, testAccuracy, zeros } of [
  ...runs,
  { ...sparsest, name: 'sparsest L1 *' },
]) {
  line(
    name,
    strength.toPrecision(3),
    learningRate.toPrecision(3),
    percent(valAccuracy),
    percent(testAccuracy),
    percent(zeros),
  )
}
console.log(`* ${sparsest.name}: the fewest weights of those at most ${percent(tolerated)} less right than the best`)

const scattered = (x: (run: Run) => number, y: (run: Run) => number) =>
  startNames.map(start => ({ name: `from ${starts[start]}`, x: trials[start].map(x), y: trials[start].map(y) }))
const percentWrong = ({ valAccuracy }: Run) => 100 * (1 - valAccuracy)
const error = { name: 'validation error', unit: '%', scale: 'log' } as const
// beyond it nothing is to be seen but a few strong weights
const widest = 0.15
const plots = {
  strength: scatterChart(
    scattered(run => run.strength, percentWrong),
    {
      title: 'Networks by the strength of L1',
      subtitle: 'networks that diverged get everything wrong',
      x: { name: 'λ', scale: 'log' },
      y: error,
    },
  ),
  'learning-rate': scatterChart(
    scattered(run => run.learningRate, percentWrong),
    {
      title: 'The same networks by learning rate',
      x: { name: 'learning rate', scale: 'log' },
      y: error,
    },
  ),
  zeros: scatterChart(
    scattered(
      run => run.strength,
      run => 100 * run.zeros,
    ),
    {
      title: 'Weights that L1 has brought to zero',
      subtitle: `those nearer to it than ${nearZero}`,
      x: { name: 'λ', scale: 'log' },
      y: { name: 'share of the weights', unit: '%', scale: 'linear', min: 0 },
    },
  ),
  validation: lineChart(
    runs.map(({ name, result }) => ({
      name,
      x: result.history.map(({ metrics }) => metrics.epoch),
      y: result.history.map(({ metrics }) => 100 * metrics.valAccuracy),
    })),
    {
      title: 'Validation accuracy of the best',
      x: { name: 'epoch', scale: 'linear', isInteger: true },
      y: { name: 'validation accuracy', unit: '%', scale: 'linear' },
    },
  ),
  weights: histogram(
    [...runs, { ...sparsest, name: 'sparsest L1' }].map(({ name, weights }) => ({
      name,
      values: weights.filter(weight => Math.abs(weight) <= widest),
    })),
    {
      title: 'Weights under L2 and under L1',
      subtitle: `filters and matrices of all layers; weights beyond ±${widest} are left out`,
      x: { name: 'weight', scale: 'linear' },
      bins: 61,
      isShare: true,
    },
  ),
}
for (const [name, plot] of Object.entries(plots))
  for (const extension of ['svg', 'png']) await plot.save(join(out, `${name}.${extension}`))
console.log(`${Object.keys(plots).length} pictures: ${out}`)
