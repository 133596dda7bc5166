import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HaltonSequence } from '../../src/math/halton.js'
import { Rng } from '../../src/rng.js'
import { centredDiscrepancy, column, row } from './low-discrepancy.js'

const scrambled = (dimensions: number, seed: number) => new HaltonSequence(dimensions, Rng.from(seed))

describe('the Halton sequence', () => {
  it('has the points that SciPy has', () => {
    // digits mirrored by hand; SciPy 1.17's qmc.Halton(5, scramble=False).random(6) has the same to the last bit but one
    expect(Array.from({ length: 6 }, (_, i) => row(new HaltonSequence(5).points(6), 5, i))).toEqual([
      [0, 0, 0, 0, 0],
      [1 / 2, 1 / 3, 1 / 5, 1 / 7, 1 / 11],
      [1 / 4, 2 / 3, 2 / 5, 2 / 7, 2 / 11],
      [3 / 4, 1 / 9, 3 / 5, 3 / 7, 3 / 11],
      [1 / 8, 4 / 9, 4 / 5, 4 / 7, 4 / 11],
      [5 / 8, 7 / 9, 1 / 25, 5 / 7, 5 / 11],
    ])
  })

  // SciPy 1.17: qmc.Halton(100, scramble=False).random(100001)[index, dimension]
  it.each([
    [1000, 99, 0.8484322521789934],
    [100000, 99, 0.8435122197887803],
    [100000, 0, 0.02101898193359375],
    [99999, 7, 0.10697431726275887],
  ])('has point %d at %d in dimension %d', (index, dimension, expected) => {
    expect(new HaltonSequence(100).point(index, new Float64Array(100))[dimension]).toBeCloseTo(expected, 15)
  })

  it('computes any point by itself as it computes them in order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.nat(2 ** 31), fc.boolean(), (dimensions, start, isScrambled) => {
        const sequence = isScrambled ? scrambled(dimensions, 1) : new HaltonSequence(dimensions)
        const points = sequence.points(9, start)
        const alone = new Float64Array(dimensions)
        for (const i of [8, 0, 3]) {
          expect([...sequence.point(start + i, alone)]).toEqual(row(points, dimensions, i))
        }
      }),
      { seed: 1, numRuns: 100 },
    )
  })

  it.each([false, true])('has one point in each interval of each coordinate (scrambled: %s)', isScrambled => {
    const sequence = isScrambled ? scrambled(4, 2) : new HaltonSequence(4)
    for (const [j, count] of [2 ** 7, 3 ** 4, 5 ** 3, 7 ** 2].entries()) {
      // any run of that many points, wherever it begins, if its points are told apart by their lowest digits
      const cells = column(sequence.points(count, 1000), 4, j).map(x => Math.floor(x * count + 1e-9))
      expect(cells.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i))
    }
  })

  it('is the same for the same seed and another for another', () => {
    expect(scrambled(7, 3).points(20)).toEqual(scrambled(7, 3).points(20))
    expect(scrambled(7, 3).points(20)).not.toEqual(scrambled(7, 4).points(20))
  })

  it('keeps its first coordinates when dimensions are added', () => {
    const few = scrambled(3, 5).point(77, new Float64Array(3))
    expect([...scrambled(9, 5).point(77, new Float64Array(9))].slice(0, 3)).toEqual([...few])
  })

  it('stays inside the cube, up to its last point', () => {
    for (const seed of [1, 2, 3]) {
      for (const index of [0, 1, 2 ** 31, 2 ** 32 - 1]) {
        for (const x of scrambled(30, seed).point(index, new Float64Array(30))) expect(x > 0 && x < 1).toBe(true)
      }
    }
  })

  it('has each scrambled point uniform over the seeds', () => {
    const seeds = 2000
    let sum = 0
    for (let seed = 0; seed < seeds; seed++) sum += scrambled(2, seed).point(0, new Float64Array(2))[1] ?? 0
    // five standard errors
    expect(Math.abs(sum / seeds - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / seeds))
  })

  it('is far more even than random points, for any number of points', () => {
    const [count, dimensions] = [200, 5]
    const rng = Rng.from(6)
    const random = Float64Array.from({ length: count * dimensions }, () => rng.uniform())
    // SciPy 1.17: sqrt(qmc.discrepancy(qmc.Halton(5, scramble=False).random(200))), and 0.0244 on average for scrambled ones, 0.0277 at most
    expect(centredDiscrepancy(new HaltonSequence(dimensions).points(count), dimensions)).toBeCloseTo(
      0.034384299483262,
      9,
    )
    const scrambledOnes = [7, 8, 9].map(seed =>
      centredDiscrepancy(scrambled(dimensions, seed).points(count), dimensions),
    )
    expect(Math.max(...scrambledOnes)).toBeLessThan(0.028)
    expect(centredDiscrepancy(random, dimensions)).toBeGreaterThan(2.5 * 0.028)
  })

  it('has no correlated coordinates in high dimensions once scrambled', () => {
    // the first points of neighbouring large bases lie on a few lines unless they are scrambled
    const [count, dimensions] = [200, 60]
    const correlation = (sequence: HaltonSequence) => {
      const points = sequence.points(count)
      const x = column(points, dimensions, 58)
      const y = column(points, dimensions, 59)
      const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / count
      const [meanX, meanY] = [mean(x), mean(y)]
      const covariance = mean(x.map((value, i) => (value - meanX) * ((y[i] ?? 0) - meanY)))
      return 12 * covariance
    }
    expect(correlation(new HaltonSequence(dimensions))).toBeGreaterThan(0.5)
    for (const seed of [1, 2, 3]) expect(Math.abs(correlation(scrambled(dimensions, seed)))).toBeLessThan(0.25)
  })

  it('has as many dimensions as anybody wants', () => {
    const point = scrambled(150, 1).point(3, new Float64Array(150))
    expect(point.every(x => x > 0 && x < 1)).toBe(true)
    expect(new HaltonSequence(0).points(3)).toEqual(new Float64Array(0))
  })

  it.each([-1, 1.5, Number.NaN])('refuses %d dimensions', dimensions => {
    expect(() => new HaltonSequence(dimensions)).toThrowError(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(String(dimensions)) }),
    )
  })

  it.each([-1, 0.5, 2 ** 32])('refuses point %d', index => {
    expect(() => new HaltonSequence(1).point(index, new Float64Array(1))).toThrowError(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(String(index)) }),
    )
  })
})
