import { show, TuneError } from '../errors.js'
import { LbfgsHistory, type Preconditioner } from './lbfgs-history.js'

/** A smooth function: writes its gradient at `x` into `gradient`, both [n], and returns its value; it keeps neither array. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number

/** Options of {@link minimize}. */
export interface MinimizeOptions {
  /**
   * The least value of each variable, [n]; −Infinity where there is none.
   *
   * @defaultValue no bounds
   */
  readonly lower?: Float64Array
  /**
   * The greatest value of each variable, [n]; Infinity where there is none.
   *
   * @defaultValue no bounds
   */
  readonly upper?: Float64Array
  /**
   * How many steps to take at most.
   *
   * @defaultValue 200
   */
  readonly maxIterations?: number
  /**
   * Ends the search once no component of the projected gradient is larger than this.
   *
   * @defaultValue 1e-5
   */
  readonly gradientTolerance?: number
  /**
   * Ends the search once a step lowers the value, or is expected to lower it, by no more than this; the value's rounding counts as little.
   *
   * @defaultValue 1e-10
   */
  readonly valueTolerance?: number
  /**
   * How far a step may move each variable, [n].
   *
   * @defaultValue Infinity
   */
  readonly maxStep?: Float64Array
  /**
   * From how many past steps curvature is told, 1 or more.
   *
   * @defaultValue 10
   */
  readonly memory?: number
  /**
   * What is known of the Hessian beside what past steps tell; called once a step.
   *
   * @defaultValue none: a multiple of the identity
   */
  readonly precondition?: Preconditioner
}

/** What {@link minimize} found. */
export interface Minimum {
  /** Where, within the bounds; [n]. */
  readonly x: Float64Array
  readonly value: number
  /** The gradient there, [n]. */
  readonly gradient: Float64Array
  /** How many steps were taken. */
  readonly iterations: number
  /** How often the function was called. */
  readonly evaluations: number
  /** `converged` by one of the tolerances, out of `iterations`, or `stuck`: no lower value was found along the line. */
  readonly reason: 'converged' | 'iterations' | 'stuck'
}

/** The Wolfe conditions' sufficient decrease and what may be left of the slope. */
const sufficientDecrease = 1e-4
const slopeLeft = 0.9
const maxLineEvaluations = 20

/**
 * Minimizes a smooth function within bounds by projected L-BFGS: quasi-Newton steps of the variables that are free to move, bent at
 * the bounds, each with a line search for the weak Wolfe conditions. It never ends higher than it starts.
 *
 * A step costs O(n · memory) beside the function, and allocates nothing. A value that is not finite counts as too large.
 *
 * @param x0 - the start, [n]; moved into the bounds first; kept
 * @throws `TuneError` `INVALID_OPTION` if `lower`, `upper` or `maxStep` has not n values or the function is not finite at the start
 * @see Nocedal and Wright, Numerical Optimization (2006), algorithms 3.5 and 7.4
 * @see Bertsekas, Projected Newton methods for optimization problems with simple constraints, SIAM J. Control 20 (1982)
 */
export function minimize(objective: Objective, x0: Float64Array, options: MinimizeOptions = {}): Minimum {
  const { maxIterations = 200, gradientTolerance = 1e-5 } = options
  const search = new Search(objective, x0, options)
  let iterations = 0
  let reason: Minimum['reason'] | undefined
  while (reason === undefined) {
    if (search.projectedGradient() <= gradientTolerance) reason = 'converged'
    else if (iterations >= maxIterations) reason = 'iterations'
    else {
      const { value } = search
      const outcome = search.step()
      if (outcome !== 'moved') reason = outcome
      else {
        iterations++
        if (search.isLittle(value - search.value)) reason = 'converged'
      }
    }
  }
  const { x, value, gradient, evaluations } = search
  return { x, value, gradient, iterations, evaluations, reason }
}

