import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as ours from '../searchers/index.js'
import { type Searcher, TuneError } from '../src/index.js'
import { peerCommand, peerNames } from './peers/commands.js'
import { findPython } from './peers/environment.js'
import { Peer } from './peers/peer.js'
import { defaultTableFolder, selectProblems } from './problems/catalogue.js'
import {
  type Contestant,
  type Figures,
  type Run,
  type RunOptions,
  regretAfter,
  runStudy,
  summarize,
} from './problems/measure.js'
import type { Problem } from './problems/problem.js'
import { formatTable, type Row } from './problems/report.js'
import { mannWhitneyP } from './problems/significance.js'
import { listTables } from './problems/tables.js'

/** What `npm run bench -- quality` takes. */
export const options = {
  /** Names of problems, separated by commas; `functions`, `tables` and `heldout` stand for all of theirs. */
  problems: { type: 'string', default: 'functions,tables' },
  /**
   * Names of searchers and peers, separated by commas; or a module and the class in it that is one, such as `./mine.ts#MySearcher`.
   * All that there are by default; peers unless some are named.
   */
  searchers: { type: 'string' },
  seeds: { type: 'string', default: '20' },
  evaluations: { type: 'string', default: '100' },
  /** Runs Optuna on the same problems, in Python. */
  peers: { type: 'boolean', default: false },
  /** The folder of the tables. */
  data: { type: 'string', default: defaultTableFolder },
} as const

type QualityOptions = { readonly json: boolean } & {
  readonly [name in keyof typeof options]?: string | boolean
}

type SearcherClass = new () => Searcher

/** The searchers by the name that figures are stated under. */
const classes: Readonly<Record<string, string>> = {
  random: 'RandomSearcher',
  sobol: 'SobolSearcher',
  halton: 'HaltonSearcher',
  tpe: 'TPESearcher',
  bayesian: 'BayesianSearcher',
  genetic: 'GeneticSearcher',
  'particle-swarm': 'ParticleSwarmSearcher',
  'cma-es': 'CMAESSearcher',
  auto: 'AutoSearcher',
}

/** The searchers that there are, by name: each makes one with its defaults. */
export function listSearchers(): Map<string, () => Searcher> {
  const found = new Map<string, () => Searcher>()
  for (const [name, className] of Object.entries(classes)) {
    const made: unknown = Reflect.get(ours, className)
    if (isSearcherClass(made)) found.set(name, () => new made())
  }
  return found
}

function isSearcherClass(value: unknown): value is SearcherClass {
  return typeof value === 'function'
}

/**
 * Finds a searcher by its name, or by a module's path and the name of a class, as in `./mine.ts#MySearcher`.
 *
 * @throws `Error` if there is none
 */
export async function findSearcher(name: string): Promise<() => Searcher> {
  const known = listSearchers()
  const create = known.get(name)
  if (create) return create
  const [path = '', className] = name.split('#')
  if (className === undefined) {
    throw new Error(`there is no searcher ${name}; name some of ${[...known.keys()].join(', ')}, or ./module.ts#Class`)
  }
  const module: Readonly<Record<string, unknown>> = await import(pathToFileURL(resolve(path)).href)
  const made = module[className]
  if (isSearcherClass(made)) return () => new made()
  throw new Error(`${path} exports no class ${className}`)
}

class OwnContestant implements Contestant {
  readonly name: string
  readonly #create: () => Searcher

  constructor(name: string, create: () => Searcher) {
    this.name = name
    this.#create = create
  }

