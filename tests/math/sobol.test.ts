import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maxSobolDimensions, SobolSequence } from '../../src/math/sobol.js'
import { Rng } from '../../src/rng.js'
import { centredDiscrepancy, column, row } from './low-discrepancy.js'

const scrambled = (dimensions: number, seed: number) => new SobolSequence(dimensions, Rng.from(seed))

describe('the Sobol sequence', () => {
  it('has the points that SciPy has, in its order', () => {
    // SciPy 1.17: qmc.Sobol(5, scramble=False).random(8)
    expect(Array.from({ length: 8 }, (_, i) => row(new SobolSequence(5).points(8), 5, i))).toEqual([
      [0, 0, 0, 0, 0],
      [0.5, 0.5, 0.5, 0.5, 0.5],
      [0.75, 0.25, 0.25, 0.25, 0.75],
      [0.25, 0.75, 0.75, 0.75, 0.25],
      [0.375, 0.375, 0.625, 0.875, 0.375],
      [0.875, 0.875, 0.125, 0.375, 0.875],
      [0.625, 0.125, 0.875, 0.625, 0.625],
      [0.125, 0.625, 0.375, 0.125, 0.125],
    ])
  })

  // SciPy 1.17: (qmc.Sobol(1111, scramble=False).random(4096) * 2**32).sum(axis=1), which any wrong direction number would change
  it.each([
    [1, 2385854332928],
    [2, 2382633107456],
    [3, 2389075558400],
    [100, 2348978012160],
    [1023, 2401939488768],
    [4095, 2404274667520],
  ])('has the coordinates of point %d sum to %d · 2^-32 in all dimensions', (index, expected) => {
    const point = new SobolSequence(maxSobolDimensions).point(index, new Float64Array(maxSobolDimensions))
    expect(point.reduce((sum, x) => sum + x * 2 ** 32, 0)).toBe(expected)
  })

  // SciPy 1.17: qmc.Sobol(1111, scramble=False).random(4096)[index, dimension]
  it.each([
    [2047, 1110, 0.19677734375],
    [4095, 700, 0.313720703125],
    [3000, 255, 0.468017578125],
    [1234, 39, 0.38623046875],
  ])('has point %d at %d in dimension %d', (index, dimension, expected) => {
    expect(new SobolSequence(1111).point(index, new Float64Array(1111))[dimension]).toBe(expected)
  })

  it('computes any point by itself as it computes them in order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(2 ** 31), fc.boolean(), (dimensions, start, isScrambled) => {
        const sequence = isScrambled ? scrambled(dimensions, 1) : new SobolSequence(dimensions)
        const points = sequence.points(9, start)
        const alone = new Float64Array(dimensions)
        for (const i of [8, 0, 3]) {
          expect([...sequence.point(start + i, alone)]).toEqual(row(points, dimensions, i))
        }
      }),
      { seed: 1, numRuns: 200 },
    )
  })

  it.each([false, true])('has one point in each interval of each coordinate (scrambled: %s)', isScrambled => {
    const dimensions = 256
    const sequence = isScrambled ? scrambled(dimensions, 2) : new SobolSequence(dimensions)
    for (const [count, start] of [
      [256, 0],
      [64, 128],
    ] satisfies [number, number][]) {
      const points = sequence.points(count, start)
      const every = Array.from({ length: count }, (_, i) => i)
      for (let j = 0; j < dimensions; j++) {
        const cells = column(points, dimensions, j).map(x => Math.floor(x * count))
        expect(cells.sort((a, b) => a - b)).toEqual(every)
      }
    }
  })

  it.each([1, 2, 3])('has one point in each elementary box of the first two coordinates (seed %d)', seed => {
    const points = scrambled(2, seed).points(64)
    for (let exponent = 0; exponent <= 6; exponent++) {
      const [across, up] = [2 ** exponent, 2 ** (6 - exponent)]
      const boxes = new Set<number>()
      for (let i = 0; i < 64; i++) {
        const [x = 0, y = 0] = row(points, 2, i)
        boxes.add(Math.floor(x * across) * up + Math.floor(y * up))
      }
      expect(boxes.size).toBe(64)
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

  it('has each scrambled point uniform over the seeds', () => {
    const seeds = 2000
    let sum = 0
    const tenths = new Int32Array(10)
    for (let seed = 0; seed < seeds; seed++) {
      // the point that isn't scrambled is the origin
      const [x = 0] = scrambled(1, seed).point(0, new Float64Array(1))
      expect(x > 0 && x < 1).toBe(true)
      sum += x
      tenths[Math.floor(x * 10)] = (tenths[Math.floor(x * 10)] ?? 0) + 1
    }
    // five standard errors
    expect(Math.abs(sum / seeds - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / seeds))
    expect(Math.max(...tenths.map(n => Math.abs(n - seeds / 10)))).toBeLessThan(5 * Math.sqrt(0.09 * seeds))
  })

  it('is far more even than random points', () => {
    const [count, dimensions] = [256, 6]
    const rng = Rng.from(6)
    const random = Float64Array.from({ length: count * dimensions }, () => rng.uniform())
    // SciPy 1.17: sqrt(qmc.discrepancy(qmc.Sobol(6, scramble=False).random(256))), and 0.0231 to 0.0238 for 60 scrambled ones
    expect(centredDiscrepancy(new SobolSequence(dimensions).points(count), dimensions)).toBeCloseTo(
      0.024118726337787,
      9,
    )
    const scrambledOnes = [7, 8, 9].map(seed =>
      centredDiscrepancy(scrambled(dimensions, seed).points(count), dimensions),
    )
    expect(Math.max(...scrambledOnes)).toBeLessThan(0.0245)
    expect(centredDiscrepancy(random, dimensions)).toBeGreaterThan(3 * 0.0245)
  })

  it('integrates a smooth function with a far smaller error than random points', () => {
    const [count, dimensions, seeds] = [512, 5, 20]
    // of mean 1
    const integrand = (point: readonly number[]) => point.reduce((product, x) => product * (1 + (x - 0.5)), 1)
    let squares = 0
    for (let seed = 0; seed < seeds; seed++) {
      const points = scrambled(dimensions, seed).points(count)
      let sum = 0
      for (let i = 0; i < count; i++) sum += integrand(row(points, dimensions, i))
      squares += (sum / count - 1) ** 2
    }
    const variance = (1 + 1 / 12) ** dimensions - 1
    // SciPy 1.17's scrambled points come to 0.023 of it
    expect(Math.sqrt(squares / seeds)).toBeLessThan(0.035 * Math.sqrt(variance / count))
  })

  it('has no dimensions when asked for none', () => {
    expect(scrambled(0, 1).points(3)).toEqual(new Float64Array(0))
  })

  it('has no points when asked for none', () => {
    expect(new SobolSequence(3).points(0)).toEqual(new Float64Array(0))
  })

  it('reaches its last point', () => {
    const points = new SobolSequence(2).points(1, 2 ** 32 - 1)
    expect([...points]).toEqual([...new SobolSequence(2).point(2 ** 32 - 1, new Float64Array(2))])
  })

  it.each([-1, 1.5, maxSobolDimensions + 1, Number.NaN])('refuses %d dimensions', dimensions => {
    expect(() => new SobolSequence(dimensions)).toThrowError(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(String(dimensions)) }),
    )
  })

  it.each([-1, 0.5, 2 ** 32])('refuses point %d', index => {
    expect(() => new SobolSequence(1).point(index, new Float64Array(1))).toThrowError(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(String(index)) }),
    )
  })
})
