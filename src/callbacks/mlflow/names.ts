import { crc32 } from 'node:zlib'

/** The longest name of a metric, parameter or tag that MLflow takes. */
const maxNameLength = 250

/**
 * Gives each name one that MLflow takes: letters, digits, `_`, `-`, `.`, spaces, and slashes between parts that are neither empty nor
 * dots. A name that has to be changed gets a checksum at its end only where it would be too long or meet another.
 *
 * @param names - all that stand beside one another
 * @returns by name
 */
export function toMLflowNames(names: Iterable<string>): Map<string, string> {
  const given = [...names]
  const taken = new Set(given.filter(name => toSafe(name) === name))
  const result = new Map<string, string>()
  for (const name of given) {
    const safe = toSafe(name)
    const isFree = safe === name || !taken.has(safe)
    const chosen = isFree ? safe : withChecksum(safe, name)
    taken.add(chosen)
    result.set(name, chosen)
  }
  return result
}

function toSafe(name: string): string {
  const safe = name
    .replaceAll(/[^\p{L}\p{N}_.\- /]/gu, '_')
    .split('/')
    .map(part => (part === '' || part === '.' || part === '..' ? '_' : part))
    .join('/')
  return [...safe].length > maxNameLength ? withChecksum(safe, name) : safe
}

function withChecksum(safe: string, name: string): string {
  const checksum = crc32(name).toString(16).padStart(8, '0')
  const kept = [...safe].slice(0, maxNameLength - checksum.length - 1).join('')
  return `${kept}-${checksum}`
}
