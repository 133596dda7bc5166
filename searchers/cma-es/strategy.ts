import type { Rng } from '../../src/rng.js'
import type { SearcherContext } from '../../src/searcher.js'
import type { Observation } from '../kit/observation.js'
import { SpaceFilling } from '../kit/space-filling.js'
import { canonicalize } from '../kit/units.js'
import { type Axes, Model } from './model.js'
import { drawNoise, type Noise } from './noise.js'
import type { Plan } from './options.js'
import { type Purpose, Runs } from './runs.js'
import { bestOf, lossOf, type Start, warmStart } from './start.js'

/** A run that is gone on with is to reach this part of its width. */
const refinement = 0.3
/** How wide it is to start around the best of some points, in parts of the way from one to the next. */
const nearness = 0.7
/** A run around a point has not converged before it is this part of its first width. */
const narrowing = 0.8
/** Points within this distance of an earlier run, times √n, are no places to start another. */
const reach = 0.15

/**
 * The course of a search: a start, generations, and runs one after the other. A fold of the observations; nothing else changes it.
 *
 * A generation closes when λ trials have ended, whichever distribution they were drawn from, so that none waits for another.
 */
export class Strategy {
  readonly #context: SearcherContext
  readonly #axes: Axes
  readonly #plan: Plan
  /** How many points are given. */
  readonly #points: number
  readonly #filling: SpaceFilling
  /** For what observations don't say. */
  readonly #unknown: Rng
  readonly #history: Observation[]
  /** Where runs have started and ended, [d] each. */
  readonly #visited: Float64Array[] = []
  readonly #runs: Runs | undefined
  #isStarting: boolean
  #model: Model
  #purpose: Purpose = 'first'
  /** The run's number, and how many trials had ended when it began. */
  #run = 0
  #beginning = 0
  #best = Number.POSITIVE_INFINITY
  #tolerance: number
  #largeSize: number
  #generation: Observation[] = []
  #trials = 0
  /** The last noise that was drawn. */
  #noise: { readonly generation: number; readonly noise: Noise } | undefined

  /**
   * @param points - how many points are given
   * @param evaluated - what was evaluated elsewhere
   */
  constructor(context: SearcherContext, axes: Axes, plan: Plan, points: number, evaluated: readonly Observation[]) {
    const { space, rng } = context
    this.#context = context
    this.#axes = axes
    const dimensions = space.dimensions.length
    const warm = warmStart(evaluated, axes, dimensions)
    this.#plan = warm ? { ...plan, startupTrials: 0 } : plan
    this.#points = points
    this.#filling = new SpaceFilling(space, rng.fork('startup'))
    this.#unknown = rng.fork('unknown')
    this.#history = [...evaluated]
    this.#runs = plan.restarts === 'none' ? undefined : new Runs(plan.restarts, this.#plan.startupTrials)
    this.#isStarting = warm === undefined && points + plan.startupTrials > 0
    this.#tolerance = plan.tolerance
    this.#largeSize = plan.populationSize
    this.#model = this.#modelOf(warm ?? { mean: new Float64Array(dimensions).fill(Number.NaN), sigma: plan.sigma })
  }

  /** The point of the unit cube that a trial is to try, [d]. A function of the trial's index and of what was observed. */
  pointOf(trialIndex: number, rng: Rng): Float64Array {
    if (this.#isStarting && this.#plan.startupTrials > 0) {
      return this.#filling.point(trialIndex - this.#points, rng)
    }
    const size = this.#model.populationSize
    const place = trialIndex - this.#beginning
    const generation = Math.floor(place / size)
    if (this.#noise?.generation !== generation) {
      const { numbers, choices } = this.#axes
      const stream = this.#context.rng.fork('noise', this.#run, generation)
      this.#noise = { generation, noise: drawNoise(stream, numbers.length, choices.length, size) }
    }
    const { normals, uniforms } = this.#noise.noise
    const member = place - generation * size
    // both are there: the member is one of the generation's
    return this.#model.pointOf(normals[member] ?? new Float64Array(), uniforms[member] ?? new Float64Array())
  }

