/** Rows of numbers. */
export type Matrix = readonly (readonly number[])[]

/** Sizes of the filters that the algorithm is written for. */
export const winogradFilterSizes = [3, 5] as const

/** Size of a filter that the algorithm is written for. */
export type WinogradFilterSize = (typeof winogradFilterSizes)[number]

/** Pixels of a side of a tile of the output, whatever the filter's size. */
export const outputTile = 4

/** Pixels of a side of a tile of the input. */
export function inputTile(filterSize: WinogradFilterSize): number {
  return outputTile + filterSize - 1
}

/**
 * The finite points at which tiles are evaluated, one more being infinity. They were chosen by measuring: the error of a convolution is twice that of
 * direct summation for 3 × 3 filters (the usual 0, ±1, ±2 make it five times), and eight times for 5 × 5.
 *
 * @see Barabasz, Anderson, Soodhalter and Gregg, "Error Analysis and Improving the Accuracy of Winograd Convolution for Deep Neural Networks", 2020
 */
const pointsOf: Readonly<Record<WinogradFilterSize, readonly number[]>> = {
  3: [0, 3 / 4, -3 / 4, 3 / 2, -3 / 2],
  5: [0, 1 / 2, -1 / 2, 1, -1, 2, -2],
}

const indices = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

/** Coefficients of the polynomial with these roots, the constant term first. */
function polynomial(roots: readonly number[]): number[] {
  return roots.reduce<number[]>(
    (product, root) => indices(product.length + 1).map(i => (product[i - 1] ?? 0) - root * (product[i] ?? 0)),
    [1],
  )
}

/** The matrices of the one-dimensional algorithm for n points; in two dimensions each is applied to columns, then to rows. */
export interface WinogradMatrices {
  /** From the numbers of a tile's output to its points, [n × 4] (Aᵀ's transpose). */
  readonly output: Matrix
  /** From a filter's numbers to its points, [n × filterSize] (G). */
  readonly filter: Matrix
  /** From the numbers of a tile's input to its points, [n × n] (Bᵀ). */
  readonly input: Matrix
}

/**
 * The Toom-Cook construction of Winograd's minimal filtering: with `*` number by number, `outputᵀ ((filter g) * (input d))` are the four
 * numbers of the correlation of d, which has `filterSize` + 3 numbers, with a filter g of `filterSize`.
 *
 * @see Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016, section 4
 */
export function winogradMatrices(filterSize: WinogradFilterSize): WinogradMatrices {
  const points = pointsOf[filterSize]
  const others = (point: number): number[] => points.filter(other => other !== point)
  const powers = (point: number, count: number): number[] => indices(count).map(power => point ** power)
  const atInfinity = (count: number): number[] => indices(count).map(index => (index === count - 1 ? 1 : 0))
  const scale = (point: number): number => others(point).reduce((product, other) => product * (point - other), 1)
  return {
    output: [...points.map(point => powers(point, outputTile)), atInfinity(outputTile)],
    filter: [
      ...points.map(point => powers(point, filterSize).map(power => power / scale(point))),
      atInfinity(filterSize),
    ],
    input: [...points.map(point => [...polynomial(others(point)), 0]), polynomial(points)],
  }
}

/** Exchanges rows and columns. */
export function transposed(matrix: Matrix): Matrix {
  return indices(matrix[0]?.length ?? 0).map(column => matrix.map(row => row[column] ?? 0))
}
