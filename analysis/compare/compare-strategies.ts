import { join, resolve } from 'node:path'
import { show } from '../../src/errors.js'
import { type Mode, Rng, TuneError } from '../../src/index.js'
import { formatDuration, formatNumber } from '../../src/results/text.js'
import { checkStudyName } from '../../src/tuner/storage.js'
import { checkThat } from '../statistics/check.js'
import { checkBudget } from './budget.js'
import { Comparison } from './comparison.js'
import type { Budget, Problem, ProblemFactory, StrategyFactory, StudyKey } from './problem.js'
import { runStudy } from './run-study.js'
import { finalValue, type StudyTrace } from './trace.js'

/** What {@link compareStrategies} is given. */
export interface CompareOptions {
  /** At least two, by name; each study makes its own. */
  readonly strategies: Readonly<Record<string, StrategyFactory>>
  /** What they are tried on, by name; at least one. */
  readonly problems: Readonly<Record<string, Problem | ProblemFactory>>
  /** The metric that all problems report. */
  readonly metric: string
  /** Whether it is to be small or large; the same for all problems. */
  readonly mode: Mode
  /** How many studies each strategy has on each problem: an integer from 1. Ten or more let tests find what there is. */
  readonly repeats: number
  /** What each study may spend; a number stands for so many trials. Strategies that stop trials early need a budget of iterations. */
  readonly budget: number | Budget
  /** An integer from 0. @defaultValue 0 */
  readonly seed?: number
  /**
   * A folder for the studies, `<path>/<problem>/<strategy>/repeat_000`. What lies there is not run again: a comparison that was cut off goes on,
   * and one that has ended can be given more repeats, strategies or problems.
   *
   * @defaultValue none: the studies are kept in memory
   */
  readonly path?: string
  /** How likely at most any claimed difference may be none, all claims together; in (0, 1). @defaultValue 0.05 */
  readonly alpha?: number
  /** 0 silent, 1 a line on standard error for each study. @defaultValue 1 */
  readonly verbose?: 0 | 1
  /** Told of each study that ended. @defaultValue nobody is */
  readonly onProgress?: (progress: ComparisonProgress) => void
}

/** How far a comparison is. */
export interface ComparisonProgress {
  /** How many studies have ended, those that were on disk already included. */
  readonly done: number
  /** How many there are: strategies × problems × repeats. */
  readonly total: number
  /** The study that ended last. */
  readonly study: StudyTrace
}

const known: readonly string[] = [
  'strategies',
  'problems',
  'metric',
  'mode',
  'repeats',
  'budget',
  'seed',
  'path',
  'alpha',
  'verbose',
  'onProgress',
] satisfies (keyof CompareOptions)[]

/**
 * Runs each strategy several times on each problem, one study after the other, and compares what they came to. Studies with the same problem and
 * repeat have the same seed. A strategy is a searcher with a scheduler; problems run on worker threads, in this thread, or in virtual time.
 *
 * ```ts
 * const comparison = await compareStrategies({
 *   strategies: { random: () => ({}), bayesian: () => ({ searchAlg: new BayesianSearcher() }) },
 *   problems: { curves: { trainable: syntheticCurves(), paramSpace: syntheticCurveSpace, simulation: { workers: 4 } } },
 *   metric: 'loss', mode: 'min', repeats: 10, budget: { iterations: 1000 },
 * })
 * console.log(comparison.toTable())
 * ```
 *
 * @returns the comparison; where a study is interrupted (Ctrl-C), of what ended until then
 * @throws `TuneError` `INVALID_OPTION`, `INVALID_NAME`; `STUDY_MISMATCH` if a study in the folder was made with something else; what a study throws
 */
export async function compareStrategies(options: CompareOptions): Promise<Comparison> {
  checkOptions(options)
  const { strategies, problems, metric, mode, repeats, seed = 0, path, alpha = 0.05, verbose = 1, onProgress } = options
  const budget = checkBudget(options.budget)
  const keys = planStudies(options)
  const optima: Record<string, number> = {}
  const traces: StudyTrace[] = []
  for (const key of keys) {
    const entry = problems[key.problem]
    const problem = typeof entry === 'function' ? entry(key) : entry
    const strategy = strategies[key.strategy]?.(key)
    // keys are made from the same names
    if (problem === undefined || strategy === undefined) continue
    if (problem.optimum !== undefined) optima[key.problem] = problem.optimum
    const folder = path === undefined ? undefined : join(resolve(path), key.problem, key.strategy)
    const trace = await runStudy({ key, problem, strategy, metric, mode, budget, folder }).catch(error => {
      throw nameStudy(error, key)
    })
    if (trace === undefined) break
    traces.push(trace)
    const progress = { done: traces.length, total: keys.length, study: trace }
    onProgress?.(progress)
    if (verbose === 1) process.stderr.write(`${progressLine(progress, mode)}\n`)
  }
  const names = { strategies: Object.keys(strategies), problems: Object.keys(problems) }
  return new Comparison(traces, { ...names, metric, mode, repeats, budget, seed, optima, alpha })
}

/** All studies, repeat by repeat, so that what is cut off has whole blocks. */
function planStudies({ strategies, problems, repeats, seed = 0 }: CompareOptions): StudyKey[] {
  const root = Rng.from(seed).fork('comparison')
  return Array.from({ length: repeats }, (_, repeat) =>
    Object.keys(problems).flatMap(problem => {
      const studySeed = root.fork(problem, repeat).seed()
      return Object.keys(strategies).map(strategy => ({ problem, strategy, repeat, seed: studySeed }))
    }),
  ).flat()
}

function checkOptions(options: CompareOptions): void {
  const { strategies, problems, metric, mode, repeats, seed = 0, path, alpha = 0.05 } = options
  const named = (name: string) => `compareStrategies: ${name}`
  const unknown = Object.keys(options).find(key => !known.includes(key))
  checkThat(unknown === undefined, named('an option'), unknown, `one of ${known.join(', ')}`)
  const names = Object.keys(strategies)
  checkThat(names.length >= 2, named('strategies'), names, 'at least two, by name')
  for (const [name, create] of Object.entries(strategies))
    checkThat(typeof create === 'function', named(`strategies.${name}`), create, 'a function that makes it anew')
  checkThat(Object.keys(problems).length >= 1, named('problems'), Object.keys(problems), 'at least one, by name')
  checkThat(typeof metric === 'string' && metric !== '', named('metric'), metric, 'the name of a reported metric')
  checkThat(mode === 'min' || mode === 'max', named('mode'), mode, "'min' or 'max'")
  checkThat(Number.isSafeInteger(repeats) && repeats >= 1, named('repeats'), repeats, 'an integer from 1')
  checkThat(Number.isSafeInteger(seed) && seed >= 0, named('seed'), seed, 'an integer from 0')
  checkThat(alpha > 0 && alpha < 1, named('alpha'), alpha, 'a level between 0 and 1')
  if (path !== undefined) for (const name of [...names, ...Object.keys(problems)]) checkStudyName(name)
}

function nameStudy(error: unknown, { problem, strategy, repeat }: StudyKey): unknown {
  if (!(error instanceof TuneError)) return error
  const study = `the study of ${show(strategy)} on ${show(problem)}, repeat ${repeat}`
  return new TuneError(error.code, `${study}: ${error.message}`, { cause: error })
}

function progressLine({ done, total, study }: ComparisonProgress, mode: Mode): string {
  const value = formatNumber(finalValue(study, mode))
  return `${done}/${total} ${study.problem}, ${study.strategy}, repeat ${study.repeat}: ${value} in ${formatDuration(study.wallSeconds)}`
}
