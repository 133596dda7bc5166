import { type LabelledPoints, valueAt } from './points.js'

/** How far apart two classes of points are, as the perceptron sees them. */
export interface Margin {
  /** γ: the distance of the nearest points from the plane through the origin that keeps farthest from all, in the space of (1, x, y). */
  readonly margin: number
  /** R: the length of the longest point. */
  readonly radius: number
  /** R² / γ²: a perceptron makes no more mistakes than these, whatever the order of the points. @see Novikoff 1962 */
  readonly mistakeBound: number
}

/** What a constraint may be missed by, out of 1: the rounding of sums of three products, with room. */
const tolerance = 1e-9

/**
 * Finds the widest margin exactly. The least `w` with `y·w·x ≥ 1` for all points is a combination with positive factors of at most three points,
 * for which the equation holds (three as there are three coordinates), so all pairs and triples are tried: O(n³) systems of equations.
 *
 * @returns undefined for points that no plane through the origin separates
 */
export function widestMargin(points: LabelledPoints): Margin | undefined {
  const { count } = points
  let radius = 0
  for (let i = 0; i < count; i++) radius = Math.max(radius, Math.hypot(...points.points.subarray(3 * i, 3 * i + 3)))
  for (const support of subsets(count)) {
    const weights = weightsOf(points, support)
    if (weights === undefined) continue
    let isFeasible = true
    for (let i = 0; i < count && isFeasible; i++)
      isFeasible = valueAt(weights, points, i) * (points.labels[i] ?? 0) >= 1 - tolerance
    if (!isFeasible) continue
    const margin = 1 / Math.hypot(...weights)
    return { margin, radius, mistakeBound: (radius / margin) ** 2 }
  }
  return undefined
}

function* subsets(count: number): Generator<readonly number[], void, undefined> {
  for (let i = 0; i < count; i++)
    for (let j = i + 1; j < count; j++) {
      yield [i, j]
      for (let k = j + 1; k < count; k++) yield [i, j, k]
    }
}

/** The combination of the chosen points for which each of them is at a distance of 1; undefined unless all its factors are positive. */
function weightsOf({ points, labels }: LabelledPoints, support: readonly number[]): Float64Array | undefined {
  const rows = support.map(index =>
    points.subarray(3 * index, 3 * index + 3).map(value => value * (labels[index] ?? 0)),
  )
  const factors = solve(rows.map(a => [...rows.map(b => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0)), 1]))
  if (!factors?.every(factor => factor >= 0)) return undefined
  return Float64Array.from({ length: 3 }, (_, i) =>
    rows.reduce((sum, row, r) => sum + (factors[r] ?? 0) * (row[i] ?? 0), 0),
  )
}

/** Gaussian elimination with pivots. @param system - rows of a matrix, each followed by its right-hand side; changed */
function solve(system: number[][]): number[] | undefined {
  const size = system.length
  for (let column = 0; column < size; column++) {
    const entry = (row: number) => Math.abs(system[row]?.[column] ?? 0)
    let best = column
    for (let row = column + 1; row < size; row++) if (entry(row) > entry(best)) best = row
    const pivot = system[best]
    const held = system[column]
    if (pivot === undefined || held === undefined || entry(best) < 1e-14) return undefined
    system[best] = held
    system[column] = pivot
    for (let row = 0; row < size; row++) {
      const other = system[row]
      if (row === column || other === undefined) continue
      const factor = (other[column] ?? 0) / (pivot[column] ?? 1)
      for (let k = column; k <= size; k++) other[k] = (other[k] ?? 0) - factor * (pivot[k] ?? 0)
    }
  }
  return system.map((row, i) => (row[size] ?? 0) / (row[i] ?? 1))
}
