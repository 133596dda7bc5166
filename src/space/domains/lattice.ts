import type { JsonObject } from '../../json.js'
import type { Rng } from '../../rng.js'
import {
  type Cell,
  clampUnit,
  domainBrand,
  findNonNumber,
  type ScalarDomain,
  type ScalarKind,
  showCall,
  type ValueList,
} from './domain.js'

/** The kinds whose values are the multiples of a quantum between two bounds. */
export type LatticeKind = Exclude<ScalarKind, 'uniform' | 'loguniform' | 'randn' | 'qrandn'>

/**
 * How the unit interval is shared out among the multiples k·q: in equal parts; or each k in proportion to the logarithmic length of
 * [k, k + 1), as when a log-uniform number is rounded down; or of [k − ½, k + ½), as when it is rounded to the nearest.
 */
type Measure = 'linear' | 'log-floor' | 'log-nearest'

interface LatticeRule {
  readonly measure: Measure
  readonly isInteger: boolean
  readonly includesUpper: boolean
}

const rules: Readonly<Record<LatticeKind, LatticeRule>> = {
  quniform: { measure: 'linear', isInteger: false, includesUpper: true },
  qloguniform: { measure: 'log-nearest', isInteger: false, includesUpper: true },
  randint: { measure: 'linear', isInteger: true, includesUpper: false },
  qrandint: { measure: 'linear', isInteger: true, includesUpper: true },
  lograndint: { measure: 'log-floor', isInteger: true, includesUpper: false },
  qlograndint: { measure: 'log-floor', isInteger: true, includesUpper: true },
}

/** How far from a multiple of the quantum a number may be, relative to its size, and still count as one. */
const tolerance = 1e-9

/**
 * Whole multiples of a quantum between two bounds; every one owns a cell of the unit interval, and all of the interval is owned, so
 * both ends have their full share.
 */
export class LatticeDomain implements ScalarDomain {
  readonly [domainBrand] = true
  readonly kind: LatticeKind
  readonly size: number
  readonly isLog: boolean
  readonly #rule: LatticeRule
  readonly #lower: number
  readonly #upper: number
  readonly #quantum: number
  readonly #decimals: number
  /** The first value in quanta. */
  readonly #first: number
  /** Where the unit interval starts in the measure, and how long it is. */
  readonly #origin: number
  readonly #length: number

  constructor(kind: LatticeKind, lower: number, upper: number, quantum = 1) {
    const rule = rules[kind]
    this.kind = kind
    this.#rule = rule
    this.#lower = lower
    this.#upper = upper
    this.#quantum = quantum
    this.#decimals = countDecimals(quantum)
    this.#first = Math.round(lower / quantum)
    this.size = Math.round(upper / quantum) - this.#first + (rule.includesUpper ? 1 : 0)
    this.isLog = rule.measure !== 'linear'
    this.#origin = this.#edge(0)
    this.#length = this.#edge(this.size) - this.#origin
    Object.freeze(this)
  }

