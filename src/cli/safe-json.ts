/**
 * Writes a value as JSON that may be shown on any terminal: control, invisible and direction-changing characters are escaped. NaN and
 * infinities, which JSON lacks, become null.
 *
 * @param indent - spaces for each level; one line without
 */
export function safeJson(value: unknown, indent = 0): string {
  const text = JSON.stringify(value, undefined, indent)
  // line breaks are the only control characters that JSON.stringify itself writes
  return /^[\n -~]*$/.test(text) ? text : text.replace(/[^\n\P{Cc}]|[\p{Cf}\p{Zl}\p{Zp}]/gu, escapeUnits)
}

function escapeUnits(character: string): string {
  let escaped = ''
  for (let i = 0; i < character.length; i++) escaped += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`
  return escaped
}
