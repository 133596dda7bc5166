import type { JsonObject } from '../../src/json.js'
import type { EvaluatedConfig, Searcher, SearcherContext, Suggestion, SuggestRequest } from '../../src/searcher.js'
import { readMetric, readObjectives, readPath, type Trial, type TrialReport } from '../../src/trial.js'
import { Experience } from '../kit/experience.js'
import { notSetUp } from '../kit/not-set-up.js'
import { observeEvaluated } from '../kit/observation.js'
import { SpaceFilling } from '../kit/space-filling.js'
import { canonicalize, keyOf } from '../kit/units.js'
import { renew } from '../kit/variation.js'
import { KernelDensity } from './kernel-density.js'
import { type LevelResults, Levels } from './levels.js'
import { type BOHBSearcherOptions, type ResolvedOptions, resolveOptions } from './options.js'

/** Of how many configs the densities are made at most, so that a suggestion's cost doesn't grow with the study. */
const mostGood = 48
const mostBad = 144
/** The index of the polynomial mutation of configs that were tried before. */
const noveltyEta = 20
/** The logarithm of 1e-32, below which a density counts as no lower. */
const leastLog = -73.68272297580947

/**
 * The model of BOHB: kernel densities of good and of bad configs, at the highest level of training that has enough results.
 *
 * Use it together with a scheduler that cuts trials early, when there are a few dozen parameters at most and results after short training
 * say something about those after long: with `HyperBandForBOHB` it is BOHB, and with `ASHAScheduler` what parallel workers want. The
 * first configs are random, and a third of them stays so, which keeps it from being misled for long. Without a scheduler it learns from
 * trials that ended, as TPE does, and the TPE searcher is the better choice. It optimizes one objective.
 *
 * It learns from each report, so also from trials that are paused or still run. A level, a value of `timeAttr`, counts when some trial was paused
 * there or ended; of those the highest is modelled at which `minPointsInModel` + 2 trials have reported. The best `topNPercent` of its results
 * are the good ones. Of candidates drawn near them that one is suggested where the ratio of good to bad density is greatest.
 * Results that are NaN or infinite, and failed trials, are the worst. Configs that are running count as bad, so that parallel
 * suggestions differ. Those that were evaluated elsewhere count at the level that their metrics tell by `timeAttr`, else at the highest one.
 *
 * It differs from HpBandSter, which Ray Tune wraps, thus: kernels are cut off at the bounds; those of choices don't depend on the order of
 * their values; a parameter that a config lacks is uniform, where HpBandSter fills in one that it draws; both densities are made of
 * `minPointsInModel` configs at least, and may share some, as in the paper; of more than 48 good ones and 144 bad ones a part is
 * modelled; random configs are a scrambled Sobol sequence.
 *
 * A suggestion costs O(d), however many trials there are, but for sorting a level's results: 1 ms with 10 parameters and 100 trials, twice that with
 * 1,000. A report costs O(1), and 16 bytes of memory.
 *
 * @see Falkner et al. 2018, "BOHB: Robust and Efficient Hyperparameter Optimization at Scale", section 3.2 and Algorithm 2; Ray Tune's `TuneBOHB`
 */
export class BOHBSearcher implements Searcher {
  readonly name = 'bohb'
  readonly #resolved: ResolvedOptions
  readonly #experience: Experience
  readonly #evaluated: EvaluatedConfig[] = []
  #state: State | undefined

  /** @throws `TuneError` `INVALID_OPTION` for an option that is unknown or out of range */
  constructor(options: BOHBSearcherOptions = {}) {
    this.#resolved = resolveOptions(options)
    this.#experience = new Experience(this.name, options, { objectives: 1 })
  }

