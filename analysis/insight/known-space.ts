import { TuneError } from '../../src/errors.js'
import { isPlainObject, type JsonObject, type JsonValue } from '../../src/json.js'
import type { Dimension } from '../../src/space/dimension.js'
import { reviveSpace } from '../../src/space/revive.js'
import { Space } from '../../src/space/space.js'
import { readPath } from '../../src/trial.js'

/** A study's space, made again from its description. */
export interface KnownSpace {
  readonly space: Space
  /** The dimensions that have several values; `gridSearch` leaves are categories among them. */
  readonly varying: readonly Dimension[]
  /** Where `sampleFrom` computes something, which a description can't tell: their places in a config. */
  readonly computed: readonly string[]
  /** Where normal numbers stand, which have no bounds. */
  readonly unbounded: ReadonlySet<string>
}

/** Makes a space again, grids as choices and computed values as nothing; undefined where the description is none that can be read. */
export function knownSpace(description: JsonObject): KnownSpace | undefined {
  const computed: string[] = []
  const unbounded = new Set<string>()
  const plain = withoutCode(description, '', { computed, unbounded })
  if (!isNode(plain)) return undefined
  try {
    const space = Space.of(reviveSpace(plain))
    return { space, varying: space.dimensions.filter(({ size }) => size > 1), computed, unbounded }
  } catch (error) {
    if (error instanceof TuneError) return undefined
    throw error
  }
}

/** The config at a point of the unit cube, without what would be computed. @param units - [d], NaN where inactive */
export function configAt({ space, computed }: KnownSpace, units: Float64Array): JsonObject {
  const config = space.decode(units)
  return computed.length === 0 ? config : (dropPaths(config, '', new Set(computed)) as JsonObject)
}

/** The value of a dimension at a coordinate. */
export function valueAt({ space }: KnownSpace, dimension: Dimension, unit: number): JsonValue | undefined {
  const units = new Float64Array(space.dimensions.length).fill(0.5)
  units[dimension.index] = unit
  for (let { condition } = dimension; condition?.dimension !== undefined; ) {
    const parent: Dimension | undefined = space.dimensions[condition.dimension]
    units[condition.dimension] = (condition.value + 0.5) / (parent?.size ?? 1)
    condition = parent?.condition
  }
  return readPath(space.decode(units), dimension.path)
}

/** Sets coordinates of parameters that the point does not have to NaN, and others to the middle of their values' cells. */
export function canonical({ space }: KnownSpace, units: Float64Array): Float64Array {
  return units.map((unit, index) => {
    const dimension = space.dimensions[index]
    if (dimension === undefined || !space.isActive(units, dimension)) return Number.NaN
    const { lower, upper } = dimension.cell(Number.isNaN(unit) ? 0.5 : unit)
    return (lower + upper) / 2
  })
}

/** How a dimension is called: by its path, or by its key where several share that. */
export function nameOf({ space }: KnownSpace, { path, key }: Dimension): string {
  return space.dimensions.filter(dimension => dimension.path === path).length > 1 ? key : path
}

interface Noted {
  readonly computed: string[]
  readonly unbounded: Set<string>
}

/** @param noted - takes the paths of what is special */
function withoutCode(node: JsonValue, path: string, noted: Noted): JsonValue {
  if (!isNode(node)) return node
  if (node.domain === 'sampleFrom') {
    noted.computed.push(path)
    return { constant: null }
  }
  if (node.domain === 'randn' || node.domain === 'qrandn') noted.unbounded.add(path)
  const below = (key: string | number) => (path === '' ? String(key) : `${path}/${key}`)
  if (isNode(node.object)) {
    const children = Object.entries(node.object)
    return {
      object: Object.fromEntries(children.map(([key, child]) => [key, withoutCode(child, below(key), noted)])),
    }
  }
  if (isList(node.array)) return { array: node.array.map((item, i) => withoutCode(item, below(i), noted)) }
  if (isList(node.values))
    return { ...node, domain: 'choice', values: node.values.map(value => withoutCode(value, path, noted)) }
  return node
}

function dropPaths(value: JsonValue, path: string, paths: ReadonlySet<string>): JsonValue {
  if (!isNode(value)) return value
  const below = (key: string) => (path === '' ? key : `${path}/${key}`)
  const kept = Object.entries(value).filter(([key]) => !paths.has(below(key)))
  return Object.fromEntries(kept.map(([key, child]) => [key, dropPaths(child, below(key), paths)]))
}

function isNode(value: JsonValue | undefined): value is JsonObject {
  return isPlainObject(value)
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value)
}
