import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Resvg } from '@resvg/resvg-js'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  barChart,
  heatmap,
  imageGrid,
  lineChart,
  type Plot,
  plotThemes,
  scatterChart,
} from '../../../analysis/plots/index.js'

const losses = { name: 'loss', y: [1, 0.5, 0.25, 0.2], lower: [0.9, 0.4, 0.2, 0.1], upper: [1.1, 0.6, 0.3, 0.3] }
const chart = () => lineChart([losses], { title: 'Training', y: { name: 'loss', unit: 'nats' }, x: { name: 'epoch' } })
const hostile = '<script>alert("1")</script> & {a|b} \u0007\u001b[31m \ud800'

describe('a plot', () => {
  it('is drawn as the same SVG each time, whatever was drawn before', async () => {
    const first = await chart().toSvg()
    await scatterChart([{ name: 'other', x: [1], y: [2] }]).toSvg()
    expect(await chart().toSvg()).toBe(first)
  })

  it('is well-formed SVG of the size that was asked for, without styles, classes or scripts', async () => {
    const svg = await chart().toSvg({ width: 500, height: 300 })
    const { width, height } = new Resvg(svg)
    expect({ width, height }).toEqual({ width: 500, height: 300 })
    expect(svg).toMatch(/^<svg width="500" height="300" [^>]*role="img"><title>Training<\/title>/)
    expect(svg).not.toMatch(/<style|class=|<script|ecmeta/)
  })

  it('has ids that depend on what is drawn, so that two may stand in one page', async () => {
    const idsOf = (svg: string) => new Set([...svg.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id))
    const [a, b] = [
      idsOf(await chart().toSvg()),
      idsOf(await lineChart([{ ...losses, y: [1, 0.5, 0.3, 0.2] }]).toSvg()),
    ]
    expect(a.size).toBeGreaterThan(0)
    expect([...a].filter(id => b.has(id))).toEqual([])
  })

  it('refers to no id that it lacks', async () => {
    const svg = await chart().toSvg()
    const ids = [...svg.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
    const used = [...svg.matchAll(/(?:url\(|href=")#([^")]*)/g)].map(([, id]) => id)
    expect(used.filter(id => !ids.includes(id))).toEqual([])
  })

  it('has an option of plain data', () => {
    const { option } = chart()
    expect(JSON.parse(JSON.stringify(option))).toEqual(option)
  })

  it.each<[string, () => Plot]>([
    [
      'lines',
      () =>
        lineChart(
          [
            { name: hostile, y: [1, 2] },
            { name: `${hostile}2`, y: [2, 3] },
          ],
          { title: hostile, subtitle: hostile, x: { name: hostile, unit: hostile } },
        ),
    ],
    [
      'points',
      () =>
        scatterChart(
          [
            { name: hostile, x: [1], y: [2] },
            { name: 'b', x: [1], y: [2] },
          ],
          { title: hostile, y: { name: hostile } },
        ),
    ],
    [
      'bars',
      () =>
        barChart(
          [hostile, 'b'],
          [
            { name: hostile, values: [1, 2] },
            { name: 'b', values: [1, 2] },
          ],
          { title: hostile, category: hostile },
        ),
    ],
    [
      'tables',
      () =>
        heatmap(
          { rows: [hostile], columns: [hostile], values: [1] },
          { title: hostile, rowAxis: hostile, measure: hostile },
        ),
    ],
    ['images', () => imageGrid([{ values: [1], label: hostile }], { width: 1, height: 1, title: hostile })],
  ])('shows names of %s as text, never as markup', async (_, make) => {
    const svg = await make().toSvg()
    expect(svg).toContain('&lt;script&gt;')
    expect(svg).not.toContain('<script')
    // whatever is no XML would be refused
    expect(() => new Resvg(svg)).not.toThrow()
  })

  it('is legible on a dark ground', async () => {
    const svg = await chart().toSvg({ theme: 'dark' })
    expect(svg).toContain(`fill="${plotThemes.dark.backgroundColor}"`)
    expect(svg).not.toContain('#1f1f1f')
  })

  it('becomes a PNG of as many pixels as the scale says', async () => {
    const png = Buffer.from(await chart().toPng({ width: 400, height: 200, scale: 1.5 }))
    expect(png.subarray(1, 4).toString('latin1')).toBe('PNG')
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([600, 300])
  })

  it.each([
    [{ theme: 'blue' as 'dark' }, "theme is \"blue\": pass 'light' or 'dark'"],
    [{ width: 10 }, 'width is 10: pass a number of pixels from 100 to 10000'],
    [{ height: Number.NaN }, 'height is NaN: pass a number of pixels from 100 to 10000'],
  ])('refuses %j', async (options, message) => {
    await expect(chart().toSvg(options)).rejects.toMatchObject({ code: 'INVALID_OPTION', message })
  })

  it('refuses a scale that makes no picture', async () => {
    await expect(chart().toPng({ scale: 0 })).rejects.toMatchObject({ code: 'INVALID_OPTION' })
  })
})

describe('saving a plot', () => {
  let folder: string | undefined
  afterEach(async () => {
    if (folder !== undefined) await rm(folder, { recursive: true })
    folder = undefined
  })

  it('writes SVG or PNG by the extension, into folders that it makes', async () => {
    folder = await mkdtemp(join(tmpdir(), 'plots-'))
    await chart().save(join(folder, 'a', 'b.svg'))
    await chart().save(join(folder, 'a', 'b.PNG'))
    expect(await readFile(join(folder, 'a', 'b.svg'), 'utf8')).toBe(await chart().toSvg())
    expect((await readFile(join(folder, 'a', 'b.PNG'))).subarray(1, 4).toString('latin1')).toBe('PNG')
  })

  it('refuses other files', async () => {
    const message = 'path is "chart.pdf": pass a path that ends in .svg or .png'
    await expect(chart().save('chart.pdf')).rejects.toMatchObject({ code: 'INVALID_OPTION', message })
  })
})

describe('without the chart library', () => {
  it('tells what to install', async () => {
    vi.doMock('echarts', () => {
      throw new Error('Cannot find package')
    })
    vi.resetModules()
    const fresh = await import('../../../analysis/plots/index.js')
    await expect(fresh.lineChart([losses]).toSvg()).rejects.toMatchObject({
      code: 'DEPENDENCY_MISSING',
      message: 'charts need "echarts": run `npm install echarts`',
    })
    vi.doUnmock('echarts')
  })
})
