import { readMetric } from '../../src/trial.js'
import { quantileOfSorted } from '../statistics/bootstrap.js'
import { binomialTail } from '../statistics/counts.js'
import { ranking, type StudyFacts } from './study-facts.js'

/** Whether the best trials were still getting better when they ended. */
export interface LateProgress {
  /** How many of the best trials have enough reports to tell, at most 5. */
  readonly trials: number
  /** In how many the best value came in the last fifth of the reports, and made a difference. */
  readonly improving: number
  /** The median share of all that a trial gained which it gained in its last fifth. */
  readonly share: number
  /** How many reports the longest of them made. */
  readonly reports: number
  /** How likely at least so many if curves were level but for noise: the best of level reports is in the last fifth once in five. */
  readonly pValue: number
}

const bestTrials = 5
const leastReports = 5
/** A smaller share of what was gained counts as none. */
const leastShare = 0.005

/** Looks at the curves of the best trials; undefined where none has five reports. */
export function lateProgressOf(facts: StudyFacts): LateProgress | undefined {
  const { trials, objective } = facts
  const sign = objective.mode === 'max' ? -1 : 1
  const best = ranking(facts).filter(place => (trials[place]?.iteration ?? 0) >= leastReports)
  if (best.length === 0) return undefined
  const indices = best.slice(0, bestTrials).flatMap(place => trials[place]?.index ?? [])
  const curves = facts
    .reportsOf(indices)
    .map(reports => Float64Array.from(reports, report => sign * (readMetric(report, objective.metric) ?? Number.NaN)))
  const told = curves.map(lateGain)
  const improving = told.filter(({ isLate, share }) => isLate && share >= leastShare).length
  const chance = told.reduce((sum, { late }) => sum + late, 0) / told.length
  return {
    trials: told.length,
    improving,
    share: quantileOfSorted(Float64Array.from(told, ({ share }) => share).sort(), 0.5),
    reports: curves.reduce((most, { length }) => Math.max(most, length), 0),
    pValue: binomialTail(improving, told.length, chance),
  }
}

/** @param losses - of one trial, in their order */
function lateGain(losses: Float64Array) {
  const n = losses.length
  const start = n - Math.max(1, Math.floor(n / 5))
  const least = (from: number, to: number) =>
    losses.subarray(from, to).reduce((low, loss) => (loss < low ? loss : low), Number.POSITIVE_INFINITY)
  const [early, late] = [least(0, start), least(start, n)]
  const first = losses.find(Number.isFinite) ?? Number.NaN
  const whole = first - Math.min(early, late)
  const isLate = late < early && Number.isFinite(early)
  return { isLate, share: isLate && whole > 0 ? (early - late) / whole : 0, late: (n - start) / n }
}
