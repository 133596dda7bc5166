import { describe, expect, it } from 'vitest'
import { positionOn, settleAxis } from '../../../analysis/plots/core/axis.js'
import { decimate, type Point, steps } from '../../../analysis/plots/core/curves.js'
import { label } from '../../../analysis/plots/core/option.js'
import { levelLines, smooth } from '../../../analysis/plots/core/smooth.js'

describe('an axis', () => {
  it('is linear with round ticks for values of one magnitude', () => {
    const { isLog, ticks, title } = settleAxis([0.12, 0.98, 0.5], { name: 'accuracy', unit: '%' })
    expect({ isLog, ticks, title }).toEqual({ isLog: false, ticks: [0.2, 0.4, 0.6, 0.8], title: 'accuracy (%)' })
  })

  it('is logarithmic by itself where positive values span more than two powers of ten', () => {
    expect(settleAxis([1e-5, 0.3], {}).ticks).toEqual([1e-5, 1e-4, 0.001, 0.01, 0.1])
    expect(settleAxis([1, 100], {}).isLog).toBe(false)
    expect(settleAxis([0, 1000], {}).isLog).toBe(false)
  })

  it('has ticks at 1, 2 and 5 where it spans less than two powers of ten', () => {
    expect(settleAxis([0.3, 6], { scale: 'log' }).ticks).toEqual([0.5, 1, 2, 5])
  })

  it('leaves out what a logarithmic axis can not show', () => {
    expect(settleAxis([-1, 0, 1, 1000], { scale: 'log' }).min).toBeCloseTo(0.81, 2)
  })

  it('labels integers only where told so', () => {
    expect(settleAxis([0, 3], { isInteger: true }).ticks).toEqual([0, 1, 2, 3])
  })

  it('has room around a single value, none at all, and no finite one', () => {
    for (const values of [[5], [], [Number.NaN, Number.POSITIVE_INFINITY]]) {
      const { min, max, ticks } = settleAxis(values, {})
      expect(max).toBeGreaterThan(min)
      expect(ticks.length).toBeGreaterThan(0)
    }
  })

  it('tells where a value stands', () => {
    expect(positionOn(settleAxis([], { scale: 'log', min: 0.01, max: 1 }), 0.1)).toBeCloseTo(0.5, 12)
    expect(positionOn(settleAxis([], { scale: 'linear', min: 2, max: 4 }), 3)).toBe(0.5)
  })
})

describe('a line', () => {
  it('holds each value until the next as a step, without corners where nothing changes', () => {
    const points: Point[] = [
      [0, 3],
      [1, 3],
      [2, 1],
      [3, 1],
      [4, 1],
    ]
    expect(steps(points)).toEqual([
      [0, 3],
      [2, 3],
      [2, 1],
      [4, 1],
    ])
  })

  it('keeps its extremes and ends when points are left out', () => {
    const points = Array.from({ length: 10_000 }, (_, i): Point => [i, i === 4321 ? 99 : Math.sin(i)])
    const kept = decimate(points, 400)
    expect(kept.length).toBeLessThanOrEqual(400)
    expect([kept[0], kept.at(-1)]).toEqual([points[0], points.at(-1)])
    expect(kept).toContainEqual([4321, 99])
    expect(kept.map(([x]) => x)).toEqual(kept.map(([x]) => x).toSorted((a, b) => a - b))
  })
})

describe('a label', () => {
  it('is one line without control characters, cut to a length', () => {
    expect(label('a\nb\u0000\u001b[1mc')).toBe('a bc')
    expect(label('abcdefgh', 5)).toBe('abcd…')
  })
})

describe('a smoothed grid', () => {
  const side = { cells: 2, isCategorical: false }

  it('averages near samples and leaves empty what is far from all', () => {
    const sample = (u: number, v: number, value: number) => ({ u, v, value })
    const grid = smooth([sample(0.25, 0.25, 4), sample(0.25, 0.25, 6)], { cells: 4, isCategorical: false }, side)
    // samples in the middle between the first two columns: cells nearer than 2.5 widths (of ¼) have their mean
    expect(Array.from(grid, value => Math.round(value * 1e9) / 1e9)).toEqual([
      5,
      5,
      5,
      Number.NaN,
      5,
      5,
      Number.NaN,
      Number.NaN,
    ])
  })

  it('averages nothing over categories', () => {
    const categories = { cells: 2, isCategorical: true }
    const grid = smooth(
      [
        { u: 0.25, v: 0.25, value: 1 },
        { u: 0.75, v: 0.25, value: 3 },
      ],
      categories,
      categories,
    )
    expect([...grid]).toEqual([1, 3, Number.NaN, Number.NaN])
  })

  it('has level lines where values cross a level, in proportion', () => {
    // values rise from 0 to 4 from left to right: 1 is crossed a quarter of the way
    expect(levelLines(Float64Array.of(0, 4, 0, 4), 2, 2, 1)).toEqual([[0.25, 0, 0.25, 1]])
    expect(levelLines(Float64Array.of(0, 4, Number.NaN, 4), 2, 2, 1)).toEqual([])
  })
})
