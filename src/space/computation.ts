import { TuneError } from '../errors.js'
import { assertJson, type JsonObject, type JsonValue } from '../json.js'
import type { Rng } from '../rng.js'
import type { ComputedNode } from './node.js'

/** An object or array of a config in the making. */
export type Container = { [key: string]: JsonValue } | JsonValue[]

/**
 * Fills in a config's `sampleFrom` values. Each function reads the config through a view that computes what it reads, so the order
 * follows from what depends on what.
 */
export class Computation {
  readonly #rng: Rng
  readonly #pending = new Map<object, Map<string, ComputedNode>>()
  readonly #views = new WeakMap<object, object>()
  /** The values being computed, each for the sake of the next. */
  readonly #stack: ComputedNode[] = []
  #config: JsonObject = {}

  constructor(rng: Rng) {
    this.#rng = rng
  }

  /** Notes that a key of an object or array waits for its value. */
  add(node: ComputedNode, container: Container, key: string): void {
    const keys = this.#pending.get(container)
    if (keys === undefined) this.#pending.set(container, new Map([[key, node]]))
    else keys.set(key, node)
  }

  /**
   * Computes all that waits and writes it into the config.
   *
   * @throws `TuneError` `INVALID_SPACE` naming a cycle, `INVALID_CONFIG` if a function throws or gives something that is no JSON data
   */
  run(config: JsonObject): void {
    this.#config = config
    for (const [container, keys] of this.#pending) for (const key of [...keys.keys()]) this.#settle(container, key)
  }

  #settle(container: object, key: string): void {
    const node = this.#pending.get(container)?.get(key)
    if (node === undefined) return
    const start = this.#stack.indexOf(node)
    if (start >= 0) throw cycle([...this.#stack.slice(start), node])
    this.#stack.push(node)
    Reflect.set(container, key, this.#compute(node))
    this.#stack.pop()
    this.#pending.get(container)?.delete(key)
  }

  #compute(node: ComputedNode): JsonValue {
    try {
      const view = this.#view(this.#config)
      // the config's type is the user's word, see sampleFrom
      const value: unknown = node.fn(view as never, this.#rng.fork(node.key))
      assertJson(value, 'INVALID_CONFIG', `what sampleFrom at '${node.path}' gave`)
      return copy(value, node.path)
    } catch (error) {
      if (error instanceof TuneError) throw error
      const reason = error instanceof Error ? error.message : String(error)
      throw new TuneError(
        'INVALID_CONFIG',
        `the function of sampleFrom at '${node.path}' threw: ${reason}; correct it`,
        {
          cause: error,
        },
      )
    }
  }

  #view(target: object): object {
    const known = this.#views.get(target)
    if (known !== undefined) return known
    const refuse = (): never => {
      const path = this.#stack.at(-1)?.path ?? ''
      throw new TuneError('INVALID_CONFIG', `sampleFrom at '${path}' changes the config; return the value instead`)
    }
    const view = new Proxy(target, {
      get: (container, key) => {
        if (typeof key === 'string') this.#settle(container, key)
        const value: unknown = Reflect.get(container, key)
        return typeof value === 'object' && value !== null ? this.#view(value) : value
      },
      set: refuse,
      deleteProperty: refuse,
      defineProperty: refuse,
    })
    this.#views.set(target, view)
    return view
  }
}

function cycle(nodes: readonly ComputedNode[]): TuneError {
  const path = nodes.map(node => node.path).join(' → ')
  const hint =
    nodes.length === 2 ? 'a function that reads or copies the whole config reads itself too' : 'break the cycle'
  return new TuneError('INVALID_SPACE', `sampleFrom values depend on one another: ${path}; ${hint}`)
}

/** Copies a value out of the views, refusing NaN, which is what comes of a key that the config lacks. */
function copy(value: JsonValue, path: string): JsonValue {
  if (typeof value === 'number' && Number.isNaN(value)) {
    throw new TuneError('INVALID_CONFIG', `sampleFrom at '${path}' gave NaN; does it read a key that the config lacks?`)
  }
  if (typeof value !== 'object' || value === null) return value
  if (isArray(value)) return value.map(item => copy(item, path))
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, copy(child, path)]))
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}