class Search {
  x: Float64Array
  value: number
  gradient: Float64Array
  evaluations = 1
  readonly #objective: Objective
  readonly #n: number
  readonly #lower: Float64Array
  readonly #upper: Float64Array
  readonly #history: LbfgsHistory
  readonly #maxStep: Float64Array | undefined
  readonly #valueTolerance: number
  readonly #precondition: Preconditioner | undefined
  /** 1 or 0 for each variable: one that is at a bound which the function descends across is not. */
  readonly #isFree: Float64Array
  readonly #direction: Float64Array
  #slope = 0
  #nextX: Float64Array
  #nextGradient: Float64Array

  constructor(objective: Objective, x0: Float64Array, options: MinimizeOptions) {
    const { lower, upper, memory = 10, valueTolerance = 1e-10 } = options
    const n = x0.length
    this.#objective = objective
    this.#n = n
    this.#lower = checkLength('lower', lower, n) ?? new Float64Array(n).fill(Number.NEGATIVE_INFINITY)
    this.#upper = checkLength('upper', upper, n) ?? new Float64Array(n).fill(Number.POSITIVE_INFINITY)
    this.#history = new LbfgsHistory(n, memory)
    this.#maxStep = checkLength('maxStep', options.maxStep, n)
    this.#valueTolerance = valueTolerance
    this.#precondition = options.precondition
    this.#isFree = new Float64Array(n)
    this.#direction = new Float64Array(n)
    this.#nextX = new Float64Array(n)
    this.#nextGradient = new Float64Array(n)
    this.x = x0.map((from, i) => this.#clamp(from, i))
    this.gradient = new Float64Array(n)
    this.value = objective(this.x, this.gradient)
    if (!Number.isFinite(this.value)) {
      const value = show(this.value)
      throw new TuneError('INVALID_OPTION', `the function is ${value} at its start; start where it is finite`)
    }
  }

  /** How far a unit step down the gradient would move the variable that it moves furthest. */
  projectedGradient(): number {
    let largest = 0
    for (let i = 0; i < this.#n; i++) {
      const from = this.x[i] ?? 0
      const moved = Math.abs(this.#clamp(from - (this.gradient[i] ?? 0), i) - from)
      // NaN is not small
      if (!(moved <= largest)) largest = moved
    }
    return largest
  }

  /** Whether it is not worth while to lower the value by that much. */
  isLittle(decrease: number): boolean {
    return decrease <= Math.max(this.#valueTolerance, Number.EPSILON * Math.abs(this.value))
  }

  /** Takes a step, unless too little is expected of it or none leads down. */
  step(): 'moved' | 'converged' | 'stuck' {
    this.#findFree()
    let value: number | undefined
    if (this.#findNewtonDirection()) {
      // of a parabola along the direction, with its least at 1
      if (this.isLittle(-0.5 * this.#slope)) return 'converged'
      value = this.#searchLine(1)
    }
    if (value === undefined) {
      // nothing is known of the Hessian, or it does not hold here
      this.#history.clear()
      this.#findSteepestDirection()
      value = this.#searchLine(Math.min(1, 1 / Math.sqrt(-this.#slope)))
    }
    if (value === undefined) return 'stuck'
    this.#history.add(this.x, this.#nextX, this.gradient, this.#nextGradient)
    const { x, gradient } = this
    this.x = this.#nextX
    this.gradient = this.#nextGradient
    this.#nextX = x
    this.#nextGradient = gradient
    this.value = value
    return 'moved'
  }

  #findFree(): void {
    for (let i = 0; i < this.#n; i++) {
      const from = this.x[i] ?? 0
      const isFree = (this.gradient[i] ?? 0) > 0 ? from > (this.#lower[i] ?? 0) : from < (this.#upper[i] ?? 0)
      this.#isFree[i] = isFree ? 1 : 0
    }
  }

  /** Sets the direction down the gradient and the slope along it. */
  #findSteepestDirection(): void {
    let slope = 0
    for (let i = 0; i < this.#n; i++) {
      const d = -(this.#isFree[i] ?? 0) * (this.gradient[i] ?? 0)
      this.#direction[i] = d
      slope -= d * d
    }
    this.#slope = slope
  }

  /** Sets the quasi-Newton direction and the slope along it; false if there is none that descends. */
  #findNewtonDirection(): boolean {
    if (this.#history.isEmpty && this.#precondition === undefined) return false
    this.#findSteepestDirection()
    const steepest = this.#slope
    const direction = this.#direction
    this.#history.apply(direction, this.#isFree, this.#precondition)
    let slope = 0
    let square = 0
    for (let i = 0; i < this.#n; i++) {
      const from = this.x[i] ?? 0
      const d = direction[i] ?? 0
      // at a bound and about to leave it
      const isBlocked = d < 0 ? from <= (this.#lower[i] ?? 0) : from >= (this.#upper[i] ?? 0)
      if (isBlocked) direction[i] = 0
      else {
        slope += d * (this.gradient[i] ?? 0)
        square += d * d
      }
    }
    this.#slope = slope
    // a cosine of less than 1e−10 is no descent
    return slope < -1e-10 * Math.sqrt(square * -steepest)
  }

  /** Looks for a point that is low enough along the direction, and leaves it in `nextX` and `nextGradient`; its value, if there is one. */
  #searchLine(first: number): number | undefined {
    const longest = this.#longestStep()
    let t = Math.min(first, longest)
    let low = 0
    let lowValue = this.value
    let lowSlope = this.#slope
    let high = Number.POSITIVE_INFINITY
    for (let trial = 1; ; trial++) {
      let isBent = false
      let gain = 0
      for (let i = 0; i < this.#n; i++) {
        const from = this.x[i] ?? 0
        const straight = from + t * (this.#direction[i] ?? 0)
        const to = this.#clamp(straight, i)
        if (to !== straight) isBent = true
        this.#nextX[i] = to
        gain += (this.gradient[i] ?? 0) * (to - from)
      }
      const value = this.#objective(this.#nextX, this.#nextGradient)
      this.evaluations++
      // written so that NaN is not low
      const isLow = gain < 0 && Number.isFinite(value) && value <= this.value + sufficientDecrease * gain
      if (isLow) {
        if (isBent || t >= longest || trial >= maxLineEvaluations) return value
        const slope = this.#slopeThere()
        if (slope >= slopeLeft * this.#slope) return value
        low = t
        lowValue = value
        lowSlope = slope
      } else {
        high = t
      }
      if (trial > maxLineEvaluations) return undefined
      // of the last two trials the first returns to the lowest point known
      if (trial === maxLineEvaluations) {
        if (low === 0) return undefined
        t = low
      } else if (high === Number.POSITIVE_INFINITY) t = Math.min(4 * t, longest)
      else t = interpolate(low, lowValue, lowSlope, high, isLow ? Number.NaN : value)
    }
  }

  /** How many times the direction a step may take. */
  #longestStep(): number {
    const maxStep = this.#maxStep
    if (maxStep === undefined) return Number.POSITIVE_INFINITY
    let relative = 0
    for (let i = 0; i < this.#n; i++)
      relative = Math.max(relative, Math.abs(this.#direction[i] ?? 0) / (maxStep[i] ?? 1))
    return 1 / relative
  }

  #slopeThere(): number {
    let slope = 0
    for (let i = 0; i < this.#n; i++) slope += (this.#nextGradient[i] ?? 0) * (this.#direction[i] ?? 0)
    return slope
  }

  #clamp(value: number, i: number): number {
    const lower = this.#lower[i] ?? 0
    if (value < lower) return lower
    const upper = this.#upper[i] ?? 0
    return value > upper ? upper : value
  }
}

/** A step between two: where the parabola through what is known has its least, kept off the ends. */
function interpolate(low: number, lowValue: number, slope: number, high: number, highValue: number): number {
  const width = high - low
  // the value at `high` was that of an earlier trial
  if (Number.isNaN(highValue)) return low + 0.5 * width
  const curvature = highValue - lowValue - slope * width
  const share = (-0.5 * slope * width) / curvature
  return low + (curvature > 0 ? Math.min(Math.max(share, 0.1), 0.6) : 0.5) * width
}

function checkLength(name: string, values: Float64Array | undefined, n: number): Float64Array | undefined {
  if (values === undefined || values.length === n) return values
  throw new TuneError('INVALID_OPTION', `${name} has ${values.length} values for ${n} variables; give one for each`)
}
