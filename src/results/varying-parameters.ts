import type { JsonObject } from '../json.js'
import { flatten } from './flatten.js'

/** Finds out which hyperparameters differ between trials, one config at a time; O(parameters) each. */
export class VaryingParameters {
  readonly #seen = new Map<string, { readonly first: string; count: number; varies: boolean }>()
  #configs = 0

  add(config: JsonObject): void {
    this.#configs++
    for (const [name, value] of flatten(config)) {
      const parameter = this.#seen.get(name)
      if (parameter === undefined) {
        this.#seen.set(name, { first: JSON.stringify(value), count: 1, varies: false })
        continue
      }
      parameter.count++
      if (!parameter.varies && JSON.stringify(value) !== parameter.first) parameter.varies = true
    }
  }

  /** The paths of those that differ, or that some configs lack; of all of them while there is but one config. */
  names(): string[] {
    return [...this.#seen].flatMap(([name, { varies, count }]) =>
      varies || count < this.#configs || this.#configs === 1 ? name : [],
    )
  }
}

/** Names to show for paths: their last keys, or as much as tells them apart. */
export function shortNames(paths: readonly string[]): Map<string, string> {
  const short = new Map(paths.map(path => [path, 1]))
  const tail = (path: string, keys: number) => path.split('/').slice(-keys).join('/')
  for (let keys = 1; ; keys++) {
    const taken = new Map<string, number>()
    for (const [path, length] of short) taken.set(tail(path, length), (taken.get(tail(path, length)) ?? 0) + 1)
    const clashes = [...short].filter(
      ([path, length]) => length === keys && (taken.get(tail(path, length)) ?? 0) > 1 && tail(path, keys) !== path,
    )
    if (clashes.length === 0) return new Map([...short].map(([path, length]) => [path, tail(path, length)]))
    for (const [path] of clashes) short.set(path, keys + 1)
  }
}
