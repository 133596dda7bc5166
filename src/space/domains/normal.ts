import type { JsonObject } from '../../json.js'
import { normalCdf, normalQuantile } from '../../math/normal.js'
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
import { isMultiple, middle, quantise } from './lattice.js'

/** The coordinates nearest to 0 and 1 that are decoded as they are: about 8.2 standard deviations. */
const smallestUnit = 2 ** -53

/**
 * Floating-point numbers of a normal distribution; they have no bounds.
 *
 * @param mean - any finite number
 * @param sd - the standard deviation, greater than 0
 * @defaultValue `mean` is 0 and `sd` is 1
 * @see Ray Tune's `tune.randn`
 */
export function randn(mean = 0, sd = 1): Domain<number> {
  return new NormalDomain('randn', mean, sd)
}

/**
 * Numbers of a normal distribution, rounded to the nearest multiple of `q`.
 *
 * @param mean - any finite number
 * @param sd - the standard deviation, greater than 0
 * @param q - the step between values, greater than 0
 * @see Ray Tune's `tune.qrandn`
 */
export function qrandn(mean: number, sd: number, q: number): Domain<number> {
  return new NormalDomain('qrandn', mean, sd, q)
}

class NormalDomain implements ScalarDomain {
  readonly [domainBrand] = true
  readonly kind: 'randn' | 'qrandn'
  readonly size = Number.POSITIVE_INFINITY
  readonly isLog = false
  readonly #mean: number
  readonly #sd: number
  readonly #quantum: number | undefined

  constructor(kind: 'randn' | 'qrandn', mean: number, sd: number, quantum?: number) {
    this.kind = kind
    this.#mean = mean
    this.#sd = sd
    this.#quantum = quantum
    Object.freeze(this)
  }

  fault(): string | undefined {
    const quantum = this.#quantum
    const args = { mean: this.#mean, 'standard deviation': this.#sd }
    const fault = findNonNumber(this.kind === 'randn' ? args : { ...args, quantum })
    if (fault) return fault
    if (this.#sd <= 0) return `its standard deviation ${this.#sd} is not above 0; give a positive one`
    if (quantum !== undefined && quantum <= 0) {
      return `its quantum ${quantum} is not above 0; give the step between its values`
    }
    return undefined
  }

  sample(rng: Rng): number {
    return this.#round(this.#mean + this.#sd * rng.normal())
  }

  contains(value: number): boolean {
    return Number.isFinite(value) && (this.#quantum === undefined || isMultiple(value, this.#quantum))
  }

  encode(value: number): number {
    return this.#quantum === undefined ? this.#cdf(value) : middle(this.#cellOf(value, this.#quantum))
  }

  decode(unit: number): number {
    const inside = Math.min(1 - smallestUnit, Math.max(smallestUnit, unit))
    return this.#round(this.#mean + this.#sd * normalQuantile(inside))
  }

  cell(unit: number): Cell {
    if (this.#quantum === undefined) return { lower: unit, upper: unit }
    return this.#cellOf(this.decode(unit), this.#quantum)
  }

  /** The middles of cells of equal probability, since the ends of the unit interval lie at infinity; each value once. */
  list(points: number): ValueList {
    const values = new Set<number>()
    for (let i = 0; i < points; i++) values.add(this.decode((i + 0.5) / points))
    const all = [...values]
    return { size: all.length, at: index => all[index] ?? this.#mean }
  }

  toString(): string {
    return showCall(this.kind, [this.#mean, this.#sd, ...(this.#quantum === undefined ? [] : [this.#quantum])])
  }

  describe(): JsonObject {
    return {
      domain: this.kind,
      mean: this.#mean,
      sd: this.#sd,
      ...(this.#quantum !== undefined && { quantum: this.#quantum }),
    }
  }

  #cdf(value: number): number {
    return clampUnit(normalCdf((value - this.#mean) / this.#sd))
  }

  #cellOf(value: number, quantum: number): Cell {
    const centre = Math.round(value / quantum)
    return { lower: this.#cdf((centre - 0.5) * quantum), upper: this.#cdf((centre + 0.5) * quantum) }
  }

  #round(value: number): number {
    return this.#quantum === undefined ? value : quantise(value, this.#quantum)
  }
}
