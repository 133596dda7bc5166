import { type Mode, readMetric, type TrialReport } from '../../src/index.js'
import type { StudyKey } from './problem.js'

/** What a study came to, report by report. */
export interface StudyTrace extends StudyKey {
  /** [reports] The best finite value so far after each committed report; the worse infinity before there is one. */
  readonly best: Float64Array
  /** [reports] Seconds from the study's beginning until each of them; virtual ones in a simulation. They need not ascend in logical order. */
  readonly seconds: Float64Array
  /** [trials] The best value of the first so many trials, whenever they made it. */
  readonly bestOfFirst: Float64Array
  /** How long the study took on this machine, what a simulation only pretends left out; not reproducible. */
  readonly wallSeconds: number
}

/** The best value that a study found; the worse infinity if it found none. */
export function finalValue(trace: Pick<StudyTrace, 'best'>, mode: Mode): number {
  return trace.best.at(-1) ?? worst(mode)
}

/** Seconds until the last report of a study. */
export function studySeconds(trace: Pick<StudyTrace, 'seconds'>): number {
  return trace.seconds.reduce((latest, second) => Math.max(latest, second), 0)
}

/** What any value is better than. */
export function worst(mode: Mode): number {
  return mode === 'min' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
}

/** The better one of two numbers. */
export function better(a: number, b: number, mode: Mode): number {
  return mode === 'min' ? Math.min(a, b) : Math.max(a, b)
}

/** Gathers a trace from committed reports, in their order. */
export class TraceRecorder {
  readonly #metric: string
  readonly #mode: Mode
  readonly #best: number[] = []
  readonly #seconds: number[] = []
  readonly #bestByTrial: number[] = []

  constructor(metric: string, mode: Mode) {
    this.#metric = metric
    this.#mode = mode
  }

  /** @param startMs - the time at which the study would have begun if it had run without a break */
  add(trialIndex: number, report: TrialReport, startMs: number): void {
    const none = worst(this.#mode)
    const reported = readMetric(report, this.#metric)
    const value = reported !== undefined && Number.isFinite(reported) ? reported : none
    this.#best.push(better(value, this.#best.at(-1) ?? none, this.#mode))
    this.#seconds.push(Math.max(0, (report.timing.timestampMs - startMs) / 1000))
    while (this.#bestByTrial.length <= trialIndex) this.#bestByTrial.push(none)
    this.#bestByTrial[trialIndex] = better(value, this.#bestByTrial[trialIndex] ?? none, this.#mode)
  }

  finish(key: StudyKey, wallSeconds: number): StudyTrace {
    let best = worst(this.#mode)
    const bestOfFirst = Float64Array.from(this.#bestByTrial, value => {
      best = better(best, value, this.#mode)
      return best
    })
    return {
      ...key,
      best: Float64Array.from(this.#best),
      seconds: Float64Array.from(this.#seconds),
      bestOfFirst,
      wallSeconds,
    }
  }
}
