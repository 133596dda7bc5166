import type { Rng } from '../../src/rng.js'

/** How many times as many cases a fuzz test tries: 1, or what the environment says. */
export const fuzzFactor = Number(process.env.TUNEWRIGHT_FUZZ ?? 1)

const scalars: readonly unknown[] = [
  ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0, 1, -1, 0.5, 3, 1e308, 5e-324, 2 ** 53],
  ...['', 'sgd', 'adam', '../../outside', '/etc/passwd', '__proto__', '\0', '\uD800', '1', 'x'.repeat(100_000)],
  ...[null, undefined, true, false, 10n, Symbol('junk'), new Date(0), /x/, new Float64Array(2)],
]

/** Anything that somebody may pass where plain data is wanted. */
export function junk(rng: Rng, depth = 3): unknown {
  const kind = rng.integer(0, depth > 0 ? 12 : 5)
  switch (kind) {
    case 5: {
      const cyclic: Record<string, unknown> = {}
      cyclic[junkKey(rng)] = [cyclic]
      return cyclic
    }
    case 6:
      return nest(10 ** rng.integer(1, 6), rng.uniform() < 0.5)
    case 7:
      return () => 1
    case 8:
      return rng.uniform() < 0.5 ? new Array(1e5) : new Map([[1, 2]])
    case 9:
      return Array.from({ length: rng.integer(0, 4) }, () => junk(rng, depth - 1))
    case 10:
    case 11: {
      const object: object = rng.uniform() < 0.2 ? Object.create(null) : {}
      for (let i = rng.integer(0, 4); i > 0; i--) define(object, junkKey(rng), junk(rng, depth - 1))
      return object
    }
    default:
      return scalars[rng.integer(0, scalars.length)]
  }
}

/** A copy of plain data with one place of it changed, taken away or added. */
export function spoil(data: unknown, rng: Rng, make: (rng: Rng) => unknown = junk): unknown {
  if (typeof data !== 'object' || data === null || rng.uniform() < 0.1) return make(rng)
  const copy: object = Array.isArray(data) ? [...data] : { ...data }
  const keys = Object.keys(copy)
  const key = keys[rng.integer(0, Math.max(1, keys.length))]
  const way = rng.uniform()
  if (key === undefined || way < 0.15) define(copy, junkKey(rng), make(rng))
  else if (way < 0.3) Reflect.deleteProperty(copy, key)
  else define(copy, key, spoil(Reflect.get(copy, key), rng, make))
  return copy
}

function junkKey(rng: Rng): string {
  const keys = ['__proto__', 'constructor', 'prototype', 'toString', 'length', '', '~', 'a/b', '../x', '0', 'x']
  return keys[rng.integer(0, keys.length)] ?? ''
}

/** Unlike an assignment it makes `__proto__` a key like others. */
function define(target: object, key: string, value: unknown): void {
  const isLength = Array.isArray(target) && key === 'length'
  if (!isLength) Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
}

/** Objects or arrays in one another. */
export function nest(levels: number, isArray: boolean): unknown {
  let nested: unknown = 1
  for (let i = 0; i < levels; i++) nested = isArray ? [nested] : { x: nested }
  return nested
}
