import { Leaderboard } from '../../results/leaderboard.js'
import { ParetoFront } from '../../results/pareto-front.js'
import { VaryingParameters } from '../../results/varying-parameters.js'
import type { Trial, TrialReport } from '../../trial.js'
import type { StudyView } from '../callback.js'
import { Pace } from './pace.js'

/** How many of the best trials are kept for the table. */
const leaderCount = 60

/** What a picture of a study is drawn from: its committed state, and what was gathered on the way. */
export interface Progress {
  readonly study: StudyView
  /** Seconds since this session began. */
  readonly elapsedS: number
  /** About how many seconds the rest will take; undefined until it can be told. */
  readonly remainingS: number | undefined
  /** Trials that run, by index. */
  readonly running: readonly Trial[]
  /** The best of all trials, the best first. */
  readonly leaders: readonly Trial[]
  /** The indices of the trials that are marked as best: one, or with several objectives the Pareto front of those that ended. */
  readonly best: ReadonlySet<number>
  /** How many trials are on the Pareto front. */
  readonly front: number
  /** Paths of the hyperparameters that differ between trials. */
  readonly parameters: readonly string[]
}

/** Follows a study event by event, so that a picture of it costs no pass over its trials. */
export class ProgressTracker {
  readonly #running = new Set<number>()
  readonly #varying = new VaryingParameters()
  readonly #leaders: Leaderboard
  readonly #front: ParetoFront | undefined
  readonly #pace: Pace

  /** Takes in all trials that the study has already; O(trials). */
  constructor(study: StudyView, nowMs: number) {
    this.#leaders = new Leaderboard(study.definition, leaderCount)
    const { objectives } = study.definition
    this.#front = objectives.length > 1 ? new ParetoFront(objectives) : undefined
    this.#pace = new Pace(nowMs)
    for (const trial of study.trials) {
      this.start(trial)
      if (trial.status !== 'running') this.leave(trial)
      if (trial.status === 'terminated') this.#front?.add(trial)
    }
  }

  /** A trial was made. */
  start(trial: Trial): void {
    this.#varying.add(trial.config)
    this.#running.add(trial.index)
    this.#leaders.update(trial)
  }

  resume(trial: Trial): void {
    this.#running.add(trial.index)
  }

  report(trial: Trial, { iteration }: TrialReport): void {
    // only a report that is its trial's best can move it up; the trial may be ahead of the report
    if (trial.bestReport !== undefined && trial.bestReport.iteration >= iteration) this.#leaders.update(trial)
  }

  /** A trial was paused. */
  leave(trial: Trial): void {
    this.#running.delete(trial.index)
    this.#leaders.update(trial)
  }

  end(trial: Trial, nowMs: number): void {
    this.leave(trial)
    this.#front?.add(trial)
    this.#pace.end(nowMs)
  }

  #best({ best }: StudyView): ReadonlySet<number> {
    if (this.#front === undefined) return new Set(best === undefined ? [] : [best.index])
    return new Set(this.#front.members.map(({ trial }) => trial.index))
  }

  /** With several objectives the front goes first, then the latest trials. */
  #leaderIndices(): readonly number[] {
    if (this.#front === undefined) return this.#leaders.indices()
    const front = this.#front.members.map(({ trial }) => trial.index).slice(0, leaderCount)
    return [...new Set([...front, ...this.#leaders.indices()])].slice(0, leaderCount)
  }

  /** The present state. O(trials that run + trials that are kept). */
  progress(study: StudyView, nowMs: number): Progress {
    const { trials, counts, totalTrials } = study
    const present = (index: number): Trial | readonly Trial[] => trials[index] ?? []
    const open = totalTrials - counts.terminated - counts.error
    return {
      study,
      elapsedS: this.#pace.elapsedS(nowMs),
      remainingS: this.#pace.remainingS(open, counts.running, nowMs),
      running: [...this.#running].sort((a, b) => a - b).flatMap(present),
      leaders: this.#leaderIndices().flatMap(present),
      best: this.#best(study),
      front: this.#front?.size ?? 0,
      parameters: this.#varying.names(),
    }
  }
}
