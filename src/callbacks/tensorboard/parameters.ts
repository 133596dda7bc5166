import { isPlainObject, type JsonObject, type JsonValue } from '../../json.js'
import { flatten } from '../../results/flatten.js'
import { encodePythonJson } from '../trial-files/python-json.js'

/** The types that a hyperparameter may have in TensorBoard. */
export type ParameterType = 'number' | 'boolean' | 'string'

/** A value that TensorBoard can show: a finite number, a boolean or a string. */
export type ParameterValue = number | boolean | string

/** A hyperparameter, as TensorBoard filters by it. */
export interface Parameter {
  /** Where it stands in a config, keys joined by `/`. */
  readonly path: string
  readonly type: ParameterType
  /** The values it may have, or the interval they are from; undefined where neither is known. */
  readonly domain: readonly ParameterValue[] | { readonly lower: number; readonly upper: number } | undefined
}

/** What is known of a place of configs. */
interface Place {
  readonly types: Set<ParameterType>
  readonly values: JsonValue[]
  lower: number
  upper: number
  /** Whether it may have values that are not told. */
  isOpen: boolean
  /** Whether configs differ in it. */
  isVarying: boolean
}

/**
 * The hyperparameters of a study, read from the space as its journal describes it. Where the space does not tell a type, as for what is
 * computed, the first config that has a value does.
 */
export class Parameters {
  readonly #places = new Map<string, Place>()

  constructor(space: JsonObject) {
    this.#visit(space, '', false)
  }

  /** Takes types from a config; configs are to be given in the order of their trials. */
  learn(config: JsonObject): void {
    for (const [path, value] of flatten(config)) {
      const place = this.#placeOf(path)
      if (place.types.size === 0) place.types.add(typeOf(value))
    }
  }

  /** All in which configs differ. */
  list(): Parameter[] {
    return [...this.#places].flatMap(([path, place]) => {
      if (!place.isVarying || place.types.size === 0) return []
      const type = commonType(place)
      return [{ path, type, domain: domainOf(place, type) }]
    })
  }

  /** The values of a config, by path, each of its parameter's type. */
  values(config: JsonObject): [path: string, value: ParameterValue][] {
    return [...flatten(config)].map(([path, value]) => {
      const place = this.#places.get(path)
      return [path, toValue(value, place && commonType(place))]
    })
  }

  #visit(node: JsonValue | undefined, path: string, isVarying: boolean): void {
    if (!isNode(node)) return
    const { object, array, values, lower, upper, mean } = node
    if (isNode(object)) {
      for (const [key, child] of Object.entries(object))
        this.#visit(child, path === '' ? key : `${path}/${key}`, isVarying)
      return
    }
    if (isArray(values)) {
      for (const branch of values) this.#visit(branch, path, true)
      return
    }
    const place = this.#placeOf(path)
    const fixed = constantOf(node)
    if (fixed !== undefined) {
      place.types.add(typeOf(fixed))
      place.values.push(fixed)
      place.isVarying ||= isVarying
      return
    }
    place.isVarying = true
    if (typeof lower === 'number' && typeof upper === 'number') {
      place.types.add('number')
      place.lower = Math.min(place.lower, lower)
      place.upper = Math.max(place.upper, upper)
      return
    }
    place.isOpen = true
    if (mean !== undefined) place.types.add('number')
    else if (array !== undefined) place.types.add('string')
  }

  #placeOf(path: string): Place {
    let place = this.#places.get(path)
    if (place === undefined) {
      place = {
        types: new Set(),
        values: [],
        lower: Number.POSITIVE_INFINITY,
        upper: Number.NEGATIVE_INFINITY,
        isOpen: false,
        isVarying: false,
      }
      this.#places.set(path, place)
    }
    return place
  }
}

/** The value of a constant, which an array of constants is, too. */
function constantOf({ constant, array }: JsonObject): JsonValue | undefined {
  if (!isArray(array)) return constant
  const values: JsonValue[] = []
  for (const item of array) {
    const value = isNode(item) ? constantOf(item) : undefined
    if (value === undefined) return undefined
    values.push(value)
  }
  return values
}

function typeOf(value: JsonValue): ParameterType {
  if (typeof value === 'boolean') return 'boolean'
  return typeof value === 'number' && Number.isFinite(value) ? 'number' : 'string'
}

/** TensorBoard wants one type for a parameter: what has several is shown as text. */
function commonType({ types }: Place): ParameterType {
  const [first] = types
  return types.size === 1 && first !== undefined ? first : 'string'
}

function domainOf(place: Place, type: ParameterType): Parameter['domain'] {
  const { isOpen, lower, upper, values } = place
  if (isOpen) return undefined
  const distinct = [...new Set(values.map(value => toValue(value, type)))]
  if (lower > upper) return distinct
  if (type !== 'number') return undefined
  const numbers = distinct.filter(value => typeof value === 'number')
  return { lower: Math.min(lower, ...numbers), upper: Math.max(upper, ...numbers) }
}

function toValue(value: JsonValue, type: ParameterType = typeOf(value)): ParameterValue {
  if (typeof value === 'string') return value
  if (type !== 'string' && type === typeOf(value) && (typeof value === 'number' || typeof value === 'boolean'))
    return value
  return encodePythonJson(value)
}

function isNode(value: JsonValue | undefined): value is JsonObject {
  return isPlainObject(value)
}

function isArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value)
}
