/** What the benchmarks of searchers have in common: who is compared, on the same problems and seeds, and what is said of it. */
import { type Searcher, TuneError } from '../src/index.js'
import { peerCommand } from './peers/commands.js'
import { findPython } from './peers/environment.js'
import { Peer } from './peers/peer.js'
import { type Contestant, type Figures, type Run, type RunOptions, runStudy, summarize } from './problems/measure.js'
import type { Outcome, Task } from './problems/problem.js'
import { formatTable, type Row } from './problems/report.js'
import { mannWhitneyP } from './problems/significance.js'

/** A searcher of ours. */
export class OwnContestant implements Contestant {
  readonly name: string
  readonly #create: () => Searcher

  constructor(name: string, create: () => Searcher) {
    this.name = name
    this.#create = create
  }

  async run<Value extends Outcome>(task: Task<Value>, runOptions: RunOptions): Promise<Run<Value> | undefined> {
    try {
      return runStudy(task, this.#create(), runOptions)
    } catch (error) {
      if (error instanceof TuneError && error.code === 'INVALID_SPACE') return undefined
      const study = `${this.name} on ${task.name} with seed ${runOptions.seed}`
      throw new Error(`${study}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
    }
  }
}

/**
 * Starts the peers of those names.
 *
 * @param mustHave - whether one that doesn't start is an error; else it is left out, unless none starts
 */
export async function startPeers(names: readonly string[], mustHave: boolean): Promise<Peer[]> {
  const started: Peer[] = []
  if (names.length === 0) return started
  const python = findPython(tell)
  for (const name of names) {
    try {
      const peer = await Peer.start(peerCommand(name, python))
      tell(
        `${name}: ${Object.entries(peer.versions)
          .map(entry => entry.join(' '))
          .join(', ')}`,
      )
      started.push(peer)
    } catch (error) {
      if (!mustHave && started.length > 0) tell(`${error instanceof Error ? error.message : error}: it is left out`)
      else {
        for (const peer of started) peer.close()
        throw error
      }
    }
  }
  return started
}

/** Who is compared, and on what. */
export interface Contest<Problem extends Task<Value>, Value extends Outcome> {
  readonly problems: readonly Problem[]
  readonly contestants: readonly Contestant[]
  readonly seeds: number
  readonly evaluations: number
  /** After how many evaluations figures are stated, rising; the last is `evaluations`. */
  readonly checkpoints: readonly number[]
  /** How far the first `count` values are from the best that there is, 0 or more. */
  readonly regretAfter: (problem: Problem, values: readonly Value[], count: number) => number
  readonly json: boolean
}

/** Runs every contestant on every problem. @returns figures by problem and contestant with `json`, else tables */
export async function holdContest<Problem extends Task<Value>, Value extends Outcome>(
  contest: Contest<Problem, Value>,
): Promise<Record<string, Record<string, Figures>> | string> {
  const { problems, seeds, json } = contest
  const result: Record<string, Record<string, Figures>> = {}
  const tables: string[] = []
  for (const problem of problems) {
    const rows = await measureProblem(problem, contest)
    if (rows.length === 0) continue
    const table = formatTable(problem.name, seeds, rows)
    result[problem.name] = Object.fromEntries(rows.map(({ searcher, figures }) => [searcher, figures]))
    tables.push(table)
    if (json) tell(table)
  }
  return json ? result : tables.join('\n\n')
}

/** Runs all contestants on one problem, in turns, so that a busy machine slows all alike. */
async function measureProblem<Problem extends Task<Value>, Value extends Outcome>(
  problem: Problem,
  { contestants, seeds, evaluations, checkpoints, regretAfter }: Contest<Problem, Value>,
): Promise<Row[]> {
  const begin = performance.now()
  const runs = new Map<string, Run<Value>[]>(contestants.map(({ name }) => [name, []]))
  const unable = new Set<string>()
  for (let seed = 0; seed < seeds; seed++) {
    for (const contestant of contestants) {
      if (unable.has(contestant.name)) continue
      const run = await contestant.run<Value>(problem, { seed, evaluations })
      if (run) runs.get(contestant.name)?.push(run)
      else unable.add(contestant.name)
    }
    if (process.stderr.isTTY) process.stderr.write(`${problem.name}: ${seed + 1} of ${seeds} seeds\r`)
  }
  tell(`${problem.name}: ${seeds} seeds in ${((performance.now() - begin) / 1000).toFixed(1)} s`)
  for (const name of unable) tell(`${problem.name}: ${name} does not take its space`)
  const after = (values: readonly Value[], count: number) => regretAfter(problem, values, count)
  const last = (of: readonly Run<Value>[]) => of.map(({ values }) => after(values, evaluations))
  const random = last(runs.get('random') ?? [])
  return [...runs]
    .filter(([searcher]) => !unable.has(searcher))
    .map(([searcher, of]) => ({
      searcher,
      figures: summarize(of, checkpoints, after),
      versusRandom: searcher === 'random' || random.length === 0 ? undefined : mannWhitneyP(last(of), random),
    }))
}

/** The names that an option lists, separated by commas. */
export function listOf(text: string | boolean | undefined): string[] {
  return typeof text === 'string' ? text.split(',').filter(name => name !== '') : []
}

/** The integer that an option gives. @throws `Error` if it is no integer of at least 1 */
export function countOf(name: string, text: string | boolean): number {
  const count = Number(text)
  if (Number.isInteger(count) && count >= 1) return count
  throw new Error(`--${name} is ${text}; give an integer of at least 1`)
}

/** Says something that is no result. */
export function tell(text: string): void {
  process.stderr.write(`${text}\n`)
}
