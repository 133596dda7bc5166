import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { show } from '../../src/errors.js'
import { type Mode, type Objective, type StudyDefinition, TuneError } from '../../src/index.js'
import { isPlainObject } from '../../src/json.js'
import { checkThat } from '../statistics/check.js'
import { Comparison } from './comparison.js'
import type { Budget } from './problem.js'
import { readHeader, readTrace } from './read-trace.js'
import type { StudyTrace } from './trace.js'

/** How {@link openComparison} is set. */
export interface OpenComparisonOptions {
  /** Another metric than the studies', which their reports have too. @defaultValue the studies' */
  readonly metric?: string
  /** Goes with `metric`. @defaultValue the studies' mode, for their metric */
  readonly mode?: Mode
  /** The best known value of each problem that has one. @defaultValue none */
  readonly optima?: Readonly<Record<string, number>>
  /** As of `compareStrategies`. @defaultValue 0.05 */
  readonly alpha?: number
}

/** A study in the folder. */
interface Found {
  readonly problem: string
  readonly strategy: string
  readonly repeat: number
  readonly path: string
  readonly definition: StudyDefinition
}

/**
 * Reads a comparison back from the folder that `compareStrategies` kept it in, without the code of its strategies and problems. Studies that have
 * not ended are left out.
 *
 * @param path - a folder with studies at `<problem>/<strategy>/repeat_000`
 * @throws `TuneError` `STUDY_NOT_FOUND` if there are none, `INVALID_OPTION`, `JOURNAL_DAMAGED`, `JOURNAL_NEWER`
 */
export function openComparison(path: string, options: OpenComparisonOptions = {}): Comparison {
  const { alpha = 0.05, optima = {} } = options
  checkThat(alpha > 0 && alpha < 1, 'openComparison: alpha', alpha, 'a level between 0 and 1')
  const studies = findStudies(resolve(path))
  const first = studies[0]
  if (first === undefined)
    throw new TuneError(
      'STUDY_NOT_FOUND',
      `${resolve(path)} holds no comparison: give the path that compareStrategies was given, with studies at <problem>/<strategy>/repeat_000`,
    )
  const objective = objectiveOf(first.definition, options)
  const traces = studies.flatMap(({ problem, strategy, repeat, path: folder, definition: { seed } }): StudyTrace[] => {
    const trace = readTrace(folder, { problem, strategy, repeat, seed }, objective)
    return trace === undefined ? [] : [trace]
  })
  return new Comparison(traces, {
    strategies: [...new Set(studies.map(({ strategy }) => strategy))],
    problems: [...new Set(studies.map(({ problem }) => problem))],
    ...objective,
    repeats: Math.max(...studies.map(({ repeat }) => repeat)) + 1,
    budget: budgetOf(first.definition),
    seed: 0,
    optima,
    alpha,
  })
}

/** All studies, problem by problem, in the order of names. */
function findStudies(path: string): Found[] {
  return foldersIn(path).flatMap(problem =>
    foldersIn(join(path, problem)).flatMap(strategy =>
      foldersIn(join(path, problem, strategy)).flatMap(name => {
        const repeat = /^repeat_(\d+)$/.exec(name)?.[1]
        const folder = join(path, problem, strategy, name)
        const definition = repeat === undefined ? undefined : readHeader(folder)
        return definition === undefined ? [] : { problem, strategy, repeat: Number(repeat), path: folder, definition }
      }),
    ),
  )
}

function foldersIn(path: string): string[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true })
    return entries.flatMap(entry => (entry.isDirectory() ? entry.name : [])).sort()
  } catch {
    return []
  }
}

function objectiveOf({ metric, mode }: StudyDefinition, given: OpenComparisonOptions): Objective {
  const wanted = given.metric ?? metric
  const direction = given.mode ?? (wanted === metric ? mode : null)
  if (wanted === null || wanted === '' || (direction !== 'min' && direction !== 'max'))
    throw new TuneError(
      'INVALID_OPTION',
      `openComparison: the metric is ${show(wanted)} and the mode ${show(direction)}: give { metric: 'loss', mode: 'min' }`,
    )
  return { metric: wanted, mode: direction }
}

/** What the studies could spend, as far as their definition says. */
function budgetOf({ numSamples, stoppers }: StudyDefinition): Budget {
  const limits = new Map(stoppers.flatMap(each => listParts(each)))
  const numberOf = (part: string, option: string) => {
    const value = limits.get(part)?.[option]
    return typeof value === 'number' ? value : undefined
  }
  const iterations = numberOf('iteration-budget', 'iterations')
  const seconds = numberOf('virtual-time-budget', 'seconds') ?? numberOf('time-budget', 'seconds')
  return {
    ...(numSamples !== null && { trials: numSamples }),
    ...(iterations !== undefined && { iterations }),
    ...(seconds !== undefined && { seconds }),
  }
}

/** A stopper and those that it is made of, as a journal's header describes them. */
function listParts(part: unknown): (readonly [name: string, options: Readonly<Record<string, unknown>>])[] {
  if (!isPlainObject(part) || typeof part.name !== 'string' || !isPlainObject(part.options)) return []
  const { stoppers } = part.options
  return [[part.name, part.options], ...(Array.isArray(stoppers) ? stoppers.flatMap(each => listParts(each)) : [])]
}
