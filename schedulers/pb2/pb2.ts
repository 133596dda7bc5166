import { TuneError } from '../../src/errors.js'
import type { SchedulerContext } from '../../src/scheduler.js'
import { withCustomExplore } from '../pbt/custom-explore.js'
import type { Explorer } from '../pbt/explorer.js'
import { PopulationScheduler } from '../pbt/population-scheduler.js'
import { GpExplorer } from './gp-explorer.js'
import { makeKnobs } from './knob.js'
import { describeOptions, type PB2Options, type ResolvedOptions, resolveOptions } from './options.js'

const owner = 'PB2'

/**
 * Population-based bandits: population-based training that does not perturb numbers at random, but learns which ones pay. A Gaussian
 * process models how much the metric gains per unit of time, from the time, the score at the start of an interval and the config; what
 * takes over gets the config with the greatest upper confidence bound, given what others are trying already.
 *
 * Use it in place of `PopulationBasedTraining` where the population is small, 4 to 8 trials, and what changes is numbers; choices keep the
 * donor's value. It costs the same trainings, and a fit of the process at each decision: some 50 ms, up to 400 once there are
 * 200 intervals, from when on the oldest is forgotten for each new one. The trainable has to save and load its state.
 *
 * The rules of the population are those of `PopulationBasedTraining`. It differs from Ray Tune's in that numbers have the scale of
 * the space (logarithmic for `loguniform`) and stay on its steps; that time is one more axis of a Matérn kernel, whose length scale is learnt,
 * where Ray lets covariances fade at a fixed rate; that the bound has the standard deviation of the paper, where Ray has the variance; and that numbers are
 * perturbed, not copied, until there are 3 intervals to learn from.
 *
 * A decision costs O(n³) in the number of intervals, up to 200.
 *
 * @see Parker-Holder, Nguyen and Roberts 2020, "Provably Efficient Online Hyperparameter Optimization with Population-Based Bandits"; Ray
 * Tune's `PB2`
 */
export class PB2 extends PopulationScheduler {
  /** @throws `TuneError` `INVALID_OPTION` for an option that is unknown or out of range */
  constructor(options: PB2Options = {}) {
    const resolved = resolveOptions(owner, options)
    super('pb2', describeOptions(resolved), resolved, context => createExplorer(resolved, context))
  }
}

function createExplorer({ bounds, customExploreFn }: ResolvedOptions, { space }: SchedulerContext): Explorer {
  const knobs = makeKnobs(owner, bounds, space)
  if (knobs.length === 0 && customExploreFn === undefined)
    throw new TuneError(
      'INVALID_OPTION',
      `${owner} has nothing to change: give hyperparamBounds such as { lr: [1e-4, 1e-1] }, or customExploreFn`,
    )
  return withCustomExplore(new GpExplorer(knobs, space), customExploreFn)
}
