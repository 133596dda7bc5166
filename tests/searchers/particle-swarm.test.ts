import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mannWhitneyP } from '../../benchmarks/problems/significance.js'
import { ParticleSwarmSearcher, type ParticleSwarmSearcherOptions, RandomSearcher } from '../../searchers/index.js'
import { drawUnits } from '../../searchers/kit/units.js'
import { type Bearings, type Dynamics, move } from '../../searchers/particle-swarm/motion.js'
import { Swarm } from '../../searchers/particle-swarm/swarm.js'
import { Rng } from '../../src/rng.js'
import { choice, lograndint, randint, Space, uniform } from '../../src/space/index.js'
import { describeSearcher } from '../contract/searcher.js'
import { landscapes, regretsOf, rehearse, unitsNear } from './rehearsal.js'

describeSearcher(
  'particle-swarm',
  options => new ParticleSwarmSearcher({ swarmSize: 3, startupTrials: 6, ...options }),
  {
    objectives: 1,
    importable: {
      module: new URL('../../searchers/index.ts', import.meta.url),
      exportName: 'ParticleSwarmSearcher',
      options: { swarmSize: 3, startupTrials: 6 },
    },
  },
)

const plain: Dynamics = { inertia: 0.5, cognitive: 0, social: 0, maxVelocity: 0.5, boundary: 'reflect' }
const square = Space.of({ x: uniform(0, 1), y: uniform(0, 1) })

