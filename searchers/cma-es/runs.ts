import type { Model } from './model.js'
import type { Restarts } from './options.js'

/** What a run is for: `large` looks over the whole space, `local` around one point, `refine` goes on with the best that had converged. */
export type Purpose = 'first' | 'large' | 'local' | 'refine'

/** A run that has converged. */
export interface PausedRun {
  readonly model: Model
  /** The best value that it found. */
  readonly best: number
  /** The tolerance that it met. */
  readonly tolerance: number
}

/** How many are kept. */
const mostPaused = 8

/** The runs of a search: which are paused, and what the trials were spent on. */
export class Runs {
  readonly #restarts: Exclude<Restarts, 'none'>
  readonly #surveyed: number
  readonly #spent: Record<Purpose, number> = { first: 0, large: 0, local: 0, refine: 0 }
  /** Best first. */
  readonly #paused: PausedRun[] = []

  /** @param surveyed - how many trials filled the space, which look over the whole of it too */
  constructor(restarts: Exclude<Restarts, 'none'>, surveyed = 0) {
    this.#restarts = restarts
    this.#surveyed = surveyed
  }

  /** Counts a trial. */
  spend(purpose: Purpose): void {
    this.#spent[purpose] += 1
  }

  pause(run: PausedRun): void {
    this.#paused.push(run)
    this.#paused.sort((a, b) => a.best - b.best)
    this.#paused.length = Math.min(this.#paused.length, mostPaused)
  }

  /** Takes out the best paused run. */
  resume(): PausedRun | undefined {
    return this.#paused.shift()
  }

  /**
   * What the next run is for: as many trials for new ones as for old ones, as many of those in the small as in the large, the start among these.
   *
   * @see Hansen, Benchmarking a BI-Population CMA-ES on the BBOB-2009 Function Testbed, GECCO 2009; what is new here is that runs are gone on with, so that a
   * run need not converge any further than is worth while at that time
   */
  next(): Exclude<Purpose, 'first'> {
    const { large, local, refine } = this.#spent
    if (refine < large + local) return 'refine'
    return this.#restarts === 'bipop' && local <= large + this.#surveyed ? 'local' : 'large'
  }
}
