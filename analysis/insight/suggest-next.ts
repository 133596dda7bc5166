import type { JsonObject } from '../../src/json.js'
import { normalCdf, normalPdf } from '../../src/math/normal.js'
import { plural } from '../../src/results/text.js'
import { Rng } from '../../src/rng.js'
import { checkThat } from '../statistics/check.js'
import { troubleTest } from './avoidance.js'
import { pointsAnywhere, pointsNear } from './candidates.js'
import { configAt } from './known-space.js'
import { type ModelQuality, modelOf, type StudyModel } from './model.js'
import { readFacts, type StudyFacts, type StudyOptions, type StudySource } from './study-facts.js'
import { type TroubledRegion, troublesOf } from './troubled-regions.js'

/** A config to try, and what the model expects of it. */
export interface SuggestedConfig {
  /** Without what `sampleFrom` would compute. */
  readonly config: JsonObject
  /** The metric that is expected, in its own unit, with the 95 % range in which it lies by the model (without the noise of a single result). */
  readonly predicted: { readonly mean: number; readonly lower: number; readonly upper: number }
  /** How likely it is better than the best trial, by the model, in [0, 1]: about right where the metric is smooth, too high where it has narrow valleys. */
  readonly chanceOfBetter: number
  /** By how much it is better on average, counting 0 where it is not: the expected improvement, in the metric's unit. */
  readonly expectedGain: number
}

/** What {@link suggestNext} found. */
export interface NextTrials {
  /** The most promising first, each chosen as if those before it had come out as expected; empty where no model can be made. */
  readonly suggestions: readonly SuggestedConfig[]
  /** The trial that is best by the model, and the metric that it expects of it; with noise that may be another than the one of the best result. */
  readonly best: { readonly trial: number; readonly predicted: number } | undefined
  /** The model that they come from; undefined where there is none. */
  readonly model: ModelSummary | undefined
  /** Why there is no model, where there is none. */
  readonly why: string | undefined
}

/** What is to be known of a model. */
export interface ModelSummary {
  /** How well it predicts trials that it was not told of. */
  readonly quality: ModelQuality
  /** How many trials it was made of. */
  readonly trials: number
  /** How many trials have a value. */
  readonly of: number
  /** The standard deviation of the noise of one result, as the model sees it, in the metric's unit. */
  readonly noise: number
  /** The range of the best quarter of the values, in the metric's unit. */
  readonly spread: number
  /** The range of all values. */
  readonly range: number
  /** Values worse than this counted as this. */
  readonly cappedAt: number | undefined
  /** Places in a config that `sampleFrom` computes: they are in no suggestion. */
  readonly computed: readonly string[]
}

/** How {@link suggestNext} is set. */
export interface SuggestOptions extends StudyOptions {
  /** How many configs to suggest, an integer from 1 to 20; fewer if there are not as many that promise anything. @defaultValue 3 */
  readonly suggestions?: number
  /** The most trials that the model is made of, an integer from 20: its time grows with the cube. @defaultValue 200 */
  readonly maxObservations?: number
  /** The seed of the model and its candidates. @defaultValue 0 */
  readonly seed?: number
}

/** Second and later suggestions of a smaller chance are none. */
const leastChance = 0.02
/** How far suggestions lie apart along one coordinate or another, as a share of its range. */
const leastStep = 0.05

/**
 * Configs to try next, by a Gaussian process of what a study found: those of the greatest expected improvement over its best trial, among thousands
 * all over the space and near the best, but for those of regions where trials are shown to fail.
 *
 * @param source - a study's results, or its view while it runs
 * @throws `TuneError` `INVALID_OPTION`
 * @see Jones, Schonlau and Welch, Efficient Global Optimization of Expensive Black-Box Functions (1998)
 */
export function suggestNext(source: StudySource, options: SuggestOptions = {}): NextTrials {
  const facts = readFacts(source, options, 'suggestNext')
  return nextOf(facts, makeModel(facts, options), options, troublesOf(facts, {}).regions)
}

/** The model that suggestions and advice rest on. */
export function makeModel(facts: StudyFacts, { maxObservations = 200, seed = 0 }: SuggestOptions) {
  const isCount = Number.isSafeInteger(maxObservations) && maxObservations >= 20
  checkThat(isCount, 'suggestNext: maxObservations', maxObservations, 'an integer from 20')
  return modelOf(facts, maxObservations, Rng.from(seed).fork('insight', 'model'))
}

