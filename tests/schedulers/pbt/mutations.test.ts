import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PopulationBasedTraining, type PopulationBasedTrainingOptions } from '../../../schedulers/index.js'
import { compileMutations, describeMutations, type Mutations, withValue } from '../../../schedulers/pbt/mutations.js'
import type { JsonObject, JsonValue } from '../../../src/json.js'
import { Rng } from '../../../src/rng.js'
import {
  choice,
  gridSearch,
  lograndint,
  loguniform,
  qloguniform,
  qrandint,
  quniform,
  randint,
  Space,
  type SpaceDefinition,
  sampleFrom,
  uniform,
} from '../../../src/space/index.js'
import { readPath } from '../../../src/trial.js'
import { DrillStudy } from '../../../testing/drill-study.js'

const rules = { resampleProbability: 0, perturbationFactors: [1.2, 0.8] }

/** What a number is multiplied to by each factor. */
function scaled(mutation: Mutations[string], value: number, factors: readonly number[] = [0.8, 1.2]): unknown[] {
  const [mutator] = compileMutations('test', { v: mutation }, undefined)
  return factors.map(
    factor => mutator?.explore(value, { v: value }, { ...rules, perturbationFactors: [factor] }, Rng.from(1)).value,
  )
}

/** All mutators of a space, run over a config. */
function exploreAll(
  space: Space,
  config: JsonObject,
  resampleProbability = 0.25,
  seed = 1,
): [string, JsonValue, string][] {
  return compileMutations('test', undefined, space).flatMap(mutator => {
    if (!mutator.isIn(config, space.encode(config))) return []
    const value = readPath(config, mutator.path) ?? null
    const change = mutator.explore(value, config, { ...rules, resampleProbability }, Rng.from(seed).fork(mutator.path))
    return [[mutator.path, change.value, change.operation]]
  })
}

describe('what is perturbed', () => {
  it('stays between its bounds', () => {
    expect(scaled(uniform(0, 1), 0.9)).toEqual([0.9 * 0.8, 1])
    expect(scaled(loguniform(1e-3, 1), 1e-3)).toEqual([expect.closeTo(1e-3, 12), 1.2e-3])
    expect(scaled(uniform(-2, -1), -1.1)).toEqual([-1, -1.1 * 1.2])
  })

  it('stays on its steps, and takes one at least', () => {
    expect(scaled(randint(1, 100), 10)).toEqual([8, 12])
    expect(scaled(randint(1, 100), 2)).toEqual([1, 3])
    expect(scaled(randint(1, 100), 1)).toEqual([1, 2])
    expect(scaled(randint(1, 100), 99)).toEqual([79, 99])
    expect(scaled(lograndint(1, 1000), 500)).toEqual([400, 600])
    expect(scaled(qrandint(8, 64, 8), 32)).toEqual([24, 40])
    expect(scaled(quniform(0, 1, 0.25), 0.5)).toEqual([0.5 - 0.25, 0.5 + 0.25])
  })

  it('moves along a choice as along a list', () => {
    expect(scaled(choice([1, 2, 4, 8]), 3)).toSatisfy((values: number[]) => values.every(v => [1, 2, 4, 8].includes(v)))
    const moved = scaled(choice([1, 2, 4, 8]), 4)
    expect(moved).toSatisfy((values: number[]) => values.every(v => v === 2 || v === 8))
  })

  const definitions: readonly SpaceDefinition[] = [
    { a: uniform(-3, 5), b: loguniform(1e-5, 10), c: randint(-4, 9), d: choice(['x', 'y', 'z']) },
    { a: qloguniform(1, 100, 0.5), b: { c: qrandint(-10, 20, 5), d: lograndint(1, 50) } },
    {
      a: choice([
        { kind: 1, v: uniform(0, 1) },
        { kind: 2, v: loguniform(1, 2), w: randint(0, 3) },
      ]),
    },
  ]
  it.each(definitions)('stays inside the space, whatever that is (%#)', definition => {
    const space = Space.of(definition)
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (seed, resampleProbability) => {
        let config = space.sample(Rng.from(seed))
        for (const [path, value] of exploreAll(space, config, resampleProbability, seed)) {
          config = withValue(config, path, value)
          expect(space.contains(config)).toBe(true)
        }
      }),
      { numRuns: 60 },
    )
  })
})