describe('a move', () => {
  const at = (...position: number[]): Bearings => ({
    position: Float64Array.from(position),
    previous: undefined,
    personalBest: Float64Array.from(position),
    socialBest: Float64Array.from(position),
  })
  const from = (previous: readonly number[], ...position: number[]) => ({
    ...at(...position),
    previous: Float64Array.from(previous),
  })
  const go = (bearings: Bearings, dynamics: Partial<Dynamics>, space = square, seed = 1) =>
    Array.from(move(bearings, { ...plain, ...dynamics }, space, Rng.from(seed)), value => Number(value.toFixed(12)))

  it('keeps a share of the velocity', () => {
    expect(go(from([0.2, 0.9], 0.4, 0.8), {})).toEqual([0.5, 0.75])
  })

  it('is no longer than the longest step', () => {
    expect(go(from([0.1, 0.9], 0.5, 0.5), { maxVelocity: 0.05 })).toEqual([0.55, 0.45])
  })

  it.each([
    // the step would lead from (0.9, 0.4) to (1.2, 0.6)
    ['reflect', [0.8, 0.6]],
    ['absorb', [1, 0.6]],
    ['shrink', [1, 0.4 + 0.2 / 3]],
  ] as const)('that leaves the range is led back by the rule %s', (boundary, expected) => {
    const step = { inertia: 1, boundary, maxVelocity: 1 }
    expect(go(from([0.6, 0.2], 0.9, 0.4), step)).toEqual(expected.map(value => expect.closeTo(value, 9)))
  })

  it('is drawn to the best places by up to c times the way to them', () => {
    const xs = Array.from({ length: 400 }, (_, seed) => {
      const bearings = { ...at(0.2, 0.5), socialBest: Float64Array.of(0.4, 0.5) }
      const [x = Number.NaN, y] = go(bearings, { social: 1.5 }, square, seed)
      expect(y).toBe(0.5)
      return x
    })
    expect(Math.min(...xs)).toBeCloseTo(0.2, 2)
    expect(Math.max(...xs)).toBeCloseTo(0.5, 2)
    // uniform between: the mean is half way
    expect(xs.reduce((sum, x) => sum + x, 0) / xs.length).toBeCloseTo(0.35, 1.7)
  })

  it('stands still where all that it knows is one place, in spaces of any kind', () => {
    const space = Space.of({
      n: randint(0, 7),
      m: lograndint(1, 50),
      kind: choice(['a', 'b', { rate: uniform(0, 1) }]),
    })
    for (let seed = 0; seed < 20; seed++) {
      const units = drawUnits(Rng.from(seed), space)
      const bearings = { position: units, previous: units, personalBest: units, socialBest: units }
      expect(move(bearings, { ...plain, social: 1.5, cognitive: 1.5 }, space, Rng.from(seed))).toEqual(units)
    }
  })

  it('of an integer makes up for steps that are shorter than its cells, on average', () => {
    const space = Space.of({ n: randint(0, 10) })
    const bearings = { ...at(0.35), previous: Float64Array.of(0.29) }
    const steps = Array.from({ length: 1000 }, (_, seed) => (go(bearings, {}, space, seed)[0] ?? 0) - 0.35)
    // half of 0.06 is 0.3 cells
    expect(steps.reduce((sum, step) => sum + step, 0) / 1000).toBeCloseTo(0.03, 2)
    expect(new Set(steps.map(step => step.toFixed(6)))).toEqual(new Set(['0.000000', '0.100000']))
  })

  it('makes a choice of one of the places that it knows', () => {
    const space = Space.of({ kind: choice(['a', 'b', 'c', 'd', 'e']) })
    const places = { position: 0.1, personalBest: 0.5, socialBest: 0.9 }
    const bearings = {
      position: Float64Array.of(places.position),
      previous: undefined,
      personalBest: Float64Array.of(places.personalBest),
      socialBest: Float64Array.of(places.socialBest),
    }
    const pull = { inertia: 0.7, cognitive: 1.5, social: 1.5 }
    const chosen = Array.from({ length: 200 }, (_, seed) => go(bearings, pull, space, seed)[0])
    expect(new Set(chosen)).toEqual(new Set(Object.values(places)))
  })

  it('takes a parameter that it lacked from its best place, else from its neighbours', () => {
    const space = Space.of({ kind: choice(['none', { rate: uniform(0, 1) }]) })
    const without = Float64Array.of(0.25, Number.NaN)
    const withRate = (rate: number) => Float64Array.of(0.75, rate)
    const movedTo = (personalBest: Float64Array) =>
      Array.from({ length: 50 }, (_, seed) =>
        move(
          { position: without, previous: undefined, personalBest, socialBest: withRate(0.8) },
          { ...plain, cognitive: 1, social: 1 },
          space,
          Rng.from(seed),
        ).join(),
      )
    expect(new Set(movedTo(withRate(0.3)))).toEqual(new Set(['0.25,NaN', '0.75,0.3']))
    expect(new Set(movedTo(without))).toEqual(new Set(['0.25,NaN', '0.75,0.8']))
  })

  it('never leaves the space', () => {
    const space = Space.of({
      x: uniform(0, 1),
      n: lograndint(1, 30),
      kind: choice(['a', { y: uniform(0, 1), z: choice([1, { w: randint(0, 5) }]) }]),
    })
    const property = fc.property(fc.nat(), fc.constantFrom('reflect', 'absorb', 'shrink'), (seed, boundary) => {
      const rng = Rng.from(seed)
      const [position, previous, personalBest, socialBest] = Array.from({ length: 4 }, () => drawUnits(rng, space))
      if (!position || !personalBest || !socialBest) return
      const dynamics = { inertia: 0.9, cognitive: 3, social: 3, maxVelocity: 1, boundary }
      const moved = move({ position, previous, personalBest, socialBest }, dynamics, space, rng)
      expect([...space.encode(space.decode(moved))]).toEqual(unitsNear(moved))
    })
    fc.assert(property, { seed: 1, numRuns: 200 })
  })
})

describe('a swarm', () => {
  const place = (value: number) => ({ units: Float64Array.of(value / 10), value })

  it('starts each particle from the best of its places, at rest', () => {
    const swarm = new Swarm(2, { type: 'global' })
    for (const value of [3, 1, 2]) swarm.start(0, place(value))
    expect(swarm.particle(0)).toEqual({
      position: place(1).units,
      previous: undefined,
      best: place(1),
      trialIndex: -1,
    })
    expect(swarm.particle(1)).toBeUndefined()
  })

  it('remembers where a particle was, and its best', () => {
    const swarm = new Swarm(2, { type: 'global' })
    swarm.start(0, place(5))
    swarm.move(0, 4, place(2))
    swarm.move(0, 6, place(7))
    const { units } = place(7)
    expect(swarm.particle(0)).toEqual({ position: units, previous: place(2).units, best: place(2), trialIndex: 6 })
  })

  it('is not moved back by a trial that ends late', () => {
    const swarm = new Swarm(2, { type: 'global' })
    swarm.move(0, 6, place(7))
    swarm.move(0, 4, place(2))
    expect(swarm.particle(0)).toMatchObject({ position: place(7).units, best: place(2), trialIndex: 6 })
  })

  it.each([
    [{ type: 'global' }, [1, 1, 1, 1, 1, 1]],
    [{ type: 'ring', neighbours: 1 }, [1, 1, 2, 2, 2, 1]],
    [{ type: 'ring', neighbours: 9 }, [1, 1, 1, 1, 1, 1]],
  ] as const)('of the topology %o tells its particles of the best near them', (topology, expected) => {
    const swarm = new Swarm(6, topology)
    for (const [i, value] of [1, 4, 5, 2, 6, 7].entries()) swarm.move(i, i, place(value))
    expect(expected.map((_, i) => swarm.neighbourhoodBest(i)?.value)).toEqual(expected)
  })
})