  get options(): JsonObject {
    const { minPointsInModel = null, ...others } = this.#resolved
    return { ...this.#experience.options, ...others, minPointsInModel }
  }

  addEvaluated(evaluated: readonly EvaluatedConfig[]): void {
    this.#experience.addEvaluated(evaluated)
    this.#evaluated.push(...evaluated)
  }

  setUp(context: SearcherContext): void {
    this.#experience.setUp(context)
    const { space, objectives, rng } = context
    const axes = space.dimensions.filter(({ size }) => size > 1).length
    const { minPointsInModel = Math.max(2, axes + 1), timeAttr } = this.#resolved
    const levels = new Levels()
    for (const { config, metrics } of this.#evaluated) {
      if (!space.contains(config)) continue
      const { units, values } = observeEvaluated(config, metrics, space, objectives)
      const level = readPath(metrics, timeAttr)
      const isTold = typeof level === 'number' && Number.isFinite(level)
      levels.add({ units, value: values?.[0] ?? Number.POSITIVE_INFINITY, level: isTold ? level : undefined })
    }
    this.#state = { levels, minPointsInModel, axes, sequence: new SpaceFilling(space, rng.fork('sequence')) }
  }

  total(): number {
    return this.#experience.total
  }

  onReport(trial: Trial, report: TrialReport): void {
    const { levels } = this.#ready()
    const { space, objectives } = this.#experience.context
    const level = readMetric(report, this.#resolved.timeAttr)
    const value = readMetric(report, objectives[0]?.metric ?? '')
    if (level === undefined || Number.isNaN(level) || value === undefined) return
    const signed = readObjectives(report, objectives)?.[0] ?? Number.POSITIVE_INFINITY
    levels.report(trial.index, () => canonicalize(space.encode(trial.config), space), level, signed)
  }

  observe(trial: Trial): void {
    const { levels } = this.#ready()
    const { units } = this.#experience.observe(trial)
    if (trial.status === 'error') levels.fail(trial.index, canonicalize(units.slice(), this.#experience.context.space))
    else if (trial.endedBy !== 'study') levels.end(trial.index)
  }

  suggest(request: SuggestRequest): Suggestion {
    const fixed = this.#experience.fixedSuggestion(request)
    if (fixed !== undefined) return fixed
    const { space } = this.#experience.context
    const { levels } = this.#ready()
    const open = this.#listOpen(request)
    const running = new Set(open.running.map(({ units }) => keyOf(units)))
    const isKnown = (units: Float64Array) => {
      const key = keyOf(units)
      return running.has(key) || levels.has(key) || this.#experience.isKnown(units)
    }
    const units = renew(this.#propose(request, open), isKnown, noveltyEta, space, request.rng)
    return this.#experience.suggestion(units, request)
  }

  #propose({ trialIndex, rng }: SuggestRequest, { running, paused }: OpenTrials): Float64Array {
    const { levels, minPointsInModel, axes, sequence } = this.#ready()
    const isRandom = axes === 0 || rng.uniform() < this.#resolved.randomFraction
    const results = isRandom ? undefined : levels.highest(paused, minPointsInModel + 2)
    if (results === undefined) return sequence.point(trialIndex, rng)
    const ahead = running.filter(({ index }) => !levels.hasReached(index, results.level)).map(({ units }) => units)
    const { good, bad } = this.#fit(results, ahead)
    let best = good.sample(rng)
    let greatest = Number.NEGATIVE_INFINITY
    for (let i = 0; i < this.#resolved.numSamples; i++) {
      const candidate = i === 0 ? best : good.sample(rng)
      const ratio = Math.max(leastLog, good.logAt(candidate)) - Math.max(leastLog, bad.logAt(candidate))
      if (ratio > greatest) [best, greatest] = [candidate, ratio]
    }
    return best
  }

  /** @param ahead - configs of running trials that have yet to come to the level */
  #fit({ results, finite, failed }: LevelResults, ahead: readonly Float64Array[]) {
    const { space } = this.#experience.context
    const { minPointsInModel } = this.#ready()
    const share = Math.floor((this.#resolved.topNPercent / 100) * results.length)
    const goodCount = Math.min(finite, Math.max(minPointsInModel, Math.min(share, mostGood)))
    const badCount = Math.max(minPointsInModel, results.length - Math.max(share, goodCount))
    const good = results.slice(0, goodCount).map(({ units }) => units)
    const bad = results.slice(-badCount).map(({ units }) => units)
    return {
      good: new KernelDensity(good, space, this.#resolved),
      bad: new KernelDensity([...thin([...bad, ...failed], mostBad), ...ahead], space, this.#resolved),
    }
  }

  #listOpen({ pending }: SuggestRequest): OpenTrials {
    const running: Trial[] = []
    const paused: number[] = []
    for (const trial of pending.values()) {
      if (trial.status === 'paused') paused.push(trial.index)
      else running.push(trial)
    }
    running.sort((a, b) => a.index - b.index)
    const { space } = this.#experience.context
    const unitsOf = ({ config }: Trial) => canonicalize(space.encode(config), space)
    return { paused, running: running.map(trial => ({ index: trial.index, units: unitsOf(trial) })) }
  }

  #ready(): State {
    if (this.#state !== undefined) return this.#state
    throw notSetUp(this.name)
  }
}

/** At most so many of a list, evenly spread over it. */
function thin<T>(list: readonly T[], most: number): readonly T[] {
  return list.length <= most ? list : list.filter((_, i) => (i * most) % list.length < most)
}

/** The trials that have not ended. */
interface OpenTrials {
  readonly paused: readonly number[]
  /** By index in rising order. */
  readonly running: readonly { readonly index: number; readonly units: Float64Array }[]
}

interface State {
  readonly levels: Levels
  /** N_min */
  readonly minPointsInModel: number
  /** How many parameters vary. */
  readonly axes: number
  readonly sequence: SpaceFilling
}
