import { show, TuneError } from '../../src/errors.js'
import { isPlainObject, type JsonObject, type JsonValue } from '../../src/json.js'
import type { Rng } from '../../src/rng.js'
import type { CategoricalDimension, Dimension, NumericDimension } from '../../src/space/dimension.js'
import { type AnyDomain, type Domain, isDomain } from '../../src/space/domains/domain.js'
import { Space } from '../../src/space/space.js'
import type { SpaceDefinition } from '../../src/space/types.js'
import { readPath } from '../../src/trial.js'
import { type Axis, axisOf, probe } from './axis.js'
import { type Change, type DrawValue, type ExploreRules, exploreAxis, exploreFunction, exploreList } from './explore.js'

/** What a parameter may become: one of a list, whose neighbours are near to one another; a number of a domain; or what a function draws. */
export type Mutation = readonly JsonValue[] | Domain | DrawValue

/** The parameters that may change, nested as in a config or by path, such as `optimizer/lr`. */
export interface Mutations {
  readonly [key: string]: Mutation | Mutations
}

/** A parameter that may change. */
export interface Mutator {
  readonly path: string
  /** Whether a config has the parameter. @param units - the config in the unit cube of the study's space */
  isIn(config: JsonObject, units: Float64Array | undefined): boolean
  /** Changes the parameter's value in a config that has it. */
  explore(value: JsonValue, config: JsonObject, rules: ExploreRules, rng: Rng): Change
}

/**
 * Makes ready what the user lets change, or all that the space lets: its numbers, and its choices among plain values.
 *
 * @param space - the study's
 * @throws `TuneError` `INVALID_OPTION` naming the path of what can't be changed
 */
export function compileMutations(owner: string, mutations: Mutations | undefined, space: Space | undefined): Mutator[] {
  if (mutations === undefined) return space === undefined ? [] : space.dimensions.flatMap(each => ofSpace(space, each))
  return Array.from(flatten(owner, mutations), ([path, mutation]) => {
    if (space !== undefined) checkPath(owner, space, path)
    return compile(owner, path, mutation, space)
  })
}

/** The mutations as plain data, by path; functions as their source text. */
export function describeMutations(owner: string, mutations: Mutations): JsonObject {
  const described = new Map<string, JsonValue>()
  for (const [path, mutation] of flatten(owner, mutations)) {
    if (described.has(path)) throw unfit(owner, path, 'two rules at once', 'one, nested or by its path')
    described.set(path, describeMutation(owner, path, mutation))
  }
  return Object.fromEntries(described)
}

function describeMutation(owner: string, path: string, mutation: Mutation): JsonValue {
  if (typeof mutation === 'function') return { function: Function.prototype.toString.call(mutation).trim() }
  return isList(mutation) ? mutation : domainSpace(owner, path, mutation).describe()
}

/** A config with another value at a path. */
export function withValue(config: JsonObject, path: string, value: JsonValue): JsonObject {
  const set = (node: JsonValue | undefined, keys: readonly string[]): JsonValue => {
    const [key, ...rest] = keys
    if (key === undefined) return value
    if (Array.isArray(node)) return node.map((item: JsonValue, i) => (String(i) === key ? set(item, rest) : item))
    const object = isPlainObject(node) ? (node as JsonObject) : {}
    return { ...object, [key]: set(object[key], rest) }
  }
  return set(config, Object.hasOwn(config, path) ? [path] : path.split('/')) as JsonObject
}

/** The axes of the numbers that a space has at a path, one for each sub-space that has it. */
export function axesAt(space: Space, path: string): { readonly dimension: NumericDimension; readonly axis: Axis }[] {
  return space.dimensions.flatMap(dimension =>
    dimension.type !== 'categorical' && dimension.path === path ? [{ dimension, axis: axisOf(space, dimension) }] : [],
  )
}

/** The axis of a domain of numbers. @throws `TuneError` `INVALID_OPTION` for a domain that has none */
export function axisOfDomain(owner: string, path: string, domain: Domain): Axis {
  const space = domainSpace(owner, path, domain)
  const [dimension] = space.dimensions
  if (dimension === undefined || dimension.type === 'categorical')
    throw unfit(owner, path, `a domain of kind ${(domain as AnyDomain).kind}`, 'a domain of numbers')
  return axisOf(space, dimension)
}