describe('ParticleSwarmSearcher', () => {
  it('closes in on the optimum', () => {
    const definition = { x: uniform(-5, 10), y: uniform(-5, 10) }
    const objective = ({ x, y }: { x?: unknown; y?: unknown }) => (Number(x) - 2) ** 2 + (Number(y) - 7) ** 2
    const plan = { definition, objective, trials: 150, seed: 3 }
    expect(Math.min(...rehearse(new ParticleSwarmSearcher(), plan).values)).toBeLessThan(0.05)
  })

  it('tries no config twice while it finds new ones nearby, also with trials open', () => {
    const definition = { a: choice([1, 2, 3, 4, 5]), b: choice(['x', 'y', 'z']), c: randint(0, 4) }
    const { configs } = rehearse(new ParticleSwarmSearcher(), { definition, trials: 40, places: 4 })
    expect(new Set(configs.map(config => JSON.stringify(config))).size).toBe(40)
  })

  it('is drawn to configs that were evaluated elsewhere', () => {
    const searcher = new ParticleSwarmSearcher({ swarmSize: 3, startupTrials: 3, turbulence: 0 })
    searcher.addEvaluated([0.2, 0.24, 0.28].map(x => ({ config: { x, y: x + 0.5 }, metrics: { loss: x } })))
    const definition = { x: uniform(0, 1), y: uniform(0, 1) }
    for (const { x, y } of rehearse(searcher, { definition, trials: 3 }).configs) {
      expect(Math.abs(Number(x) - 0.2)).toBeLessThan(0.2)
      expect(Math.abs(Number(y) - 0.7)).toBeLessThan(0.2)
    }
  })

  it('finds better configs than random search', () => {
    for (const [definition, objective] of landscapes()) {
      const plan = { definition, objective, trials: 60, places: 2 }
      const ours = regretsOf(() => new ParticleSwarmSearcher(), plan, 10)
      const theirs = regretsOf(() => new RandomSearcher(), plan, 10)
      expect(mannWhitneyP(ours, theirs)).toBeLessThan(0.01)
    }
  })

  it.each<[{ readonly [option: string]: unknown }, string]>([
    [{ swarmSize: 1 }, 'swarmSize is 1; give an integer of at least 2'],
    [{ startupTrials: 1.5 }, 'startupTrials is 1.5; give an integer of at least 0'],
    [{ inertia: 1 }, 'inertia is 1; give a number of at least 0 and below 1'],
    [{ cognitive: -1 }, 'cognitive is -1; give a number of at least 0'],
    [{ social: Number.NaN }, 'social is NaN; give a number of at least 0'],
    [{ maxVelocity: 0 }, 'maxVelocity is 0; give a number above 0 and at most 1'],
    [{ boundary: 'wrap' }, "give 'reflect', 'absorb' or 'shrink'"],
    [{ topology: { type: 'ring', neighbours: 0 } }, 'topology.neighbours is 0; give an integer of at least 1'],
    [{ topology: 'ring' }, "give { type: 'global' } or { type: 'ring', neighbours }"],
    [{ turbulence: -0.1 }, 'turbulence is -0.1; give a number of at least 0'],
    [{ w: 0.7 }, "ParticleSwarmSearcher: there is no option 'w'; the options are pointsToEvaluate, swarmSize"],
  ])('refuses the options %j', (options, message) => {
    expect(() => new ParticleSwarmSearcher(options as ParticleSwarmSearcherOptions)).toThrowError(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(message) }),
    )
  })
})
