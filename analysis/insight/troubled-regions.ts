import type { Trial } from '../../src/trial.js'
import type { NamedColumn } from '../importance/columns.js'
import { checkThat } from '../statistics/check.js'
import { type EdgeFinding, edgesOf, type UntriedRegion, untriedOf } from './ends.js'
import { type FoundRule, findRules } from './rules.js'
import { readFacts, type StudyFacts, type StudyOptions, type StudySource } from './study-facts.js'

/** What may go wrong with a trial: it threw, ran out of its time, never reported a finite value, or was stopped before others were. */
export type Trouble = 'failed' | 'timed-out' | 'no-value' | 'stopped-early'

/** A region of the space where trials come to no end, or to no good one. */
export interface TroubledRegion extends FoundRule {
  /** What trials get into there. */
  readonly trouble: Trouble
}

/** What {@link troubledRegions} found. */
export interface TroubledRegions {
  /** Regions in which trials get into trouble oftener than elsewhere, by kind of trouble. */
  readonly regions: readonly TroubledRegion[]
  /** How many trials had which trouble, of those that ended. */
  readonly counts: Readonly<Record<Trouble, number>>
  /** How many trials ended. */
  readonly trials: number
  /** The largest parts of a parameter's range, and values of choices, that no trial tried. */
  readonly untried: readonly UntriedRegion[]
  /** Ends of a parameter's range at which the best trials lie. */
  readonly edges: readonly EdgeFinding[]
}

/** How {@link troubledRegions} is set. */
export interface TroubleOptions extends StudyOptions {
  /** How likely at most any region of a kind of trouble is found where there is none; in (0, 1). @defaultValue 0.05 */
  readonly alpha?: number
}

/** The most regions of a kind. */
const mostRules = 3
const troubles = ['failed', 'timed-out', 'no-value', 'stopped-early'] as const satisfies Trouble[]

/**
 * Where in the space trials fail, give no value, run out of time or are always stopped early; where none has been; and at which ends the best lie.
 *
 * @param source - a study's results, or its view while it runs
 * @throws `TuneError` `INVALID_OPTION`
 */
export function troubledRegions(source: StudySource, options: TroubleOptions = {}): TroubledRegions {
  return troublesOf(readFacts(source, options, 'troubledRegions'), options)
}

/** {@link troubledRegions} of what was read already. */
export function troublesOf(facts: StudyFacts, { alpha = 0.05 }: TroubleOptions): TroubledRegions {
  checkThat(alpha > 0 && alpha < 1, 'troubledRegions: alpha', alpha, 'a level between 0 and 1')
  const { trials, scores, columns } = facts
  const most = trials.reduce((longest, { iteration }) => Math.max(longest, iteration), 0)
  const found = trials.map((trial, place) => troubleOf(trial, scores[place] ?? Number.NaN, most))
  const regions = troubles.flatMap(trouble => regionsOf(columns, found, trouble, alpha))
  const count = (trouble: Trouble) => found.filter(each => each === trouble).length
  return {
    regions,
    counts: {
      failed: count('failed'),
      'timed-out': count('timed-out'),
      'no-value': count('no-value'),
      'stopped-early': count('stopped-early'),
    },
    trials: trials.length,
    untried: untriedOf(facts),
    edges: edgesOf(facts),
  }
}

function regionsOf(
  columns: readonly NamedColumn[],
  found: readonly (Trouble | undefined)[],
  trouble: Trouble,
  alpha: number,
): TroubledRegion[] {
  const marks = found.map(each => each === trouble)
  // a trial that came to nothing could not be stopped any more
  const among = trouble === 'stopped-early' ? found.map(each => each === undefined || each === trouble) : undefined
  if (marks.filter(Boolean).length < 3) return []
  // to be stopped early is what most trials come to: only where nearly all are, a region is worth naming
  const leastShare = trouble === 'stopped-early' ? 0.9 : 0.3
  return findRules(columns, marks, { alpha, most: mostRules, leastShare, ...(among && { among }) }).map(rule => ({
    ...rule,
    trouble,
  }))
}

/** The worst that happened to a trial. @param most - how many reports the longest trial made */
function troubleOf({ status, error, endedBy, iteration }: Trial, score: number, most: number): Trouble | undefined {
  if (status === 'error') return error?.code === 'TRIAL_TIMEOUT' ? 'timed-out' : 'failed'
  if (Number.isNaN(score)) return 'no-value'
  const isStopped = endedBy === 'scheduler' || endedBy === 'stopper'
  return isStopped && iteration < most ? 'stopped-early' : undefined
}
