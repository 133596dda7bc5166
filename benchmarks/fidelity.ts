import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { mean, median } from 'simple-statistics'
import { type CurveTable, loadCurveTable } from '../trainables/index.js'
import { compare, type Figures, percent, shares } from './fidelity-figures.js'
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
  /** How many tasks are measured at the same time, each in a process of its own; as many as there are cores by default. */
  jobs: { type: 'string' },
} as const

interface FidelityOptions {
  readonly json: boolean
  readonly seeds?: string
  readonly strategies?: string
  readonly tasks?: string
  readonly workers?: string
  readonly data?: string
  readonly jobs?: string
}

interface Row extends Figures {
  readonly task: string
  readonly workers: number
  readonly strategy: string
  readonly seeds: number
  /** Which share of the epochs it was given; its regret stays what it was from there on. */
  readonly budgetShare: number
}

/** A strategy over all tasks, with so many workers. */
interface Summary {
  readonly strategy: string
  readonly workers: number
  readonly seeds: number
  readonly budgetShare: number
  /** Median over the tasks. */
  readonly epochsToRandom: number
  readonly timeToRandom: number
  /** On how many tasks it takes at most a fifth of random search's epochs to be as good as that is at its end. */
  readonly tasksInAFifth: number
  /** Regret at shares of the epochs, in terms of random search's at its end; mean over seeds and tasks. */
  readonly relativeRegret: Readonly<Record<string, number>>
  readonly seconds: number
  readonly trials: number
  readonly utilisation: number
}

/**
 * What `npm run bench -- fidelity` measures: how soon strategies find good configs on the recorded learning curves of TaskSet, in virtual
 * time. Each may consume as many epochs as random search takes for 100 full trainings; the epochs of a config take as long as its own pace,
 * which is log-normal with σ 0.5 among configs. Regret is that of the best validation loss that has been seen. No recorded config is tried
 * twice in a study while there are others.
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
  jobs = `${availableParallelism()}`,
}: FidelityOptions): Promise<Record<string, unknown> | string> {
  if (!existsSync(data)) throw new Error(`the learning curves are not in ${data}: name their folder with --data`)
  const begun = performance.now()
  const list = tasks.split(',')
  const plan = { names: wanted?.split(',') ?? Object.keys(strategies), workers, seeds: Number(seeds), data }
  const rows =
    Number(jobs) > 1 && list.length > 1
      ? await measureInProcesses(list, plan, Number(jobs))
      : await measureTasks(list, plan)
  const summary = summarize(rows)
  const machine = { processor: cpus()[0]?.model ?? '', cores: availableParallelism(), node: process.version }
  const realSeconds = Math.round((performance.now() - begun) / 1000)
  const table = draw(summary)
  if (!json) return table
  process.stderr.write(`${table}\n`)
  return { machine, fullTrainings, realSeconds, summary, rows }
}

interface Plan {
  readonly names: readonly string[]
  readonly workers: string
  readonly seeds: number
  readonly data: string
}

async function measureTasks(tasks: readonly string[], { names, workers, seeds, data }: Plan): Promise<Row[]> {
  const rows: Row[] = []
  for (const task of tasks) {
    const table = loadCurveTable(join(data, task))
    const optimum = Math.min(...table.valid.filter(loss => Number.isFinite(loss)))
    for (const count of workers.split(',').map(Number)) {
      let random: readonly Trace[] = []
      for (const strategy of new Set(['random', ...names])) {
        const traces = await runStudies(table, strategy, count, seeds)
        if (strategy === 'random') random = traces
        const figures = compare(traces, random, optimum, fullTrainings * table.steps)
        const budgetShare = strategies[strategy]?.limit?.share ?? 1
        rows.push({ task, workers: count, strategy, seeds: traces.length, budgetShare, ...figures })
      }
    }
  }
  return rows
}

/** Measures each task in a process of its own, so many of them at a time. */
async function measureInProcesses(tasks: readonly string[], plan: Plan, jobs: number): Promise<Row[]> {
  const { names, workers, seeds, data } = plan
  const common = ['--workers', workers, '--seeds', `${seeds}`, '--strategies', names.join(), '--data', data]
  const measured = new Map<string, Row[]>()
  const left = [...tasks]
  const goOn = async () => {
    for (let task = left.shift(); task !== undefined; task = left.shift()) {
      const own = ['fidelity', '--json', '--jobs', '1', '--tasks', task, ...common]
      const { stdout } = await promisify(execFile)(process.execPath, [
        ...process.execArgv,
        process.argv[1] ?? '',
        ...own,
      ])
      measured.set(task, JSON.parse(stdout, (_, value) => (value === null ? Number.POSITIVE_INFINITY : value)).rows)
      process.stderr.write(`${task} is measured\n`)
    }
  }
  await Promise.all(Array.from({ length: jobs }, goOn))
  return tasks.flatMap(task => measured.get(task) ?? [])
}

async function runStudies(table: CurveTable, name: string, workers: number, seeds: number): Promise<readonly Trace[]> {
  const strategy = strategies[name]
  if (strategy === undefined)
    throw new Error(`there is no strategy ${name}: there are ${Object.keys(strategies).join(', ')}`)
  const begun = performance.now()
  const traces: Trace[] = []
  const { create, limit } = strategy
  const budget = Math.round((limit?.share ?? 1) * fullTrainings * table.steps)
  for (let seed = 0; seed < Math.min(seeds, limit?.seeds ?? seeds); seed++)
    traces.push(await runStudy(table, create(table.steps), { budget, workers, seed }))
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
  const [{ strategy, workers, seeds, budgetShare, regret }] = group as readonly [Row, ...Row[]]
  const finalOfRandom = (task: string) =>
    rows.find(row => row.task === task && row.workers === workers && row.strategy === 'random')?.regret['100%'] ?? 1
  const relative = (share: string) => mean(group.map(row => (row.regret[share] ?? 0) / finalOfRandom(row.task)))
  return {
    strategy,
    workers,
    seeds,
    budgetShare,
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
        ...shares.map(each => (each > row.budgetShare ? '' : (row.relativeRegret[percent(each)] ?? 1).toFixed(2))),
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
