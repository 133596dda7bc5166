import { isPlainObject, type JsonObject, type JsonValue } from '../json.js'

/**
 * Lists the leaves of nested objects by their path, keys joined by `/` (`{ a: { b: 1 } }` gives `a/b`), in the order in which they
 * stand; arrays are leaves. A key that holds a `/` itself goes before nested ones of the same path, as it does for `readPath`.
 */
export function flatten(object: JsonObject): Map<string, JsonValue> {
  const leaves = new Map<string, JsonValue>()
  for (const key of Object.keys(object)) {
    const value = object[key]
    if (isNested(value)) addNested(value, `${key}/`, leaves)
    else if (value !== undefined) leaves.set(key, value)
  }
  return leaves
}

function addNested(object: JsonObject, prefix: string, leaves: Map<string, JsonValue>): void {
  for (const key of Object.keys(object)) {
    const value = object[key]
    if (isNested(value)) addNested(value, `${prefix}${key}/`, leaves)
    else if (value !== undefined && !leaves.has(prefix + key)) leaves.set(prefix + key, value)
  }
}

function isNested(value: JsonValue | undefined): value is JsonObject {
  return isPlainObject(value)
}
