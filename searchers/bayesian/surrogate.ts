import { GaussianProcess, type GaussianProcessOptions } from '../../src/gp/gaussian-process.js'
import type { Hyperparameters } from '../../src/gp/hyperparameters.js'
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

/** Up to how many observations the search for hyperparameters has further starts. */
const restartsUntil = 150

/** A search for the hyperparameters of more observations than this begins at those of so many of them. */
const partSize = 200

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
  /** By whether outputs are warped; those that are not of the history asked for are made again. */
  readonly #fits = new Map<boolean, Fit & { readonly begin: number }>()

  constructor(layout: Layout, options: ResolvedOptions) {
    this.#layout = layout
    this.#options = options
  }

  /**
   * @param history - from observation `begin` on
   * @param isWarped - whether results are made to look normal
   */
  model(history: History, begin: number, isWarped: boolean): Surrogate {
    const { rows, values } = history
    const n = values.length
    const d = this.#layout.varying.length
    const milestone = milestoneOf(n, this.#options.maxObservations)
    let fit = this.#fits.get(isWarped)
    if (fit?.milestone !== milestone || fit.begin !== begin) {
      fit = { ...this.#fit(history, milestone, isWarped), begin }
      this.#fits.set(isWarped, fit)
    }
    const { gp, inputWarp, outputWarp } = fit
    if (milestone === n) return fit
    const y = impute(values).map(outputWarp).subarray(milestone)
    return { gp: gp.condition(bendRows(rows.subarray(milestone * d), inputWarp), y), inputWarp }
  }

  #fit(history: History, milestone: number, isWarped: boolean): Fit {
    const d = this.#layout.varying.length
    const part = { rows: history.rows.subarray(0, milestone * d), values: history.values.subarray(0, milestone) }
    const imputed = { ...part, values: impute(part.values) }
    const chosen = choose(imputed.values, this.#options.maxObservations)
    return { ...fitSurrogate(take(imputed, chosen, d), this.#layout, this.#options, isWarped), milestone }
  }
}

/** Fits a model to observations of which none failed. @param near - hyperparameters from which it has not far to go */
export function fitSurrogate(
  { rows, values }: History,
  { model: dimensions }: Layout,
  { noise, isInputWarped }: ResolvedOptions,
  isWarped: boolean,
  near?: Hyperparameters,
): Omit<Fit, 'milestone'> {
  const outputWarp = fitOutputWarp(values, isWarped)
  const y = values.map(outputWarp)
  const options = { dimensions, standardize: false, restarts: y.length <= restartsUntil ? 2 : 0, noise }
  const gp = GaussianProcess.fit(rows, y, { ...options, ...begin(rows, y, options, near) })
  if (!isInputWarped) return { gp, inputWarp: undefined, outputWarp }
  const inputWarp = fitInputWarp(rows, y, dimensions, gp.hyperparameters)
  const bent = bendRows(rows, inputWarp)
  const again = GaussianProcess.fit(bent, y, { ...options, initial: gp.hyperparameters, restarts: 0 })
  return { gp: again, inputWarp, outputWarp }
}

/** Where a fit to many observations begins: at what fits a part of them, from which it has not far to go. */
function begin(
  rows: Float64Array,
  y: Float64Array,
  options: GaussianProcessOptions,
  near: Hyperparameters | undefined,
): Pick<GaussianProcessOptions, 'initial' | 'maxIterations' | 'restarts'> {
  if (near) return { initial: near, maxIterations: 10, restarts: 0 }
  const n = y.length
  if (n <= partSize) return {}
  const places = Array.from({ length: partSize }, (_, i) => Math.floor((i * n) / partSize))
  const part = take({ rows, values: y }, places, rows.length / n)
  return { initial: GaussianProcess.fit(part.rows, part.values, options).hyperparameters, maxIterations: 4 }
}

/** Some of the observations of a history. */
export function take({ rows, values }: History, places: readonly number[], d: number): History {
  const some = new Float64Array(places.length * d)
  for (const [i, place] of places.entries()) some.set(rows.subarray(place * d, (place + 1) * d), i * d)
  return { rows: some, values: Float64Array.from(places, place => values[place] ?? 0) }
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
