import { show, TuneError } from '../errors.js'
import type { GpDimension } from './dimension.js'
import type { CovarianceParameters, Hyperparameters } from './hyperparameters.js'

/** Options of {@link GaussianProcess.fit}. */
export interface GaussianProcessOptions {
  /** The axes of the inputs, [d]. */
  readonly dimensions: readonly GpDimension[]
  /**
   * Where the first search for hyperparameters starts, such as at those of an earlier fit.
   *
   * @defaultValue where the priors are high
   */
  readonly initial?: CovarianceParameters
  /**
   * Hyperparameters to take as they are.
   *
   * @defaultValue none: those of the greatest posterior density are searched for
   */
  readonly hyperparameters?: Hyperparameters
  /**
   * The variance of an observation's noise in units of the standardized results, or that it is to be learnt.
   *
   * @defaultValue 'learn'
   */
  readonly noise?: 'learn' | number
  /**
   * Whether y is shifted and scaled to mean 0 and variance 1 inside; predictions are in the units of y either way.
   *
   * @defaultValue true
   */
  readonly standardize?: boolean
  /**
   * How many steps a search for hyperparameters may take.
   *
   * @defaultValue 50
   */
  readonly maxIterations?: number
  /**
   * How many further searches there are, from other starts: up to 3 with `initial`, up to 2 without.
   *
   * @defaultValue 0: the density has hardly ever another mode that is greater
   */
  readonly restarts?: number
}

/** @throws `TuneError` `INVALID_OPTION` if given hyperparameters are not positive numbers or not as many as dimensions */
export function checkOptions({ dimensions, initial, hyperparameters, noise = 'learn' }: GaussianProcessOptions): void {
  if (dimensions.length === 0) {
    throw new TuneError('INVALID_OPTION', 'a Gaussian process was given no dimensions; give one or more')
  }
  for (const given of [initial, hyperparameters]) if (given !== undefined) checkScales(given, dimensions.length)
  if (noise !== 'learn' && !(noise >= 0 && noise < Number.POSITIVE_INFINITY)) {
    throw new TuneError('INVALID_OPTION', `noise is ${show(noise)}; give 'learn' or a variance of 0 or more`)
  }
}

/** @throws `TuneError` `INVALID_OPTION` if lengths don't match, a result is not finite or a coordinate is infinite */
export function checkObservations(x: Float64Array, y: Float64Array, d: number): void {
  if (x.length !== y.length * d) {
    const given = `x has ${x.length} numbers for ${y.length} results in ${d} dimensions`
    throw new TuneError('INVALID_OPTION', `${given}; give ${y.length * d}`)
  }
  const bad = y.findIndex(value => !Number.isFinite(value))
  if (bad >= 0) {
    throw new TuneError('INVALID_OPTION', `y[${bad}] is ${show(y[bad])}; leave out observations that failed`)
  }
  const infinite = x.findIndex(value => Math.abs(value) === Number.POSITIVE_INFINITY)
  if (infinite >= 0) {
    throw new TuneError('INVALID_OPTION', `x[${infinite}] is ${show(x[infinite])}; give a number, or NaN if inactive`)
  }
}

function checkScales({ lengthScales, outputScale, noise }: CovarianceParameters, d: number): void {
  const scales = [...Array.from(lengthScales), outputScale]
  if (scales.length === d + 1 && scales.every(isPositive) && noise >= 0) return
  const given = show({ lengthScales: Array.from(lengthScales), outputScale, noise })
  throw new TuneError(
    'INVALID_OPTION',
    `hyperparameters ${given} don't suit ${d} dimensions; give ${d} positive scales`,
  )
}

function isPositive(value: number): boolean {
  return value > 0 && value < Number.POSITIVE_INFINITY
}
