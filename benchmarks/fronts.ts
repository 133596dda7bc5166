import { NSGA2Searcher, RandomSearcher, TPESearcher } from '../searchers/index.js'
import { countOf, holdContest, listOf, OwnContestant, startPeers } from './contest.js'
import { frontPeerNames } from './peers/commands.js'
import { type FrontProblem, frontProblems, openShareAfter } from './problems/fronts.js'
import type { Figures } from './problems/measure.js'

/** What `npm run bench -- fronts` takes. */
export const options = {
  /** Names of problems, separated by commas; all by default. */
  problems: { type: 'string' },
  seeds: { type: 'string', default: '10' },
  evaluations: { type: 'string', default: '200' },
  /** Runs Optuna on the same problems, in Python. */
  peers: { type: 'boolean', default: false },
} as const

type FrontsOptions = { readonly json: boolean } & {
  readonly [name in keyof typeof options]?: string | boolean
}

const own = [
  new OwnContestant('random', () => new RandomSearcher()),
  new OwnContestant('tpe', () => new TPESearcher()),
  new OwnContestant('nsga2', () => new NSGA2Searcher()),
]

/**
 * What `npm run bench -- fronts` measures: the share of the volume under the Pareto front that is left open after 100, 200 and 1,000 trials, and the
 * time per suggestion, of the searchers for several objectives and of their peers in the same run.
 */
export async function bench(given: FrontsOptions): Promise<Record<string, Record<string, Figures>> | string> {
  const problems = selectFronts(listOf(given.problems))
  const seeds = countOf('seeds', given.seeds ?? options.seeds.default)
  const evaluations = countOf('evaluations', given.evaluations ?? options.evaluations.default)
  const checkpoints = [...new Set([...[100, 200, 1000].filter(count => count <= evaluations), evaluations])]
  const peers = await startPeers(given.peers === true ? frontPeerNames : [], false)
  try {
    const contestants = [...own, ...peers]
    const regretAfter = openShareAfter
    return await holdContest({ problems, contestants, seeds, evaluations, checkpoints, regretAfter, json: given.json })
  } finally {
    for (const peer of peers) peer.close()
  }
}

function selectFronts(names: readonly string[]): readonly FrontProblem[] {
  if (names.length === 0) return frontProblems
  return names.map(name => {
    const found = frontProblems.find(problem => problem.name === name)
    if (found) return found
    throw new Error(`there is no problem ${name}; name some of ${frontProblems.map(each => each.name).join(', ')}`)
  })
}
