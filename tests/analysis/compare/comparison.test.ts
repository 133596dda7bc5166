import { describe, expect, it } from 'vitest'
import { Comparison } from '../../../analysis/index.js'
import { Rng } from '../../../src/rng.js'
import { compareFinals, traceOf } from './traces.js'

const draw = (rng: Rng, count: number, mean = 0) => Array.from({ length: count }, () => mean + rng.normal())
const claims = ({ pairs }: Comparison) => pairs.flatMap(({ better }) => better ?? [])
const range = (count: number) => Array.from({ length: count }, (_, i) => i)

describe('what a comparison claims', () => {
  it.each([2, 4])('is wrong in at most 5 of 100 comparisons of %i strategies that are alike', count => {
    const rng = Rng.from(`alike ${count}`)
    const wrong = range(100).filter(() => {
      const names = range(count).map(i => [`s${i}`, draw(rng, 10)] as const)
      return claims(compareFinals(Object.fromEntries(names))).length > 0
    })
    expect(wrong.length).toBeLessThanOrEqual(5)
  })

  it('is a difference of known size about as often as theory says', () => {
    // paired differences of mean 0.8 and deviation 1 in 20 blocks: a t-test finds 92 % of them, and Wilcoxon's, whose efficiency is 3 / π, 91 %
    const rng = Rng.from('power')
    const found = range(100).filter(() => {
      const luck = draw(rng, 20)
      const worse = luck.map(value => value + 0.8 + rng.normal())
      const claimed = claims(compareFinals({ worse, better: luck }))
      expect(claimed).not.toContain('worse')
      return claimed.length > 0
    })
    expect(found.length).toBeGreaterThan(81)
    expect(found.length).toBeLessThan(99)
  })

  it('is nothing where all studies ended the same', () => {
    const same = draw(Rng.from(1), 10)
    const comparison = compareFinals({ a: same, b: same, c: same })
    expect(comparison.ranks.map(({ meanRank }) => meanRank)).toEqual([2, 2, 2])
    expect(comparison.pairs[0]).toMatchObject({ wins: 0, ties: 10, losses: 0, pValue: 1, better: undefined })
    expect(comparison.conclusions[1]).toMatch(/^No difference between the strategies is shown .* no proof/)
  })

  it('is the same whether losses are small or scores large', () => {
    const rng = Rng.from(2)
    const finals = { a: draw(rng, 15), b: draw(rng, 15, 2), c: draw(rng, 15, 2) }
    const flipped = Object.fromEntries(
      Object.entries(finals).map(([name, values]) => [name, values.map(value => -value)]),
    )
    const up = new Comparison(compareFinals(flipped).traces, { ...compareFinals(flipped).design, mode: 'max' })
    expect(up.pairs).toEqual(compareFinals(finals).pairs)
    expect(claims(up)).toEqual(['a', 'a'])
  })

  it('does not depend on the scales of several problems', () => {
    const rng = Rng.from(3)
    const traces = (scale: number) => {
      const stream = rng.fork('finals')
      return ['small', 'large'].flatMap(problem =>
        range(8).flatMap(repeat =>
          ['a', 'b'].map(strategy => {
            const loss = stream.normal() + (strategy === 'a' ? 0 : 1.5)
            return traceOf({ problem, strategy, repeat }, [problem === 'large' ? scale * loss : loss])
          }),
        ),
      )
    }
    const design = { ...compareFinals({ a: [1], b: [1] }).design, problems: ['small', 'large'], repeats: 8 }
    const [same, scaled] = [new Comparison(traces(1), design), new Comparison(traces(1024), design)]
    expect(scaled.pairs).toEqual(same.pairs)
    expect(scaled.pairs[0]).toMatchObject({ advantageUnit: 'spread', better: 'a' })
  })
})

