import { OptionChecks } from '../../src/option-checks.js'
import type { CommonOptions } from '../kit/experience.js'
import type { Boundary, Dynamics } from './motion.js'
import type { Topology } from './swarm.js'

/** Options of {@link ParticleSwarmSearcher}. */
export interface ParticleSwarmSearcherOptions extends CommonOptions {
  /**
   * How many particles there are; an integer of at least 2. More search longer before they meet.
   *
   * @defaultValue 5 + √d / 2 for 100 trials of d parameters, √(n / 100) times as many for n trials up to 1,600; at most n / 6
   */
  readonly swarmSize?: number
  /**
   * How many trials fill the space evenly before the first particle moves, each particle starting from the best of its own; configs that were
   * evaluated elsewhere count. An integer of at least 0.
   *
   * @defaultValue 4 times `swarmSize`, at most a quarter of the study's trials
   */
  readonly startupTrials?: number
  /**
   * w: how much of its velocity a particle keeps, in [0, 1).
   *
   * @defaultValue 0.7298, Clerc and Kennedy's constriction χ
   */
  readonly inertia?: number
  /**
   * c₁: how strongly a particle is drawn to the best place that it found itself, 0 or more.
   *
   * @defaultValue 1.49618, which is χ · 2.05
   */
  readonly cognitive?: number
  /**
   * c₂: how strongly a particle is drawn to the best place that it or its neighbours found, 0 or more.
   *
   * @defaultValue 1.49618, which is χ · 2.05
   */
  readonly social?: number
  /**
   * Who a particle's neighbours are.
   *
   * @defaultValue `{ type: 'global' }`
   */
  readonly topology?: Topology
  /**
   * The longest step of a coordinate, as a share of its range (in its measure, so of the decades of a log-scaled one); above 0, at most 1.
   *
   * @defaultValue 0.5
   */
  readonly maxVelocity?: number
  /**
   * What becomes of steps that leave the range.
   *
   * @defaultValue `'reflect'`
   */
  readonly boundary?: Boundary
  /**
   * How many parameters of a config are mutated on average (numbers by polynomial mutation, choices to another value), which frees a swarm that
   * has gathered too early, and lets it try choices that none of its best places has; 0 or more. 0 is the plain algorithm.
   *
   * @defaultValue 0.3
   */
  readonly turbulence?: number
}

/** The options with defaults in place of what was left out, where they don't depend on the study. */
export interface ResolvedSwarmOptions extends Dynamics {
  readonly swarmSize: number | undefined
  readonly startupTrials: number | undefined
  readonly turbulence: number
  readonly topology: Topology
}

const known: readonly string[] = [
  'pointsToEvaluate',
  'swarmSize',
  'startupTrials',
  'inertia',
  'cognitive',
  'social',
  'topology',
  'maxVelocity',
  'boundary',
  'turbulence',
] satisfies (keyof ParticleSwarmSearcherOptions)[]

/** χ = 2 / |2 − φ − √(φ² − 4 φ)| for φ = c₁ + c₂ = 4.1 (Clerc and Kennedy 2002, type 1″) */
const constriction = 0.7298
/** χ · φ / 2 */
const attraction = 1.49618

/** Checks the options and fills in the defaults; throws `INVALID_OPTION` with the value and what to write instead. */
export function resolveOptions(options: ParticleSwarmSearcherOptions): ResolvedSwarmOptions {
  const checks = new OptionChecks('ParticleSwarmSearcher')
  checks.knows(options, known)
  const {
    swarmSize,
    startupTrials,
    inertia = constriction,
    cognitive = attraction,
    social = attraction,
    topology = { type: 'global' },
    maxVelocity = 0.5,
    boundary = 'reflect',
    turbulence = 0.3,
  } = options
  if (swarmSize !== undefined) checks.integer('swarmSize', swarmSize, 2)
  if (startupTrials !== undefined) checks.integer('startupTrials', startupTrials, 0)
  checks.number('inertia', inertia, { least: 0, below: 1 })
  checks.number('cognitive', cognitive, { least: 0 })
  checks.number('social', social, { least: 0 })
  checks.number('maxVelocity', maxVelocity, { above: 0, most: 1 })
  checks.word('boundary', boundary, ['reflect', 'absorb', 'shrink'])
  checks.number('turbulence', turbulence, { least: 0 })
  checkTopology(checks, topology)
  return { swarmSize, startupTrials, inertia, cognitive, social, topology, maxVelocity, boundary, turbulence }
}

function checkTopology(checks: OptionChecks, topology: Topology): void {
  switch (topology?.type) {
    case 'global':
      break
    case 'ring':
      checks.integer('topology.neighbours', topology.neighbours, 1)
      break
    default:
      topology satisfies never
      checks.that(false, 'topology', topology, "{ type: 'global' } or { type: 'ring', neighbours }")
  }
}

/** The sizes that are left to the study. */
export interface SwarmPlan {
  readonly swarmSize: number
  readonly startupTrials: number
}

/**
 * Fills in what depends on the study.
 *
 * @param budget - how many trials the study has; Infinity without an end
 * @param dimensions - how many parameters there are
 */
export function planSwarm(options: ResolvedSwarmOptions, budget: number, dimensions: number): SwarmPlan {
  const growth = Math.sqrt(Math.min(1600, Math.max(100, budget)) / 100)
  const usual = Math.max(3, Math.round(Math.min(growth * (5 + Math.sqrt(dimensions) / 2), budget / 6)))
  const { swarmSize = usual } = options
  const { startupTrials = Math.round(Math.min(4 * swarmSize, budget / 4)) } = options
  return { swarmSize, startupTrials }
}
