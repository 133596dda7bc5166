import { mean, median } from 'simple-statistics'
import { createStudy, type JsonObject, type Searcher } from '../../src/index.js'
import { type Outcome, type Problem, regretOf, spaceOf, type Task } from './problem.js'

/** One study on a problem. */
export interface Run<Value extends Outcome> {
  /** What the configs came to, in the order of the trials; fewer than were asked for if the searcher ended before. */
  readonly values: readonly Value[]
  /** What the searcher took for each, in milliseconds: from asking to having the config, and to take in the value. */
  readonly suggestionMs: readonly number[]
}

/** Which study to run. */
export interface RunOptions {
  readonly seed: number
  readonly evaluations: number
}

/** Something that optimizes problems: a searcher of ours or a peer. */
export interface Contestant {
  readonly name: string
  /** @returns undefined if it can't search the problem's space */
  run<Value extends Outcome>(task: Task<Value>, options: RunOptions): Promise<Run<Value> | undefined>
}

/** A searcher's figures on one problem, as the benchmark's JSON has them. */
export interface Figures {
  /** The mean over the seeds of the regret, by number of evaluations. */
  readonly mean: Readonly<Record<number, number>>
  readonly median: Readonly<Record<number, number>>
  /** The median over the seeds of the mean time per suggestion while the study has 90 to 100 observations, in milliseconds. */
  readonly msPerSuggestion: number
}

/** Runs a study by ask and tell with one trial open at a time; only the asking and the telling are timed. */
export function runStudy<Value extends Outcome>(
  { parameters, mode, objectives, evaluate }: Task<Value>,
  searchAlg: Searcher,
  { seed, evaluations }: RunOptions,
): Run<Value> {
  const names = Array.from({ length: objectives ?? 0 }, (_, index) => `value${index}`)
  const study = createStudy({
    paramSpace: spaceOf(parameters),
    metric: objectives === undefined ? 'value' : names,
    mode,
    searchAlg,
    seed,
    numSamples: evaluations,
    maxConcurrentTrials: 1,
  })
  const values: Value[] = []
  const suggestionMs: number[] = []
  while (values.length < evaluations) {
    const asked = performance.now()
    const next = study.ask()
    const answered = performance.now()
    if (next.type !== 'trial') break
    const value = evaluate(next.trial.config as JsonObject)
    const metrics = metricsOf(value, names)
    const evaluated = performance.now()
    study.tell(next.trial, metrics)
    values.push(value)
    suggestionMs.push(answered - asked + (performance.now() - evaluated))
  }
  return { values, suggestionMs }
}

function metricsOf(value: Outcome, names: readonly string[]): Record<string, number> {
  if (typeof value === 'number') return { value }
  return Object.fromEntries(names.map((name, index) => [name, value[index] ?? Number.NaN]))
}

/** After how many evaluations regret is stated: 25, 50 and 100 as far as they go, and the last. */
export function checkpointsOf(evaluations: number): number[] {
  return [...new Set([...[25, 50, 100].filter(count => count <= evaluations), evaluations])]
}

/** The regret of the best of the first `count` values. */
export function regretAfter(
  problem: Pick<Problem, 'mode' | 'optimum'>,
  values: readonly number[],
  count: number,
): number {
  return Math.min(...values.slice(0, count).map(value => regretOf(problem, value)))
}

/**
 * Puts the runs of one contestant together.
 *
 * @param runs - at least one, each of another seed
 * @param checkpoints - after how many evaluations regret is stated, rising; the last is the length of the runs
 * @param after - the regret of the best of the first `count` values
 */
export function summarize<Value extends Outcome>(
  runs: readonly Run<Value>[],
  checkpoints: readonly number[],
  after: (values: readonly Value[], count: number) => number,
): Figures {
  const byCount = checkpoints.map(count => ({ count, regrets: runs.map(({ values }) => after(values, count)) }))
  return {
    mean: Object.fromEntries(byCount.map(({ count, regrets }) => [count, round(mean(regrets))])),
    median: Object.fromEntries(byCount.map(({ count, regrets }) => [count, round(median(regrets))])),
    msPerSuggestion: round(median(runs.map(({ suggestionMs }) => mean(lateOnes(suggestionMs))))),
  }
}

/** Suggestions 91 to 100, or the last tenth of a shorter study. */
function lateOnes(suggestionMs: readonly number[]): readonly number[] {
  const end = Math.min(100, suggestionMs.length)
  return suggestionMs.slice(Math.min(Math.floor(0.9 * end), end - 1), end)
}

function round(value: number): number {
  return Number(value.toPrecision(4))
}
