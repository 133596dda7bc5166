import type { JsonObject } from '../../src/json.js'
import { OptionChecks } from '../../src/option-checks.js'
import type { Searcher } from '../../src/searcher.js'
import { checkSearcher } from './inner.js'
import type { Aggregate } from './repeat-group.js'
import { Repeater } from './repeater.js'

/** Options of {@link CrossValidation}. */
export interface CrossValidationOptions {
  /** Into how many folds the data are split: an integer of at least 2. */
  readonly folds: number
  /** What the searcher learns of a config's folds: the mean or the median of each objective. @defaultValue 'mean' */
  readonly aggregate?: Aggregate
  /**
   * How many folds must have finite values of all objectives, in [1, folds]; with fewer the config counts as failed. Folds differ in how hard they
   * are, so that a mean over some of them is not quite comparable with one over all.
   *
   * @defaultValue folds: one failed fold fails the config
   */
  readonly minFolds?: number
}

/**
 * Judges each suggestion of a searcher by k-fold cross-validation: tries it once for each fold, as a trial of its own, and lets the searcher learn
 * from the mean.
 *
 * Use it where the data are few, so that the split into training and validation decides too much: the mean over folds judges a config by
 * every row once. The trials of a config run side by side. A trainable gets its fold's rows by `splitFold(rows.length, context.repeat)`, whose
 * shuffle is the same for all trials.
 *
 * **`numSamples` counts configs**: the study has `folds` × `numSamples` trials. All else is as with a {@link Repeater}.
 *
 * @see Ray Tune's `Repeater`; scikit-learn's `GridSearchCV`
 */
export class CrossValidation extends Repeater {
  override readonly name: string = 'cross-validation'

  /** @throws `TuneError` `INVALID_OPTION` naming the option that is wrong */
  constructor(searcher: Searcher, { folds, aggregate = 'mean', minFolds = folds }: CrossValidationOptions) {
    checkSearcher('CrossValidation', searcher)
    const checks = new OptionChecks('CrossValidation')
    checks.integer('folds', folds, 2)
    checks.integer('minFolds', minFolds, 1, folds)
    super(searcher, { repeat: folds, aggregate, minRepeats: minFolds })
  }

  override get options(): JsonObject {
    const { repeat = null, minRepeats = null, ...rest } = super.options
    return { folds: repeat, minFolds: minRepeats, ...rest }
  }
}
