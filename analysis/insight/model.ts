import { GaussianProcess, type GpDimension } from '../../src/gp/gaussian-process.js'
import type { Rng } from '../../src/rng.js'
import { quantileOfSorted } from '../statistics/bootstrap.js'
import { spearmanCorrelation } from '../statistics/correlation.js'
import { choosePlaces } from './correlations.js'
import { canonical, type KnownSpace } from './known-space.js'
import { ranking, type StudyFacts } from './study-facts.js'

/** How far a model can be trusted: what it says of trials that it was not told of, in five parts of the trials one after the other. */
export interface ModelQuality {
  /** Spearman's rank correlation of what it predicts with what was found; undefined where that can't be told. */
  readonly rankCorrelation: number | undefined
  /** Which share of the trials' values lie inside its 95 % ranges. */
  readonly coverage: number
  /** Of how many trials. */
  readonly trials: number
  /** By how much its errors are larger than it says, as a ratio of standard deviations from 1: what it says is widened by that. */
  readonly widening: number
}

/** What is known of a model. */
interface ModelFacts {
  readonly known: KnownSpace
  readonly quality: ModelQuality
  /** How many trials it was made of. */
  readonly trials: number
  /** How many trials have a value; it takes no more than a given number of them. */
  readonly of: number
  /** The standard deviation of the noise of one result, in the metric's unit. */
  readonly noise: number
  /** The range of the best quarter of the values that it was made of. */
  readonly spread: number
  /** The range of all of them. */
  readonly range: number
  /** Worse values than this counted as this; undefined if there were none. */
  readonly cappedAt: number | undefined
  /** The points of the trials it was made of, best first. */
  readonly points: readonly Float64Array[]
}

/** A model of the metric over a study's space, at the full number of reports. Smaller is better in all that it says. */
export interface StudyModel extends ModelFacts {
  /** The trial that is best by the model among those it was made of: its place, its point and what is predicted there. */
  readonly incumbent: { readonly place: number; readonly units: Float64Array; readonly mean: number }
  /** Means and standard deviations of the metric itself, without the noise of a result. @param points - canonical */
  predict(points: readonly Float64Array[]): { readonly mean: Float64Array; readonly deviation: Float64Array }
  /** The mean of point b less point a, and its standard deviation: points that are near are good or bad together. */
  difference(a: Float64Array, b: Float64Array): { readonly mean: number; readonly deviation: number }
  /** The model that has been told that a point is as predicted, which then may be the best. */
  believing(point: Float64Array): StudyModel
}

/** The fewest trials that a model is made of, beside twice as many as it has parameters. */
const fewestTrials = 8
const folds = 5

/**
 * Models a study by a Gaussian process. Trials that made fewer reports than others have this as a further dimension, so that what was stopped early
 * tells what it can.
 *
 * @param maxObservations - of more trials the better half of so many are taken, and the rest at random
 * @returns undefined where there are too few trials with a value, nothing differs, or the space is not known
 */
export function modelOf(facts: StudyFacts, maxObservations: number, rng: Rng): StudyModel | undefined {
  const { known, trials, losses } = facts
  const ranked = ranking(facts)
  const d = known?.varying.length ?? 0
  if (known === undefined || d === 0 || ranked.length < Math.max(fewestTrials, 2 * d)) return undefined
  const places = choose(ranked, maxObservations, rng.fork('trials'))
  const own = Float64Array.from(places, place => losses[place] ?? Number.NaN)
  if (new Set(own).size < 2) return undefined
  const points = places.map(place => canonical(known, known.space.encode(trials[place]?.config ?? {})))
  const reports = places.map(place => trials[place]?.iteration ?? 1)
  const most = reports.reduce((longest, count) => Math.max(longest, count), 1)
  const hasFidelity = reports.some(count => count < most)
  const layout: Layout = { known, hasFidelity }
  const rows = rowsOf(layout, points, i => Math.log(1 + (reports[i] ?? most)) / Math.log(1 + most))
  const { y, cap } = capped(own)
  const gp = GaussianProcess.fit(rows, y, { dimensions: dimensionsOf(layout) })
  const scale = deviationOf(y)
  return gpModel({
    layout,
    gp,
    facts: {
      known,
      trials: places.length,
      of: ranked.length,
      noise: Math.sqrt(gp.hyperparameters.noise) * scale,
      spread: quantile(y, 0.25) - quantile(y, 0),
      range: quantile(y, 1) - quantile(y, 0),
      cappedAt: cap,
      points,
      quality: validate(layout, rows, y, gp, rng.fork('folds')),
    },
    places,
  })
}

interface Layout {
  readonly known: KnownSpace
  /** Whether how many reports a trial made is a dimension too, the last one. */
  readonly hasFidelity: boolean
}

interface ModelParts {
  readonly layout: Layout
  readonly gp: GaussianProcess
  readonly facts: ModelFacts
  readonly places: readonly number[]
  /** @defaultValue the best of the points by what is predicted */
  readonly incumbent?: StudyModel['incumbent']
}

