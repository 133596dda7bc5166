import { show, TuneError } from '../errors.js'
import { assertJson, encodeJson, isPlainObject, type JsonObject, type JsonValue } from '../json.js'
import { ChoiceDomain } from './domains/choice.js'
import type { Domain, ScalarKind } from './domains/domain.js'
import { loguniform, uniform } from './domains/float.js'
import { GridSearchDomain } from './domains/grid-search.js'
import { lograndint, qlograndint, qrandint, randint } from './domains/integer.js'
import { qrandn, randn } from './domains/normal.js'
import { qloguniform, quniform } from './domains/quantised.js'
import { joinPath, readOwn } from './node.js'
import { Space } from './space.js'
import type { SpaceDefinition, SpaceNode } from './types.js'

/**
 * Makes a space's definition again from its description, which is what a journal's header holds.
 *
 * Its space draws the same values from the same streams, since these are named by parameter. A description sorts its keys; the order in
 * which the definition had them, and its configs have them, shows in configs that were drawn from it.
 *
 * @param description - what {@link Space.describe} gave
 * @param configs - some that the space gave: objects get the order of keys that they have there, and are sorted where no config has them
 * @returns what `Space.of` makes a space of that is described by the same text
 * @throws `TuneError` `INVALID_OPTION` naming the path of a `sampleFrom`, since code is never read from a journal; `JOURNAL_DAMAGED` for
 * anything that `describe` does not give
 */
export function reviveSpace(description: JsonObject, configs: readonly JsonObject[] = []): SpaceDefinition {
  // so that nothing below runs out of stack
  assertJson(description, 'JOURNAL_DAMAGED', "the space in the journal's header")
  if (!isNode(description)) throw damaged(`it is ${show(description)}`)
  const definition = reviveChildren(description.object, '', configs)
  if (redescribe(definition) !== encodeJson(description))
    throw damaged('it is no description that this version of tunewright writes')
  return definition
}

function redescribe(definition: SpaceDefinition): string {
  try {
    return encodeJson(Space.of(definition).describe())
  } catch (error) {
    throw damaged(error instanceof Error ? error.message : String(error), error)
  }
}

/** @param seen - what configs have at the path */
function reviveChildren(children: unknown, path: string, seen: readonly unknown[]): SpaceDefinition {
  if (!isPlainObject(children)) throw damaged(`${nameOf(path)} has the children ${show(children)}`)
  return Object.fromEntries(
    orderedKeys(children, seen).map(key => [key, reviveNode(children[key], joinPath(path, key), valuesAt(key, seen))]),
  )
}

/** The keys of an object, as the first of others has them that has the same. */
function orderedKeys(object: object, others: readonly unknown[]): string[] {
  const keys = Object.keys(object)
  const same = others
    .filter(isPlainObject)
    .find(other => Object.keys(other).length === keys.length && keys.every(key => Object.hasOwn(other, key)))
  return same === undefined ? keys : Object.keys(same)
}

function valuesAt(key: string, seen: readonly unknown[]): unknown[] {
  return seen.map(value => readOwn(value, key))
}

function reviveNode(node: unknown, path: string, seen: readonly unknown[]): SpaceNode {
  if (!isNode(node)) throw damaged(`${nameOf(path)} is ${show(node)}`)
  if (node.object !== undefined) return reviveChildren(node.object, path, seen)
  if (node.array !== undefined)
    return reviveItems(node.array, path, (item, i) => reviveNode(item, joinPath(path, i), valuesAt(String(i), seen)))
  if (node.domain !== undefined) return reviveDomain(node.domain, node, path, seen)
  const { constant } = node
  if (constant === undefined || (typeof constant === 'object' && constant !== null))
    throw damaged(`${nameOf(path)} is ${show(node)}`)
  return constant
}

function reviveItems(items: unknown, path: string, revive: (item: unknown, i: number) => SpaceNode): SpaceNode[] {
  if (!Array.isArray(items)) throw damaged(`${nameOf(path)} has the values ${show(items)}`)
  return Array.from(items, revive)
}

function reviveDomain(kind: JsonValue, node: JsonObject, path: string, seen: readonly unknown[]): Domain {
  // a branch stands where its choice does
  const branches = () => reviveItems(node.values, path, branch => reviveNode(branch, path, seen))
  switch (kind) {
    case 'choice':
      return new ChoiceDomain(branches())
    case 'gridSearch':
      return new GridSearchDomain(branches())
    case 'sampleFrom':
      throw new TuneError(
        'INVALID_OPTION',
        `the study's space holds a function at '${path}' (sampleFrom), and code is never read from a journal: give the paramSpace that the study was made with`,
      )
    default: {
      const make = typeof kind === 'string' && Object.hasOwn(scalars, kind) ? scalars[kind as ScalarKind] : undefined
      if (make === undefined) throw damaged(`${nameOf(path)} is a domain of the unknown kind ${show(kind)}`)
      return make(key => numberOf(node[key]))
    }
  }
}

/** How each domain of numbers is made of its described arguments; what is wrong with them is found when they stand in a space. */
const scalars: Readonly<Record<ScalarKind, (read: (key: string) => number) => Domain>> = {
  uniform: read => uniform(read('lower'), read('upper')),
  quniform: read => quniform(read('lower'), read('upper'), read('quantum')),
  loguniform: read => loguniform(read('lower'), read('upper')),
  qloguniform: read => qloguniform(read('lower'), read('upper'), read('quantum')),
  randn: read => randn(read('mean'), read('sd')),
  qrandn: read => qrandn(read('mean'), read('sd'), read('quantum')),
  randint: read => randint(read('lower'), read('upper')),
  qrandint: read => qrandint(read('lower'), read('upper'), read('quantum')),
  lograndint: read => lograndint(read('lower'), read('upper')),
  qlograndint: read => qlograndint(read('lower'), read('upper'), read('quantum')),
}

/** NaN, which no domain takes, for what is no number. */
function numberOf(value: JsonValue | undefined): number {
  return typeof value === 'number' ? value : Number.NaN
}

function isNode(value: unknown): value is JsonObject {
  return isPlainObject(value)
}

function nameOf(path: string): string {
  return path === '' ? 'the space' : `'${path}'`
}

function damaged(what: string, cause?: unknown): TuneError {
  return new TuneError(
    'JOURNAL_DAMAGED',
    `the journal's header describes a space that can't be made: ${what}. Restore the journal from a copy, or give the paramSpace that the study was made with`,
    { cause },
  )
}
