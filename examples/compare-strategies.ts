/**
 * Which strategy should I use? Compares seven of them on two make-believe networks in virtual time, or with `--mnist` on a real one in worker
 * threads: prints what they came to, with tests, and writes their advantages and disadvantages as measured to a Markdown file, with pictures beside
 * it. With `--path FOLDER` the studies are kept, and a comparison that was cut off goes on.
 */
import { writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { choice, loguniform, uniform } from 'tunewright'
import {
  compareStrategies,
  type Plot,
  type Problem,
  plotCriticalDifference,
  plotStrategyCurves,
  type StrategyFactory,
} from 'tunewright/analysis'
import { HyperBandScheduler, SuccessiveHalvingScheduler } from 'tunewright/schedulers'
import {
  BayesianSearcher,
  GeneticSearcher,
  GridSearcher,
  ParticleSwarmSearcher,
  RandomSearcher,
} from 'tunewright/searchers'
import { mnistCnnTrainable, syntheticCurveSpace, syntheticCurves } from 'tunewright/trainables'

const { values: options } = parseArgs({
  options: {
    mnist: { type: 'boolean', default: false },
    repeats: { type: 'string' },
    seed: { type: 'string', default: '1' },
    path: { type: 'string' },
    output: { type: 'string', default: 'compare-strategies.md' },
    images: { type: 'string', default: '500' },
  },
})

/** How many epochs a trial has at most, and how many of them a study may spend in all. */
const [epochs, budget] = options.mnist ? [4, 24] : [27, 1620]
const reductionFactor = options.mnist ? 2 : 3

/** How many values of each parameter a grid has on each problem: as many as the budget has room for, which are few where there are many parameters. */
const gridPoints: Readonly<Record<string, number>> = { three: 4, five: 2, mnist: 2 }

const strategies: Record<string, StrategyFactory> = {
  grid: ({ problem }) => ({ searchAlg: new GridSearcher({ pointsPerDimension: gridPoints[problem] ?? 2 }) }),
  random: () => ({ searchAlg: new RandomSearcher() }),
  halving: () => ({ scheduler: new SuccessiveHalvingScheduler({ maxT: epochs, reductionFactor }) }),
  hyperband: () => ({ scheduler: new HyperBandScheduler({ maxT: epochs, reductionFactor }) }),
  bayesian: () => ({ searchAlg: new BayesianSearcher() }),
  // they are told of no number of trials, and would make ready for many
  genetic: () => ({ searchAlg: new GeneticSearcher({ populationSize: 8, startupTrials: 12 }) }),
  swarm: () => ({ searchAlg: new ParticleSwarmSearcher({ swarmSize: 6, startupTrials: 12 }) }),
}

const unit = uniform(0, 1)

/** A network of which two of five parameters matter, and of which good configs are good early. */
function* wideNetwork(config: { rate: number; width: number; a: number; b: number; c: number }) {
  const { rate, width, a, b, c } = config
  const final = 0.3 * Math.log10(rate / 0.02) ** 2 + (width - 0.7) ** 2 + 0.01 * (a + b + c)
  for (let epoch = 1; epoch <= epochs; epoch++) yield { loss: 0.1 + final + (1 + final) / epoch }
}

/** Four machines, on which some trials are faster than others. */
const simulation = {
  workers: 4,
  stepSeconds: ({ trialIndex }: { readonly trialIndex: number }) => 40 + ((37 * trialIndex) % 40),
}
const functions: Record<string, Problem> = {
  three: { trainable: syntheticCurves({ steps: epochs }), paramSpace: syntheticCurveSpace, simulation },
  five: {
    trainable: wideNetwork,
    paramSpace: { rate: loguniform(1e-4, 1), width: unit, a: unit, b: unit, c: unit },
    simulation,
  },
}

const networks: Record<string, Problem> = {
  mnist: {
    trainable: mnistCnnTrainable,
    paramSpace: {
      learningRate: loguniform(1e-4, 1e-1),
      optimizer: choice(['adam', 'momentum']),
      dropout: uniform(0, 0.6),
      filters: [8, 16],
      denseUnits: 32,
      epochs,
      trainImages: Number(options.images),
      validationImages: Number(options.images),
    },
    maxConcurrentTrials: 4,
  },
}

const comparison = await compareStrategies({
  strategies,
  problems: options.mnist ? networks : functions,
  metric: options.mnist ? 'valAccuracy' : 'loss',
  mode: options.mnist ? 'max' : 'min',
  // fewer seeds on a single problem are too few blocks for the tests to show anything of seven strategies
  repeats: Number(options.repeats ?? (options.mnist ? 10 : 8)),
  budget: { iterations: budget },
  seed: Number(options.seed),
  verbose: options.mnist ? 1 : 0,
  ...(options.path !== undefined && { path: options.path }),
})

/** A measured difference from random search, which speaks for a strategy or against it. */
interface Evidence {
  readonly isGood: boolean
  readonly text: string
}

const { mode, problems } = comparison.design
const isAsGood = (value: number, goal: number) => (mode === 'min' ? value <= goal : value >= goal)
const percent = (share: number) => `${Math.round(100 * share)} %`
const times = (ratio: number) => (ratio < 0.05 ? 'less than a tenth' : `${ratio.toFixed(1)} times`)

/** What the tests show. */
function claims(strategy: string): Evidence[] {
  const own = comparison.pairs.filter(({ better, first, second }) => better && [first, second].includes(strategy))
  const names = (isGood: boolean) =>
    own
      .filter(({ better }) => (better === strategy) === isGood)
      .map(({ first, second }) => (first === strategy ? second : first))
  return [true, false].flatMap(isGood => {
    const others = names(isGood)
    if (others.length === 0) return []
    return { isGood, text: `ended ${isGood ? 'better' : 'worse'} than ${others.join(', ')} (shown by the tests)` }
  })
}

/** How it stands after a fifth of the budget, where studies are often ended. */
function earlyEvidence(strategy: string, problem: string): Evidence | undefined {
  const [own, random] = [strategy, 'random'].map(name => {
    const { x, lower, median, upper } = comparison.curve(name, problem, 'iterations')
    const place = x.findIndex(iterations => iterations >= (x.at(-1) ?? 0) / 5)
    return { median: median[place] ?? Number.NaN, ends: [lower[place] ?? Number.NaN, upper[place] ?? Number.NaN] }
  })
  if (own === undefined || random === undefined) return undefined
  // only where the medians' 95 % intervals are apart
  const isApart = Math.max(...own.ends) < Math.min(...random.ends) || Math.min(...own.ends) > Math.max(...random.ends)
  if (!isApart) return undefined
  const isGood = isAsGood(own.median, random.median)
  return { isGood, text: `is ${isGood ? 'ahead' : 'behind'} after a fifth of the budget` }
}

/** What sets it apart from random search on one problem, as medians over the seeds. */
function measure(strategy: string, problem: string): Evidence[] {
  const own = comparison.summaries.find(each => each.strategy === strategy && each.problem === problem)
  const random = comparison.summaries.find(each => each.strategy === 'random' && each.problem === problem)
  if (!own || !random || strategy === 'random') return []
  const evidence: Evidence[] = []
  const { x, median } = comparison.curve(strategy, problem, 'iterations')
  const end = x.at(-1) ?? 1
  const reached = median.findIndex(value => isAsGood(value, random.final.median))
  const share = (x[reached] ?? Number.NaN) / end
  if (reached === -1) evidence.push({ isGood: false, text: 'does not get to where random search ends' })
  else if (share < 0.8)
    evidence.push({ isGood: true, text: `gets to where random search ends after ${percent(share)} of the iterations` })
  const early = earlyEvidence(strategy, problem)
  if (early !== undefined) evidence.push(early)
  const spread = (of: typeof own) => Math.abs(of.final.upperQuartile - of.final.lowerQuartile)
  const ratio = spread(own) / spread(random)
  // to come to the same bad value with each seed is no advantage
  if (own.studies >= 5 && (ratio > 1.5 || (ratio < 0.67 && reached !== -1)))
    evidence.push({ isGood: ratio < 1, text: `its final values spread ${times(ratio)} as wide over the seeds` })
  const time = own.seconds / random.seconds
  // in virtual time all epochs cost the same, so what is longer is spent waiting
  if (!options.mnist && time > 1.05)
    evidence.push({
      isGood: false,
      text: `leaves workers idle: takes ${time.toFixed(1)} times as long for as many epochs`,
    })
  if (strategy === 'grid')
    evidence.push({ isGood: false, text: `has room for just ${gridPoints[problem]} values of each number` })
  const tried = own.trials / random.trials
  if (tried > 1.5) evidence.push({ isGood: true, text: `tries ${times(tried)} as many configs` })
  const thinkMs = (1000 * (own.wallSeconds - random.wallSeconds)) / own.trials
  // in virtual time, what a study takes is its strategy's own work
  if (!options.mnist && thinkMs > 5)
    evidence.push({ isGood: false, text: `thinks for ${Math.round(thinkMs)} ms a trial` })
  return evidence
}

/** A line of the table of advantages and disadvantages. */
function line(strategy: string, meanRank: number): string {
  const evidence = [
    ...claims(strategy),
    ...problems.flatMap(problem =>
      measure(strategy, problem).map(each => ({ ...each, text: `${problem}: ${each.text}` })),
    ),
  ]
  const cell = (isGood: boolean) => evidence.flatMap(each => (each.isGood === isGood ? each.text : [])).join('<br>')
  return `| ${strategy} | ${meanRank.toFixed(2)} | ${cell(true) || '–'} | ${cell(false) || '–'} |`
}

/** Best value so far against iterations and time, and the mean ranks. */
const pictures: Record<string, Plot> = {}
for (const problem of problems)
  for (const axis of ['iterations', 'seconds'] as const) {
    const curves = comparison.design.strategies.map(strategy => comparison.curve(strategy, problem, axis))
    pictures[`${problem}-${axis}`] = plotStrategyCurves(curves, {
      title: `${problem}: best ${comparison.design.metric} so far`,
      subtitle: 'median of the seeds, with its 95 % interval',
      y: { name: comparison.design.metric, ...(mode === 'min' && { scale: 'log' }) },
    })
  }
const { nemenyi } = comparison
if (nemenyi) pictures.ranks = plotCriticalDifference({ ranks: comparison.ranks, difference: nemenyi.difference })
const base = options.output.replace(/\.md$/, '')
for (const [name, picture] of Object.entries(pictures)) await picture.save(`${base}-${name}.svg`)

const markdown = `# Strategies compared

Advantages and disadvantages as measured, against random search unless it says otherwise: medians over ${comparison.design.repeats} seeds, which
may be chance unless they are said to be shown by the tests.

| strategy | mean rank | advantages | disadvantages |
| --- | ---: | --- | --- |
${comparison.ranks.map(({ strategy, meanRank }) => line(strategy, meanRank)).join('\n')}

${Object.keys(pictures)
  .map(name => `![${name}](${basename(base)}-${name}.svg)`)
  .join('\n')}

The diagram of ranks goes by Nemenyi's test, which looks at mean ranks alone and shows less than the tests of pairs below.

${comparison.toMarkdown()}`

console.log(comparison.toTable())
writeFileSync(options.output, markdown)
console.log(`\n${options.output} has the advantages and disadvantages`)
