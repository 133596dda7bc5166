/** A point of a row-major [n × d] set. */
export function row(points: Float64Array, dimensions: number, index: number): number[] {
  return [...points.subarray(index * dimensions, (index + 1) * dimensions)]
}

/** One coordinate of all points of a row-major [n × d] set. */
export function column(points: Float64Array, dimensions: number, index: number): number[] {
  return Array.from({ length: points.length / dimensions }, (_, i) => points[i * dimensions + index] ?? Number.NaN)
}

/**
 * The centred L2 discrepancy of a row-major [n × d] set: the smaller, the more even.
 *
 * @see F. J. Hickernell, A generalized discrepancy and quadrature error bound, Math. Comp. 67 (1998), eq. 5.4c
 */
export function centredDiscrepancy(points: Float64Array, dimensions: number): number {
  const count = points.length / dimensions
  const at = (i: number, j: number) => (points[i * dimensions + j] ?? 0) - 0.5
  let single = 0
  let double = 0
  for (let i = 0; i < count; i++) {
    let product = 1
    for (let j = 0; j < dimensions; j++) product *= 1 + Math.abs(at(i, j)) / 2 - at(i, j) ** 2 / 2
    single += product
    for (let k = 0; k < count; k++) {
      let pair = 1
      for (let j = 0; j < dimensions; j++) {
        pair *= 1 + (Math.abs(at(i, j)) + Math.abs(at(k, j)) - Math.abs(at(i, j) - at(k, j))) / 2
      }
      double += pair
    }
  }
  return Math.sqrt((13 / 12) ** dimensions - (2 / count) * single + double / count ** 2)
}
