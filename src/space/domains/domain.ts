import { show } from '../../errors.js'
import type { JsonObject } from '../../json.js'
import type { Rng } from '../../rng.js'
import type { ChoiceDomain } from './choice.js'
import type { GridSearchDomain } from './grid-search.js'
import type { SampleFromDomain } from './sample-from.js'

/** Marks domains; registered globally, so that two copies of the package know each other's. */
export const domainBrand: unique symbol = Symbol.for('tunewright.domain')

declare const valueType: unique symbol

/** The samplers of numbers. */
export type ScalarKind =
  | 'uniform'
  | 'quniform'
  | 'loguniform'
  | 'qloguniform'
  | 'randn'
  | 'qrandn'
  | 'randint'
  | 'qrandint'
  | 'lograndint'
  | 'qlograndint'

/** The name of each sampler, as its constructor is called. */
export type DomainKind = ScalarKind | 'choice' | 'sampleFrom' | 'gridSearch'

/**
 * A leaf of a search space: the values that a parameter may take, and how they are drawn. Immutable; made by `uniform`, `choice` and
 * the like, and checked once it stands in a `Space`, where an error can name its path.
 *
 * @typeParam T - the type of its values
 */
export interface Domain<out T = unknown> {
  /** Tells it from any other object, whichever copy of the package made it. */
  readonly [domainBrand]: true
  /** Which sampler made it, and with which arguments. */
  readonly kind: DomainKind
  /** Exists in the type only. */
  readonly [valueType]?: T
}

/** A part of the unit interval. */
export interface Cell {
  /** Where it begins, in [0, 1]. */
  readonly lower: number
  /** Where it ends, in [lower, 1]. */
  readonly upper: number
}

/** Values of a domain, numbered from 0. */
export interface ValueList {
  readonly size: number
  /** @param index - in [0, size) */
  at(index: number): number
}

/** A domain of numbers, which has a coordinate in [0, 1] under which its distribution is uniform. */
export interface ScalarDomain extends Domain<number> {
  readonly kind: ScalarKind
  /** How many values it has; Infinity when there is no end of them. */
  readonly size: number
  /** Whether its coordinate is the logarithm of its value. */
  readonly isLog: boolean
  /** What is wrong with its arguments and what to do about it, if anything. */
  fault(): string | undefined
  sample(rng: Rng): number
  /** Whether it is one of the domain's values; both bounds count, except the upper one of `randint` and `lograndint`. */
  contains(value: number): boolean
  /** The coordinate of a value, the middle of its cell where each value owns one; values outside are moved to the nearest end. */
  encode(value: number): number
  /** The value at a coordinate in [0, 1]. */
  decode(unit: number): number
  /** The coordinates that {@link decode} to the same value as this one; a single point where the domain is continuous. */
  cell(unit: number): Cell
  /** All of its values in rising order if it has finitely many, else this many that are evenly spread over the coordinate. */
  list(points: number): ValueList
  /** The constructor call, for messages: `uniform(0, 1)`. */
  toString(): string
  /** Kind and arguments as plain data. */
  describe(): JsonObject
}

/** Every domain, told apart by `kind`. */
export type AnyDomain = ScalarDomain | ChoiceDomain | SampleFromDomain | GridSearchDomain

/** Whether a value is a domain, of this or another copy of the package. */
export function isDomain(value: unknown): value is AnyDomain {
  return typeof value === 'object' && value !== null && domainBrand in value
}

/** Writes a constructor call for a message. */
export function showCall(kind: DomainKind, args: readonly unknown[]): string {
  return `${kind}(${args.map(show).join(', ')})`
}

/** Says which of the named arguments is no finite number, if any; callers from JavaScript may pass anything. */
export function findNonNumber(args: Readonly<Record<string, unknown>>): string | undefined {
  for (const [name, value] of Object.entries(args)) {
    if (typeof value !== 'number') return `its ${name} is ${show(value)}, not a number; give a finite number`
    if (!Number.isFinite(value)) return `its ${name} is ${value}; give a finite number`
  }
  return undefined
}

/** Brings a coordinate into [0, 1]. */
export function clampUnit(unit: number): number {
  return Math.min(1, Math.max(0, unit))
}
