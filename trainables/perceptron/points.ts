import { Rng } from '../../src/rng.js'

/** Points of the plane, each on one side of a line or on the other. */
export interface LabelledPoints {
  /** How many there are. */
  readonly count: number
  /** Row-major [count × 3]: 1, for the line's offset, then both coordinates. */
  readonly points: Float64Array
  /** [count], each 1 or −1. */
  readonly labels: Float64Array
}

/** A line that divides the unit square, and points that it labels. */
export interface DividedSquare {
  /** The line is where `line · (1, x, y)` is 0; labels are 1 where it is positive. Of length 1. */
  readonly line: Float64Array
  /** What is learnt from, with points on both sides. */
  readonly train: LabelledPoints
  /** What the learnt line is judged by. */
  readonly test: LabelledPoints
}

/** Which line and points {@link dividedSquare} draws. */
export interface DividedSquareOptions {
  /** Points to learn from; ≥ 2. */
  readonly points: number
  /** Points to judge by; ≥ 1. */
  readonly testPoints: number
  /** Decides the line and the points; an integer ≥ 0. */
  readonly dataSeed: number
}

/** The signed value of a line, or of learnt weights, at a point. */
export function valueAt(weights: Float64Array, { points }: LabelledPoints, index: number): number {
  const at = 3 * index
  return (
    (weights[0] ?? 0) * (points[at] ?? 0) +
    (weights[1] ?? 0) * (points[at + 1] ?? 0) +
    (weights[2] ?? 0) * (points[at + 2] ?? 0)
  )
}

/**
 * Draws a line through two points of the unit square, and points to learn from and to judge by, all uniform. Lines and points are drawn again until
 * there are points to learn from on both sides.
 */
export function dividedSquare({ points, testPoints, dataSeed }: DividedSquareOptions): DividedSquare {
  const rng = Rng.from(dataSeed).fork('divided-square')
  const lines = rng.fork('line')
  const stream = rng.fork('train')
  for (;;) {
    const line = drawLine(lines)
    const train = drawPoints(points, line, stream)
    const above = train.labels.reduce((sum, label) => sum + (label > 0 ? 1 : 0), 0)
    if (above > 0 && above < points) return { line, train, test: drawPoints(testPoints, line, rng.fork('test')) }
  }
}

function drawLine(rng: Rng): Float64Array {
  const [x0, y0, x1, y1] = [rng.uniform(), rng.uniform(), rng.uniform(), rng.uniform()]
  const [across, up] = [y1 - y0, x0 - x1]
  const line = Float64Array.of(-(across * x0 + up * y0), across, up)
  const length = Math.hypot(...line) || 1
  const side = rng.uniform() < 0.5 ? -1 : 1
  return line.map(value => (side * value) / length)
}

function drawPoints(count: number, line: Float64Array, rng: Rng): LabelledPoints {
  const points = new Float64Array(3 * count)
  for (let i = 0; i < count; i++) points.set([1, rng.uniform(), rng.uniform()], 3 * i)
  const drawn = { count, points, labels: new Float64Array(count) }
  drawn.labels.set(Float64Array.from({ length: count }, (_, i) => (valueAt(line, drawn, i) > 0 ? 1 : -1)))
  return drawn
}

/** The share of points on the wrong side; those on the line itself are. */
export function errorRate(weights: Float64Array, points: LabelledPoints): number {
  let wrong = 0
  for (let i = 0; i < points.count; i++) if (!(valueAt(weights, points, i) * (points.labels[i] ?? 0) > 0)) wrong++
  return wrong / points.count
}
