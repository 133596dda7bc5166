import { describe, expect, it } from 'vitest'
import { PB2, type PB2Options, PopulationBasedTraining } from '../../../schedulers/index.js'
import { GpExplorer } from '../../../schedulers/pb2/gp-explorer.js'
import { makeKnobs } from '../../../schedulers/pb2/knob.js'
import type { JsonObject } from '../../../src/json.js'
import { Rng } from '../../../src/rng.js'
import type { Scheduler } from '../../../src/scheduler.js'
import { choice, loguniform, randint, Space, sampleFrom } from '../../../src/space/index.js'
import { makeTrial } from '../make-trial.js'
import { tuneClimbs } from '../pbt/climb.js'

const space = Space.of({ lr: loguniform(1e-4, 1), layers: randint(1, 9), kind: choice(['a', 'b']) })

/** An explorer that has seen rates of 1e-4 to 1 gain the more the nearer they are to a best one, which falls tenfold in 40 epochs. */
function schooled(lessons: number, bestLr: (epoch: number) => number, bounds?: [number, number]): GpExplorer {
  const knobs = makeKnobs('test', bounds && [{ path: 'lr', lower: bounds[0], upper: bounds[1] }], space)
  const explorer = new GpExplorer(knobs, space)
  for (let i = 0; i < lessons; i++) {
    const config = space.sample(Rng.from(i))
    const epoch = 4 * Math.floor(i / 6)
    const gain = 1 - Math.abs(Math.log10(Number(config.lr) / bestLr(epoch)))
    explorer.observe({ config, from: { time: epoch, score: epoch }, to: { time: epoch + 4, score: epoch + 4 * gain } })
  }
  return explorer
}

function explore(
  explorer: GpExplorer,
  options: { epoch?: number; others?: readonly JsonObject[]; seed?: number } = {},
) {
  const { epoch = 40, others = [], seed = 1 } = options
  const donor = { ...makeTrial(1), config: { lr: 0.01, layers: 3, kind: 'b' } }
  const start = { time: epoch, score: epoch }
  const rng = Rng.from(seed)
  const rest = others.map(config => ({ config, start }))
  return explorer.explore({ trial: makeTrial(0), donor, start, others: rest, rng }).config
}

describe('the bandit of PB2', () => {
  it('goes where intervals have gained most', () => {
    const lr = Number(explore(schooled(60, () => 0.03)).lr)
    expect(lr).toBeGreaterThan(0.01)
    expect(lr).toBeLessThan(0.1)
  })

  it('follows what is best as time goes on', () => {
    const falling = schooled(60, epoch => 10 ** (-epoch / 20))
    expect(Number(explore(falling, { epoch: 0 }).lr)).toBeGreaterThan(0.2)
    expect(Number(explore(falling, { epoch: 36 }).lr)).toBeLessThan(0.1)
  })

  it('keeps away from what others are trying already', () => {
    const explorer = schooled(12, () => 0.03)
    const first = explore(explorer)
    const second = explore(explorer, { others: [first, first] })
    expect(
      Math.abs(Math.log10(Number(second.lr) / Number(first.lr))) +
        Math.abs(Number(second.layers) - Number(first.layers)),
    ).toBeGreaterThan(0.3)
  })

  it('stays inside the space, on its steps and within the bounds, and leaves choices alone', () => {
    for (const lessons of [0, 2, 10, 40]) {
      for (let seed = 0; seed < 5; seed++) {
        const config = explore(
          schooled(lessons, () => 3),
          { seed },
        )
        expect(space.contains(config)).toBe(true)
        expect(config.kind).toBe('b')
        const bound = explore(
          schooled(lessons, () => 1, [0.005, 0.02]),
          { seed },
        )
        expect(bound).toEqual({ lr: bound.lr, layers: 3, kind: 'b' })
        expect(bound.lr).toSatisfy((lr: number) => lr >= 0.005 && lr <= 0.02)
      }
    }
  })

  it('decides by what it was told, not by what it was asked', () => {
    const explorer = schooled(20, () => 0.03)
    const once = explore(explorer)
    expect(explore(explorer)).toEqual(once)
    expect(explore(schooled(20, () => 0.03))).toEqual(once)
  })

  it('bounds numbers that the space only computes, or not at all', () => {
    const computed = Space.of({ lr: sampleFrom(() => 0.5), decay: 0.1 })
    const bounds = ['lr', 'decay'].map(path => ({ path, lower: 0, upper: 1 }))
    const explorer = new GpExplorer(makeKnobs('test', bounds, computed), computed)
    const donor = { ...makeTrial(1), config: { lr: 0.5, decay: 0.1 } }
    const start = { time: 0, score: 0 }
    const request = { trial: makeTrial(0), donor, start, others: [], rng: Rng.from(1) }
    for (let i = 0; i < 9; i++) {
      const config = { lr: i / 8, decay: ((i * 5) % 9) / 8 }
      explorer.observe({ config, from: start, to: { time: 1, score: config.lr - config.decay } })
    }
    const { config } = explorer.explore(request)
    expect(config.lr).toBeGreaterThan(0.8)
    expect(config.decay).toBeLessThan(0.2)
  })
})

describe('a population of bandits', () => {
  it.each([
    ['asynchronous', false],
    ['synchronous', true],
  ])('learns better models than its first configs do alone, in %s mode', async (_, synch) => {
    const options = { trials: 4, workers: 4 }
    const best = async (quantileFraction: number) => {
      const scheduler = new PB2({ perturbationInterval: 2, synch, quantileFraction })
      const grid = await tuneClimbs(scheduler, options)
      return Number(grid.getBestResult().metrics.score)
    }
    expect(await best(0.25)).toBeGreaterThan((await best(0)) + 1)
  })

  it('learns better models than perturbation does, where it is small', async () => {
    const total = async (createScheduler: () => Scheduler) => {
      const grids = [0, 1].map(seed => tuneClimbs(createScheduler(), { trials: 4, workers: 4, seed }))
      const scores = (await Promise.all(grids)).map(grid => Number(grid.getBestResult().metrics.score))
      return scores.reduce((sum, score) => sum + score, 0)
    }
    const options = { perturbationInterval: 2 }
    expect(await total(() => new PB2(options))).toBeGreaterThan(await total(() => new PopulationBasedTraining(options)))
  })

  it.each<[PB2Options, string]>([
    [{ hyperparamBounds: { lr: [1, 0] } }, "the bounds of 'lr' are [1,0]; make them two numbers in rising order"],
    [{ hyperparamBounds: { lr: 3 as never } }, "the bounds of 'lr' are 3"],
    [{ hyperparamBounds: { rate: [0, 1] } }, "the space has no parameter 'rate' that could change"],
    [{ hyperparamBounds: { lr: [2, 3] } }, "'lr' has no two values between 2 and 3 in the space"],
    [{ hyperparamBounds: {} }, 'PB2 has nothing to change'],
    [{ resampleProbability: 1 } as never, "there is no option 'resampleProbability'"],
  ])('checks its options: %j', (options, message) => {
    const setUp = () => new PB2(options).setUp({ metric: 'score', mode: 'max', space, rng: Rng.from(1) })
    expect(setUp).toThrow(message)
  })

  it('has its bounds by path in the journal’s header', () => {
    const { options } = new PB2({ hyperparamBounds: { net: { lr: [0, 1] }, 'net/decay': [0.1, 0.2] } })
    expect(options.hyperparamBounds).toEqual({ 'net/lr': [0, 1], 'net/decay': [0.1, 0.2] })
  })
})
