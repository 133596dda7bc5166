import { IndexedHeap } from './indexed-heap.js'
import { lexicographicOrder, nonDominated, nonDominatedRanks } from './pareto.js'

// Points are the rows of a row-major array [n × m] of m objectives; smaller is better in each. Only what lies below the reference point
// counts, and a point that isn't below it in every objective counts nothing. Objectives of very different or very large magnitudes are the caller's
// to scale: volumes are products.

/**
 * The volume that a set of points dominates, up to a reference point: the measure of what is no better than one of the points and
 * better than the reference. Exact. O(n log n) for two objectives, about that for three, exponential in their number beyond (ten points of five
 * objectives take microseconds, a hundred milliseconds).
 *
 * @param points - row-major [count × m]; they may dominate one another
 * @param reference - [m]
 * @see While, Bradstreet and Barone, A Fast Way of Calculating Exact Hypervolumes, IEEE Transactions on Evolutionary Computation 16 (2012):
 * exclusive volumes of points sorted by their last objective, which then drops out; down to three, swept
 */
export function hypervolume(points: Float64Array, count: number, reference: Float64Array): number {
  const m = reference.length
  const below = new Float64Array(count * m)
  let n = 0
  for (let i = 0; i < count; i++) if (copyBelow(points, i * m, reference, below, n * m)) n += 1
  return volumeOf(below, n, m)
}

/**
 * The volume that each point alone dominates: by how much {@link hypervolume} falls without it. 0 for what is dominated or repeated.
 *
 * @param points - row-major [count × m]
 * @param reference - [m]
 * @returns [count]
 */
export function hypervolumeContributions(points: Float64Array, count: number, reference: Float64Array): Float64Array {
  const m = reference.length
  const contributions = new Float64Array(count)
  const ranks = nonDominatedRanks(points, count, m)
  // behind the second front, another of that front dominates whatever a point of the first one leaves open
  const near = Array.from(ranks.keys()).filter(i => (ranks[i] ?? 0) < 2)
  const others = new Float64Array(near.length * m)
  for (const index of near) {
    if (ranks[index] !== 0) continue
    let n = 0
    for (const other of near) {
      if (other === index) continue
      for (let k = 0; k < m; k++) others[n * m + k] = points[other * m + k] ?? 0
      n += 1
    }
    contributions[index] = exclusiveVolume(points, index, others, n, reference)
  }
  return contributions
}

/**
 * Chooses points that together dominate a large volume: each time the one that adds most, the smaller index where several do. The volume
 * is at least 1 − 1/e of the best such choice's, and usually within a percent.
 *
 * A point's gain never grows as others are chosen, so that only those are computed again whose last known gain is the largest.
 *
 * @param points - row-major [count × m]
 * @param reference - [m]
 * @param size - how many to choose; all if there are no more
 * @returns their indices, in the order in which they were chosen
 * @see Guerreiro, Fonseca and Paquete, Greedy Hypervolume Subset Selection in Low Dimensions, Evolutionary Computation 24 (2016); Chen, Ishibuchi and
 * Shang, Fast Greedy Subset Selection From Large Candidate Solution Sets in Evolutionary Multiobjective Optimization (2021)
 */
export function greedyHypervolumeSubset(
  points: Float64Array,
  count: number,
  reference: Float64Array,
  size: number,
): Int32Array {
  const m = reference.length
  const chosen = new Int32Array(Math.min(size, count))
  const rows = new Float64Array(chosen.length * m)
  const gains = new IndexedHeap()
  for (let i = 0; i < count; i++) gains.set(i, -exclusiveVolume(points, i, rows, 0, reference))
  // how many were chosen when a gain was computed
  const ages = new Int32Array(count)
  let n = 0
  while (n < chosen.length) {
    const best = gains.peek()
    if (best === undefined) break
    const { id, key } = best
    if (ages[id] === n || key === 0) {
      chosen[n] = id
      for (let k = 0; k < m; k++) rows[n * m + k] = points[id * m + k] ?? 0
      gains.delete(id)
      n += 1
    } else {
      ages[id] = n
      // rounding may make it negative, or larger than it was
      const gain = Math.min(-key, Math.max(0, exclusiveVolume(points, id, rows, n, reference)))
      gains.set(id, -gain)
    }
  }
  return chosen
}

/** What a point dominates and none of `others` [n × m] does. */
function exclusiveVolume(
  points: Float64Array,
  index: number,
  others: Float64Array,
  n: number,
  reference: Float64Array,
): number {
  const m = reference.length
  const start = index * m
  let volume = 1
  for (let k = 0; k < m; k++) volume *= Math.max(0, (reference[k] ?? 0) - (points[start + k] ?? 0))
  if (volume === 0 || n === 0) return volume
  const limited = new Float64Array(n * m)
  let kept = 0
  for (let i = 0; i < n; i++) {
    let k = 0
    for (; k < m; k++) {
      const depth = (reference[k] ?? 0) - Math.max(others[i * m + k] ?? 0, points[start + k] ?? 0)
      if (!(depth > 0)) break
      limited[kept * m + k] = -depth
    }
    if (k === m) kept += 1
  }
  return Math.max(0, volume - volumeOf(limited, kept, m))
}

