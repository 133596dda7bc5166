import fc from 'fast-check'
import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { drawSeed, Rng } from '../src/rng.js'

/** The start of a stream, enough of it to tell two streams apart. */
function start(rng: Rng): number[] {
  return [rng.uniform(), rng.uniform()]
}

function draw(count: number, next: () => number): number[] {
  return Array.from({ length: count }, next)
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

const name = fc.oneof(
  fc.nat({ max: 12 }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 4 }),
  fc.constantFrom('/1', '1:a'),
)
const names = fc.array(name, { maxLength: 4 })

describe('a random stream', () => {
  // seedrandom 3.0.5 with the stream's path as its seed; they must never change, or studies of the same seed would
  it.each([
    ['n:0', Rng.from(0), [0.9285298429482579, 0.7637026935646856, 0.7964495611061798]],
    ['n:42', Rng.from(42), [0.04989485520286338, 0.8569061370178127, 0.5151904925057302]],
    ['s5:mnist', Rng.from('mnist'), [0.48612537988509, 0.6011763200410011, 0.3512150933053382]],
    [
      'n:4294967295/5:trial/7',
      Rng.from(4294967295).fork('trial', 7),
      [0.15785377626933328, 0.45918488247345424, 0.3896616120830446],
    ],
    ['n:42/8:searcher/3', Rng.from(42).fork('searcher', 3), [0.4528053648216465, 0.62763498688918, 0.6286348359957191]],
  ])('is for ever the same: %s', (path, rng, golden) => {
    expect(draw(3, () => rng.uniform())).toEqual(golden)
    expect(draw(3, seedrandom(path))).toEqual(golden)
  })

  it('draws every kind of number the same for ever', () => {
    const rng = Rng.from(42)
    draw(3, () => rng.uniform())
    expect([
      rng.integer(0, 1000),
      rng.seed(),
      rng.normal(),
      rng.normal(),
      rng.shuffle([0, 1, 2, 3, 4, 5, 6, 7]),
    ]).toEqual([924, 3645814488, -1.870281967444626, -0.27705004849175774, [2, 6, 0, 3, 5, 7, 1, 4]])
  })

  it('forks by name, whatever was drawn before and in whatever order', () => {
    fc.assert(
      fc.property(fc.nat(), names, fc.nat({ max: 20 }), (seed, path, draws) => {
        const untouched = Rng.from(seed).fork(...path, 'x')
        const root = Rng.from(seed)
        draw(draws, () => root.normal())
        root.fork('x').uniform()
        expect(start(root.fork(...path, 'x'))).toEqual(start(untouched))
      }),
    )
  })

  it('forks step by step as it does at once', () => {
    fc.assert(
      fc.property(names, path => {
        const stepwise = path.reduce<Rng>((rng, name) => rng.fork(name), Rng.from(1))
        expect(start(stepwise)).toEqual(start(Rng.from(1).fork(...path)))
      }),
    )
  })

  it('is not moved on by its forks', () => {
    const rng = Rng.from(5)
    const [first, second] = start(Rng.from(5))
    expect(rng.uniform()).toBe(first)
    rng.fork('a').uniform()
    expect(rng.uniform()).toBe(second)
  })

  it('is another one for every other list of names', () => {
    fc.assert(
      fc.property(names, names, (a, b) => {
        fc.pre(JSON.stringify(a) !== JSON.stringify(b))
        expect(start(Rng.from(1).fork(...a))).not.toEqual(start(Rng.from(1).fork(...b)))
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    [[1, 2], ['1/2']],
    [[12], [1, 2]],
    [['1'], [1]],
    [['a', 'b'], ['ab']],
    [['a', 'b'], ['a/1:b']],
    [[''], []],
    [['3:a'], [3, 'a']],
  ])('does not take the names %j for %j', (a, b) => {
    expect(start(Rng.from(1).fork(...a))).not.toEqual(start(Rng.from(1).fork(...b)))
  })

  it('tells the seed 7 from the seed "7"', () => {
    expect(start(Rng.from(7))).not.toEqual(start(Rng.from('7')))
  })

  it('gives neighbouring trials streams that have nothing to do with one another', () => {
    const firsts = Array.from({ length: 2000 }, (_, trial) => Rng.from(1).fork('trial', trial).uniform())
    // the standard error of the mean of 2000 uniform numbers is 0.0065, of their correlation 0.022
    expect(mean(firsts)).toBeCloseTo(0.5, 1)
    const products = firsts.slice(1).map((value, i) => (value - 0.5) * ((firsts[i] ?? 0) - 0.5) * 12)
    expect(Math.abs(mean(products))).toBeLessThan(0.09)
    expect(new Set(firsts).size).toBe(2000)
  })
})

describe('random numbers', () => {
  it('are uniform in [0, 1)', () => {
    const values = draw(
      20_000,
      (
        rng => () =>
          rng.uniform()
      )(Rng.from('uniform')),
    )
    const bins = new Array<number>(10).fill(0)
    for (const value of values) bins[Math.floor(value * 10)] = (bins[Math.floor(value * 10)] ?? 0) + 1
    // chi-squared with 9 degrees of freedom passes 27.9 once in 1000 seeds
    const chi2 = bins.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0)
    expect(chi2).toBeLessThan(27.9)
    expect(bins).toHaveLength(10)
  })

  it('are integers from the lower bound up to, not including, the upper one', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 2 ** 31 }), fc.nat(), (lower, width, seed) => {
        const value = Rng.from(seed).integer(lower, lower + width)
        expect({ isInteger: Number.isInteger(value), isInside: lower <= value && value < lower + width }).toEqual({
          isInteger: true,
          isInside: true,
        })
      }),
    )
    const rng = Rng.from('integers')
    expect(new Set(draw(200, () => rng.integer(-2, 3)))).toEqual(new Set([-2, -1, 0, 1, 2]))
  })

  it('are normal with mean 0 and variance 1, without lumps or correlation between the two of a pair', () => {
    const rng = Rng.from('normal')
    const values = draw(20_000, () => rng.normal())
    // standard errors: mean 0.007, variance 0.01, skewness 0.017, kurtosis 0.035, correlation 0.01
    expect(Math.abs(mean(values))).toBeLessThan(0.03)
    expect(Math.abs(mean(values.map(value => value ** 2)) - 1)).toBeLessThan(0.04)
    expect(Math.abs(mean(values.map(value => value ** 3)))).toBeLessThan(0.08)
    expect(Math.abs(mean(values.map(value => value ** 4)) - 3)).toBeLessThan(0.16)
    expect(Math.abs(mean(values.slice(1).map((value, i) => value * (values[i] ?? 0))))).toBeLessThan(0.03)
  })

  it('are 32-bit unsigned integers where a library wants a seed', () => {
    const seeds = Array.from({ length: 500 }, (_, i) => Rng.from(i).seed())
    expect(seeds.every(seed => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32)).toBe(true)
    expect(seeds.some(seed => seed >= 2 ** 31)).toBe(true)
    expect(new Set(seeds).size).toBe(500)
  })

  it('shuffle in place into each order equally often', () => {
    const counts = new Map<string, number>()
    const rng = Rng.from('shuffle')
    for (let i = 0; i < 6000; i++) {
      const array = [1, 2, 3]
      expect(rng.shuffle(array)).toBe(array)
      counts.set(array.join(''), (counts.get(array.join('')) ?? 0) + 1)
    }
    expect([...counts.keys()].sort()).toEqual(['123', '132', '213', '231', '312', '321'])
    // chi-squared with 5 degrees of freedom passes 20.5 once in 1000 seeds
    expect([...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)).toBeLessThan(20.5)
    expect([...Rng.from(1).shuffle(new Float64Array([3, 1, 2]))].sort()).toEqual([1, 2, 3])
    expect([Rng.from(1).shuffle([]), Rng.from(1).shuffle([9])]).toEqual([[], [9]])
  })

  it('give a study without a seed one that a user could have given', () => {
    const seeds = Array.from({ length: 20 }, drawSeed)
    expect(seeds.every(seed => Number.isSafeInteger(seed) && seed >= 0)).toBe(true)
    expect(new Set(seeds).size).toBeGreaterThan(1)
  })
})