describe('the conclusions', () => {
  const rng = Rng.from('told')
  const finals = { poor: draw(rng, 20, 3), fair: draw(rng, 20), good: draw(rng, 20) }

  it('name who is better than whom, and who may be as good as the best', () => {
    expect(compareFinals(finals).conclusions).toEqual([
      '3 strategies, 1 problem and 20 seeds make 20 blocks in which each has a study of 1 trial. What follows holds for these problems and this budget.',
      expect.stringMatching(/^The strategies are not all alike \(Friedman’s test, F = [\d.]+, p < 0\.0001\)\.$/),
      expect.stringMatching(
        /^good ended better than poor \(Wilcoxon’s signed-rank test, p after Holm’s correction < 0\.0001\)\.$/,
      ),
      expect.stringMatching(/^fair ended better than poor \(/),
      'good has the best mean rank, but is not shown to be better than fair: these may be as good, or better.',
    ])
  })

  it('say that too few blocks can show nothing', () => {
    const few = compareFinals({ a: [1, 2, 3, 4], b: [2, 3, 4, 5] })
    expect(few.conclusions.slice(1)).toEqual([
      'No difference between the two is shown (the least p is 0.125), which is no proof that there is none.',
      'Too few blocks differ for a test to show anything: a pair needs at least 6 that are not tied.',
    ])
    const single = compareFinals({ a: [2], b: [1] })
    expect(single.ranks).toEqual([
      { strategy: 'b', meanRank: 1 },
      { strategy: 'a', meanRank: 2 },
    ])
    expect(single.conclusions[1]).toBe(
      'Fewer than two blocks allow no test: nothing can be said about which strategy is better.',
    )
  })

  it('tell of studies that found nothing, which rank last', () => {
    const comparison = compareFinals({ a: [1, 2, 3], b: [Number.NaN, 1, 1] })
    expect(comparison.conclusions[1]).toBe('b found no finite value in 1 study on p; they rank last.')
    expect(comparison.blocks[0]?.values).toEqual(Float64Array.of(1, Number.POSITIVE_INFINITY))
    expect(comparison.summaries[0]).toMatchObject({ strategy: 'b', failures: 1, final: { median: 1 } })
  })

  it('leave out what is not complete, and say so', () => {
    const { traces, design } = compareFinals(finals)
    const cut = new Comparison(traces.slice(0, -1), design)
    expect(cut.blocks.length).toBe(19)
    expect(cut.conclusions[1]).toBe(
      '1 of 20 blocks are not complete and left out: run the comparison again to finish them.',
    )
  })
})

describe('the figures of a comparison', () => {
  const traces = [
    traceOf({ strategy: 'a', repeat: 0 }, [4, 2, Number.NaN, 1]),
    traceOf({ strategy: 'a', repeat: 1 }, [3, 5, 3, 2]),
    traceOf({ strategy: 'b', repeat: 0 }, [9, 8]),
    traceOf({ strategy: 'b', repeat: 1 }, [Number.NaN, 6]),
  ]
  const { design } = compareFinals({ a: [1, 1], b: [1, 1] }, { optima: { p: 0.5 } })
  const comparison = new Comparison(traces, design)

  it('are best-so-far curves with quartiles and intervals, held where studies ended early', () => {
    const a = comparison.curve('a', 'p')
    expect([...a.x]).toEqual([1, 2, 3, 4])
    expect([...a.median]).toEqual([3.5, 2.5, 2.5, 1.5])
    expect([...a.lowerQuartile]).toEqual([3.25, 2.25, 2.25, 1.25])
    expect([...a.lower]).toEqual([3, 2, 2, 1])
    expect([...a.upper]).toEqual([4, 3, 3, 2])
    const b = comparison.curve('b', 'p')
    expect([...b.median]).toEqual([Number.POSITIVE_INFINITY, 7, 7, 7])
  })

  it('run against seconds too', () => {
    const { x, median } = comparison.curve('a', 'p', 'seconds')
    expect([x.length, x.at(-1), median[0], median[24], median.at(-1)]).toEqual([
      100,
      4,
      Number.POSITIVE_INFINITY,
      3.5,
      1.5,
    ])
  })

  it('refuse a strategy that is not there', () => {
    expect(() => comparison.curve('c', 'p')).toThrow('curve: the strategy is "c": give one of "a", "b"')
  })

  it('are final values, regrets, ranks, and what they took', () => {
    expect(comparison.summaries[0]).toMatchObject({
      strategy: 'a',
      studies: 2,
      final: { median: 1.5, lowerQuartile: 1.25, upperQuartile: 1.75, lower: 1, upper: 2 },
      regret: 1,
      meanRank: 1,
      trials: 4,
      seconds: 4,
    })
  })

  it('make a table, Markdown without live markup, and JSON without numbers that it lacks', () => {
    expect(comparison.toTable()).toMatch(
      /^p: final loss \(min, best known 0\.5\), median over the seeds\nstrategy +final +regret +quartiles .*\na +1\.5 +1 +1\.25 … 1\.75/,
    )
    const odd = compareFinals({ 'a|<b>': [1, 2], '[x](y)': [3, 4] })
    expect(odd.toMarkdown()).toContain('\n| a\\|&lt;b> | 1.5 |')
    expect(odd.toMarkdown()).toContain('\n| \\[x\\](y) | 3.5 |')
    const json = JSON.parse(JSON.stringify(comparison.toJson()))
    expect(json).toEqual(comparison.toJson())
    expect(json.curves[3]).toMatchObject({ strategy: 'b', axis: 'trials', median: [null, 7, 7, 7] })
    expect(json.pairs[0]).toMatchObject({ first: 'a', second: 'b', wins: 2, losses: 0 })
  })
})
