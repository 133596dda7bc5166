/** Of the names that are known, the one that was most likely meant, if one is near enough. */
export function similarName(name: string, known: Iterable<string>): string | undefined {
  const wanted = simplify(name)
  let nearest: string | undefined
  // a third of the letters may be wrong
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1
  for (const candidate of known) {
    const simple = simplify(candidate)
    const contained = simple.length > 1 && wanted.length > 1 && (simple.includes(wanted) || wanted.includes(simple))
    const distance = simple === wanted ? 0 : contained ? 1 : editDistance(wanted, simple)
    if (distance < least) {
      least = distance
      nearest = candidate
    }
  }
  return nearest
}

/** Without case and separators, so that `val_loss` and `valLoss` are the same. */
function simplify(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
}

/** How many letters must be inserted, deleted or replaced to make one word of the other (Levenshtein); O(length²). */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      current.push(Math.min(replaced, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1))
    }
    previous = current
  }
  return previous[b.length] ?? 0
}
