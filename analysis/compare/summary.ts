import type { Interval } from '../statistics/bootstrap.js'
import { type MedianBootstrap, medianOf } from './median-bootstrap.js'
import { quartilesOf } from './quantiles.js'
import { type StudyTrace, studySeconds } from './trace.js'

/** What a strategy came to on one problem. */
export interface StrategySummary {
  /** The problem's name. */
  readonly problem: string
  /** The strategy's name. */
  readonly strategy: string
  /** How many studies it is of. */
  readonly studies: number
  /** The final values: their median and quartiles, and the median's 95 % bootstrap interval. */
  readonly final: Interval & { readonly median: number; readonly lowerQuartile: number; readonly upperQuartile: number }
  /** The median distance of the final value from the optimum, at least 0; undefined where that is not known. */
  readonly regret: number | undefined
  /** The mean of its ranks in this problem's blocks, 1 being best; undefined without a complete block. */
  readonly meanRank: number | undefined
  /** How many studies found no finite value at all. */
  readonly failures: number
  /** Medians of what the studies took: trials begun, reports, seconds until the last one (virtual ones in a simulation). */
  readonly trials: number
  /** The median number of reports that a study made. */
  readonly iterations: number
  /** The median time that a study took, virtual where it was simulated. */
  readonly seconds: number
  /** The median time that a study took on this machine: in a simulation that is what the strategy itself costs. Not reproducible. */
  readonly wallSeconds: number
}

/** @param finals - [studies] final values in the metric's unit; not empty */
export function summarize(
  key: Pick<StrategySummary, 'problem' | 'strategy' | 'meanRank'>,
  traces: readonly StudyTrace[],
  finals: readonly number[],
  optimum: number | undefined,
  bootstrap: MedianBootstrap,
): StrategySummary {
  const medianBy = (count: (trace: StudyTrace) => number) => medianOf(Float64Array.from(traces, count))
  const quartiles = quartilesOf(finals)
  return {
    ...key,
    studies: traces.length,
    final: { ...quartiles, ...bootstrap.intervalOf(finals) },
    regret: optimum === undefined ? undefined : Math.abs(quartiles.median - optimum),
    failures: finals.filter(value => !Number.isFinite(value)).length,
    trials: medianBy(trace => trace.bestOfFirst.length),
    iterations: medianBy(trace => trace.best.length),
    seconds: medianBy(studySeconds),
    wallSeconds: medianBy(trace => trace.wallSeconds),
  }
}
