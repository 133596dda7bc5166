import { describe, expect, it } from 'vitest'
import { AutoSearcher } from '../../searchers/index.js'
import { createStudy } from '../../src/index.js'
import { choice, gridSearch, randint, type SpaceDefinition, uniform } from '../../src/space/index.js'
import { describeSearcher } from '../contract/searcher.js'
import { contextOf, makeTrial, requestOf } from './scribe.js'

describeSearcher('AutoSearcher', options => new AutoSearcher(options), {
  trials: 14,
  objectives: 0,
  importable: { module: new URL('../../searchers/auto/auto-searcher.ts', import.meta.url), exportName: 'AutoSearcher' },
})

const loss = [{ metric: 'loss', mode: 'min' }] as const

/** What a study of a space says it is searched by. */
function saysOf(paramSpace: SpaceDefinition, numSamples: number): string {
  const searchAlg = new AutoSearcher()
  createStudy({ paramSpace, searchAlg, metric: 'loss', mode: 'min', numSamples, maxConcurrentTrials: 2 })
  return searchAlg.describe()
}

describe('AutoSearcher', () => {
  it('says what it chose and why', () => {
    expect(saysOf({ a: choice([1, 2]), n: randint(0, 3) }, 20)).toBe(
      'auto searches by grid, since the space has 6 configs, and 20 samples cover them all',
    )
    expect(saysOf({ x: uniform(0, 1) }, 4)).toBe(
      'auto searches by sobol, since 4 samples are too few to learn from, so that trials are best spread evenly',
    )
    expect(saysOf({ x: uniform(0, 1), a: choice([1, 2]) }, 2000)).toBe(
      'auto searches by bayesian, since 2 parameters (1 choice) and fewer than 500 observations suit a Gaussian process; later by tpe, since at least 500 observations are many for a Gaussian process',
    )
  })

  it('tells the user when the study begins', () => {
    const messages: string[] = []
    const searcher = new AutoSearcher()
    searcher.setUp({ ...contextOf(loss, 5), onInfo: message => messages.push(message) })
    expect(messages).toEqual([searcher.describe()])
  })

  it('tries each config of a small space once, in an order of the seed', () => {
    const orderOf = (seed: number) => {
      const paramSpace = { a: choice(['x', 'y', 'z']), n: randint(0, 4) }
      const study = createStudy({ paramSpace, searchAlg: new AutoSearcher(), numSamples: 12, seed })
      for (let ask = study.ask(); ask.type === 'trial'; ask = study.ask()) study.tell(ask.trial)
      return study.trials.map(({ config: { a, n } }) => `${a}${n}`)
    }
    expect(new Set(orderOf(1)).size).toBe(12)
    expect(orderOf(1)).not.toEqual([...orderOf(1)].sort())
    expect(orderOf(2)).not.toEqual(orderOf(1))
  })

  it('tries all combinations of grids', () => {
    const paramSpace = { g: gridSearch([1, 2, 3]), x: uniform(0, 1) }
    const study = createStudy({ paramSpace, searchAlg: new AutoSearcher(), metric: 'loss', mode: 'min', numSamples: 2 })
    expect(study.totalTrials).toBe(6)
  })

  it('goes on by another searcher when there are many observations, with all of them and from any point', () => {
    const space = contextOf(loss).space
    const evaluated = Array.from({ length: 495 }, (_, i) => ({
      config: { x: i / 495 },
      metrics: { loss: (i / 495) ** 2 },
    }))
    const begin = () => {
      const searcher = new AutoSearcher()
      searcher.addEvaluated(evaluated)
      searcher.setUp({ ...contextOf(loss, 2000), space })
      return searcher
    }
    const trials = Array.from({ length: 12 }, (_, i) => makeTrial(i, { config: { x: i / 12 }, metrics: { loss: i } }))
    const live = begin()
    const said = trials.map(trial => {
      // a fit to hundreds of observations takes too long for here
      if (trial.index >= 5) live.suggest(requestOf(trial.index))
      live.observe(trial)
      return live.describe().split(',')[0]
    })
    expect(said).toEqual(trials.map(({ index }) => `auto searches by ${index < 4 ? 'bayesian' : 'cma-es'}`))
    const resumed = begin()
    for (const trial of trials) resumed.observe(trial)
    expect(resumed.suggest(requestOf(12))).toEqual(live.suggest(requestOf(12)))
  })

  it('refuses options that it has not, and to be asked too early', () => {
    expect(() => new AutoSearcher({ strategy: 'tpe' } as never)).toThrowError(
      "AutoSearcher: there is no option 'strategy'; the options are pointsToEvaluate",
    )
    expect(() => new AutoSearcher().describe()).toThrowError(expect.objectContaining({ code: 'PLUGIN_FAULT' }))
  })
})
