/**
 * The toy problem of the paper on population-based training: two models θ are to maximize Q = 1.2 − θ₀² − θ₁², but learn by gradient
 * ascent on 1.2 − h₀·θ₀² − h₁·θ₁², whose best hyperparameters h nobody tells. Compares PBT with its halves and with a grid search, and writes
 * what there is to plot: a CSV and a JSON of each step, and a picture of the first seed.
 *
 * @see Jaderberg et al. 2017, "Population Based Training of Neural Networks", figure 2
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  CONTINUE,
  gridSearch,
  type JsonObject,
  Rng,
  report,
  type Scheduler,
  Simulation,
  type TrialContext,
  Tuner,
} from 'tunewright'
import { FIFOScheduler, PopulationBasedTraining, policyOf } from 'tunewright/schedulers'

const { values: args } = parseArgs({
  options: {
    seeds: { type: 'string', default: '5' },
    out: { type: 'string', default: 'tunewright-results/population-based-training' },
  },
})
const steps = 100
const interval = 4
const learningRate = 0.02

/** Both models start at (0.9, 0.9); the first learns along θ₀ alone, the second along θ₁. */
async function* ascend({ h }: { h: number[] }, { checkpoint }: TrialContext) {
  const [h0 = 0, h1 = 0] = h
  let state = { step: 0, theta0: 0.9, theta1: 0.9 }
  if (checkpoint) state = JSON.parse(readFileSync(join(checkpoint.directory, 'theta.json'), 'utf8'))
  while (state.step < steps) {
    const { step, theta0, theta1 } = state
    state = {
      step: step + 1,
      theta0: theta0 * (1 - 2 * learningRate * h0),
      theta1: theta1 * (1 - 2 * learningRate * h1),
    }
    const q = 1.2 - state.theta0 ** 2 - state.theta1 ** 2
    const saved = JSON.stringify(state)
    yield report(
      { ...state, q, h0, h1, done: state.step === steps },
      { checkpoint: directory => writeFileSync(join(directory, 'theta.json'), saved) },
    )
  }
}

/** Moves each hyperparameter by a fifth or so, within [0, 1]. */
function perturb(config: JsonObject, rng: Rng): JsonObject {
  const h = Array.isArray(config.h) ? config.h : []
  return { h: h.map(value => Math.min(1, Math.max(0, Number(value) + 0.2 * rng.normal()))) }
}

/** Perturbs the hyperparameters of each trial, which goes on from its own checkpoint. */
class ExploreOnly implements Scheduler {
  readonly name = 'explore-only'
  readonly options = {}
  readonly timeAttr = 'trainingIteration'
  readonly savesAtGrants = true
  #rng = Rng.from(0)

