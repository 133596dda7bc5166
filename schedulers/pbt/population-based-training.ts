import { TuneError } from '../../src/errors.js'
import type { SchedulerContext } from '../../src/scheduler.js'
import { readPath } from '../../src/trial.js'
import { withCustomExplore } from './custom-explore.js'
import type { Explorer } from './explorer.js'
import { compileMutations, withValue } from './mutations.js'
import {
  describeOptions,
  type PopulationBasedTrainingOptions,
  type ResolvedOptions,
  resolveOptions,
} from './options.js'
import { PopulationScheduler } from './population-scheduler.js'

const owner = 'PopulationBasedTraining'

/**
 * Population-based training: the study's trials train side by side as one population; at the end of each interval a trial among the worst
 * takes over the checkpoint and the config of one among the best (exploit), with its hyperparameters changed (explore). What comes out is a
 * trained model and a schedule of hyperparameters, not a single config.
 *
 * Use it for long trainings whose best hyperparameters change on the way, such as learning rates, entropy bonuses and augmentation in
 * reinforcement learning and with generative models, when you can afford to train 10 to 40 trials to their end: it costs as much as
 * training all of them once, and a checkpoint of each at each interval. The trainable has to save and load its state. Take ASHA when a
 * config is wanted that stays as it is, or when a full training is dear; `PB2` when the population is smaller than 10.
 *
 * The population is the study's `numSamples`, which has to have an end; its first configs are the searcher's. With fewer places (`maxConcurrentTrials`) than trials these take turns,
 * an interval each. With `synch` all wait for one another, which costs the time that the fastest wait for the slowest, and compares all
 * at the same time. `policyOf` reads the schedule behind a trial's model, and `PopulationBasedTrainingReplay` trains by it once more. Let a
 * trial's last report say `done: true`, or end trials by a stopper: else one whose end falls on a decision may take over another's model with
 * nothing left to train.
 *
 * The rules are Ray Tune's, but for these: what is perturbed stays within its bounds and on its steps; time is counted in iterations
 * unless told otherwise, and trials are compared at multiples of the interval; a trial that waits for a place is judged when it gets one;
 * a metric that is NaN or infinite ranks last and is never taken over; ties are settled by trial index; draws come from the study's seed;
 * any searcher may propose the first configs; the whole state survives a resume. Trials that have ended are no donors.
 *
 * A decision costs O(n) in the size of the population.
 *
 * @see Jaderberg et al. 2017, "Population Based Training of Neural Networks", Algorithm 1, with truncation selection and perturbation of
 * appendix A; Ray Tune's `PopulationBasedTraining`
 */
export class PopulationBasedTraining extends PopulationScheduler {
  /** @throws `TuneError` `INVALID_OPTION` for an option that is unknown or out of range, `INVALID_SPACE` for a domain that makes no sense */
  constructor(options: PopulationBasedTrainingOptions = {}) {
    const resolved = resolveOptions(owner, options)
    super('pbt', describeOptions(resolved), resolved, context => createExplorer(resolved, context))
  }
}

function createExplorer(options: ResolvedOptions, { space }: SchedulerContext): Explorer {
  const { hyperparamMutations, customExploreFn } = options
  const mutators = compileMutations(owner, hyperparamMutations, space)
  if (mutators.length === 0 && customExploreFn === undefined)
    throw new TuneError(
      'INVALID_OPTION',
      `${owner} has nothing to change: give hyperparamMutations such as { lr: loguniform(1e-4, 1e-1) }, or customExploreFn`,
    )
  const explorer: Explorer = {
    explore: ({ donor, rng }) => {
      const units = space?.encode(donor.config)
      const changes: string[] = []
      let { config } = donor
      for (const mutator of mutators) {
        const value = readPath(donor.config, mutator.path)
        if (value === undefined || !mutator.isIn(donor.config, units)) continue
        const change = mutator.explore(value, donor.config, options, rng.fork('mutate', mutator.path))
        config = withValue(config, mutator.path, change.value)
        changes.push(`${mutator.path} ${change.operation}`)
      }
      return { config, changes: changes.join(', ') }
    },
  }
  return withCustomExplore(explorer, customExploreFn)
}
