/** Compares all searchers on two functions: prints the best loss so far, as the median over seeds, and writes it for each trial as CSV to plot. */
import { writeFileSync } from 'node:fs'
import {
  type ConfigOf,
  choice,
  createStudy,
  loguniform,
  randint,
  type Searcher,
  type SpaceDefinition,
  uniform,
} from 'tunewright'
import {
  AutoSearcher,
  BayesianSearcher,
  BOHBSearcher,
  CMAESSearcher,
  GeneticSearcher,
  GridSearcher,
  HaltonSearcher,
  NSGA2Searcher,
  ParticleSwarmSearcher,
  RandomSearcher,
  SobolSearcher,
  TPESearcher,
} from 'tunewright/searchers'

const seeds = [1, 2, 3]
const trials = 100
const shown = [10, 25, 50, 100]

const searchers: Record<string, () => Searcher> = {
  grid: () => new GridSearcher({ pointsPerDimension: 2 }),
  random: () => new RandomSearcher(),
  sobol: () => new SobolSearcher(),
  halton: () => new HaltonSearcher(),
  swarm: () => new ParticleSwarmSearcher(),
  genetic: () => new GeneticSearcher(),
  nsga2: () => new NSGA2Searcher(),
  'cma-es': () => new CMAESSearcher(),
  bohb: () => new BOHBSearcher(),
  tpe: () => new TPESearcher(),
  bayesian: () => new BayesianSearcher(),
  auto: () => new AutoSearcher(),
}

/** The best loss after each trial of a study. */
type Curve = readonly number[]

/** Makes a function that searches a space and returns the curve. */
function problem<const S extends SpaceDefinition>(paramSpace: S, lossOf: (config: ConfigOf<S>) => number) {
  return (searchAlg: Searcher, seed: number): Curve => {
    const study = createStudy({ paramSpace, metric: 'loss', mode: 'min', numSamples: trials, searchAlg, seed })
    const curve: number[] = []
    for (let ask = study.ask(); ask.type === 'trial' && curve.length < trials; ask = study.ask()) {
      const loss = lossOf(ask.trial.config)
      study.tell(ask.trial, { loss })
      curve.push(Math.min(loss, curve.at(-1) ?? loss))
    }
    return curve
  }
}

// Hartmann's function of six numbers: four wells, the lowest at -3.322
const depths = [1, 1.2, 3, 3.2]
const slopes = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
]
const wells = [
  [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
  [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
  [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
  [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
]
const unit = uniform(0, 1)

const problems = {
  hartmann6: problem({ a: unit, b: unit, c: unit, d: unit, e: unit, f: unit }, ({ a, b, c, d, e, f }) => {
    const distanceTo = (well: readonly number[], slope: readonly number[]) =>
      [a, b, c, d, e, f].reduce((sum, x, i) => sum + (slope[i] ?? 0) * (x - (well[i] ?? 0)) ** 2, 0)
    return -depths.reduce((sum, depth, i) => sum + depth * Math.exp(-distanceTo(wells[i] ?? [], slopes[i] ?? [])), 0)
  }),
  // a make-believe network: numbers, integers and choices, one of which brings a parameter of its own; the lowest loss is 0.05
  network: problem(
    {
      lr: loguniform(1e-5, 1),
      layers: randint(1, 9),
      dropout: uniform(0, 0.8),
      activation: choice(['relu', 'tanh', 'gelu']),
      optimizer: choice([{ name: 'sgd', momentum: uniform(0, 0.99) }, { name: 'adam' }]),
    },
    ({ lr, layers, dropout, activation, optimizer }) => {
      const isSgd = optimizer.name === 'sgd'
      const pace = Math.log10(lr) + (isSgd ? 1.2 - Math.log10(1 - optimizer.momentum) / 2 : 3) + layers / 10
      const fit = 0.12 * pace ** 2 + 0.02 * (layers - 5) ** 2 + 0.5 * (dropout - 0.05 * layers) ** 2
      return (
        0.05 +
        fit +
        { relu: 0.04, tanh: 0.1, gelu: 0 }[activation] +
        (isSgd ? 0.6 * (optimizer.momentum - 0.8) ** 2 : 0.03)
      )
    },
  ),
}

/** The middle one of each trial's losses; a study that ended early keeps its last. */
function medianOf(curves: readonly Curve[]): Curve {
  return Array.from({ length: trials }, (_, trial) => {
    const losses = curves.map(curve => curve[trial] ?? curve.at(-1) ?? Number.NaN).sort((a, b) => a - b)
    return losses[Math.floor(losses.length / 2)] ?? Number.NaN
  })
}

const lines = ['problem,searcher,trial,loss']
console.log(['problem', 'searcher', ...shown.map(trial => `${trial}`)].map(cell => cell.padEnd(10)).join(''))
for (const [name, search] of Object.entries(problems)) {
  for (const [searcher, create] of Object.entries(searchers)) {
    const curve = medianOf(seeds.map(seed => search(create(), seed)))
    lines.push(...curve.map((loss, i) => [name, searcher, i + 1, loss].join(',')))
    const cells = shown.map(trial => (curve[trial - 1] ?? Number.NaN).toFixed(3))
    console.log([name, searcher, ...cells].map(cell => cell.padEnd(10)).join(''))
  }
}
const file = process.argv[2] ?? 'compare-searchers.csv'
writeFileSync(file, `${lines.join('\n')}\n`)
console.log(`${file} has the loss after each trial`)