  setUp: Scheduler['setUp'] = ({ rng }) => {
    this.#rng = rng
  }
  grant: NonNullable<Scheduler['grant']> = ({ iteration }) => interval * (Math.floor(iteration / interval) + 1)
  onReport: Scheduler['onReport'] = ({ index, config }, { iteration }) =>
    iteration % interval > 0
      ? CONTINUE
      : { type: 'exploit', donor: index, config: perturb(config, this.#rng.fork(index, iteration)), reason: 'explores' }
}

const population = (explore: (config: JsonObject, rng: Rng) => JsonObject) =>
  new PopulationBasedTraining({
    perturbationInterval: interval,
    quantileFraction: 0.5,
    synch: true,
    hyperparamMutations: {},
    customExploreFn: (config, { rng }) => explore(config, rng),
  })

const strategies: Readonly<Record<string, () => Scheduler>> = {
  PBT: () => population(perturb),
  'explore only': () => new ExploreOnly(),
  'exploit only': () => population(config => config),
  'grid search': () => new FIFOScheduler(),
}

interface Row {
  readonly strategy: string
  readonly seed: number
  readonly worker: number
  readonly step: number
  readonly [metric: string]: unknown
}

const rows: Row[] = []
for (const [strategy, createScheduler] of Object.entries(strategies)) {
  for (let seed = 1; seed <= Number(args.seeds); seed++) {
    const grid = await new Tuner(ascend, {
      paramSpace: {
        h: gridSearch([
          [1, 0],
          [0, 1],
        ]),
      },
      tuneConfig: { metric: 'q', mode: 'max', maxConcurrentTrials: 2, seed, scheduler: createScheduler() },
      runConfig: { executor: new Simulation({ workers: 2 }).executor, storagePath: false, verbose: 0 },
    }).fit()
    for (const { trialIndex: worker, history } of grid) {
      for (const { iteration: step, metrics } of history) {
        const { theta0, theta1, h0, h1, q } = metrics
        rows.push({ strategy, seed, worker, step, q, theta0, theta1, h0, h1 })
      }
    }
    if (strategy === 'PBT' && seed === 1) {
      console.log('The schedule behind the best model of the first population:')
      const schedule = policyOf(grid.getBestResult(), grid)
      for (const { iteration, config } of schedule) console.log(`  from step ${iteration}: ${JSON.stringify(config)}`)
    }
  }
}

const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN
console.log(`\nThe better of two workers after ${steps} steps, in ${args.seeds} studies (1.2 is the maximum)`)
console.log('strategy       median Q   least Q  median step at which Q is 1.1')
for (const strategy of Object.keys(strategies)) {
  const own = rows.filter(row => row.strategy === strategy)
  const studies = Array.from({ length: Number(args.seeds) }, (_, i) => own.filter(({ seed }) => seed === i + 1))
  const best = studies.map(study => Math.max(...study.filter(({ step }) => step === steps).map(({ q }) => Number(q))))
  const reached = median(
    studies.map(study => Math.min(...study.filter(({ q }) => Number(q) >= 1.1).map(({ step }) => step))),
  )
  const figures = [
    median(best).toFixed(4),
    Math.min(...best).toFixed(4),
    Number.isFinite(reached) ? `${reached}` : 'never',
  ]
  console.log(`${strategy.padEnd(13)}${figures.map(figure => figure.padStart(10)).join('')}`)
}

mkdirSync(args.out, { recursive: true })
const columns = Object.keys(rows[0] ?? {})
const lines = [columns, ...rows.map(row => columns.map(column => row[column]))].map(cells => cells.join(','))
writeFileSync(join(args.out, 'steps.csv'), `${lines.join('\n')}\n`)
writeFileSync(join(args.out, 'steps.json'), JSON.stringify(rows))
writeFileSync(join(args.out, 'figure.svg'), drawFigure())
console.log(`\nData and picture: ${args.out}`)

/** Draws Q by step, and the way of θ, for each strategy: one colour for each worker. */
function drawFigure(): string {
  const panel = 180
  const panels = Object.keys(strategies).flatMap((strategy, i) => {
    const paths = [0, 1].map(worker => {
      const own = rows.filter(row => row.strategy === strategy && row.seed === 1 && row.worker === worker)
      const colour = ['#c0392b', '#2471a3'][worker]
      const curve = own.map(({ step, q }) => [step / steps, (Number(q) + 0.6) / 1.8] as const)
      const way = own.map(({ theta0, theta1 }) => [Number(theta0), Number(theta1)] as const)
      const place = ([x, y]: readonly [number, number]) => `${(x * panel).toFixed(1)},${((1 - y) * panel).toFixed(1)}`
      const line = (points: readonly (readonly [number, number])[]) =>
        `<polyline points="${points.map(place).join(' ')}" fill="none" stroke="${colour}" stroke-width="1.5"/>`
      const dots = way.map(point => `<circle r="1.8" fill="${colour}" transform="translate(${place(point)})"/>`)
      return { curve: line(curve), way: dots.join('') }
    })
    const frame = `<rect width="${panel}" height="${panel}" fill="none" stroke="#999"/>`
    const at = (column: number) => `transform="translate(${30 + i * (panel + 30)},${40 + column * (panel + 40)})"`
    return [
      `<g ${at(0)}>${frame}<text y="-8">${strategy}: Q by step</text>${paths.map(({ curve }) => curve).join('')}</g>`,
      `<g ${at(1)}>${frame}<text y="-8">θ₁ over θ₀</text>${paths.map(({ way }) => way).join('')}</g>`,
    ]
  })
  const [width, height] = [30 + 4 * (panel + 30), 60 + 2 * (panel + 40)]
  const caption = `Above: Q from −0.6 to its maximum, 1.2, over ${steps} steps. Below: θ from 0 to 1, where both workers start at (0.9, 0.9).`
  const style = 'font-family="sans-serif" font-size="12"'
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ${style}><rect width="100%" height="100%" fill="#fff"/>${panels.join('\n')}<text x="30" y="${height - 16}">${caption}</text></svg>\n`
}
