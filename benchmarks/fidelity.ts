import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { mean, median } from 'simple-statistics'
import type { Callback, Scheduler, Searcher, Stopper, StopVerdict } from '../src/index.js'
import { KEEP_GOING, Rng, Simulation, Tuner } from '../src/index.js'
import { type CurveTable, curveSpace, curveTrainable, loadCurveTable } from '../trainables/index.js'
import { strategies } from './fidelity-strategies.js'

const tasks = [
  'patch128_LSTM128_avg_bs64',
  'patch32_GRU128_bs128',
  'patch32_IRNN64_relu_avg_bs128',
  'patch32_LSTM128_bs128',
  'patch32_VRNN64_relu_avg_bs128',
]
/** How many configs random search trains to their end; every strategy may consume as many epochs. */
const fullTrainings = 100
/** At which shares of the budget the regret is told. */
const shares = [0.05, 0.1, 0.2, 0.5, 1] as const

export const options = {
  seeds: { type: 'string' },
  strategies: { type: 'string' },
  workers: { type: 'string' },
  data: { type: 'string' },
} as const

interface Options {
  readonly json: boolean
  readonly seeds?: string
  readonly strategies?: string
  readonly workers?: string
  readonly data?: string
}

/** The best loss so far after each epoch that was consumed, in the order in which they were committed. */
interface Trace {
  readonly best: Float64Array
  /** Virtual seconds at which each was made. */
  readonly seconds: Float64Array
  readonly utilisation: number
}

interface Row {
  readonly task: string
  readonly workers: number
  readonly strategy: string
  /** Regret of the best validation loss so far at shares of the budget of epochs, mean over the seeds. */
  readonly regret: Readonly<Record<string, number>>
  /** The epochs, and the virtual time, after which it is as good as random search is at its end, as shares of random search's; median over the seeds, Infinity if never. */
  readonly epochsToRandom: number
  readonly timeToRandom: number
  readonly utilisation: number
}

/**
 * What `npm run bench -- fidelity` measures: how early schedulers find good configs on the recorded learning curves of TaskSet, in virtual
 * time. Iterations of a config take as long as its learning curve's own pace, log-normal with σ 0.5 among configs.
 */
export async function bench({
  json,
  seeds = '30',
  strategies: wanted,
  workers = '4,16',
  data = '../shared/data/taskset',
}: Options) {
  if (!existsSync(data)) throw new Error(`the learning curves are not in ${data}: name their folder with --data`)
  const names = wanted?.split(',') ?? Object.keys(strategies)
  const rows: Row[] = []
  for (const task of tasks) {
    const table = loadCurveTable(join(data, task))
    for (const count of workers.split(',').map(Number)) {
      const traces = new Map<string, Trace[]>()
      for (const name of new Set(['random', ...names])) {
        const create = strategies[name]
        if (create === undefined)
          throw new Error(`there is no strategy ${name}: there are ${Object.keys(strategies).join(', ')}`)
        const all: Trace[] = []
        for (let seed = 0; seed < Number(seeds); seed++) all.push(await run(table, create(table.steps), count, seed))
        traces.set(name, all)
        process.stderr.write(`${task} ${count} workers: ${name}\n`)
      }
      for (const [strategy, all] of traces)
        rows.push({ task, workers: count, strategy, ...compare(table, all, traces.get('random') ?? []) })
    }
  }
  const summary = summarize(rows)
  return json ? { budgetEpochs: fullTrainings, seeds: Number(seeds), summary, rows } : draw(summary)
}

async function run(
  table: CurveTable,
  { searcher, scheduler }: { readonly searcher: Searcher; readonly scheduler: Scheduler },
  workers: number,
  seed: number,
): Promise<Trace> {
  const budget = fullTrainings * table.steps
  const best = new Float64Array(budget)
  const seconds = new Float64Array(budget)
  let consumed = 0
  let least = Number.POSITIVE_INFINITY
  const recorder: Callback = {
    onTrialReport(_, { metrics, timing }) {
      if (consumed >= budget) return
      const loss = Number(metrics.validLoss)
      if (loss < least) least = loss
      best[consumed] = least
      seconds[consumed] = timing.timestampMs / 1000
      consumed += 1
    },
  }
  const paces = new Map<number, number>()
  const machine = new Simulation({
    workers,
    stepSeconds: ({ trialIndex }) => {
      let pace = paces.get(trialIndex)
      if (pace === undefined) {
        pace = paceOf(seed, trialIndex)
        paces.set(trialIndex, pace)
      }
      return pace
    },
  })
  await new Tuner(curveTrainable(table), {
    paramSpace: curveSpace(table),
    tuneConfig: {
      metric: 'validLoss',
      mode: 'min',
      numSamples: -1,
      maxConcurrentTrials: 4 * workers,
      seed,
      searchAlg: searcher,
      scheduler,
    },
    runConfig: {
      executor: machine.executor,
      storagePath: false,
      verbose: 0,
      callbacks: [recorder],
      stop: new EpochBudget(budget),
    },
  }).fit()
  return { best: best.subarray(0, consumed), seconds: seconds.subarray(0, consumed), utilisation: machine.utilisation }
}

