import { describe, expect, it } from 'vitest'
import { insights, suggestNext } from '../../../analysis/index.js'
import { ASHAScheduler } from '../../../schedulers/index.js'
import { BayesianSearcher, RandomSearcher } from '../../../searchers/index.js'
import { choice, gridSearch, loguniform, randint, sampleFrom, uniform } from '../../../src/index.js'
import { noiseOf, runStudy } from './studies.js'

interface Config {
  readonly lr: number
  readonly layers: number
  readonly idle: number
  readonly model: { readonly kind: string; readonly dropout?: number }
}
const space = {
  lr: loguniform(1e-4, 1),
  layers: randint(1, 9),
  idle: uniform(0, 1),
  model: choice([{ kind: 'flat' }, { kind: 'deep', dropout: uniform(0, 1) }]),
  warmup: sampleFrom((config: { layers: number }) => 2 * config.layers),
}
const lossOf = ({ lr, layers, model }: Config) =>
  (Math.log10(lr) + 2) ** 2 +
  0.05 * (layers - 4) ** 2 +
  (model.kind === 'deep' ? (Number(model.dropout) - 0.3) ** 2 : 0.5)
const kinds = (advice: readonly { readonly kind: string }[]) => advice.map(({ kind }) => kind)

describe('the suggestions', () => {
  it('are configs of the space that are as good as they are said to be', async () => {
    const grid = await runStudy((config: Config) => ({ loss: lossOf(config) }), space, { numSamples: 60 })
    const { suggestions, best, model } = suggestNext(grid)
    expect(suggestions.length).toBe(3)
    expect(model?.quality.rankCorrelation).toBeGreaterThan(0.9)
    expect(model?.computed).toEqual(['warmup'])
    const before = grid.at(best?.trial ?? 0)?.metrics.loss
    for (const { config, predicted, chanceOfBetter, expectedGain } of suggestions) {
      const loss = lossOf(config as unknown as Config)
      expect(Object.keys(config).sort()).toEqual(['idle', 'layers', 'lr', 'model'])
      expect([loss >= predicted.lower, loss <= predicted.upper]).toEqual([true, true])
      expect(chanceOfBetter).toBeGreaterThan(0.5)
      expect(expectedGain).toBeGreaterThan(0)
      expect(loss).toBeLessThan(Number(before))
    }
    // they differ from one another
    const all = suggestions.map(({ config }) => JSON.stringify(config))
    expect(new Set(all).size).toBe(3)
  })

  it('are the same whether losses are small or scores large', async () => {
    const down = suggestNext(await runStudy((config: Config) => ({ loss: lossOf(config) }), space, { numSamples: 40 }))
    const up = suggestNext(
      await runStudy((config: Config) => ({ loss: -lossOf(config) }), space, { numSamples: 40, mode: 'max' }),
    )
    expect(up.suggestions.map(({ config }) => config)).toEqual(down.suggestions.map(({ config }) => config))
    expect(up.suggestions[0]?.predicted.mean).toBe(-(down.suggestions[0]?.predicted.mean ?? 0))
    expect(up.suggestions[0]?.chanceOfBetter).toBe(down.suggestions[0]?.chanceOfBetter)
  })

  it('know that trials that were stopped early would have come further', async () => {
    function* curve(config: Config) {
      for (let step = 1; step <= 9; step++) yield { loss: lossOf(config) + 3 / step }
    }
    const grid = await runStudy(curve, space, { numSamples: 80, scheduler: new ASHAScheduler({ maxT: 9 }) })
    const [first] = suggestNext(grid).suggestions
    const full = lossOf(first?.config as unknown as Config) + 3 / 9
    expect(Math.abs(Number(first?.predicted.mean) - full)).toBeLessThan(0.3)
  })

  it('are none that was tried, and none at all where all were', async () => {
    const small = { a: gridSearch([1, 2, 3, 4]), b: gridSearch(['x', 'y', 'z']) }
    const trainable = ({ a, b }: { a: number; b: string }) => ({ loss: a + (b === 'x' ? 0 : 1) })
    const whole = await runStudy(trainable, small, { numSamples: 1 })
    expect(suggestNext(whole).suggestions).toEqual([])
    expect(insights(whole).advice).toContainEqual(
      expect.objectContaining({ kind: 'stop', text: 'Stop: every config of the space has been tried.' }),
    )
  })

  it('need enough trials that differ, and say so', async () => {
    const few = await runStudy((config: Config) => ({ loss: lossOf(config) }), space, { numSamples: 5 })
    expect(suggestNext(few).why).toBe('5 trials with a value are too few for 5 parameters')
    const level = await runStudy(() => ({ loss: 1 }), space, { numSamples: 20 })
    expect(suggestNext(level).why).toBe('all trials found the same value')
    expect(() => suggestNext(few, { suggestions: 0 })).toThrow('suggestNext: suggestions is 0: give an integer from 1')
    expect(() => suggestNext(few, { maxObservations: 3 })).toThrow('maxObservations is 3: give an integer from 20')
  })
})

