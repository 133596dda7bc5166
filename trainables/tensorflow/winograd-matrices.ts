/** Rows of numbers. */
export type Matrix = readonly (readonly number[])[]

/** Tiles of the input are 6 × 6 pixels, whatever the filter's size, so that one input transform serves all. */
export const tileSize = 6

/**
 * The finite points at which tiles are evaluated, the sixth one being infinity. These were measured to lose half as many digits as the usual
 * 0, ±1, ±2: a convolution's error is twice that of direct summation.
 *
 * @see Barabasz, Anderson, Soodhalter and Gregg, "Error Analysis and Improving the Accuracy of Winograd Convolution for Deep Neural Networks", 2020
 */
const points = [0, 3 / 4, -3 / 4, 3 / 2, -3 / 2]

const indices = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

/** Coefficients of the polynomial with these roots, the constant term first. */
function polynomial(roots: readonly number[]): number[] {
  return roots.reduce<number[]>(
    (product, root) => indices(product.length + 1).map(i => (product[i - 1] ?? 0) - root * (product[i] ?? 0)),
    [1],
  )
}

const others = (point: number): number[] => points.filter(other => other !== point)

/** The matrices of the one-dimensional algorithm; in two dimensions each is applied to columns, then to rows. */
export interface WinogradMatrices {
  /** From `outputs` numbers of a tile's result to its six points, [6 × outputs] (Aᵀ's transpose). */
  readonly output: Matrix
  /** From a filter's numbers to its six points, [6 × filterSize] (G). */
  readonly filter: Matrix
  /** From six numbers of the input to their six points, [6 × 6] (Bᵀ). */
  readonly input: Matrix
}

/**
 * The Toom-Cook construction of Winograd's minimal filtering: with `*` lane by lane, `outputᵀ ((filter g) * (input d))` is the correlation
 * of a filter g of `filterSize` numbers with d, which has as many results as fit into six numbers.
 *
 * @see Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016, section 4
 */
export function winogradMatrices(filterSize: number): WinogradMatrices {
  const outputs = tileSize + 1 - filterSize
  const powers = (point: number, count: number): number[] => indices(count).map(power => point ** power)
  const atInfinity = (count: number): number[] => indices(count).map(index => (index === count - 1 ? 1 : 0))
  const scale = (point: number): number => others(point).reduce((product, other) => product * (point - other), 1)
  return {
    output: [...points.map(point => powers(point, outputs)), atInfinity(outputs)],
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