/** Ends the study after so many reports of all trials together. */
class EpochBudget implements Stopper {
  readonly name = 'epoch-budget'
  readonly options
  #left: number

  constructor(epochs: number) {
    this.options = { epochs }
    this.#left = epochs
  }

  onReport(): StopVerdict {
    this.#left -= 1
    return this.#left > 0 ? KEEP_GOING : { type: 'stop-study', reason: 'all epochs are consumed' }
  }

  grant(): number {
    return Number.POSITIVE_INFINITY
  }
}

function compare(table: CurveTable, traces: readonly Trace[], random: readonly Trace[]) {
  const optimum = Math.min(...table.valid.filter(loss => Number.isFinite(loss)))
  const budget = fullTrainings * table.steps
  const at = ({ best }: Trace, share: number) =>
    (best[Math.min(best.length, Math.round(share * budget)) - 1] ?? Number.NaN) - optimum
  const regret = Object.fromEntries(
    shares.map(share => [share, Number(mean(traces.map(trace => at(trace, share))).toPrecision(4))]),
  )
  const reached = traces.map(({ best, seconds }, seed) => {
    const goal = random[seed]?.best.at(-1) ?? Number.NaN
    const epoch = best.findIndex(loss => loss <= goal)
    if (epoch === -1) return { epochs: Number.POSITIVE_INFINITY, time: Number.POSITIVE_INFINITY }
    return { epochs: (epoch + 1) / budget, time: (seconds[epoch] ?? 0) / (random[seed]?.seconds.at(-1) ?? 1) }
  })
  return {
    regret,
    epochsToRandom: Number(median(reached.map(({ epochs }) => epochs)).toFixed(4)),
    timeToRandom: Number(median(reached.map(({ time }) => time)).toFixed(4)),
    utilisation: Number(mean(traces.map(trace => trace.utilisation)).toFixed(3)),
  }
}

/** Each strategy over all tasks: medians for each number of workers. */
function summarize(rows: readonly Row[]) {
  const summary: Record<string, Record<string, object>> = {}
  for (const { strategy, workers } of rows) {
    const own = rows.filter(row => row.strategy === strategy && row.workers === workers)
    const random = rows.filter(row => row.strategy === 'random' && row.workers === workers)
    summary[strategy] ??= {}
    summary[strategy][workers] = {
      epochsToRandom: median(own.map(row => row.epochsToRandom)),
      timeToRandom: median(own.map(row => row.timeToRandom)),
      regretToRandom: Object.fromEntries(
        shares.map(share => [
          share,
          Number(mean(own.map((row, i) => (row.regret[share] ?? 0) / (random[i]?.regret[share] ?? 1))).toFixed(3)),
        ]),
      ),
      utilisation: Number(mean(own.map(row => row.utilisation)).toFixed(3)),
    }
  }
  return summary
}

function draw(summary: ReturnType<typeof summarize>): string {
  const header = ['strategy', 'workers', 'epochs to random', 'time to random', 'utilisation', 'regret to random']
  const lines = [header.join('\t')]
  for (const [strategy, byWorkers] of Object.entries(summary))
    for (const [workers, figures] of Object.entries(byWorkers))
      lines.push(`${strategy}\t${workers}\t${JSON.stringify(figures)}`)
  return lines.join('\n')
}

/** Seconds that an epoch of a trial takes: of mean 1. */
function paceOf(seed: number, trialIndex: number): number {
  return Math.exp(0.5 * Rng.from(seed).fork('pace', trialIndex).normal() - 0.125)
}
