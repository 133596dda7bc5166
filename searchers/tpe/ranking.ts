import { greedyHypervolumeSubset, hypervolumeContributions } from '../../src/math/hypervolume.js'
import { nonDominatedRanks } from '../../src/math/pareto.js'
import type { Observation } from '../kit/observation.js'

/** The observations, the good ones apart from the others. */
export interface Split {
  /** The good ones, best first. */
  readonly below: readonly Observation[]
  /** How good each of them is, above 0, 1 on average; 1 each if that can't be told. */
  readonly merits: Float64Array
  /** The others, best first, failed ones last. */
  readonly above: readonly Observation[]
}

/** Observations from the best to the worst: a fold of what was observed. */
export interface Ranking {
  add(observation: Observation): void
  /** @param size - how many are good: fewer if fewer have values */
  split(size: number): Split
}

/**
 * By one value: trials that ran to their end come first, then those that were stopped, the longest first, then failed ones. Adding one takes
 * O(log n) comparisons.
 *
 * @see Optuna's `TPESampler` for the order
 */
export class SoleRanking implements Ranking {
  readonly #sorted: Observation[] = []
  #valued = 0

  add(observation: Observation): void {
    let low = 0
    let high = this.#sorted.length
    while (low < high) {
      const middle = (low + high) >> 1
      const other = this.#sorted[middle]
      if (other !== undefined && compare(other, observation) <= 0) low = middle + 1
      else high = middle
    }
    this.#sorted.splice(low, 0, observation)
    if (observation.values !== undefined) this.#valued += 1
  }

  split(size: number): Split {
    const cut = Math.min(size, this.#valued)
    const below = this.#sorted.slice(0, cut)
    return { below, merits: improvements(below, this.#sorted[cut]), above: this.#sorted.slice(cut) }
  }
}

const precedence = { completed: 0, stopped: 1, failed: 2 } as const

function compare(a: Observation, b: Observation): number {
  if (a.state !== b.state) return precedence[a.state] - precedence[b.state]
  if (a.state === 'stopped' && a.iteration !== b.iteration) return b.iteration - a.iteration
  return scoreOf(a) - scoreOf(b) || 0
}

function scoreOf({ values }: Observation): number {
  // halves: the difference of two finite numbers may be infinite
  return (values?.[0] ?? Number.MAX_VALUE) / 2
}

/** How much better each is than the first that isn't good. */
function improvements(below: readonly Observation[], first: Observation | undefined): Float64Array {
  const merits = new Float64Array(below.length).fill(1)
  const last = below.at(-1)
  // values after different numbers of iterations don't compare
  if (last?.state !== 'completed') return merits
  const threshold = scoreOf(first?.state === 'completed' ? first : last)
  for (const [i, observation] of below.entries()) merits[i] = threshold - scoreOf(observation)
  return toMean1(merits)
}

/** Scales to a mean of 1; all the same if none is positive. In place. */
function toMean1(merits: Float64Array): Float64Array {
  let largest = 0
  for (const merit of merits) largest = Math.max(largest, merit)
  let sum = 0
  for (let i = 0; i < merits.length; i++) {
    const share = largest > 0 ? Math.max(leastMerit, (merits[i] ?? 0) / largest) : 1
    merits[i] = share
    sum += share
  }
  for (let i = 0; i < merits.length; i++) merits[i] = ((merits[i] ?? 0) * merits.length) / sum
  return merits
}

const leastMerit = 1e-9

/**
 * By several values: fronts one after the other; of the front that is cut, those that add most to the dominated volume. The merit of a point is
 * the volume that it alone dominates.
 *
 * @see Ozaki et al., Multiobjective Tree-Structured Parzen Estimator, JAIR 73 (2022), sections 3.2 and 3.3
 */
export class FrontRanking implements Ranking {
  readonly #valued: Observation[] = []
  readonly #failed: Observation[] = []
  /** The last split, as long as nothing is added. */
  #known: { readonly size: number; readonly split: Split } | undefined

  add(observation: Observation): void {
    const { values } = observation
    if (values === undefined) this.#failed.push(observation)
    else this.#valued.push(observation)
    this.#known = undefined
  }

  split(size: number): Split {
    if (this.#known?.size !== size) this.#known = { size, split: this.#splitAt(size) }
    return this.#known.split
  }

  #splitAt(size: number): Split {
    const all = this.#valued
    const m = all[0]?.values?.length ?? 1
    const raw = new Float64Array(all.length * m)
    for (const [i, { values }] of all.entries()) if (values !== undefined) raw.set(values, i * m)
    const ranks = nonDominatedRanks(raw, all.length, m)
    const order = Array.from(all.keys()).sort((a, b) => (ranks[a] ?? 0) - (ranks[b] ?? 0) || a - b)
    const cut = Math.min(size, order.length)
    const cutRank = ranks[order[cut - 1] ?? 0] ?? 0
    const start = order.findIndex(i => ranks[i] === cutRank)
    const after = order.findIndex(i => (ranks[i] ?? 0) > cutRank)
    const end = after < 0 ? order.length : after
    const points = toUnitBox(raw, order.slice(0, end), m)
    const reference = new Float64Array(m).fill(1.1)
    const chosen = greedyHypervolumeSubset(points.subarray(start * m), end - start, reference, cut - start)
    const isChosen = new Set(Array.from(chosen, i => order[start + i] ?? -1))
    const good = order.slice(0, end).filter((i, place) => place < start || isChosen.has(i))
    const isGood = new Set(good)
    const merits = hypervolumeContributions(toUnitBox(raw, good, m), good.length, reference)
    const observationsAt = (indices: readonly number[]) => indices.flatMap(i => all[i] ?? [])
    return {
      below: observationsAt(good),
      merits: toMean1(merits),
      above: [...observationsAt(order.filter(i => !isGood.has(i))), ...this.#failed],
    }
  }
}

/** Rows of `raw` [n × m], each objective scaled to [0, 1] over them. */
function toUnitBox(raw: Float64Array, rows: readonly number[], m: number): Float64Array {
  const box = new Float64Array(rows.length * m)
  for (let k = 0; k < m; k++) {
    let least = Number.POSITIVE_INFINITY
    let largest = Number.NEGATIVE_INFINITY
    for (const row of rows) {
      // halves: the difference of two finite numbers may be infinite
      least = Math.min(least, (raw[row * m + k] ?? 0) / 2)
      largest = Math.max(largest, (raw[row * m + k] ?? 0) / 2)
    }
    const range = largest - least
    for (const [i, row] of rows.entries())
      box[i * m + k] = range > 0 ? ((raw[row * m + k] ?? 0) / 2 - least) / range : 0
  }
  return box
}
