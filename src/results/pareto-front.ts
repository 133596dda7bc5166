import { dominates } from '../math/pareto.js'
import { type Objective, readObjectives, type Trial } from '../trial.js'

/** A trial that is on the front, and its values with their signs turned so that smaller is better. */
export interface FrontMember<T extends Trial = Trial> {
  readonly trial: T
  readonly values: Float64Array
}

/**
 * The trials that no other dominates, by their last reports; trials that failed, or lack a finite value of an objective, are never among them.
 * Trials with the same values are all on the front. O(size of the front) for each trial added.
 */
export class ParetoFront {
  readonly #objectives: readonly Objective[]
  #members: FrontMember[] = []

  constructor(objectives: readonly Objective[]) {
    this.#objectives = objectives
  }

  /** Its trials, in the order of their indices. */
  get members(): readonly FrontMember[] {
    return this.#members.toSorted((a, b) => a.trial.index - b.trial.index)
  }

  get size(): number {
    return this.#members.length
  }

  /** Takes in a trial whose last report will not change. */
  add(trial: Trial): void {
    const values = trial.status === 'error' ? undefined : readObjectives(trial.lastReport, this.#objectives)
    if (values === undefined || this.#members.some(member => dominates(member.values, values))) return
    this.#members = this.#members.filter(member => !dominates(values, member.values))
    this.#members.push({ trial, values })
  }
}