/** {@link suggestNext} of what was read and modelled already. @param regions - of which none is suggested */
export function nextOf(
  facts: StudyFacts,
  model: StudyModel | undefined,
  options: SuggestOptions,
  regions: readonly TroubledRegion[],
): NextTrials {
  const { suggestions = 3, seed = 0 } = options
  const isCount = Number.isSafeInteger(suggestions) && suggestions >= 1 && suggestions <= 20
  checkThat(isCount, 'suggestNext: suggestions', suggestions, 'an integer from 1 to 20')
  if (model === undefined) return { suggestions: [], best: undefined, model: undefined, why: whyNoModel(facts) }
  const sign = facts.objective.mode === 'max' ? -1 : 1
  const { incumbent, quality, trials, of, noise, spread, range, cappedAt, known } = model
  return {
    suggestions: choose(
      model,
      facts,
      troubleTest(regions, facts),
      suggestions,
      Rng.from(seed).fork('insight', 'candidates'),
    )
      .map(each => inUnits(model, each, sign))
      .filter(({ chanceOfBetter }, i) => i === 0 || chanceOfBetter >= leastChance),
    best: { trial: facts.trials[incumbent.place]?.index ?? 0, predicted: sign * incumbent.mean },
    model: {
      quality,
      trials,
      of,
      noise,
      spread,
      range,
      cappedAt: cappedAt === undefined ? undefined : sign * cappedAt,
      computed: known.computed,
    },
    why: undefined,
  }
}

function whyNoModel({ known, losses }: StudyFacts): string {
  if (known === undefined) return 'the study’s space can’t be made again from its journal'
  if (known.varying.length === 0) return 'the space has no parameter with several values'
  const scored = losses.filter(loss => !Number.isNaN(loss))
  if (scored.length > 0 && new Set(scored).size === 1) return 'all trials found the same value'
  return `${scored.length} trials with a value are too few for ${plural(known.varying.length, 'parameter')}`
}

/** Candidates without those of configs that were tried or come to trouble; greedily, each after believing in those before it. */
function choose(
  model: StudyModel,
  facts: StudyFacts,
  isTroubled: (config: JsonObject) => boolean,
  count: number,
  rng: Rng,
): Float64Array[] {
  const { known, points } = model
  const tried = new Set(facts.trials.map(({ config }) => JSON.stringify(known.space.encode(config))))
  const isSound = (point: Float64Array) => !isTroubled(configAt(known, point))
  const isNew = (point: Float64Array) => !tried.has(JSON.stringify(known.space.encode(configAt(known, point))))
  const refine = (from: readonly Float64Array[], deviation: number) => [
    ...from,
    ...pointsNear(known, from, 60, deviation, rng).filter(isSound),
  ]
  const anywhere = (size: number) => pointsAnywhere(known, size, rng).filter(isSound)
  let pool = [...anywhere(1500), ...pointsNear(known, points.slice(0, 5), 100, 0.1, rng).filter(isSound)]
  pool = refine(bestOf(model, pool, 8), 0.05)
  pool = [...refine(bestOf(model, pool, 8), 0.01), ...bestOf(model, anywhere(500), 50)].filter(isNew)
  const chosen: Float64Array[] = []
  for (let current = model; chosen.length < count; ) {
    const [best] = bestOf(current, pool, 1)
    if (best === undefined) break
    chosen.push(best)
    pool = pool.filter(point => point.some((unit, i) => !isClose(unit, best[i] ?? Number.NaN)))
    current = current.believing(best)
  }
  return chosen
}

/** Whether a suggestion would be much the same along a coordinate. */
function isClose(a: number, b: number): boolean {
  return Object.is(a, b) || Math.abs(a - b) < leastStep
}

/** Those of the greatest expected improvement. */
function bestOf(model: StudyModel, points: readonly Float64Array[], count: number): Float64Array[] {
  if (points.length === 0) return []
  const { mean, deviation } = model.predict(points)
  const gains = mean.map((value, i) => expectedGain(model.incumbent.mean - value, deviation[i] ?? 0))
  const order = [...points.keys()].sort((a, b) => (gains[b] ?? 0) - (gains[a] ?? 0) || a - b)
  return order.slice(0, count).flatMap(place => points[place] ?? [])
}

/** The mean of what a normal variable is above zero. */
function expectedGain(mean: number, deviation: number): number {
  if (deviation === 0) return Math.max(0, mean)
  const z = mean / deviation
  return deviation * normalPdf(z) + mean * normalCdf(z)
}

/** @param sign - −1 where larger is better */
function inUnits(model: StudyModel, point: Float64Array, sign: number): SuggestedConfig {
  const { mean, deviation } = model.predict([point])
  const [centre = Number.NaN, spread = 0] = [mean[0], deviation[0]]
  const ends = [sign * (centre - 1.96 * spread), sign * (centre + 1.96 * spread)]
  const gain = model.difference(point, model.incumbent.units)
  return {
    config: configAt(model.known, point),
    predicted: { mean: sign * centre, lower: Math.min(...ends), upper: Math.max(...ends) },
    chanceOfBetter: gain.deviation === 0 ? Number(gain.mean > 0) : normalCdf(gain.mean / gain.deviation),
    expectedGain: expectedGain(gain.mean, gain.deviation),
  }
}
