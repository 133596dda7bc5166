import type { JsonObject } from '../../json.js'
import type { Rng } from '../../rng.js'
import {
  type Cell,
  clampUnit,
  type Domain,
  domainBrand,
  findNonNumber,
  type ScalarDomain,
  showCall,
  type ValueList,
} from './domain.js'
import { toDecimals } from './lattice.js'

/**
 * Floating-point numbers in [lower, upper), uniform.
 *
 * @param lower - any finite number
 * @param upper - greater than `lower`
 * @see Ray Tune's `tune.uniform`
 */
export function uniform(lower: number, upper: number): Domain<number> {
  return new FloatDomain('uniform', lower, upper)
}

/**
 * Floating-point numbers in [lower, upper) whose logarithm is uniform: each order of magnitude is as likely as another. For learning
 * rates, weight decays and other scales.
 *
 * @param lower - greater than 0
 * @param upper - greater than `lower`
 * @see Ray Tune's `tune.loguniform`
 */
export function loguniform(lower: number, upper: number): Domain<number> {
  return new FloatDomain('loguniform', lower, upper)
}

class FloatDomain implements ScalarDomain {
  readonly [domainBrand] = true
  readonly kind: 'uniform' | 'loguniform'
  readonly size = Number.POSITIVE_INFINITY
  readonly isLog: boolean
  readonly #lower: number
  readonly #upper: number

  constructor(kind: 'uniform' | 'loguniform', lower: number, upper: number) {
    this.kind = kind
    this.isLog = kind === 'loguniform'
    this.#lower = lower
    this.#upper = upper
    Object.freeze(this)
  }

  fault(): string | undefined {
    const lower = this.#lower
    const upper = this.#upper
    const fault = findNonNumber({ 'lower bound': lower, 'upper bound': upper })
    if (fault) return fault
    if (lower >= upper) return 'its lower bound is not below its upper bound; swap or widen them'
    if (this.isLog && lower <= 0) return 'its lower bound must be above 0 to have a logarithm; raise it or use uniform'
    if (!Number.isFinite(upper - lower)) return 'its bounds are too far apart for a double; narrow them'
    return undefined
  }

  sample(rng: Rng): number {
    return this.decode(rng.uniform())
  }

  contains(value: number): boolean {
    return value >= this.#lower && value <= this.#upper
  }

  encode(value: number): number {
    const low = this.#measure(this.#lower)
    const position = this.isLog && value <= 0 ? Number.NEGATIVE_INFINITY : this.#measure(value)
    return clampUnit((position - low) / (this.#measure(this.#upper) - low))
  }

  decode(unit: number): number {
    const position = (1 - unit) * this.#measure(this.#lower) + unit * this.#measure(this.#upper)
    // the ends are met exactly, and rounding never leaves them
    return Math.min(this.#upper, Math.max(this.#lower, this.isLog ? Math.exp(position) : position))
  }

  cell(unit: number): Cell {
    return { lower: unit, upper: unit }
  }

  /** Both ends included; rounded to 15 digits, so that four points of loguniform(1e-4, 1e-1) hold 0.001, not 0.0009999999999999998. */
  list(points: number): ValueList {
    return {
      size: points,
      at: index => {
        if (points === 1) return this.#tidy(this.decode(0.5))
        return index === points - 1 ? this.#upper : this.#tidy(this.decode(index / (points - 1)))
      },
    }
  }

  toString(): string {
    return showCall(this.kind, [this.#lower, this.#upper])
  }

  describe(): JsonObject {
    return { domain: this.kind, lower: this.#lower, upper: this.#upper }
  }

  #tidy(value: number): number {
    const scale = Math.max(Math.abs(this.#lower), Math.abs(this.#upper))
    const rounded = this.isLog ? Number(value.toPrecision(15)) : toDecimals(value, 14 - Math.floor(Math.log10(scale)))
    return Math.min(this.#upper, Math.max(this.#lower, rounded))
  }

  #measure(value: number): number {
    return this.isLog ? Math.log(value) : value
  }
}
