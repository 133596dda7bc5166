import { show, TuneError } from '../errors.js'
import { isPlainObject } from '../json.js'
import type { Stopper, StopperContext } from '../stopper.js'
import { TRAINING_ITERATION } from '../trial.js'
import { CombinedStopper } from './combined.js'
import { FunctionStopper, type StopFunction } from './function.js'
import { MaximumIterationStopper } from './maximum-iteration.js'
import { type MetricBound, MetricStopper } from './metric.js'

/**
 * Bounds by metric name, any of which stops a trial.
 *
 * A bare number has a plain meaning for three metrics only: `trainingIteration` (so many reports), `timeTotalS` (so many seconds of the
 * trial's own work), and the study's metrics (reached from the worse side, as its mode says). Others are written with their direction.
 */
export interface StopBounds {
  readonly [metric: string]: number | MetricBound
}

/** What may stand in `runConfig.stop`: a stopper, a function, bounds by metric name, or an array of these, any of which stops. */
export type StopInput = Stopper | StopFunction | StopBounds | readonly StopInput[]

/**
 * Makes one stopper of whatever may stand in `runConfig.stop`.
 *
 * @param context - what the study optimizes, which gives a bare number for such a metric its direction
 * @throws `TuneError` `INVALID_OPTION` for anything else, and for a bare number whose direction isn't known
 * @see Ray Tune's `RunConfig.stop`, which can't combine bounds with stoppers
 */
export function toStopper(input: StopInput, context: StopperContext): Stopper {
  if (isStopper(input)) return input
  if (typeof input === 'function') return new FunctionStopper(input)
  if (isArray(input)) return anyOf(input.map(each => toStopper(each, context)))
  // a class instance that isn't a stopper is as wrong as a string, which plain JavaScript may pass
  if (isPlainObject(input))
    return anyOf(Object.entries(input).map(([metric, bound]) => fromBound(metric, bound, context)))
  throw new TuneError(
    'INVALID_OPTION',
    `stop is ${show(input)}; give a stopper, a function (trial, report) => boolean, bounds such as { trainingIteration: 10 } or { loss: { atMost: 0.1 } }, or an array of these`,
  )
}

function fromBound(metric: string, bound: unknown, context: StopperContext): Stopper {
  if (typeof bound === 'number') return fromNumber(metric, bound, context)
  if (isMetricBound(bound)) return new MetricStopper({ metric, ...bound })
  throw new TuneError(
    'INVALID_OPTION',
    `stop.${metric} is ${show(bound)}; give { atLeast: number } or { atMost: number } (for both, an array of two)`,
  )
}

function fromNumber(metric: string, bound: number, { objectives }: StopperContext): Stopper {
  if (metric === TRAINING_ITERATION) return new MaximumIterationStopper({ maxIterations: bound })
  if (metric === 'timeTotalS') return new MetricStopper({ metric, atLeast: bound })
  const mode = objectives.find(objective => objective.metric === metric)?.mode
  if (mode !== undefined)
    return new MetricStopper(mode === 'max' ? { metric, atLeast: bound } : { metric, atMost: bound })
  throw new TuneError(
    'INVALID_OPTION',
    `stop.${metric} is ${show(bound)}, which says nothing about the direction: write { ${metric}: { atMost: ${bound} } } to stop at ${bound} and below, or { ${metric}: { atLeast: ${bound} } } to stop at ${bound} and above`,
  )
}

function anyOf(stoppers: readonly Stopper[]): Stopper {
  const [only, ...others] = stoppers
  return only !== undefined && others.length === 0 ? only : new CombinedStopper(...stoppers)
}

function isStopper(input: StopInput): input is Stopper {
  if (typeof input !== 'object' || isArray(input)) return false
  if (typeof input?.name !== 'string') return false
  return typeof input.onReport === 'function' || typeof input.budgetSeconds === 'number'
}

function isMetricBound(bound: unknown): bound is MetricBound {
  if (!isPlainObject(bound)) return false
  const [key, ...others] = Object.keys(bound)
  return others.length === 0 && (key === 'atLeast' || key === 'atMost')
}

function isArray(input: StopInput): input is readonly StopInput[] {
  return Array.isArray(input)
}
