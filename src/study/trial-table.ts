import { TuneError } from '../errors.js'
import { isBetter, type Objective, readMetric, type TrialStatus } from '../trial.js'
import type { TrialState } from './trial-state.js'

/** A study's trials: all of them by index, those that are open by where they stand, and the best one. Each operation is O(1). */
export class TrialTable {
  readonly all: TrialState[] = []
  readonly running = new Map<number, TrialState>()
  /** In the order in which they paused. */
  readonly paused = new Map<number, TrialState>()
  /** Those that have not ended. */
  readonly pending = new Map<number, TrialState>()
  readonly counts: Record<TrialStatus, number> = { pending: 0, running: 0, paused: 0, terminated: 0, error: 0 }
  readonly #objective: Objective | undefined
  #best: TrialState | undefined

  constructor(objective: Objective | undefined) {
    this.#objective = objective
  }

  /** The trial with the best report; ties go to the trial that was first. */
  get best(): TrialState | undefined {
    return this.#best
  }

  /** @throws `TuneError` `INVALID_OPTION` if there is none of that index */
  get(index: number): TrialState {
    const trial = this.all[index]
    if (trial !== undefined) return trial
    throw new TuneError('INVALID_OPTION', `there is no trial ${index}: the study has ${this.all.length}`)
  }

  /** Takes in a trial that runs. */
  add(trial: TrialState): void {
    this.all.push(trial)
    this.counts.running += 1
    this.running.set(trial.index, trial)
    this.pending.set(trial.index, trial)
  }

  /** Has a trial that had ended wait for a place. */
  reopen(trial: TrialState): void {
    this.counts[trial.status] -= 1
    this.counts.paused += 1
    trial.status = 'paused'
    this.paused.set(trial.index, trial)
    this.pending.set(trial.index, trial)
  }

  /** Lets a running trial pause, or a paused one run. */
  move(trial: TrialState, status: 'running' | 'paused'): void {
    this.counts[trial.status] -= 1
    this.counts[status] += 1
    trial.status = status
    const [from, to] = status === 'running' ? [this.paused, this.running] : [this.running, this.paused]
    from.delete(trial.index)
    to.set(trial.index, trial)
  }

  /** Notes that a trial has ended. @param before - its status up to then */
  leave(trial: TrialState, before: TrialStatus): void {
    this.counts[before] -= 1
    this.counts[trial.status] += 1
    this.running.delete(trial.index)
    this.paused.delete(trial.index)
    this.pending.delete(trial.index)
  }

  /** Notes that a trial has reported. */
  updateBest(trial: TrialState): void {
    if (this.#objective === undefined || trial.bestReport === undefined || this.#best === trial) return
    const { metric, mode } = this.#objective
    const best = this.#best?.bestReport && readMetric(this.#best.bestReport, metric)
    const value = readMetric(trial.bestReport, metric)
    if (isBetter(value, best, mode)) this.#best = trial
    // two trials may draw level in either order: the first one is the best
    else if (this.#best !== undefined && value === best && trial.index < this.#best.index) this.#best = trial
  }
}