  async run(problem: Problem, runOptions: RunOptions): Promise<Run | undefined> {
    try {
      return runStudy(problem, this.#create(), runOptions)
    } catch (error) {
      if (error instanceof TuneError && error.code === 'INVALID_SPACE') return undefined
      const study = `${this.name} on ${problem.name} with seed ${runOptions.seed}`
      throw new Error(`${study}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
    }
  }
}

/**
 * What `npm run bench -- quality` measures: regret and time per suggestion of every searcher, and of its peers in the same run, on
 * functions and tables whose optimum is known.
 */
export async function bench(given: QualityOptions): Promise<Record<string, Record<string, Figures>> | string> {
  const settings = readOptions(given)
  const problems = selectProblems(settings.problems, settings.tableFolder)
  const own = await Promise.all(
    settings.searchers.map(async name => new OwnContestant(name.split('#').at(-1) ?? name, await findSearcher(name))),
  )
  const peers = await startPeers(settings.peers, settings.mustHave)
  try {
    const result: Record<string, Record<string, Figures>> = {}
    const tables: string[] = []
    for (const problem of problems) {
      const rows = await measureProblem(problem, [...own, ...peers], settings)
      if (rows.length === 0) continue
      const table = formatTable(problem.name, settings.seeds, rows)
      result[problem.name] = Object.fromEntries(rows.map(({ searcher, figures }) => [searcher, figures]))
      tables.push(table)
      if (given.json) tell(table)
    }
    return given.json ? result : tables.join('\n\n')
  } finally {
    for (const peer of peers) peer.close()
  }
}

function readOptions(given: QualityOptions) {
  const tableFolder = String(given.data ?? defaultTableFolder)
  const problems = listOf(given.problems ?? options.problems.default)
  if (problems.includes('tables') && listTables(tableFolder).length === 0) {
    tell(`there are no tables in ${tableFolder}: they are left out; name their folder with --data`)
  }
  const named = listOf(given.searchers)
  const namedPeers = named.filter(name => peerNames.includes(name))
  const isWithPeers = given.peers === true
  if (namedPeers.length > 0 && !isWithPeers) throw new Error(`${namedPeers.join(', ')} run in Python: add --peers`)
  return {
    problems,
    tableFolder,
    searchers: named.length > 0 ? named.filter(name => !peerNames.includes(name)) : [...listSearchers().keys()],
    peers: isWithPeers ? (namedPeers.length > 0 ? namedPeers : peerNames) : [],
    /** Whether a peer that doesn't start is an error. */
    mustHave: namedPeers.length > 0,
    seeds: countOf('seeds', given.seeds ?? options.seeds.default),
    evaluations: countOf('evaluations', given.evaluations ?? options.evaluations.default),
  }
}

async function startPeers(names: readonly string[], mustHave: boolean): Promise<Peer[]> {
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

/** Runs all contestants on one problem, in turns, so that a busy machine slows all alike. */
async function measureProblem(
  problem: Problem,
  contestants: readonly Contestant[],
  { seeds, evaluations }: { readonly seeds: number; readonly evaluations: number },
): Promise<Row[]> {
  const begin = performance.now()
  const runs = new Map<string, Run[]>(contestants.map(({ name }) => [name, []]))
  const unable = new Set<string>()
  for (let seed = 0; seed < seeds; seed++) {
    for (const contestant of contestants) {
      if (unable.has(contestant.name)) continue
      const run = await contestant.run(problem, { seed, evaluations })
      if (run) runs.get(contestant.name)?.push(run)
      else unable.add(contestant.name)
    }
    if (process.stderr.isTTY) process.stderr.write(`${problem.name}: ${seed + 1} of ${seeds} seeds\r`)
  }
  tell(`${problem.name}: ${seeds} seeds in ${((performance.now() - begin) / 1000).toFixed(1)} s`)
  for (const name of unable) tell(`${problem.name}: ${name} does not take its space`)
  const last = (of: readonly Run[]) => of.map(({ values }) => regretAfter(problem, values, evaluations))
  const random = last(runs.get('random') ?? [])
  return [...runs]
    .filter(([searcher]) => !unable.has(searcher))
    .map(([searcher, of]) => ({
      searcher,
      figures: summarize(problem, of, evaluations),
      versusRandom: searcher === 'random' || random.length === 0 ? undefined : mannWhitneyP(last(of), random),
    }))
}

function listOf(text: string | boolean | undefined): string[] {
  return typeof text === 'string' ? text.split(',').filter(name => name !== '') : []
}

function countOf(name: string, text: string | boolean): number {
  const count = Number(text)
  if (Number.isInteger(count) && count >= 1) return count
  throw new Error(`--${name} is ${text}; give an integer of at least 1`)
}

function tell(text: string): void {
  process.stderr.write(`${text}\n`)
}
