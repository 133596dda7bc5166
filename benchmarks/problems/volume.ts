type Point = readonly number[]

/**
 * The volume that points dominate up to a reference point, smaller values being better: exact, slice by slice along the last objective. It is not the
 * engine's, so that no searcher is measured by the code that it chooses with.
 *
 * @param points - each with a value for every objective
 */
export function dominatedVolume(points: readonly Point[], reference: Point): number {
  const last = reference.length - 1
  const end = reference[last] ?? 0
  const depth = (point: Point | undefined) => point?.[last] ?? end
  const inside = points
    .filter(point => point.every((value, i) => value < (reference[i] ?? 0)))
    .sort((a, b) => depth(a) - depth(b))
  if (last === 0) return end - depth(inside[0])
  const corner = reference.slice(0, last)
  let front: Point[] = []
  let area = 0
  let volume = 0
  for (const [i, point] of inside.entries()) {
    const projection = point.slice(0, last)
    if (!front.some(other => isNoWorse(other, projection))) {
      front = [...front.filter(other => !isNoWorse(projection, other)), projection]
      area = dominatedVolume(front, corner)
    }
    volume += area * (depth(inside[i + 1]) - depth(point))
  }
  return volume
}

function isNoWorse(a: Point, b: Point): boolean {
  return a.every((value, i) => value <= (b[i] ?? 0))
}
