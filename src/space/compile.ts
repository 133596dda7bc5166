import { show, TuneError } from '../errors.js'
import { isPlainObject } from '../json.js'
import { type AnyDomain, isDomain } from './domains/domain.js'
import { joinPath, type Node, type ObjectNode } from './node.js'

/**
 * Checks a space's definition and makes its tree.
 *
 * @throws `TuneError` `INVALID_SPACE` naming the path, the value and the remedy
 */
export function compile(definition: unknown): ObjectNode {
  if (!isPlainObject(definition) || isDomain(definition)) {
    throw new TuneError(
      'INVALID_SPACE',
      `a space is a plain object such as { lr: uniform(0, 1) }, not ${show(definition)}`,
    )
  }
  return new Compiler().object(definition, '', '', false)
}

class Compiler {
  readonly #above: object[] = []
  readonly #keys = new Set<string>()

  object(value: Record<string, unknown>, path: string, key: string, isConditional: boolean): ObjectNode {
    if (Object.getOwnPropertySymbols(value).length > 0) fail(path, 'is an object with symbol keys; use strings')
    const children = new Map<string, Node>()
    this.#enter(value, path)
    for (const [name, child] of Object.entries(value)) {
      checkKey(name, path)
      children.set(name, this.#node(child, joinPath(path, name), joinPath(key, name), isConditional))
    }
    this.#above.pop()
    return { type: 'object', path, children }
  }

  #node(value: unknown, path: string, key: string, isConditional: boolean): Node {
    if (isDomain(value)) return this.#domain(value, path, key, isConditional)
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return { type: 'constant', path, value }
      case 'number':
        if (Number.isNaN(value)) fail(path, 'is NaN, which equals no value of a config; use null or a number')
        return { type: 'constant', path, value }
      case 'function':
        return fail(path, `is a ${show(value)}; wrap it as sampleFrom(config => …), or call it`)
      case 'undefined':
        return fail(path, 'is undefined; leave the key out or use null')
      case 'object':
        break
      default:
        return fail(path, `is a ${typeof value} (${show(String(value))}); use a number or a string`)
    }
    if (value === null) return { type: 'constant', path, value }
    if (Array.isArray(value)) {
      this.#enter(value, path)
      // Array.from, since map would skip the holes
      const items = Array.from(value, (item: unknown, i) =>
        this.#node(item, joinPath(path, i), joinPath(key, i), isConditional),
      )
      this.#above.pop()
      return { type: 'array', path, items }
    }
    if (isPlainObject(value)) return this.object(value, path, key, isConditional)
    const name = value.constructor?.name || 'class instance'
    return fail(path, `is a ${name}; use plain data (a Date as its string or number, a Map as an object)`)
  }

  #domain(domain: AnyDomain, path: string, key: string, isConditional: boolean): Node {
    // a user's key may look like a branch's: { 'a[0]': …, a: choice([…]) }
    if (this.#keys.has(key))
      fail(path, `is also how a branch of a choice is called (${show(key)}); rename the parameter`)
    this.#keys.add(key)
    switch (domain.kind) {
      case 'choice':
        return { type: 'choice', path, key, branches: this.#branches(domain, path, key) }
      case 'gridSearch':
        if (isConditional) {
          fail(
            path,
            'is a gridSearch inside a choice or another gridSearch, so its grid would not always exist; use choice',
          )
        }
        return { type: 'grid', path, key, branches: this.#branches(domain, path, key) }
      case 'sampleFrom':
        if (typeof domain.fn !== 'function') fail(path, `is sampleFrom(${show(domain.fn)}); give it a function`)
        return { type: 'computed', path, key, fn: domain.fn }
      default: {
        const fault = domain.fault()
        if (fault) fail(path, `is ${domain}: ${fault}`)
        return { type: 'scalar', path, key, domain }
      }
    }
  }

  #branches(domain: AnyDomain & { readonly values: readonly unknown[] }, path: string, key: string): readonly Node[] {
    const { kind, values } = domain
    if (!Array.isArray(values)) fail(path, `is ${kind}(${show(values)}); give it an array of values`)
    if (values.length === 0) fail(path, `is ${kind}([]); give it at least one value`)
    this.#enter(domain, path)
    const branches = Array.from(values, (value, i) => this.#node(value, path, `${key}[${i}]`, true))
    this.#above.pop()
    return branches
  }

  #enter(container: object, path: string): void {
    if (this.#above.includes(container)) fail(path, 'is an object that holds itself; a space must end somewhere')
    this.#above.push(container)
  }
}

function checkKey(name: string, path: string): void {
  const where = path === '' ? 'the space' : `'${path}'`
  const remedy = 'rename it'
  if (name === '') throw new TuneError('INVALID_SPACE', `${where} has an empty key, which makes no path; ${remedy}`)
  if (name.includes('/')) {
    throw new TuneError(
      'INVALID_SPACE',
      `${where} has a key ${show(name)} with a '/', which separates paths; ${remedy}`,
    )
  }
  if (name === '__proto__') {
    throw new TuneError('INVALID_SPACE', `${where} has a key '__proto__', which is no plain property; ${remedy}`)
  }
}

function fail(path: string, what: string): never {
  throw new TuneError('INVALID_SPACE', `the parameter '${path}' ${what}`)
}
