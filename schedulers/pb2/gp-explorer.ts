import { GaussianProcess } from '../../src/gp/gaussian-process.js'
import type { JsonObject } from '../../src/json.js'
import type { Rng } from '../../src/rng.js'
import type { Space } from '../../src/space/space.js'
import { readPath } from '../../src/trial.js'
import { formatNumber } from '../kit/reasons.js'
import { unitOf } from '../pbt/axis.js'
import { exploreAxis } from '../pbt/explore.js'
import type { Exploration, ExploreRequest, Explorer, Gain, Standing } from '../pbt/explorer.js'
import { withValue } from '../pbt/mutations.js'
import { contexts, kappaOf, maximizeBound } from './bandit.js'
import type { Knob } from './knob.js'

/** How many of the latest intervals are learnt from: older ones tell little of the present, and a fit costs the cube of their number. */
const memory = 200
/** How many intervals it takes to model them. */
const fewest = 3
/** How numbers change before that: as in population-based training. */
const perturbation = { resampleProbability: 0.25, perturbationFactors: [1.2, 0.8] }

/** What an interval taught. */
interface Lesson {
  readonly from: Standing
  /** The coordinates of its config, [d]. */
  readonly units: Float64Array
  /** How much the score grew per unit of time. */
  readonly rate: number
}

/** Explores by a model of how much each config would gain from where it would start. */
export class GpExplorer implements Explorer {
  readonly #knobs: readonly Knob[]
  readonly #space: Space | undefined
  readonly #lessons: Lesson[] = []

  constructor(knobs: readonly Knob[], space: Space | undefined) {
    this.#knobs = knobs
    this.#space = space
  }

  observe({ config, from, to }: Gain): void {
    const rate = (to.score - from.score) / (to.time - from.time)
    if (!Number.isFinite(rate)) return
    this.#lessons.push({ from, units: this.#unitsOf(config), rate })
    if (this.#lessons.length > memory) this.#lessons.shift()
  }

  explore(request: ExploreRequest): Exploration {
    const { donor, rng } = request
    const isModelled = this.#lessons.length >= fewest
    const units = isModelled ? this.#propose(request) : this.#perturb(donor.config, rng)
    const changes: string[] = []
    let { config } = donor
    for (const [j, { path, axis }] of this.#knobs.entries()) {
      const unit = units[j] ?? Number.NaN
      if (Number.isNaN(unit)) continue
      const value = axis.at(unit)
      config = withValue(config, path, value)
      changes.push(`${path} ${formatNumber(value)}`)
    }
    return { config, changes: changes.join(', ') }
  }

  /** The coordinates where the upper confidence bound of the gain is greatest, starting from where the trial will stand. */
  #propose({ donor, start, others, rng }: ExploreRequest): Float64Array {
    const lessons = this.#lessons
    const d = this.#knobs.length
    const size = contexts + d
    const time = scaling([start.time, ...lessons.map(({ from }) => from.time)])
    const score = scaling([start.score, ...lessons.map(({ from }) => from.score)])
    const x = new Float64Array(lessons.length * size)
    for (const [i, { from, units }] of lessons.entries()) {
      x[i * size] = time(from.time)
      x[i * size + 1] = score(from.score)
      x.set(units, i * size + contexts)
    }
    const y = Float64Array.from(lessons, ({ rate }) => rate)
    const dimensions = Array.from({ length: size }, () => ({ type: 'numeric' as const }))
    const process = GaussianProcess.fit(x, y, { dimensions })

    const pending = new Float64Array(others.length * size)
    for (const [i, { config }] of others.entries()) {
      // as if they started from where this one does: configs are to differ, wherever their trials stand
      pending[i * size] = time(start.time)
      pending[i * size + 1] = score(start.score)
      pending.set(this.#unitsOf(config), i * size + contexts)
    }
    const fantasy = process.condition(pending, process.predict(pending, others.length).mean)
    const point = new Float64Array(size)
    point[0] = time(start.time)
    point[1] = score(start.score)
    point.set(this.#unitsOf(donor.config), contexts)
    maximizeBound({ process, fantasy, kappa: kappaOf(lessons.length) }, point, rng.fork('bound'))
    return point.subarray(contexts)
  }

  #perturb(config: JsonObject, rng: Rng): Float64Array {
    const units = this.#unitsOf(config)
    for (const [j, { path, axis }] of this.#knobs.entries()) {
      const value = readPath(config, path)
      if (value === undefined || Number.isNaN(units[j] ?? Number.NaN)) continue
      const change = exploreAxis(value, axis, perturbation, rng.fork('perturb', path))
      if (typeof change.value === 'number') units[j] = unitOf(axis, change.value)
    }
    return units
  }

  #unitsOf(config: JsonObject): Float64Array {
    const units = this.#space?.encode(config)
    return Float64Array.from(this.#knobs, knob => knob.unitIn(config, units))
  }
}

/** What brings values into [0, 1]; ½ for all where they are equal. */
function scaling(values: readonly number[]): (value: number) => number {
  const least = Math.min(...values)
  const range = Math.max(...values) - least
  return value => (range > 0 && range < Number.POSITIVE_INFINITY ? (value - least) / range : 0.5)
}
