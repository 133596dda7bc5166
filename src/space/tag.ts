import type { JsonObject, JsonValue } from '../json.js'
import { readPath } from '../trial.js'
import type { Space } from './space.js'

/**
 * Writes a config's varying parameters as Ray Tune's experiment tag: `activation=relu,lr=0.0100`, sorted by path, each under the last
 * key of its path. Safe in a file name. Parameters that the config doesn't have, such as another sub-space's, are left out.
 */
export function experimentTag(space: Space, config: JsonObject): string {
  const values: [string, JsonValue][] = []
  for (const path of space.parameterPaths) {
    const value = readPath(config, path)
    if (value !== undefined) values.push([path, value])
  }
  return formatParameters(Object.fromEntries(values))
}

/**
 * Writes values by path as `k=v,…`.
 *
 * @param values - keyed by path; a leading `config/` or any other prefix shows nowhere but in the order
 * @see Ray Tune's `format_vars`
 */
export function formatParameters(values: JsonObject): string {
  return Object.entries(values)
    .sort(([a], [b]) => comparePaths(a, b))
    .map(([path, value]) => `${formatTagValue(path.split('/').at(-1) ?? path)}=${formatTagValue(value)}`)
    .join(',')
}

/**
 * Writes a value for a tag: numbers with a fraction to 4 decimals (`1e-5` becomes `0.0000`), all else with `_` for each run of
 * characters but letters, digits, `_` and `-`. JavaScript has one type of number, so 1 is `1` even if a float sampler gave it.
 *
 * @see Ray Tune's `_clean_value`
 */
export function formatTagValue(value: JsonValue): string {
  switch (typeof value) {
    case 'number':
      if (Number.isNaN(value)) return 'nan'
      if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
      return Number.isInteger(value) ? sanitise(String(value)) : value.toFixed(4)
    case 'boolean':
      return value ? 'True' : 'False'
    case 'string':
      return sanitise(value)
    default:
      return value === null ? 'None' : sanitise(JSON.stringify(value))
  }
}

function sanitise(text: string): string {
  return text.replaceAll(/[^a-zA-Z0-9_-]+/g, '_').replaceAll(/^_+|_+$/g, '')
}

/** Key by key, as Ray Tune compares tuples of keys. */
function comparePaths(a: string, b: string): number {
  const left = a.split('/')
  const right = b.split('/')
  for (const [i, key] of left.entries()) {
    const other = right[i]
    if (other === undefined) return 1
    if (key !== other) return key < other ? -1 : 1
  }
  return left.length - right.length
}
