import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as ours from '../searchers/index.js'
import type { Searcher } from '../src/index.js'
import { countOf, holdContest, listOf, OwnContestant, startPeers, tell } from './contest.js'
import { peerNames } from './peers/commands.js'
import { defaultTableFolder, selectProblems } from './problems/catalogue.js'
import { checkpointsOf, type Figures, regretAfter } from './problems/measure.js'
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
    const { seeds, evaluations } = settings
    const checkpoints = checkpointsOf(evaluations)
    const contestants = [...own, ...peers]
    return await holdContest({ problems, contestants, seeds, evaluations, checkpoints, regretAfter, json: given.json })
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