describe('the insights of a study', () => {
  it('advise by what was found, the grave things first', async () => {
    const grid = await runStudy(
      (config: Config) => {
        if (config.lr > 0.3) throw new Error('diverged')
        return { loss: lossOf(config) }
      },
      space,
      { numSamples: 100 },
    )
    const found = insights(grid)
    expect(kinds(found.advice)).toEqual(['avoid', 'try', 'freeze'])
    for (const { config } of found.next.suggestions) expect(config.lr).toBeLessThanOrEqual(0.3)
    const [avoid, , freeze] = found.advice
    expect(avoid?.text).toBe('Leave lr > 0.3 out of the space, or mend what goes wrong there.')
    expect(avoid?.evidence).toMatch(
      /^\d+ of \d+ trials failed \(elsewhere 0 of \d+\); Fisher’s exact test, p < 0\.0001 /,
    )
    expect(freeze?.text).toMatch(/^Hold idle at 0\.\d+, as in the best trial/)
    expect(found.sensitivities[0]?.parameter).toBe('lr')
    const text = String(found)
    for (const { text: told, evidence } of found.advice) expect(text).toContain(`${told} ${evidence}`)
  })

  it('advise to widen, to train longer and to repeat', async () => {
    const noise = noiseOf('advice', 0.02)
    function* curve({ width }: { width: number }) {
      for (let step = 1; step <= 20; step++) yield { loss: (1 - width) ** 2 + 2 / step + noise() * 0.1 }
    }
    const grid = await runStudy(curve, { width: uniform(0, 1), other: uniform(0, 1) }, { numSamples: 60 })
    const found = insights(grid)
    expect(kinds(found.advice).slice(0, 2)).toEqual(['widen', 'train-longer'])
    expect(found.advice[0]?.text).toBe('Let width go above 1, if it can.')
    expect(found.progress).toMatchObject({ trials: 5, improving: 5, reports: 20 })

    const noisy = noiseOf('repeats', 0.3)
    const repeated = await runStudy(
      ({ a }: { a: number }) => ({ loss: a + noisy() }),
      { a: gridSearch([1, 1.05, 1.1, 3]) },
      { numSamples: 8 },
    )
    const advice = insights(repeated).advice.find(({ kind }) => kind === 'repeat')
    expect(advice?.text).toMatch(/^Repeat trials \d+, \d+ and \d+ with other seeds before choosing one of them\.$/)
    expect(advice?.evidence).toMatch(/standard deviation of 0\.\d+ \(measured on 28 repeated trials\)/)
  })

  it('say to stop where nothing more is to be had, and not to trust a model that knows nothing', async () => {
    const bowl = await runStudy(
      ({ a }: { a: number }) => ({ loss: (a - 0.4) ** 2 }),
      { a: uniform(0, 1) },
      {
        numSamples: 30,
        searchAlg: new BayesianSearcher(),
      },
    )
    expect(kinds(insights(bowl).advice)).toContain('stop')
    const noise = noiseOf('nothing', 1)
    const chance = await runStudy(() => ({ loss: noise() }), space, { numSamples: 40 })
    expect(kinds(insights(chance).advice)).toContain('distrust-model')
    expect(kinds(insights(chance).advice)).not.toContain('freeze')
  })

  it('are the same each time, in plain JSON too', async () => {
    const grid = await runStudy((config: Config) => ({ loss: lossOf(config) }), space, { numSamples: 30 })
    const json = insights(grid).toJson()
    expect(json).toEqual(insights(grid).toJson())
    expect(JSON.parse(JSON.stringify(json))).toEqual(json)
    expect(json).toMatchObject({ format: 1, trials: 30, scored: 30, objective: { metric: 'loss', mode: 'min' } })
    expect(Object.keys(json).sort()).toEqual([
      'advice',
      'best',
      'correlations',
      'duplicates',
      'format',
      'next',
      'objective',
      'scored',
      'sensitivities',
      'trials',
      'troubles',
    ])
  })

  it('live with studies that have little in them', async () => {
    const failed = await runStudy(
      () => {
        throw new Error('no data')
      },
      space,
      { numSamples: 12 },
    )
    const told = String(insights(failed))
    expect(told).toContain('12 trials ended, 0 with a finite loss.')
    expect(told).toContain('[high] Read the errors.')
    expect(told).toContain('The error of all of them: no data')
    const single = await runStudy(() => ({ loss: 1 }), { a: 1 }, { numSamples: 1 })
    expect(String(insights(single))).toContain(
      '1 trial ended, all with a finite loss; the best is 1 (trial 0, mode min).',
    )
    const several = await runStudy(() => ({ loss: 1, time: 2 }), space, {
      numSamples: 3,
      metric: ['loss', 'time'],
      mode: ['min', 'min'],
    })
    expect(() => insights(several)).toThrow("insights needs a metric: pass { metric: 'loss', mode: 'min' }")
    expect(insights(several, { metric: 'time' }).scored).toBe(3)
  })

  it('let no name or value become markup or break a line', async () => {
    const key = '<img src=x onerror=alert(1)>\n# *x* `y`'
    const pointsToEvaluate = Array.from({ length: 30 }, (_, i) => ({
      [key]: i % 3 === 0 ? '<b>|bold|</b>' : '\u001b[31mred',
      a: i / 30,
    }))
    const grid = await runStudy(
      (config: { [key: string]: unknown }) => {
        if (config[key] === '<b>|bold|</b>') throw new Error('<script>alert(1)</script>\nline')
        return { loss: Number(config.a), '__proto__x\n': 1 }
      },
      { [key]: choice(['<b>|bold|</b>', '\u001b[31mred']), a: uniform(0, 1) },
      { numSamples: 30, searchAlg: new RandomSearcher({ pointsToEvaluate }) },
    )
    const found = insights(grid)
    expect(kinds(found.advice)).toContain('avoid')
    const markdown = found.toMarkdown()
    expect(markdown).not.toContain('<')
    expect(`${markdown}${String(found)}`).not.toContain('\u001b')
    // headings and items are ours alone
    const starts = markdown.split('\n').filter(line => !/^(## [A-Z][a-z ]+|- .*|)$/.test(line))
    expect(starts).toEqual([])
  })
})
