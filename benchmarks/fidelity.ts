import { existsSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'
import { mean, median } from 'simple-statistics'
import { type CurveTable, loadCurveTable } from '../trainables/index.js'
import { compare, type Figures } from './fidelity-figures.js'
import { strategies } from './fidelity-strategies.js'
import { runStudy, type Trace } from './fidelity-study.js'

const allTasks = [
  'patch128_LSTM128_avg_bs64',
  'patch32_GRU128_bs128',
  'patch32_IRNN64_relu_avg_bs128',
  'patch32_LSTM128_bs128',
  'patch32_VRNN64_relu_avg_bs128',
]
/** How many configs random search trains to their end; every strategy may consume as many epochs. */
const fullTrainings = 100

/** What `npm run bench -- fidelity` takes; lists are separated by commas. */
export const options = {
  /** How many studies of each strategy. 30 by default; the costly strategies have a limit of their own. */
  seeds: { type: 'string' },
  strategies: { type: 'string' },
  tasks: { type: 'string' },
  workers: { type: 'string' },
  /** The folder with the learning curves. */
  data: { type: 'string' },
} as const

interface FidelityOptions {
  readonly json: boolean
  readonly seeds?: string
  readonly strategies?: string
  readonly tasks?: string
  readonly workers?: string
  readonly data?: string
}

interface Row extends Figures {
  readonly task: string
  readonly workers: number
  readonly strategy: string
  readonly seeds: number
}

/** A strategy over all tasks, with so many workers. */
interface Summary {
  readonly strategy: string
  readonly workers: number
  readonly seeds: number
  /** Median over the tasks. */
  readonly epochsToRandom: number
  readonly timeToRandom: number
  /** On how many tasks it takes at most a fifth of random search's epochs to be as good as that is at its end. */
  readonly tasksInAFifth: number
  /** Regret at shares of the epochs, in terms of random search's at the end; median over seeds, mean over tasks. */
  readonly relativeRegret: Readonly<Record<string, number>>
  readonly seconds: number
  readonly trials: number
  readonly utilisation: number
}

/**
 * What `npm run bench -- fidelity` measures: how soon strategies find good configs on the recorded learning curves of TaskSet, in virtual
 * time. Each may consume as many epochs as random search takes for 100 full trainings; the epochs of a config take as long as its own pace,
 * which is log-normal with σ 0.5 among configs. Regret is that of the best validation loss that has been seen.
 *
 * Population-based training is left out: a recorded curve is that of one config from its first epoch on, so that no trial can take
 * over another's state and go on with other hyperparameters. The same goes for the synthetic curves, which follow from the config alone.
 */
export async function bench({
  json,
  seeds = '30',
  strategies: wanted,
  tasks = allTasks.join(),
  workers = '4,16',
  data = '../shared/data/taskset',
}: FidelityOptions): Promise<Record<string, unknown> | string> {
  if (!existsSync(data)) throw new Error(`the learning curves are not in ${data}: name their folder with --data`)
  const names = [...new Set(['random', ...(wanted?.split(',') ?? Object.keys(strategies))])]
  const begun = performance.now()
  const rows: Row[] = []
  for (const task of tasks.split(',')) {
    const table = loadCurveTable(join(data, task))
    for (const count of workers.split(',').map(Number)) {
      let random: readonly Trace[] = []
      for (const strategy of names) {
        const traces = await runStudies(table, strategy, count, Number(seeds))
        if (strategy === 'random') random = traces
        const optimum = Math.min(...table.valid.filter(loss => Number.isFinite(loss)))
        const figures = compare(traces, random, optimum, fullTrainings * table.steps)
        rows.push({ task, workers: count, strategy, seeds: traces.length, ...figures })
      }
    }
  }
  const summary = summarize(rows)
  const machine = { processor: cpus()[0]?.model ?? '', cores: availableParallelism(), node: process.version }
  const realSeconds = Math.round((performance.now() - begun) / 1000)
  return json ? { machine, fullTrainings, realSeconds, summary, rows } : draw(summary)
}

async function runStudies(table: CurveTable, name: string, workers: number, seeds: number): Promise<readonly Trace[]> {
  const strategy = strategies[name]
  if (strategy === undefined)
    throw new Error(`there is no strategy ${name}: there are ${Object.keys(strategies).join(', ')}`)
  const begun = performance.now()
  const traces: Trace[] = []
  for (let seed = 0; seed < Math.min(seeds, strategy.mostSeeds ?? seeds); seed++)
    traces.push(
      await runStudy(table, strategy.create(table.steps), { budget: fullTrainings * table.steps, workers, seed }),
    )
  const seconds = ((performance.now() - begun) / 1000).toFixed(1)
  process.stderr.write(`${table.name} with ${workers} workers: ${name}, ${traces.length} studies in ${seconds} s\n`)
  return traces
}

function summarize(rows: readonly Row[]): Summary[] {
  const pairs = new Set(rows.map(({ workers, strategy }) => `${workers} ${strategy}`))
  return [...pairs].map(pair =>
    summarizeOne(
      rows.filter(({ workers, strategy }) => pair === `${workers} ${strategy}`),
      rows,
    ),
  )
}

/** @param group - the rows of one strategy and number of workers */
function summarizeOne(group: readonly Row[], rows: readonly Row[]): Summary {
  const [{ strategy, workers, seeds, regret }] = group as readonly [Row, ...Row[]]
  const finalOfRandom = (task: string) =>
    rows.find(row => row.task === task && row.workers === workers && row.strategy === 'random')?.regret['100%'] ?? 1
  const relative = (share: string) => mean(group.map(row => (row.regret[share] ?? 0) / finalOfRandom(row.task)))
  return {
    strategy,
    workers,
    seeds,
    epochsToRandom: median(group.map(row => row.epochsToRandom)),
    timeToRandom: median(group.map(row => row.timeToRandom)),
    tasksInAFifth: group.filter(row => row.epochsToRandom <= 0.2).length,
    relativeRegret: Object.fromEntries(Object.keys(regret).map(share => [share, Number(relative(share).toFixed(3))])),
    seconds: Math.round(mean(group.map(row => row.seconds))),
    trials: Math.round(mean(group.map(row => row.trials))),
    utilisation: Number(mean(group.map(row => row.utilisation)).toFixed(3)),
  }
}

const header = [
  'workers',
  'strategy',
  'seeds',
  'epochs',
  'time',
  'in ⅕',
  '5 %',
  '10 %',
  '20 %',
  '50 %',
  '100 %',
  'virtual s',
  'trials',
  'in use',
]

function draw(summary: readonly Summary[]): string {
  const lines = summary
    .toSorted((a, b) => a.workers - b.workers)
    .map(row =>
      [
        row.workers,
        row.strategy,
        row.seeds,
        share(row.epochsToRandom),
        share(row.timeToRandom),
        row.tasksInAFifth,
        ...Object.values(row.relativeRegret).map(regret => regret.toFixed(2)),
        row.seconds,
        row.trials,
        share(row.utilisation),
      ].map(String),
    )
  const widths = header.map((title, column) =>
    Math.max(title.length, ...lines.map(cells => cells[column]?.length ?? 0)),
  )
  const align = (cells: readonly string[]) => cells.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  ')
  return [
    'epochs, time: shares of random search’s after which the regret is no more than its at its end (median of the tasks)',
    'in ⅕: on how many tasks that is within a fifth of its epochs',
    '5 % … 100 %: regret after so many of the epochs, random search’s at its end being 1 (mean of the tasks)',
    '',
    align(header),
    ...lines.map(align),
  ].join('\n')
}

function share(value: number): string {
  return Number.isFinite(value) ? `${(100 * value).toFixed(1)} %` : 'never'
}
