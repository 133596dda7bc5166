import { describe, expectTypeOf, it } from 'vitest'
import {
  choice,
  createStudy,
  type Metrics,
  openResults,
  type ReportingContext,
  type ResultGrid,
  Tuner,
  uniform,
} from '../../src/index.js'

type Config = {
  readonly lr: number
  readonly optimizer: { readonly name: 'sgd'; readonly momentum: number } | { readonly name: 'adam' }
}
const train = async function* (_: Config) {
  yield { loss: 1 }
}
class Train {
  setup(_: Config) {}
  step() {
    return { loss: 1 }
  }
}
const optimizer = choice([{ name: 'sgd', momentum: uniform(0, 1) }, { name: 'adam' }])

describe('a tuner', () => {
  it('takes a space that gives what its trainable needs', () => {
    const tuner = new Tuner(train, { paramSpace: { lr: uniform(0, 1), optimizer } })
    type Grid = Awaited<ReturnType<typeof tuner.fit>>
    expectTypeOf<ReturnType<Grid['getBestResult']>['config']['lr']>().toEqualTypeOf<number>()
    new Tuner(Train, { paramSpace: { lr: uniform(0, 1), optimizer, more: 1 } })
    Tuner.restore('path', train, { paramSpace: { lr: uniform(0, 1), optimizer } })
  })

  it('does not compile with a space that lacks a field, or gives it another type', () => {
    // @ts-expect-error there is no optimizer
    new Tuner(train, { paramSpace: { lr: uniform(0, 1) } })
    // @ts-expect-error lr is a number
    new Tuner(train, { paramSpace: { lr: choice(['high', 'low']), optimizer } })
    // @ts-expect-error sgd lacks its momentum
    new Tuner(train, { paramSpace: { lr: uniform(0, 1), optimizer: choice([{ name: 'sgd' }, { name: 'adam' }]) } })
    // @ts-expect-error a class's config is checked, too
    new Tuner(Train, { paramSpace: { lr: uniform(0, 1) } })
    // @ts-expect-error and when a study is restored
    Tuner.restore('path', train, { paramSpace: { lr: uniform(0, 1) } })
  })

  it('does not compile without a space where its trainable needs one', () => {
    // @ts-expect-error the space is missing
    new Tuner(train)
    // @ts-expect-error the space is missing
    new Tuner(train, { tuneConfig: { numSamples: 2 } })
    new Tuner(() => ({ loss: 1 }))
    new Tuner((_: { readonly lr?: number }) => ({ loss: 1 }), {})
  })
})

describe('results', () => {
  it('have metrics of the trainable’s type, which a trial may not have reported yet', async () => {
    const grid = await new Tuner(train, { paramSpace: { lr: uniform(0, 1), optimizer } }).fit()
    const best = grid.getBestResult()
    expectTypeOf(best.metrics.loss).toEqualTypeOf<number>()
    expectTypeOf(best.metrics.trainingIteration).toEqualTypeOf<number>()
    for (const { metrics } of best.history) expectTypeOf(metrics.loss).toEqualTypeOf<number>()
    expectTypeOf(grid.at(0)?.metrics.loss).toEqualTypeOf<number | undefined>()
    expectTypeOf(grid.reported()[0]?.metrics.loss).toEqualTypeOf<number | undefined>()
    for (const { metrics } of grid.reported()) expectTypeOf(metrics.loss).toEqualTypeOf<number>()
    // @ts-expect-error there is no such metric
    best.metrics.accuracy
    const restored = await Tuner.restore('path', train).fit()
    expectTypeOf(restored.getBestResult().metrics.loss).toEqualTypeOf<number>()
    expectTypeOf(grid).toExtend<ResultGrid<unknown>>()
  })

  it('have plain data for metrics where the trainable does not say what it reports', async () => {
    const train = async (_: object, { report }: ReportingContext): Promise<void> => report({ loss: 1 })
    const grid = await new Tuner(train).fit()
    expectTypeOf(grid.getBestResult().metrics).toExtend<Metrics>()
    expectTypeOf(openResults('path').getBestResult().metrics).toExtend<Metrics>()
    expectTypeOf(
      openResults<Config, { readonly loss: number }>('path').getBestResult().metrics.loss,
    ).toEqualTypeOf<number>()
  })
})

describe('a study that is taken up again', () => {
  it('has configs of its trainable’s type, or of the space that is given', async () => {
    const bare = await Tuner.restore('path', train).fit()
    expectTypeOf(bare.getBestResult().config).toEqualTypeOf<Config>()
    const extended = await Tuner.restore('path', train, {
      tuneConfig: { numSamples: 9 },
      resumeConfig: { extend: true },
    }).fit()
    expectTypeOf(extended.getBestResult().config).toEqualTypeOf<Config>()
    const spaced = await Tuner.restore('path', train, { paramSpace: { lr: uniform(0, 1), optimizer, more: 1 } }).fit()
    expectTypeOf(spaced.getBestResult().config.more).toEqualTypeOf<1>()
  })
})

describe('a study with a loop of its own', () => {
  it('types its configs', () => {
    const study = createStudy({ paramSpace: { lr: uniform(0, 1), optimizer } })
    const ask = study.ask()
    if (ask.type === 'trial') expectTypeOf(ask.trial.config.optimizer.name).toEqualTypeOf<'sgd' | 'adam'>()
    expectTypeOf<ResultGrid>().toHaveProperty('length')
  })
})
