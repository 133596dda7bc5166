import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { settleAxis } from '../../../analysis/plots/core/axis.js'
import { tickLabels } from '../../../analysis/plots/core/tick-labels.js'
import { logTicks } from '../../../analysis/plots/core/ticks.js'
import { type ChartOption, lineChart, withTickLabels } from '../../../analysis/plots/index.js'

/** The words of a drawing. */
const textsOf = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text)

describe('a logarithmic axis', () => {
  it.each([
    ['12 decades', 1e-12, 1, [1e-12, 1e-10, 1e-8, 1e-6, 1e-4, 0.01, 1]],
    ['4 decades', 0.5, 9000, [1, 10, 100, 1000]],
    ['less than 3 decades with two powers of ten', 0.0015, 0.8, [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5]],
    ['1.5 decades', 1.3, 42, [2, 5, 10, 20]],
    ['a decade', 1, 10, [1, 2, 5, 10]],
    ['most of a decade', 2.1, 7.5, [3, 4, 5, 6, 7]],
    ['a little on both sides of a power of ten', 5.8, 19.6, [6, 8, 10, 12, 14, 16, 18]],
    ['a narrow range', 0.31, 0.39, [0.32, 0.34, 0.36, 0.38]],
    ['a narrow range of tiny values', 3.1e-9, 3.9e-9, [3.2e-9, 3.4e-9, 3.6e-9, 3.8e-9]],
  ])('has labels fit for %s', (_, low, high, ticks) => {
    expect(logTicks(low, high)).toEqual(ticks)
  })

  it('has three labels at least, rising, within its ends and without a wide gap', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -30, max: 30, noNaN: true }),
        fc.double({ min: 0.005, max: 40, noNaN: true }),
        (from, decades) => {
          const [low, high] = [10 ** from, 10 ** (from + decades)]
          const ticks = logTicks(low, high)
          expect(ticks.length).toBeGreaterThanOrEqual(3)
          expect(ticks.length).toBeLessThanOrEqual(12)
          expect(ticks).toEqual([...new Set(ticks)].sort((a, b) => a - b))
          const places = [low, ...ticks, high].map(Math.log)
          const gaps = places.slice(1).map((place, i) => place - (places[i] ?? 0))
          expect(Math.min(...gaps)).toBeGreaterThan(-1e-8)
          expect(Math.max(...gaps) / Math.log(high / low)).toBeLessThan(0.5)
        },
      ),
      { numRuns: 1000, seed: 1 },
    )
  })

  it('labels integers only where told so', () => {
    expect(logTicks(1.2, 4.8, true)).toEqual([2, 3, 4])
    expect(logTicks(0.5, 30, true)).toEqual([1, 2, 5, 10, 20])
  })

  it('takes no notice of a bound that it can not show', () => {
    const { min, ticks } = settleAxis([0.5, 30], { scale: 'log', min: 0, max: 100 })
    expect(min).toBeGreaterThan(0)
    expect(ticks).toEqual([1, 10, 100])
  })
})

describe('labels of ticks', () => {
  it('are written in full where all are short', () => {
    expect(tickLabels([0.0001, 0.01, 1, 1000, 1e6], true)).toEqual(['0.0001', '0.01', '1', '1,000', '1,000,000'])
    expect(tickLabels([-1500, 0, 0.5, 2500], false)).toEqual(['-1,500', '0', '0.5', '2,500'])
    expect(tickLabels([0, 0.0002, 0.0004], false)).toEqual(['0', '0.0002', '0.0004'])
  })

  it('are powers of ten, all of them, where some would be long', () => {
    expect(tickLabels([1e-8, 1e-4, 0.01, 1, 100], true)).toEqual(['1e-8', '1e-4', '1e-2', '1', '1e2'])
    expect(tickLabels([1e-24, 1e-22], true)).toEqual(['1e-24', '1e-22'])
    expect(tickLabels([1e6, 1e9], true)).toEqual(['1e6', '1e9'])
    expect(tickLabels([-1e-8, 0, 1.5e-8], false)).toEqual(['-1e-8', '0', '1.5e-8'])
  })

  const tiny = () => {
    const values = [1e-24, 1e-18, 1e-12]
    return lineChart([{ name: 'a', x: values, y: [1e-8, 2e-8, 4e-8] }], { x: { scale: 'log' } })
  }

  it('of tiny values are short in a drawing', async () => {
    const texts = textsOf(await tiny().toSvg())
    expect(texts).toEqual(expect.arrayContaining(['1e-24', '1e-20', '1e-12', '1e-8', '2e-8']))
    expect(texts.filter(text => /^0\.0/.test(text ?? ''))).toEqual([])
  })

  it('are functions only in an option that is drawn at once', () => {
    const { option } = tiny()
    expect(JSON.parse(JSON.stringify(option))).toEqual(option)
    const { xAxis } = withTickLabels(option) as { xAxis: { axisLabel: { formatter: (value: number) => string } }[] }
    expect(xAxis[0]?.axisLabel.formatter(3.0000000000000004e-7)).toBe('3e-7')
    const plain: ChartOption = lineChart([{ name: 'a', y: [1, 2] }]).option
    expect(withTickLabels(plain)).toBe(plain)
  })
})