/** Writes a row relative to the reference, if it is below it everywhere. */
function copyBelow(
  points: Float64Array,
  start: number,
  reference: Float64Array,
  target: Float64Array,
  place: number,
): boolean {
  for (let k = 0; k < reference.length; k++) {
    const depth = (reference[k] ?? 0) - (points[start + k] ?? 0)
    if (!(depth > 0)) return false
    target[place + k] = -depth
  }
  return true
}

/** The volume between points [n × m], all negative, and the origin. */
function volumeOf(points: Float64Array, n: number, m: number): number {
  if (n === 0 || m === 0) return 0
  if (m === 1) {
    let least = 0
    for (let i = 0; i < n; i++) least = Math.min(least, points[i] ?? 0)
    return -least
  }
  if (m === 2) return areaOf(points, n)
  return m === 3 ? sweepVolume(points, n) : sliceVolume(points, n, m)
}

/** Two objectives: rectangles from the least first objective on. */
function areaOf(points: Float64Array, n: number): number {
  let area = 0
  let lowest = 0
  for (const i of lexicographicOrder(points, n, 2)) {
    const x = points[2 * i] ?? 0
    const y = points[2 * i + 1] ?? 0
    if (y >= lowest) continue
    area += x * (y - lowest)
    lowest = y
  }
  return area
}

/**
 * Three objectives: sweeps the third from its least value on, keeping the staircase that the points so far make of the other two, and its area.
 *
 * @see Beume, Fonseca, López-Ibáñez, Paquete and Vahrenhold, On the Complexity of Computing the Hypervolume Indicator (2009), with a sorted array
 */
function sweepVolume(points: Float64Array, n: number): number {
  const order = new Int32Array(n)
  for (let i = 0; i < n; i++) order[i] = i
  order.sort((a, b) => (points[3 * a + 2] ?? 0) - (points[3 * b + 2] ?? 0) || a - b)
  // stairs: x rises, y falls
  const xs = new Float64Array(n)
  const ys = new Float64Array(n)
  let size = 0
  let area = 0
  let volume = 0
  let height = points[3 * (order[0] ?? 0) + 2] ?? 0
  for (const i of order) {
    const x = points[3 * i] ?? 0
    const y = points[3 * i + 1] ?? 0
    const z = points[3 * i + 2] ?? 0
    volume += area * (z - height)
    height = z
    let low = 0
    let high = size
    while (low < high) {
      const middle = (low + high) >> 1
      if ((xs[middle] ?? 0) < x) low = middle + 1
      else high = middle
    }
    // a stair before it that is as low, or one as far left
    if (low > 0 && (ys[low - 1] ?? 0) <= y) continue
    if (low < size && xs[low] === x && (ys[low] ?? 0) <= y) continue
    let end = low
    let top = low > 0 ? (ys[low - 1] ?? 0) : 0
    let from = x
    // what is new, column by column, over the stairs that it hides
    while (end < size && (ys[end] ?? 0) >= y) {
      area += ((xs[end] ?? 0) - from) * (top - y)
      from = xs[end] ?? 0
      top = ys[end] ?? 0
      end += 1
    }
    area += ((end < size ? (xs[end] ?? 0) : 0) - from) * (top - y)
    xs.copyWithin(low + 1, end, size)
    ys.copyWithin(low + 1, end, size)
    xs[low] = x
    ys[low] = y
    size += low + 1 - end
  }
  return volume - area * height
}

/** Four objectives and more: from the worst last objective on, each point's exclusive volume against those after it, which all reach its slice. */
function sliceVolume(points: Float64Array, n: number, m: number): number {
  const last = m - 1
  const front = nonDominated(points, n, m)
  const order = front.sort((a, b) => (points[b * m + last] ?? 0) - (points[a * m + last] ?? 0) || a - b)
  const limited = new Float64Array(order.length * last)
  let volume = 0
  for (let i = 0; i < order.length; i++) {
    const start = (order[i] ?? 0) * m
    let slice = 1
    for (let k = 0; k < last; k++) slice *= -(points[start + k] ?? 0)
    let kept = 0
    for (let j = i + 1; j < order.length; j++) {
      const other = (order[j] ?? 0) * m
      for (let k = 0; k < last; k++) limited[kept * last + k] = Math.max(points[start + k] ?? 0, points[other + k] ?? 0)
      kept += 1
    }
    volume += -(points[start + last] ?? 0) * (slice - volumeOf(limited, kept, last))
  }
  return volume
}
