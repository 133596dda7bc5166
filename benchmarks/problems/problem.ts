import {
  choice,
  type JsonObject,
  type JsonValue,
  lograndint,
  loguniform,
  type Mode,
  randint,
  type SpaceDefinition,
  type SpaceNode,
  uniform,
} from '../../src/index.js'

/** A parameter as plain data, so that searchers of other languages get the same space. Both bounds are included. */
export type Parameter =
  | { readonly type: 'float' | 'integer'; readonly low: number; readonly high: number; readonly log?: boolean }
  | { readonly type: 'choice'; readonly values: readonly (string | number | boolean)[] }
  /** A choice that brings parameters of its own: its config is an object with the branch's name as `branch`. */
  | { readonly type: 'branch'; readonly branches: { readonly [branch: string]: Parameters } }

/** Parameters by name. */
export type Parameters = { readonly [name: string]: Parameter }

/** What a config comes to: a value, or one for each of several objectives. */
export type Outcome = number | readonly number[]

/** A function to optimize. */
export interface Task<Value extends Outcome> {
  readonly name: string
  readonly parameters: Parameters
  /** Whether small or large values are good, of all objectives. */
  readonly mode: Mode
  /** How many objectives there are, if values are lists. */
  readonly objectives?: number
  /** The value of a config of {@link spaceOf}'s space: a pure function. */
  readonly evaluate: (config: JsonObject) => Value
}

/** A function to optimize whose optimum is known. */
export interface Problem extends Task<number> {
  /** The best value that a config can have. */
  readonly optimum: number
}

/** The search space that parameters make. */
export function spaceOf(parameters: Parameters): SpaceDefinition {
  return Object.fromEntries(Object.entries(parameters).map(([name, parameter]) => [name, domainOf(parameter)]))
}

function domainOf(parameter: Parameter): SpaceNode {
  switch (parameter.type) {
    case 'float':
      return parameter.log ? loguniform(parameter.low, parameter.high) : uniform(parameter.low, parameter.high)
    case 'integer':
      return parameter.log ? lograndint(parameter.low, parameter.high + 1) : randint(parameter.low, parameter.high + 1)
    case 'choice':
      return choice(parameter.values)
    case 'branch': {
      const branches = Object.entries(parameter.branches)
      return choice(branches.map(([branch, parameters]) => ({ branch, ...spaceOf(parameters) })))
    }
    default:
      return parameter satisfies never
  }
}

/** How far a value is from the best that there is, 0 or more. */
export function regretOf({ mode, optimum }: Pick<Problem, 'mode' | 'optimum'>, value: number): number {
  return mode === 'max' ? optimum - value : value - optimum
}

/** Reads a number out of a config. */
export function numberAt(config: JsonObject, name: string): number {
  const value = config[name]
  if (typeof value === 'number') return value
  throw new Error(`the config has no number ${name}: ${JSON.stringify(config)}`)
}

/** Reads where a value stands among a choice's. */
export function indexAt(config: JsonObject, name: string, values: readonly unknown[]): number {
  const index = values.indexOf(config[name])
  if (index >= 0) return index
  throw new Error(`the config's ${name} is none of ${JSON.stringify(values)}: ${JSON.stringify(config)}`)
}

/** Reads a branch, with the parameters that it brought. */
export function branchAt(config: JsonObject, name: string): JsonObject & { readonly branch: string } {
  const value = config[name]
  if (isObject(value) && typeof value.branch === 'string') return { ...value, branch: value.branch }
  throw new Error(`the config has no branch ${name}: ${JSON.stringify(config)}`)
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What a function over a box is made of. */
export interface BoxFunction {
  readonly name: string
  /** Where the box begins and ends, by dimension. */
  readonly low: readonly number[]
  readonly high: readonly number[]
  readonly optimum: number
  readonly evaluate: (x: Float64Array) => number
}

/** A box as parameters, named `x0`, `x1` and so on. */
export interface Box {
  readonly parameters: Parameters
  /** The point of a config. */
  readonly read: (config: JsonObject) => Float64Array
}

/** The box from `low` to `high`. */
export function boxOf(low: readonly number[], high: readonly number[]): Box {
  const names = low.map((_, index) => `x${index}`)
  const parameters = Object.fromEntries(
    names.map((key, index): [string, Parameter] => [
      key,
      { type: 'float', low: low[index] ?? Number.NaN, high: high[index] ?? Number.NaN },
    ]),
  )
  return { parameters, read: config => Float64Array.from(names, key => numberAt(config, key)) }
}

/** A problem over a box. */
export function boxProblem({ name, low, high, optimum, evaluate }: BoxFunction): Problem {
  const { parameters, read } = boxOf(low, high)
  return { name, parameters, mode: 'min', optimum, evaluate: config => evaluate(read(config)) }
}

/** The same number for each dimension. */
export function all(dimension: number, value: number): number[] {
  return new Array<number>(dimension).fill(value)
}
