/** A value at a point of the unit square. */
export interface Sample {
  readonly u: number
  readonly v: number
  readonly value: number
}

/** How one side of the unit square is divided. */
export interface Side {
  readonly cells: number
  /** Whether cells are separate things, over which nothing is averaged. */
  readonly isCategorical: boolean
}

/**
 * Averages scattered values over the cells of a grid, nearer ones counting more (Nadaraya and Watson, a Gaussian kernel whose width falls with the number
 * of samples). Cells that are far from all samples are NaN. O(samples × cells).
 *
 * @returns row-major [v.cells × u.cells], the row of v = 0 first
 */
export function smooth(samples: readonly Sample[], u: Side, v: Side): Float64Array {
  const width = Math.min(0.25, Math.max(0.05, 0.55 * samples.length ** -0.25))
  const grid = new Float64Array(u.cells * v.cells)
  const wu = weights(
    samples.map(sample => sample.u),
    u,
    width,
  )
  const wv = weights(
    samples.map(sample => sample.v),
    v,
    width,
  )
  const values = Float64Array.from(samples, sample => sample.value)
  const n = values.length
  for (let row = 0; row < v.cells; row++)
    for (let column = 0; column < u.cells; column++) {
      let weight = 0
      let sum = 0
      let nearest = 0
      for (let i = 0; i < n; i++) {
        const w = (wu[column * n + i] ?? 0) * (wv[row * n + i] ?? 0)
        weight += w
        sum += w * (values[i] ?? 0)
        if (w > nearest) nearest = w
      }
      // farther than 2.5 widths from the nearest sample
      grid[row * u.cells + column] = nearest > 0.044 ? sum / weight : Number.NaN
    }
  return grid
}

/** How much each sample counts in each cell: row-major [cells × samples]. */
function weights(places: readonly number[], { cells, isCategorical }: Side, width: number): Float64Array {
  const all = new Float64Array(cells * places.length)
  for (let cell = 0; cell < cells; cell++)
    for (const [i, at] of places.entries()) {
      const distance = ((cell + 0.5) / cells - at) / width
      const isSame = Math.min(cells - 1, Math.floor(at * cells)) === cell
      all[cell * places.length + i] = isCategorical ? Number(isSame) : Math.exp(-0.5 * distance * distance)
    }
  return all
}

/** A piece of a level line, between two points in units of cells from the middle of the first one. */
export type Segment = readonly [x1: number, y1: number, x2: number, y2: number]

/** The level lines of a grid (marching squares), as pieces; none next to cells that are NaN. */
export function levelLines(grid: Float64Array, columns: number, rows: number, level: number): Segment[] {
  const segments: Segment[] = []
  for (let y = 0; y + 1 < rows; y++)
    for (let x = 0; x + 1 < columns; x++) {
      const at = (dx: number, dy: number) => (grid[(y + dy) * columns + x + dx] ?? Number.NaN) - level
      const corners = [at(0, 0), at(1, 0), at(1, 1), at(0, 1)] as const
      if (corners.some(Number.isNaN)) continue
      const [a, b, c, d] = corners
      const crossings: [number, number][] = []
      if (a > 0 !== b > 0) crossings.push([x + a / (a - b), y])
      if (b > 0 !== c > 0) crossings.push([x + 1, y + b / (b - c)])
      if (c > 0 !== d > 0) crossings.push([x + d / (d - c), y + 1])
      if (d > 0 !== a > 0) crossings.push([x, y + a / (a - d)])
      for (let i = 0; i + 1 < crossings.length; i += 2) {
        const [from, to] = [crossings[i], crossings[i + 1]]
        if (from && to) segments.push([...from, ...to])
      }
    }
  return segments
}
