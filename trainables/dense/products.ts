/*
 * The three matrix products of a dense layer. Batches are unit-major, [units × count]: each inner loop runs along a batch, so it is long even where
 * the layer is two units wide.
 */

/** A dense layer's numbers. */
export interface LayerWeights {
  /** How many units it sums. */
  readonly inputs: number
  /** How many units it has. */
  readonly outputs: number
  /** Row-major [outputs × inputs]. */
  readonly weights: Float64Array
  /** [outputs]. */
  readonly biases: Float64Array
}

/** Sets `y = W·x + b`. @param x - [inputs × count] @param y - [outputs × count] */
export function multiply(
  { inputs, outputs, weights, biases }: LayerWeights,
  x: Float64Array,
  y: Float64Array,
  count: number,
): void {
  for (let o = 0; o < outputs; o++) {
    const to = o * count
    y.fill(biases[o] ?? 0, to, to + count)
    combineRows(x, weights, { first: o * inputs, stride: 1, rows: inputs }, y, to, count)
  }
}

/** Sets `dx = Wᵀ·dy`. @param dy - [outputs × count] @param dx - [inputs × count] */
export function multiplyTransposed(
  { inputs, outputs, weights }: LayerWeights,
  dy: Float64Array,
  dx: Float64Array,
  count: number,
): void {
  for (let i = 0; i < inputs; i++) {
    const to = i * count
    dx.fill(0, to, to + count)
    combineRows(dy, weights, { first: i, stride: inputs, rows: outputs }, dx, to, count)
  }
}

/** Sets the gradients `dW = dy·xᵀ` and `db = Σ dy`. */
export function sumProducts(gradient: LayerWeights, x: Float64Array, dy: Float64Array, count: number): void {
  const { inputs, outputs, weights, biases } = gradient
  for (let o = 0; o < outputs; o++) {
    const row = o * count
    let sum = 0
    for (let b = 0; b < count; b++) sum += dy[row + b] ?? 0
    biases[o] = sum
    for (let i = 0; i < inputs; i++) weights[o * inputs + i] = dot(dy, row, x, i * count, count)
  }
}

/** Adds rows of `x`, each times its factor, to the row of `y` that begins at `to`; four at a time, so that `y` is read and written less often. */
function combineRows(
  x: Float64Array,
  factors: Float64Array,
  { first, stride, rows }: { readonly first: number; readonly stride: number; readonly rows: number },
  y: Float64Array,
  to: number,
  count: number,
): void {
  let row = 0
  for (; row + 4 <= rows; row += 4) {
    const at = first + row * stride
    const f0 = factors[at] ?? 0
    const f1 = factors[at + stride] ?? 0
    const f2 = factors[at + 2 * stride] ?? 0
    const f3 = factors[at + 3 * stride] ?? 0
    const from0 = row * count
    const from1 = from0 + count
    const from2 = from1 + count
    const from3 = from2 + count
    for (let b = 0; b < count; b++) {
      y[to + b] =
        (y[to + b] ?? 0) +
        f0 * (x[from0 + b] ?? 0) +
        f1 * (x[from1 + b] ?? 0) +
        f2 * (x[from2 + b] ?? 0) +
        f3 * (x[from3 + b] ?? 0)
    }
  }
  for (; row < rows; row++) {
    const factor = factors[first + row * stride] ?? 0
    const from = row * count
    for (let b = 0; b < count; b++) y[to + b] = (y[to + b] ?? 0) + factor * (x[from + b] ?? 0)
  }
}

function dot(a: Float64Array, fromA: number, b: Float64Array, fromB: number, count: number): number {
  // four sums, since each addition to one sum has to wait for the one before it
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  let k = 0
  for (; k + 4 <= count; k += 4) {
    s0 += (a[fromA + k] ?? 0) * (b[fromB + k] ?? 0)
    s1 += (a[fromA + k + 1] ?? 0) * (b[fromB + k + 1] ?? 0)
    s2 += (a[fromA + k + 2] ?? 0) * (b[fromB + k + 2] ?? 0)
    s3 += (a[fromA + k + 3] ?? 0) * (b[fromB + k + 3] ?? 0)
  }
  for (; k < count; k++) s0 += (a[fromA + k] ?? 0) * (b[fromB + k] ?? 0)
  return s0 + s1 + (s2 + s3)
}