describe('what may change', () => {
  it('is all that the space varies, unless told', () => {
    const space = Space.of({
      lr: loguniform(1e-4, 1),
      fixed: 3,
      optimizer: choice(['sgd', 'adam']),
      net: { depth: randint(1, 9) },
    })
    const config = { lr: 0.01, fixed: 3, optimizer: 'sgd', net: { depth: 4 } }
    expect(exploreAll(space, config).map(([path]) => path)).toEqual(['lr', 'net/depth', 'optimizer'])
  })

  it('leaves out what a config has not', () => {
    const space = Space.of({
      model: choice([
        { kind: 'a', x: uniform(0, 1) },
        { kind: 'b', y: uniform(0, 1) },
      ]),
    })
    expect(exploreAll(space, { model: { kind: 'b', y: 0.5 } }).map(([path]) => path)).toEqual(['model/y'])
  })

  it('is named by nested keys or by path', () => {
    const space = Space.of({ net: { lr: loguniform(1e-4, 1) }, seed: 1 })
    for (const mutations of [{ net: { lr: [0.1, 0.2] } }, { 'net/lr': [0.1, 0.2] }]) {
      const [mutator] = compileMutations('test', mutations, space)
      expect(mutator?.path).toBe('net/lr')
      expect(mutator?.explore(0.1, {}, { ...rules, resampleProbability: 1 }, Rng.from(1)).operation).toBe('resample')
    }
    expect(withValue({ net: { lr: 1, depth: 2 }, seed: 1 }, 'net/lr', 3)).toEqual({ net: { lr: 3, depth: 2 }, seed: 1 })
  })

  it('is drawn by a function within the bounds of the space', () => {
    const space = Space.of({ lr: uniform(0, 1) })
    const [mutator] = compileMutations('test', { lr: () => 7 }, space)
    expect(mutator?.explore(0.5, { lr: 0.5 }, { ...rules, resampleProbability: 1 }, Rng.from(1)).value).toBe(1)
    expect(mutator?.explore(0.9, { lr: 0.9 }, { ...rules, perturbationFactors: [1.2] }, Rng.from(1)).value).toBe(1)
  })

  it('is described as plain data', () => {
    const draw = () => 3
    expect(describeMutations('test', { a: [1, 2], b: { c: draw } })).toEqual({
      a: [1, 2],
      'b/c': { function: '() => 3' },
    })
    const { options } = new PopulationBasedTraining({ hyperparamMutations: { lr: uniform(0, 1) } })
    expect(options.hyperparamMutations).toEqual({ lr: Space.of({ lr: uniform(0, 1) }).describe() })
  })

  it.each<[Mutations, string]>([
    [{ lrate: [1] }, "the space has no parameter 'lrate' that could change"],
    [{ lr: [] }, "'lr' may not change by an empty list"],
    [{ lr: sampleFrom(() => 1) }, 'give a function (config, rng) => value'],
    [{ lr: gridSearch([1]) }, 'give a list of its values'],
    [{ lr: 3 as never }, "'lr' may not change by 3"],
  ])('is checked: %j', (mutations, message) => {
    const scheduler = () => {
      const made = new PopulationBasedTraining({ hyperparamMutations: mutations })
      made.setUp({ metric: 'score', mode: 'max', space: Space.of({ lr: uniform(0, 1) }), rng: Rng.from(1) })
    }
    expect(scheduler).toThrow(message)
  })
})

describe('the options of population-based training', () => {
  it.each<[PopulationBasedTrainingOptions, string]>([
    [{ perturbationInterval: 0 }, 'perturbationInterval is 0; give a number above 0'],
    [{ quantileFraction: 0.6 }, 'quantileFraction is 0.6; give a number from 0 to 0.5'],
    [{ resampleProbability: 2 }, 'resampleProbability is 2; give a number from 0 to 1'],
    [{ perturbationFactors: [] }, 'give a list of positive numbers'],
    [{ burnInPeriod: -1 }, 'burnInPeriod is -1'],
    [{ hyperparamMutation: {} } as never, "there is no option 'hyperparamMutation'"],
  ])('are checked: %j', (options, message) => {
    expect(() => new PopulationBasedTraining(options)).toThrow(message)
  })

  it('include a function that has the last word on a config', () => {
    const seen: unknown[] = []
    const study = new DrillStudy(
      new PopulationBasedTraining({
        perturbationInterval: 2,
        customExploreFn: (config, { donor, trialIndex }) => {
          seen.push([trialIndex, donor.batch])
          return { ...config, momentum: 0.5 }
        },
      }),
      { trials: 8, places: 8, length: 10, mode: 'max', score: trial => trial },
    ).run()
    expect(seen.length).toBeGreaterThan(0)
    expect(study.trials.filter(({ origin }) => origin).every(({ config }) => config.momentum === 0.5)).toBe(true)
  })
})
