import type { JsonObject } from '../../src/json.js'
import type { EvaluatedConfig, Searcher, SearcherContext, Suggestion, SuggestRequest } from '../../src/searcher.js'
import type { Trial } from '../../src/trial.js'
import { Experience } from '../kit/experience.js'
import { notSetUp } from '../kit/not-set-up.js'
import { makeNovel } from '../kit/novelty.js'
import { SpaceFilling } from '../kit/space-filling.js'
import { mutateAbout } from '../kit/variation.js'
import { move } from './motion.js'
import { type ParticleSwarmSearcherOptions, planSwarm, type ResolvedSwarmOptions, resolveOptions } from './options.js'
import { Swarm } from './swarm.js'

/** The index of the polynomial mutation that stirs the swarm. */
const turbulenceEta = 20

/**
 * Particle swarm optimization: each of a few particles moves on from where it was, drawn to the best place that it found itself and to the
 * best that its neighbours found.
 *
 * Use it for numbers, and objectives that are smooth on the whole, with a hundred cheap trials or more: it closes in fast, also in many
 * dimensions. It takes choices and conditional parameters too, but where they matter most the genetic searcher does better, and with few
 * expensive trials a Bayesian search. It optimizes one objective.
 *
 * It is asynchronous: trial k belongs to particle k mod `swarmSize`, which moves as soon as its own last trial is in; the best places are those
 * observed so far. If that trial is still pending, the particle moves a second time from where it was known to be, so nothing ever
 * waits. A particle's velocity is the way between its last two places, bounces at the bounds included, so that the swarm is a function of the
 * history; it starts at rest, from the best of its share of a scrambled Sobol sequence. A failed trial doesn't move its particle.
 *
 * Numbers move in the measure of their domain (log-scaled ones by decades), integers are rounded up or down at random; a choice becomes that of
 * one of the best places with a probability in proportion to their pull. A little mutation keeps the swarm from gathering too early (see
 * `turbulence`), and a config that was tried before, or is pending, is mutated.
 *
 * A suggestion costs O(d), whatever the number of trials: some tens of microseconds.
 *
 * @see Kennedy and Eberhart, Particle Swarm Optimization, ICNN (1995)
 * @see Clerc and Kennedy, The Particle Swarm: Explosion, Stability, and Convergence, IEEE Trans. Evol. Comput. 6 (2002), for the constriction;
 * Eberhart and Shi, CEC (2000), for its form as inertia
 * @see Koh et al., Parallel Asynchronous Particle Swarm Optimization, Int. J. Numer. Methods Eng. 67 (2006), for the asynchronous update
 * @see Engelbrecht, Particle Swarm Optimization: Velocity Initialization, CEC (2012), for the start at rest
 * @see pyswarms' `GlobalBestPSO` and `LocalBestPSO`; Ray Tune offers one through Nevergrad's `PSO`
 */
export class ParticleSwarmSearcher implements Searcher {
  readonly name = 'particle-swarm'
  readonly #resolved: ResolvedSwarmOptions
  readonly #experience: Experience
  #state: State | undefined

  /** @throws `TuneError` `INVALID_OPTION` for an option that is unknown or out of range */
  constructor(options: ParticleSwarmSearcherOptions = {}) {
    this.#resolved = resolveOptions(options)
    this.#experience = new Experience(this.name, options, { objectives: 1 })
  }

  get options(): JsonObject {
    const { swarmSize, startupTrials, ...others } = this.#resolved
    return {
      ...this.#experience.options,
      ...others,
      swarmSize: swarmSize ?? null,
      startupTrials: startupTrials ?? null,
    }
  }

  addEvaluated(evaluated: readonly EvaluatedConfig[]): void {
    this.#experience.addEvaluated(evaluated)
  }

  setUp(context: SearcherContext): void {
    this.#experience.setUp(context)
    const { space, numSamples, rng } = context
    const { swarmSize, startupTrials } = planSwarm(this.#resolved, numSamples, space.dimensions.length)
    const swarm = new Swarm(swarmSize, this.#resolved.topology)
    const { observations } = this.#experience
    for (const [i, { units, values }] of observations.entries()) {
      const [value] = values ?? []
      if (value !== undefined) swarm.start(i % swarmSize, { units, value })
    }
    const startup = new SpaceFilling(space, rng.fork('startup'))
    this.#state = { swarm, startup, firstMove: Math.max(0, startupTrials - observations.length) }
  }

  total(): number {
    return this.#experience.total
  }

  observe(trial: Trial): void {
    const { swarm, firstMove } = this.#ready()
    const { units, values } = this.#experience.observe(trial)
    const [value] = values ?? []
    if (value === undefined) return
    const particle = trial.index % swarm.size
    if (trial.index < firstMove) swarm.start(particle, { units, value })
    else swarm.move(particle, trial.index, { units, value })
  }

  suggest(request: SuggestRequest): Suggestion {
    const fixed = this.#experience.fixedSuggestion(request)
    if (fixed !== undefined) return fixed
    const units = makeNovel(this.#propose(request), turbulenceEta, this.#experience, request)
    return this.#experience.suggestion(units, request)
  }

  /** A point of the start, then a move; a particle without a value goes on with the start. */
  #propose({ trialIndex, rng }: SuggestRequest): Float64Array {
    const { swarm, startup, firstMove } = this.#ready()
    const { space } = this.#experience.context
    const index = trialIndex % swarm.size
    const particle = swarm.particle(index)
    const social = swarm.neighbourhoodBest(index)
    if (trialIndex < firstMove || particle === undefined || social === undefined) return startup.point(trialIndex, rng)
    const { position, previous, best } = particle
    const bearings = { position, previous, personalBest: best.units, socialBest: social.units }
    const moved = move(bearings, this.#resolved, space, rng)
    return mutateAbout(moved, this.#resolved.turbulence, turbulenceEta, space, rng)
  }

  #ready(): State {
    if (this.#state !== undefined) return this.#state
    throw notSetUp(this.name)
  }
}

interface State {
  readonly swarm: Swarm
  readonly startup: SpaceFilling
  /** The first trial that is a particle's move. */
  readonly firstMove: number
}