function* flatten(owner: string, mutations: Mutations, above = ''): Generator<[string, Mutation]> {
  for (const [key, value] of Object.entries(mutations)) {
    const path = above === '' ? key : `${above}/${key}`
    if (Array.isArray(value)) {
      if (value.length === 0) throw unfit(owner, path, 'an empty list', 'a list of values')
      yield [path, value]
    } else if (isDomain(value) || typeof value === 'function') yield [path, value]
    else if (isPlainObject(value)) yield* flatten(owner, value as Mutations, path)
    else
      throw unfit(owner, path, show(value), 'a list of values, a domain such as loguniform(1e-4, 1e-1), or a function')
  }
}

function compile(owner: string, path: string, mutation: Mutation, space: Space | undefined): Mutator {
  const isIn: Mutator['isIn'] = config => readPath(config, path) !== undefined
  if (typeof mutation === 'function') {
    const axes = space === undefined ? [] : axesAt(space, path)
    return {
      path,
      isIn,
      explore: (value, config, rules, rng) => {
        const units = axes.length > 1 ? space?.encode(config) : undefined
        const found = axes.find(({ dimension }) => !Number.isNaN(units?.[dimension.index] ?? 0))
        return exploreFunction(value, stream => mutation(config, stream), found?.axis, rules, rng)
      },
    }
  }
  const values = isList(mutation) ? mutation : valuesOf(owner, path, mutation)
  if (values !== undefined)
    return { path, isIn, explore: (value, _, rules, rng) => exploreList(value, values, rules, rng) }
  // a list is its own values
  const axis = axisOfDomain(owner, path, mutation as Domain)
  return { path, isIn, explore: (value, _, rules, rng) => exploreAxis(value, axis, rules, rng) }
}

/** The parameter of a dimension of the study's space, if it may change while a trial runs. */
function ofSpace(space: Space, dimension: Dimension): Mutator[] {
  const { path, index } = dimension
  const isIn: Mutator['isIn'] = (_, units) => !Number.isNaN(units?.[index] ?? Number.NaN)
  if (dimension.type === 'categorical') {
    const values = plainValues(space, dimension)
    if (values === undefined) return []
    return [{ path, isIn, explore: (value, _, rules, rng) => exploreList(value, values, rules, rng) }]
  }
  const axis = axisOf(space, dimension)
  return [{ path, isIn, explore: (value, _, rules, rng) => exploreAxis(value, axis, rules, rng) }]
}

/** The values of a choice; undefined if one of them is a sub-space or a domain: a choice of what a trial is made of. */
function plainValues(space: Space, choice: CategoricalDimension): readonly JsonValue[] | undefined {
  const { key, size } = choice
  if (space.dimensions.some(({ condition }) => condition?.key === key)) return undefined
  const valueAt = probe(space, choice)
  const values = Array.from({ length: size }, (_, i) => valueAt((i + 0.5) / size) ?? null)
  return values.every(value => typeof value !== 'object' || value === null) ? values : undefined
}

function valuesOf(owner: string, path: string, domain: Domain): readonly JsonValue[] | undefined {
  if ((domain as AnyDomain).kind !== 'choice') return undefined
  const space = domainSpace(owner, path, domain)
  const [choice] = space.dimensions
  const values = choice?.type === 'categorical' ? plainValues(space, choice) : undefined
  if (values === undefined) throw unfit(owner, path, 'a choice of sub-spaces', 'the parameters inside them, by path')
  return values
}

/** @throws `TuneError` `INVALID_OPTION` if no config has the path */
export function checkPath(owner: string, space: Space, path: string): void {
  const isVarying = space.parameterPaths.some(other => other === path || path.startsWith(`${other}/`))
  if (isVarying || readPath(space.decode([]), path) !== undefined) return
  throw new TuneError(
    'INVALID_OPTION',
    `${owner}: the space has no parameter '${path}' that could change; put it into paramSpace, with the values to start from`,
  )
}

/** A space of one parameter. @throws `TuneError` `INVALID_SPACE` for a domain whose arguments make no sense */
function domainSpace(owner: string, path: string, domain: Domain): Space {
  const { kind } = domain as AnyDomain
  if (kind === 'sampleFrom' || kind === 'gridSearch') {
    const remedy = kind === 'sampleFrom' ? 'a function (config, rng) => value' : 'a list of its values'
    throw unfit(owner, path, `a domain of kind ${kind}`, remedy)
  }
  const definition = path.split('/').reduceRight<unknown>((inner, key) => ({ [key]: inner }), domain)
  return Space.of(definition as SpaceDefinition)
}

function isList(mutation: Mutation): mutation is readonly JsonValue[] {
  return Array.isArray(mutation)
}

function unfit(owner: string, path: string, found: string, remedy: string): TuneError {
  return new TuneError('INVALID_OPTION', `${owner}: '${path}' may not change by ${found}; give ${remedy}`)
}
