import { describe, expectTypeOf, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../src/json.js'
import {
  type CompatibleSpace,
  type ConfigOf,
  choice,
  type Domain,
  gridSearch,
  loguniform,
  qrandint,
  randn,
  type SpaceDefinition,
  type SpaceNode,
  sampleFrom,
  uniform,
} from '../../src/space/index.js'
import type { TrainableDefinition } from '../../src/trainable/trainable.js'

/** The signature of `new Tuner(trainable, { paramSpace })`. */
declare function tune<C, const S extends SpaceDefinition>(
  trainable: TrainableDefinition<C>,
  options: { readonly paramSpace: S & CompatibleSpace<S, C> },
): ConfigOf<S>

describe('the type of a config', () => {
  it('is inferred from the space', () => {
    const space = {
      lr: loguniform(1e-4, 1e-1),
      width: qrandint(8, 64, 8),
      layers: [{ units: randn() }, { units: qrandint(1, 4) }],
      activation: choice(['relu', 'tanh']),
      depth: choice([1, 2, 3]),
      seed: gridSearch([1, 2]),
      epochs: 10,
      note: null,
    }
    expectTypeOf<ConfigOf<typeof space>>().toEqualTypeOf<{
      lr: number
      width: number
      layers: { units: number }[]
      activation: 'relu' | 'tanh'
      depth: 1 | 2 | 3
      seed: 1 | 2
      epochs: number
      note: null
    }>()
  })

  it('is exact and writable for a constant space', () => {
    const space = { model: 'mlp', layers: [{ units: randn() }, 3] } as const
    expectTypeOf<ConfigOf<typeof space>>().toEqualTypeOf<{ model: 'mlp'; layers: [{ units: number }, 3] }>()
  })

  it('is a discriminated union for a choice of sub-spaces', () => {
    const optimizer = choice([
      { name: 'sgd', momentum: uniform(0, 1) },
      { name: 'adam', beta: uniform(0.8, 1), schedule: choice(['none', { decay: uniform(0, 1) }]) },
    ])
    type Optimizer = ConfigOf<{ optimizer: typeof optimizer }>['optimizer']
    expectTypeOf<Optimizer>().toEqualTypeOf<
      { name: 'sgd'; momentum: number } | { name: 'adam'; beta: number; schedule: 'none' | { decay: number } }
    >()
    const read = (config: Optimizer) => (config.name === 'sgd' ? config.momentum : config.beta)
    expectTypeOf(read).returns.toEqualTypeOf<number>()
  })

  it('takes domains as options, and values known only at run time', () => {
    expectTypeOf(choice([uniform(0, 1), 'auto'])).toEqualTypeOf<Domain<number | 'auto'>>()
    const widths: number[] = [8, 16]
    expectTypeOf(choice(widths)).toEqualTypeOf<Domain<number>>()
    expectTypeOf(choice([true, false])).toEqualTypeOf<Domain<boolean>>()
  })

  it('is what a function of the config returns', () => {
    expectTypeOf(sampleFrom((config: { width: number }) => config.width * 2)).toEqualTypeOf<Domain<number>>()
    expectTypeOf(sampleFrom((_, rng) => (rng.uniform() < 0.5 ? 'a' : 'b'))).toEqualTypeOf<Domain<'a' | 'b'>>()
    expectTypeOf(sampleFrom(() => ({ sizes: [1, 2] }))).toEqualTypeOf<Domain<{ sizes: [1, 2] }>>()
    sampleFrom(config => {
      expectTypeOf(config).toEqualTypeOf<JsonObject>()
      return 1
    })
  })

  it('is JSON data where the compiler knows no more', () => {
    expectTypeOf<ConfigOf<SpaceDefinition>>().toEqualTypeOf<{ [key: string]: JsonValue }>()
    expectTypeOf(choice([] as SpaceNode[])).toEqualTypeOf<Domain<JsonValue>>()
    expectTypeOf(sampleFrom(config => config.x ?? null)).toEqualTypeOf<Domain<JsonValue>>()
  })

  it('refuses what is no data', () => {
    // @ts-expect-error a function is no constant
    const space: SpaceDefinition = { lr: () => 0.1 }
    // @ts-expect-error nor is a Date an option
    choice([new Date(0)])
    // @ts-expect-error bounds are numbers
    uniform('0', 1)
    expectTypeOf(space).toExtend<SpaceDefinition>()
  })
})

interface Config {
  readonly lr: number
  readonly activation: 'relu' | 'tanh'
  readonly optimizer: { readonly beta: number }
  readonly epochs?: number
}

async function* train(config: Config) {
  yield { loss: config.lr }
}

describe('a trainable and its space', () => {
  const paramSpace = {
    lr: uniform(0, 1),
    activation: choice(['relu', 'tanh']),
    optimizer: { beta: uniform(0, 1) },
    more: 'is fine',
  }

  it('fit when the space gives all that the trainable takes', () => {
    const config = tune(train, { paramSpace })
    expectTypeOf(config.activation).toEqualTypeOf<'relu' | 'tanh'>()
    tune(train, { paramSpace: { ...paramSpace, activation: 'relu', epochs: 3 } })
    tune(train, {
      paramSpace: { lr: 0.1, activation: 'tanh', optimizer: choice([{ beta: 0.5 }, { beta: uniform(0, 1) }]) },
    })
  })

  it("don't fit when a parameter is missing", () => {
    const { lr, activation, optimizer } = paramSpace
    // @ts-expect-error Property 'lr' is missing
    tune(train, { paramSpace: { activation, optimizer } })
    // @ts-expect-error Property 'beta' is missing
    tune(train, { paramSpace: { lr, activation, optimizer: {} } })
  })

  it("don't fit when a parameter has another type", () => {
    // @ts-expect-error lr is a number
    tune(train, { paramSpace: { ...paramSpace, lr: choice(['low', 'high']) } })
    // @ts-expect-error 'gelu' is not one of the activations
    tune(train, { paramSpace: { ...paramSpace, activation: choice(['relu', 'gelu']) } })
    // @ts-expect-error the second sub-space has no beta
    tune(train, { paramSpace: { ...paramSpace, optimizer: choice([{ beta: 0.5 }, { gamma: 0.5 }]) } })
    // @ts-expect-error epochs is optional, but a number
    tune(train, { paramSpace: { ...paramSpace, epochs: 'many' } })
    // @ts-expect-error optimizer is an object
    tune(train, { paramSpace: { ...paramSpace, optimizer: uniform(0, 1) } })
  })

  it('name the parameter at fault', () => {
    type Wrong = { lr: Domain<string>; optimizer: { beta: Domain<boolean> } }
    type Fault = CompatibleSpace<Wrong, { lr: number; optimizer: { beta: number }; width: number }>
    expectTypeOf<keyof Fault>().toEqualTypeOf<'lr' | 'optimizer' | 'width'>()
    expectTypeOf<Fault['optimizer']>().toHaveProperty('beta')
  })

  it('fit always when the trainable takes anything, or the space is only known at run time', () => {
    const space = { anything: uniform(0, 1) }
    expectTypeOf<CompatibleSpace<typeof space, never>>().toBeUnknown()
    expectTypeOf<CompatibleSpace<typeof space, unknown>>().toBeUnknown()
    expectTypeOf<CompatibleSpace<typeof space, JsonObject>>().toBeUnknown()
    expectTypeOf<CompatibleSpace<SpaceDefinition, Config>>().toBeUnknown()
    tune(async () => ({ loss: 1 }), { paramSpace: space })
    tune(async (config: JsonObject) => ({ loss: Object.keys(config).length }), { paramSpace: space })
  })

  it('fit where the trainable takes a discriminated union', () => {
    type Union = { kind: 'a'; x: number } | { kind: 'b'; y: number }
    const run = async ({ model }: { model: Union }) => ({ loss: model.kind === 'a' ? model.x : model.y })
    tune(run, {
      paramSpace: {
        model: choice([
          { kind: 'a', x: uniform(0, 1) },
          { kind: 'b', y: 2 },
        ]),
      },
    })
    const model = choice([
      { kind: 'a', x: uniform(0, 1) },
      { kind: 'b', z: 2 },
    ])
    // @ts-expect-error the second has no y
    tune(run, { paramSpace: { model } })
  })
})