function gpModel(parts: ModelParts): StudyModel {
  const { layout, gp, facts } = parts
  const { widening } = facts.quality
  const predict = (points: readonly Float64Array[]) => {
    const { mean, variance } = gp.predict(rowsOf(layout, points, fully), points.length)
    return { mean, deviation: variance.map(each => widening * Math.sqrt(each)) }
  }
  const incumbent = parts.incumbent ?? bestOf(parts, predict(facts.points).mean)
  return {
    ...facts,
    incumbent,
    predict,
    difference(a, b) {
      const rows = rowsOf(layout, [a, b], fully)
      const { mean } = gp.predict(rows, 2)
      const [first = 0, shared = 0, , second = 0] = gp.covariance(rows, 2)
      const deviation = widening * Math.sqrt(Math.max(0, first + second - 2 * shared))
      return { mean: (mean[1] ?? 0) - (mean[0] ?? 0), deviation }
    },
    believing(point) {
      const row = rowsOf(layout, [point], fully)
      const told = gp.condition(row, Float64Array.of(gp.predictOne(row).mean))
      const believed = gpModel({ ...parts, gp: told, incumbent })
      const mean = believed.predict([point]).mean[0] ?? Number.NaN
      if (!(mean < incumbent.mean)) return believed
      return gpModel({ ...parts, gp: told, incumbent: { ...incumbent, units: point, mean } })
    },
  }
}

/** @param mean - what is predicted at the points */
function bestOf({ facts, places }: ModelParts, mean: Float64Array): StudyModel['incumbent'] {
  const best = mean.reduce((least, value, i) => (value < (mean[least] ?? Number.POSITIVE_INFINITY) ? i : least), 0)
  const units = facts.points[best] ?? new Float64Array(0)
  return { place: places[best] ?? 0, units, mean: mean[best] ?? Number.NaN }
}

const fully = () => 1

/** The better half of so many, and as many of the others. */
function choose(ranked: readonly number[], most: number, rng: Rng): number[] {
  if (ranked.length <= most) return [...ranked]
  const best = ranked.slice(0, Math.ceil(most / 2))
  const others = ranked.slice(best.length)
  return [...best, ...choosePlaces(others.length, most - best.length, rng).map(i => others[i] ?? 0)]
}

function dimensionsOf({ known, hasFidelity }: Layout): GpDimension[] {
  const own = known.varying.map(
    ({ type, size }): GpDimension => (type === 'categorical' ? { type, size } : { type: 'numeric' }),
  )
  return hasFidelity ? [...own, { type: 'numeric' }] : own
}

/** @returns row-major [points × dimensions] */
function rowsOf({ known, hasFidelity }: Layout, points: readonly Float64Array[], fidelityOf: (i: number) => number) {
  const { varying } = known
  const width = varying.length + Number(hasFidelity)
  const rows = new Float64Array(points.length * width)
  for (const [i, units] of points.entries()) {
    for (const [j, dimension] of varying.entries()) {
      const unit = units[dimension.index] ?? Number.NaN
      rows[i * width + j] = dimension.type === 'categorical' && !Number.isNaN(unit) ? dimension.indexAt(unit) : unit
    }
    if (hasFidelity) rows[i * width + varying.length] = fidelityOf(i)
  }
  return rows
}

/** Values far out on the bad side tell nothing of the good ones, and would bend a model: they count as Tukey's fence. */
function capped(losses: Float64Array): { readonly y: Float64Array; readonly cap: number | undefined } {
  const [lower, upper] = [quantile(losses, 0.25), quantile(losses, 0.75)]
  const fence = upper + 1.5 * (upper - lower)
  if (!(upper > lower) || losses.every(loss => loss <= fence)) return { y: losses, cap: undefined }
  return { y: losses.map(loss => Math.min(loss, fence)), cap: fence }
}

/** Predicts each fifth of the trials from the others, with the whole's hyperparameters. */
function validate(layout: Layout, rows: Float64Array, y: Float64Array, whole: GaussianProcess, rng: Rng): ModelQuality {
  const n = y.length
  const width = rows.length / n
  const order = rng.shuffle(Array.from({ length: n }, (_, i) => i))
  const predicted = new Float64Array(n)
  const errors = new Float64Array(n)
  for (let fold = 0; fold < folds; fold++) {
    const held = order.filter((_, i) => i % folds === fold)
    const told = order.filter((_, i) => i % folds !== fold)
    const pick = (places: readonly number[]) => {
      const part = new Float64Array(places.length * width)
      for (const [i, place] of places.entries()) part.set(rows.subarray(place * width, (place + 1) * width), i * width)
      return part
    }
    const targets = Float64Array.from(told, place => y[place] ?? 0)
    const { hyperparameters } = whole
    const gp = GaussianProcess.fit(pick(told), targets, { dimensions: dimensionsOf(layout), hyperparameters })
    const noise = hyperparameters.noise * deviationOf(targets) ** 2
    const { mean, variance } = gp.predict(pick(held), held.length)
    for (const [i, place] of held.entries()) {
      predicted[place] = mean[i] ?? 0
      errors[place] = ((y[place] ?? 0) - (mean[i] ?? 0)) / Math.sqrt((variance[i] ?? 0) + noise)
    }
  }
  const widening = Math.max(1, Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / n))
  const coverage = errors.filter(error => Math.abs(error) <= 1.96 * widening).length / n
  return { rankCorrelation: spearmanCorrelation(predicted, y)?.value, coverage, trials: n, widening }
}

function quantile(values: Float64Array, probability: number): number {
  return quantileOfSorted(values.toSorted(), probability)
}

function deviationOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
}