  fault(): string | undefined {
    const lower = this.#lower
    const upper = this.#upper
    const quantum = this.#quantum
    const fault = findNonNumber({ 'lower bound': lower, 'upper bound': upper, quantum })
    if (fault) return fault
    if (quantum <= 0) return `its quantum ${quantum} is not above 0; give the step between its values`
    if (this.#rule.isInteger) {
      for (const [name, value] of Object.entries({ 'lower bound': lower, 'upper bound': upper, quantum })) {
        if (!Number.isInteger(value)) return `its ${name} ${value} is not an integer; use an integer or quniform`
      }
    }
    if (lower >= upper) return 'its lower bound is not below its upper bound; swap or widen them'
    if (this.isLog && lower <= 0) return 'its lower bound must be above 0 to have a logarithm; raise it or drop the log'
    for (const bound of [lower, upper]) {
      if (!Number.isSafeInteger(Math.round(bound / quantum))) {
        return `its bound ${bound} is too many steps of ${quantum} away from 0; use a coarser quantum or smaller bounds`
      }
      if (!isMultiple(bound, quantum)) {
        const nearest = toDecimals(Math.round(bound / quantum) * quantum, this.#decimals)
        return `its bound ${bound} is not a multiple of its quantum ${quantum}; use ${nearest} or another quantum`
      }
    }
    return Number.isSafeInteger(this.size) ? undefined : 'it has more values than a double can count; narrow its bounds'
  }

  sample(rng: Rng): number {
    return this.decode(rng.uniform())
  }

  contains(value: number): boolean {
    const index = Math.round(value / this.#quantum) - this.#first
    return index >= 0 && index < this.size && isMultiple(value, this.#quantum)
  }

  encode(value: number): number {
    return middle(this.#cellOf(this.#clampIndex(Math.round(value / this.#quantum) - this.#first)))
  }

  decode(unit: number): number {
    return this.#at(this.#indexAt(unit))
  }

  cell(unit: number): Cell {
    return this.#cellOf(this.#indexAt(unit))
  }

  list(): ValueList {
    return { size: this.size, at: index => this.#at(index) }
  }

  toString(): string {
    const args = [this.#lower, this.#upper]
    return showCall(this.kind, this.kind === 'randint' || this.kind === 'lograndint' ? args : [...args, this.#quantum])
  }

  describe(): JsonObject {
    return { domain: this.kind, lower: this.#lower, upper: this.#upper, quantum: this.#quantum }
  }

  #at(index: number): number {
    return toDecimals((this.#first + index) * this.#quantum, this.#decimals)
  }

  #indexAt(unit: number): number {
    const position = this.#origin + unit * this.#length
    switch (this.#rule.measure) {
      case 'linear':
        return this.#clampIndex(Math.floor(unit * this.size))
      case 'log-floor':
        return this.#clampIndex(Math.floor(Math.exp(position)) - this.#first)
      case 'log-nearest':
        return this.#clampIndex(Math.round(Math.exp(position)) - this.#first)
    }
  }

  /** The lower edge of a value's cell, in the measure. */
  #edge(index: number): number {
    switch (this.#rule.measure) {
      case 'linear':
        return index
      case 'log-floor':
        return Math.log(this.#first + index)
      case 'log-nearest':
        return Math.log(this.#first + index - 0.5)
    }
  }

  #cellOf(index: number): Cell {
    return {
      lower: clampUnit((this.#edge(index) - this.#origin) / this.#length),
      upper: clampUnit((this.#edge(index + 1) - this.#origin) / this.#length),
    }
  }

  #clampIndex(index: number): number {
    return Math.min(this.size - 1, Math.max(0, index))
  }
}

/** The middle of a cell. */
export function middle(cell: Cell): number {
  return (cell.lower + cell.upper) / 2
}

/** The multiple of a quantum that is nearest to a value, without the dust of binary fractions: 0.3, not 0.30000000000000004. */
export function quantise(value: number, quantum: number): number {
  return toDecimals(Math.round(value / quantum) * quantum, countDecimals(quantum))
}

/** Whether a value is a whole multiple of a quantum, but for rounding. */
export function isMultiple(value: number, quantum: number): boolean {
  const steps = value / quantum
  return Math.abs(steps - Math.round(steps)) <= tolerance * Math.max(1, Math.abs(steps))
}

/** Rounds to a number of decimals, as far as `toFixed` goes. */
export function toDecimals(value: number, decimals: number): number {
  // adding 0 makes 0 of −0, which JSON would lose
  return Number(value.toFixed(Math.min(100, Math.max(0, decimals)))) + 0
}

/** How many decimals a number has when written out without an exponent. */
function countDecimals(value: number): number {
  const [mantissa = '', exponent = '0'] = String(value).split('e')
  const fraction = mantissa.split('.')[1] ?? ''
  return fraction.length - Number(exponent)
}
