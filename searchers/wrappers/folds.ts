import { show, TuneError } from '../../src/errors.js'
import { Rng } from '../../src/rng.js'
import type { Repeat } from '../../src/trial.js'

/** The rows of a data set that a trial learns from, and those that it is judged by; both in rising order. */
export interface Fold {
  /** The rows to train on, ascending. */
  readonly train: readonly number[]
  /** The rows to validate on, ascending: all that are not to train on. */
  readonly validation: readonly number[]
}

/** Options of {@link splitFold}. */
export interface FoldOptions {
  /** Names the shuffle; the same for all trials that are to be compared. @defaultValue 0 */
  readonly seed?: number | string
  /**
   * [length], the class of each row: every fold gets an equal share of each class, to within one row.
   *
   * @defaultValue none: rows are dealt out regardless of class
   */
  readonly labels?: ArrayLike<number | string | boolean>
}

/**
 * Splits a data set's rows for one trial of a cross-validation: shuffles them, the same way for every trial, and deals them out to the folds, whose
 * sizes differ by one at most. A trial is judged by the rows of its own fold and learns from all others, so that the trials of a config are judged
 * by each row once.
 *
 * ```ts
 * const { train, validation } = splitFold(rows.length, context.repeat)
 * const model = await fit(train.map(row => rows[row]))
 * ```
 *
 * O(length).
 *
 * @param length - how many rows there are: at least as many as folds
 * @param repeat - the trial's place among the folds: `context.repeat`
 * @throws `TuneError` `INVALID_OPTION` if the trial has no fold, or there are fewer rows than folds, or not a label for each
 * @see scikit-learn's `KFold` and `StratifiedKFold`
 */
export function splitFold(
  length: number,
  repeat: Pick<Repeat, 'index' | 'of'> | undefined,
  options: FoldOptions = {},
): Fold {
  if (repeat === undefined || repeat.of < 2)
    throw new TuneError(
      'INVALID_OPTION',
      `splitFold got the repeat ${show(repeat)}, which is no fold: pass context.repeat, and search with a CrossValidation`,
    )
  if (!Number.isSafeInteger(length) || length < repeat.of)
    throw new TuneError(
      'INVALID_OPTION',
      `splitFold got the length ${show(length)}; give the number of rows, at least one for each of the ${repeat.of} folds`,
    )
  const train: number[] = []
  const validation: number[] = []
  for (const [row, fold] of dealOut(length, repeat.of, options).entries())
    (fold === repeat.index ? validation : train).push(row)
  return { train, validation }
}

/** [length], the fold of each row. */
function dealOut(length: number, folds: number, { seed = 0, labels }: FoldOptions): Int32Array {
  if (labels !== undefined && labels.length !== length)
    throw new TuneError('INVALID_OPTION', `splitFold got ${labels.length} labels for ${length} rows; give one for each`)
  const order = Rng.from(seed)
    .fork('folds')
    .shuffle(Int32Array.from({ length }, (_, row) => row))
  const classes = new Map<unknown, number[]>()
  for (const row of order) {
    const label = labels?.[row]
    const members = classes.get(label)
    if (members === undefined) classes.set(label, [row])
    else members.push(row)
  }
  const foldOf = new Int32Array(length)
  let dealt = 0
  // one class goes on at the fold where the last one ended
  for (const members of classes.values()) for (const row of members) foldOf[row] = dealt++ % folds
  return foldOf
}
