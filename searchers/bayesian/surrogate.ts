import { GaussianProcess, type GpDimension } from '../../src/gp/gaussian-process.js'
import { bendRows, type Curve, fitInputWarp } from './input-warp.js'
import type { Layout } from './layout.js'
import type { ResolvedOptions } from './options.js'
import { fitOutputWarp, type OutputWarp } from './output-warp.js'

/** What was observed: a row for each config, in the order in which they were. */
export interface History {
  /** Row-major [n × d], as {@link Layout} writes them. */
  readonly rows: Float64Array
  /** [n], smaller is better; NaN for those that failed. */
  readonly values: Float64Array
}

/** A model of the metric. */
export interface Surrogate {
  /** Of warped results at warped rows; smaller is better. */
  readonly gp: GaussianProcess
  readonly inputWarp: readonly Curve[] | undefined
}

/** What a model is fitted to. */
export interface Kind {
  /** Whether results are made to look normal. */
  readonly isWarped: boolean
  /**
   * Whether of observations that are near one another just the best one tells hyperparameters, so that the many near a known optimum don't
   * make the model take the whole space for their like.
   */
  readonly isWide: boolean
}

/** The part of a model that is kept while observations are added to it. */
interface Fit extends Surrogate {
  readonly outputWarp: OutputWarp
  /** How many observations there were when it was fitted. */
  readonly milestone: number
}

/** Up to how many observations hyperparameters are searched for anew with each. */
const alwaysUntil = 20

/** Later on they are when there are as much more observations. */
const growth = 1 / 12

/** How near observations are alike to a wide model, by the root mean square over dimensions. */
const apart = 0.1

/** Up to how many observations the search for hyperparameters has further starts. */
const restartsUntil = 150

/** How many observations the last search for hyperparameters had, when there are n: it depends on n alone, so that a resumed study does the same. */
export function milestoneOf(n: number, maxObservations: number): number {
  let milestone = Math.min(n, alwaysUntil)
  for (;;) {
    const next = milestone + Math.max(1, Math.floor(growth * Math.min(milestone, maxObservations)))
    if (next > n) return milestone
    milestone = next
  }
}

/**
 * The models of a history as it grows. Hyperparameters and warps are fitted at milestones, each time from nothing but the observations so
 * far, in O(n³); between them observations are added in O(n²). So a model is a function of the history, whatever was asked before.
 */
export class Surrogates {
  readonly #layout: Layout
  readonly #options: ResolvedOptions
  /** By kind; those that are not of the history asked for are made again. */
  readonly #fits = new Map<string, Fit & { readonly begin: number }>()

  constructor(layout: Layout, options: ResolvedOptions) {
    this.#layout = layout
    this.#options = options
  }

  /**
   * @param history - from observation `begin` on
   * @param kind - what the model is fitted to
   */
  model(history: History, begin: number, kind: Kind): Surrogate {
    const { rows, values } = history
    const n = values.length
    const d = this.#layout.varying.length
    const milestone = milestoneOf(n, this.#options.maxObservations)
    const key = `${kind.isWarped} ${kind.isWide}`
    let fit = this.#fits.get(key)
    if (fit?.milestone !== milestone || fit.begin !== begin) {
      fit = { ...this.#fit(history, milestone, kind), begin }
      this.#fits.set(key, fit)
    }
    const { gp, inputWarp, outputWarp } = fit
    if (milestone === n) return fit
    const y = impute(values).map(outputWarp).subarray(milestone)
    return { gp: gp.condition(bendRows(rows.subarray(milestone * d), inputWarp), y), inputWarp }
  }

  #fit(history: History, milestone: number, { isWarped, isWide }: Kind): Fit {
    const { maxObservations, noise, isInputWarped } = this.#options
    const dimensions = this.#layout.model
    const imputed = impute(history.values.subarray(0, milestone))
    const chosen = choose(imputed, maxObservations)
    const rows = rowsOf(history, chosen, dimensions.length)
    const few = isWide ? thin(history.rows, imputed, chosen, dimensions) : chosen
    const known = Float64Array.from(few, i => history.values[i] ?? 0).filter(value => !Number.isNaN(value))
    const outputWarp = fitOutputWarp(known, isWarped)
    const y = Float64Array.from(chosen, i => outputWarp(imputed[i] ?? 0))
    const options = { dimensions, standardize: false, restarts: y.length <= restartsUntil ? 2 : 0, noise }
    const thinned = {
      rows: rowsOf(history, few, dimensions.length),
      y: Float64Array.from(few, i => outputWarp(imputed[i] ?? 0)),
    }
    const own = GaussianProcess.fit(thinned.rows, thinned.y, options)
    const { hyperparameters } = own
    const gp = isWide ? GaussianProcess.fit(rows, y, { ...options, hyperparameters }) : own
    if (!isInputWarped) return { gp, inputWarp: undefined, outputWarp, milestone }
    const inputWarp = fitInputWarp(rows, y, dimensions, gp.hyperparameters)
    const bent = bendRows(rows, inputWarp)
    const again = GaussianProcess.fit(bent, y, { ...options, initial: gp.hyperparameters, restarts: 0 })
    return { gp: again, inputWarp, outputWarp, milestone }
  }
}

/** Failed trials count as the worst so far; 0 if all have failed. */
export function impute(values: Float64Array): Float64Array {
  let worst = Number.NEGATIVE_INFINITY
  for (const value of values) if (value > worst) worst = value
  const stand = worst === Number.NEGATIVE_INFINITY ? 0 : worst
  return values.map(value => (Number.isNaN(value) ? stand : value))
}

/** Which observations a model is fitted to: the best ones and the last ones, ascending. */
function choose(values: Float64Array, most: number): readonly number[] {
  const all = [...values.keys()]
  if (all.length <= most) return all
  const best = [...all].sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b).slice(0, Math.floor(most / 2))
  const chosen = new Set(best)
  for (let i = all.length - 1; chosen.size < most; i--) chosen.add(i)
  return [...chosen].sort((a, b) => a - b)
}

/** The best of each group of observations that are nearer to one another than {@link apart}, ascending. */
function thin(rows: Float64Array, y: Float64Array, chosen: readonly number[], dimensions: readonly GpDimension[]) {
  const d = dimensions.length
  const kept: number[] = []
  const isNear = (i: number, k: number) => {
    let square = 0
    for (const [j, { type }] of dimensions.entries()) {
      const a = rows[i * d + j] ?? 0
      const b = rows[k * d + j] ?? 0
      if (Object.is(a, b)) continue
      square += type === 'categorical' || Number.isNaN(a - b) ? 1 : (a - b) ** 2
    }
    return square < d * apart * apart
  }
  for (const i of [...chosen].sort((a, b) => (y[a] ?? 0) - (y[b] ?? 0) || a - b)) {
    if (!kept.some(k => isNear(i, k))) kept.push(i)
  }
  return kept.sort((a, b) => a - b)
}

function rowsOf({ rows }: History, chosen: readonly number[], d: number): Float64Array {
  const some = new Float64Array(chosen.length * d)
  for (const [i, place] of chosen.entries()) some.set(rows.subarray(place * d, (place + 1) * d), i * d)
  return some
}
