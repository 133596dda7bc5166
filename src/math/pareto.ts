// Points are the rows of a row-major array [n × m] of m objectives; smaller is better in each, and none is NaN.

/** Whether one point is at least as good as another in every objective and better in one. */
export function dominates(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  let isBetter = false
  for (let i = 0; i < a.length; i++) {
    const x = a[i] ?? 0
    const y = b[i] ?? 0
    if (x > y) return false
    if (x < y) isBetter = true
  }
  return isBetter
}

/**
 * The front that each point belongs to: 0 for those that none dominates, 1 for those that only they dominate, and so on. Equal points share
 * a front. O(n log n) for one and two objectives; O(m·n²) at worst beyond, when all points are on one front.
 *
 * @param points - row-major [count × objectives]
 * @returns [count]
 * @see Zhang, Tian, Cheng and Jin, An Efficient Approach to Nondominated Sorting, IEEE Transactions on Evolutionary Computation 19 (2015),
 * algorithm 2 with binary search
 */
export function nonDominatedRanks(points: Float64Array, count: number, objectives: number): Int32Array {
  const ranks = new Int32Array(count)
  const order = lexicographicOrder(points, count, objectives)
  // for two objectives a front's last member has its least second one, so that it alone need be looked at
  const fronts: number[][] = []
  let previous = -1
  for (const index of order) {
    let rank = 0
    if (previous >= 0 && isEqual(points, previous, index, objectives)) rank = ranks[previous] ?? 0
    else {
      // a front that dominates it has only such before it
      let high = fronts.length
      while (rank < high) {
        const middle = (rank + high) >> 1
        if (isDominatedBy(points, fronts[middle] ?? [], index, objectives)) rank = middle + 1
        else high = middle
      }
      const front = fronts[rank]
      if (front === undefined) fronts.push([index])
      else front.push(index)
    }
    ranks[index] = rank
    previous = index
  }
  return ranks
}

/**
 * The points that no other dominates, in rising order of their indices; all of them where several are equal. O(n log n) for one and two
 * objectives, O(m·n·f) beyond, f their number.
 *
 * @param points - row-major [count × objectives]
 */
export function nonDominated(points: Float64Array, count: number, objectives: number): Int32Array {
  const found: number[] = []
  // without repeats, so that many equal points cost nothing
  const front: number[] = []
  for (const index of lexicographicOrder(points, count, objectives)) {
    const last = found[found.length - 1]
    const isRepeat = last !== undefined && isEqual(points, last, index, objectives)
    if (!isRepeat && isDominatedBy(points, front, index, objectives)) continue
    found.push(index)
    if (!isRepeat) front.push(index)
  }
  return Int32Array.from(found).sort()
}

/**
 * How far apart a front's points are: for each the sum over the objectives of the distance between its two neighbours, in units of the
 * objective's range; Infinity for the ends of each objective. Larger is rarer. O(m·n log n).
 *
 * @param points - row-major [count × objectives]
 * @param indices - the rows of the front, [n]
 * @returns [n], in the order of `indices`
 * @see Deb, Pratap, Agarwal and Meyarivan, A Fast and Elitist Multiobjective Genetic Algorithm: NSGA-II, IEEE Transactions on Evolutionary
 * Computation 6 (2002), section III-B
 */
export function crowdingDistance(points: Float64Array, indices: ArrayLike<number>, objectives: number): Float64Array {
  const n = indices.length
  const distances = new Float64Array(n)
  const values = new Float64Array(n)
  const order = new Int32Array(n)
  for (let k = 0; k < objectives; k++) {
    for (let i = 0; i < n; i++) {
      order[i] = i
      // halves: the difference of two finite numbers may be infinite
      values[i] = (points[(indices[i] ?? 0) * objectives + k] ?? 0) / 2
    }
    order.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b)
    const [first = 0] = order
    const last = order[n - 1] ?? 0
    const range = (values[last] ?? 0) - (values[first] ?? 0)
    if (!(range > 0)) continue
    distances[first] = Number.POSITIVE_INFINITY
    distances[last] = Number.POSITIVE_INFINITY
    for (let i = 1; i + 1 < n; i++) {
      const gap = (values[order[i + 1] ?? 0] ?? 0) - (values[order[i - 1] ?? 0] ?? 0)
      const place = order[i] ?? 0
      distances[place] = (distances[place] ?? 0) + gap / range
    }
  }
  return distances
}

/** The rows by their first objective, ties by the next; equal ones by index. None is dominated by one that comes later. */
export function lexicographicOrder(points: Float64Array, count: number, objectives: number): Int32Array {
  const order = new Int32Array(count)
  for (let i = 0; i < count; i++) order[i] = i
  return order.sort((a, b) => {
    for (let k = 0; k < objectives; k++) {
      const x = points[a * objectives + k] ?? 0
      const y = points[b * objectives + k] ?? 0
      if (x !== y) return x < y ? -1 : 1
    }
    return a - b
  })
}

/** Whether a point is dominated by one of a front; all of the front come before it in lexicographic order and none equals it. */
function isDominatedBy(points: Float64Array, front: readonly number[], index: number, objectives: number): boolean {
  const start = index * objectives
  // the last ones are the likeliest
  const end = objectives > 2 ? 0 : Math.max(0, front.length - 1)
  for (let i = front.length - 1; i >= end; i--) {
    const other = (front[i] ?? 0) * objectives
    let k = 1
    while (k < objectives && (points[other + k] ?? 0) <= (points[start + k] ?? 0)) k++
    if (k >= objectives) return true
  }
  return false
}

function isEqual(points: Float64Array, a: number, b: number, objectives: number): boolean {
  for (let k = 0; k < objectives; k++) if (points[a * objectives + k] !== points[b * objectives + k]) return false
  return true
}