  /** Another point of the same distribution, [d]. */
  drawPoint(rng: Rng): Float64Array {
    const { numbers, choices } = this.#axes
    const normals = Float64Array.from(numbers, () => rng.normal())
    return this.#model.pointOf(
      normals,
      Float64Array.from(choices, () => rng.uniform()),
    )
  }

  observe(observation: Observation): void {
    this.#trials += 1
    this.#history.push(observation)
    if (this.#isStarting) {
      if (this.#trials >= this.#points + this.#plan.startupTrials) this.#begin()
      return
    }
    this.#runs?.spend(this.#purpose)
    this.#best = Math.min(this.#best, lossOf(observation))
    this.#generation.push(observation)
    if (this.#generation.length >= this.#model.populationSize) this.#close()
  }

  /** Starts the first run from the best that is known. */
  #begin(): void {
    this.#isStarting = false
    this.#beginning = this.#trials
    const best = bestOf(this.#history)
    if (best !== undefined) this.#startAround(best, Math.max(1, this.#plan.startupTrials))
  }

  /** Ends a generation. */
  #close(): void {
    const generation = this.#generation
    this.#generation = []
    const model = this.#model
    const hasValue = generation.some(({ values }) => values !== undefined)
    if (hasValue) {
      const points = generation.map(({ units }) => canonicalize(units.slice(), this.#context.space))
      model.update(points, rankWeights(generation.map(lossOf), model.weights), this.#unknown)
    }
    // where all fail there is nothing to learn
    if (!hasValue || model.hasConverged(this.#tolerance)) this.#restart(this.#runs)
  }

  #restart(runs: Runs | undefined): void {
    if (runs === undefined) return
    this.#visited.push(this.#model.centre)
    if (this.#best < Number.POSITIVE_INFINITY)
      runs.pause({ model: this.#model, best: this.#best, tolerance: this.#tolerance })
    this.#run += 1
    this.#beginning = this.#trials
    this.#noise = undefined
    this.#best = Number.POSITIVE_INFINITY
    this.#tolerance = this.#plan.tolerance
    this.#purpose = runs.next()
    const resumed = this.#purpose === 'refine' ? runs.resume() : undefined
    if (resumed !== undefined) {
      this.#model = resumed.model
      this.#best = resumed.best
      this.#tolerance = resumed.tolerance * refinement
      return
    }
    const next = this.#purpose === 'local' ? bestOf(this.#history, ({ units }) => this.#isUnvisited(units)) : undefined
    if (next !== undefined) {
      this.#startAround(next, this.#history.length)
      return
    }
    const rng = this.#context.rng.fork('restart', this.#run)
    const mean = Float64Array.from(this.#context.space.dimensions, () => rng.uniform())
    this.#largeSize *= 2
    this.#model = this.#modelOf({ mean, sigma: this.#plan.sigma }, this.#largeSize)
  }

  /** Starts a run around a point that is the best of some: as wide as the way to the next of them is. */
  #startAround({ units }: Observation, points: number): void {
    this.#visited.push(units)
    const share = points > 1 ? nearness * points ** (-1 / Math.max(1, this.#axes.numbers.length)) : 1
    const sigma = this.#plan.sigma * share
    // it is to become narrower than it starts
    this.#tolerance = Math.min(this.#plan.tolerance, narrowing * sigma)
    this.#model = this.#modelOf({ mean: units, sigma, likely: [units] })
  }

  #isUnvisited(units: Float64Array): boolean {
    const { numbers } = this.#axes
    return this.#visited.every(place => {
      let square = 0
      for (const { index } of numbers) {
        const distance = (place[index] ?? Number.NaN) - (units[index] ?? Number.NaN)
        if (!Number.isNaN(distance)) square += distance ** 2
      }
      return square > reach ** 2 * numbers.length
    })
  }

  #modelOf(start: Start, populationSize = this.#plan.populationSize): Model {
    return new Model(this.#axes, { ...start, populationSize, isSeparable: this.#plan.isSeparable })
  }
}

/**
 * The weight of each value by its rank; equal values share theirs.
 *
 * @param byRank - [n], the weight of the best first
 */
export function rankWeights(values: readonly number[], byRank: Float64Array): Float64Array {
  // a stable sort; the difference of infinities is no number
  const order = [...values.entries()].sort(([, a], [, b]) => (a === b ? 0 : a < b ? -1 : 1))
  const weights = new Float64Array(values.length)
  for (let from = 0; from < order.length; ) {
    const value = order[from]?.[1]
    let to = from
    let sum = 0
    while (to < order.length && order[to]?.[1] === value) {
      sum += byRank[to] ?? 0
      to += 1
    }
    for (const [place] of order.slice(from, to)) weights[place] = sum / (to - from)
    from = to
  }
  return weights
}
