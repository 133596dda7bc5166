import { describe, expect, it } from 'vitest'
import { measureText } from '../../../analysis/plots/core/text-width.js'
import {
  barChart,
  histogram,
  lineChart,
  type Plot,
  plotDistribution,
  scatterChart,
} from '../../../analysis/plots/index.js'
import { lossDown, racedStudy } from './studies.js'

interface Word {
  readonly text: string
  readonly left: number
  readonly right: number
  readonly middle: number
}

/** Where the words of a drawing are that begin at their left ends, as those of legends do, in pixels. */
function wordsOf(svg: string): Word[] {
  const words = svg.matchAll(/<text([^>]*) transform="translate\(([\d.-]+) ([\d.-]+)\)"[^>]*>([^<]*)<\/text>/g)
  return [...words].map(([, attributes = '', x, y, text = '']) => {
    const own = (name: string) => Number(new RegExp(` ${name}="([\\d.-]+)"`).exec(attributes)?.[1] ?? 0)
    const left = Number(x) + own('x')
    return { text, left, right: left + measureText(text), middle: Number(y) + own('y') }
  })
}

/** What a legend of these names is not to do: run into itself, out of the picture or over what is above it. */
async function faultsOf(plot: Plot, names: readonly string[], above: string): Promise<string[]> {
  const words = wordsOf(await plot.toSvg())
  const entries = words.filter(({ text }) => names.includes(text))
  const floor = Math.max(...words.filter(({ text }) => text === above).map(({ middle }) => middle + 8))
  const isOver = (a: Word, b: Word) =>
    // the picture of an entry stands 39 pixels to the left of its name
    a !== b && Math.abs(a.middle - b.middle) < 14 && a.left - 39 < b.right && b.left - 39 < a.right
  return [
    ...(entries.length === names.length ? [] : [`${entries.length} of ${names.length} names are there`]),
    ...entries.flatMap(entry => [
      ...(entry.left < 39 || entry.right > plot.size.width ? [`${entry.text} runs out of the picture`] : []),
      ...(entry.middle + 7 > plot.size.height ? [`${entry.text} is below the picture`] : []),
      ...(entry.middle - 7 < floor ? [`${entry.text} runs over the drawing`] : []),
      ...entries.filter(other => isOver(entry, other)).map(other => `${entry.text} runs into ${other.text}`),
    ]),
  ]
}

const namesOf = (count: number, name: string) => Array.from({ length: count }, (_, i) => `${i} ${name}`.slice(0, 30))
const usual = 'stochastic gradient descent, rate'
const wide = 'MOMENTUM WITH WARM RESTARTS, MNIST'

describe('a legend', () => {
  const line = (names: readonly string[], size = {}) =>
    lineChart(
      names.map(name => ({ name, y: [1, 2, 3] })),
      { x: { name: 'epoch' }, ...size },
    )

  it.each([
    [2, usual],
    [6, usual],
    [10, usual],
    [10, wide],
    [30, usual],
    [30, 'a'],
  ])('of %i names such as %j has room of its own', async (count, name) => {
    const names = namesOf(count, name)
    expect(await faultsOf(line(names), names, 'epoch')).toEqual([])
  })

  it('of one long name among short ones has room of its own, in a small picture too', async () => {
    const names = ['a', 'b', 'c', 'a name that is longer than the others', 'd', 'e', 'f', 'g', 'h', 'i', 'j']
    for (const size of [{}, { width: 400, height: 300 }])
      expect(await faultsOf(line(names, size), names, 'epoch')).toEqual([])
  })

  it.each<[string, (names: readonly string[]) => Plot]>([
    [
      'points',
      names =>
        scatterChart(
          names.map(name => ({ name, x: [1], y: [2] })),
          { x: { name: 'below' } },
        ),
    ],
    [
      'bars',
      names =>
        barChart(
          ['a'],
          names.map(name => ({ name, values: [1] })),
          { category: 'below' },
        ),
    ],
    [
      'histograms',
      names =>
        histogram(
          names.map((name, i) => ({ name, values: [1, 2, i] })),
          { x: { name: 'below' } },
        ),
    ],
  ])('of %s has room of its own', async (_, draw) => {
    const names = namesOf(10, usual)
    expect(await faultsOf(draw(names), names, 'below')).toEqual([])
  })

  it('of a study has room of its own', async () => {
    const grid = await racedStudy()
    const names = namesOf(8, 'study with a long name')
    const plot = plotDistribution(Object.fromEntries(names.map(name => [name, grid])), lossDown)
    const { data } = plot.option.legend as { data: readonly (string | { readonly name: string })[] }
    const shown = data.flatMap(entry => (typeof entry === 'string' ? [] : [entry.name]))
    expect(shown).toHaveLength(8)
    expect(await faultsOf(plot, shown, 'loss')).toEqual([])
  })

  it('stands in columns once it has several rows', async () => {
    const words = wordsOf(await line(namesOf(10, usual)).toSvg()).filter(({ text }) => text.includes('stochastic'))
    expect(new Set(words.map(({ left }) => Math.round(left))).size).toBeLessThanOrEqual(3)
    expect(new Set(words.map(({ middle }) => middle)).size).toBeLessThanOrEqual(5)
  })

  it('of many rows makes a picture higher, unless its height is given or there is none', () => {
    const names = namesOf(30, usual)
    const series = names.map(name => ({ name, y: [1, 2] }))
    expect(line(names).size.height).toBeGreaterThan(500)
    expect(line(namesOf(4, usual)).size.height).toBe(450)
    expect(line(names, { height: 400 }).size.height).toBe(400)
    expect(lineChart(series, { legend: false }).size.height).toBe(450)
  })
})

describe('the width of a text', () => {
  it('is at least what DejaVu Sans takes, and hardly more', () => {
    // advance widths of the font's hmtx table, summed, at 12 pixels
    const widths: Readonly<Record<string, number>> = {
      'stochastic gradient descent, rate': 198.47,
      'MOMENTUM WITH WARM RESTARTS, MNIST': 262.95,
      'trial 12': 42.74,
      'illicit fill!': 50.82,
    }
    for (const [text, width] of Object.entries(widths)) {
      expect(measureText(text)).toBeGreaterThanOrEqual(width)
      expect(measureText(text)).toBeLessThan(1.02 * width)
    }
    // of other characters less is known
    expect(measureText('Adam (0.001), β₁ = 0.9')).toBeGreaterThanOrEqual(139.27)
  })
})
