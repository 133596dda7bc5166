import { show, TuneError } from '../../../src/errors.js'
import type { ChartOption, PlotSize } from './option.js'
import { type PlotTheme, plotThemes } from './theme.js'
import { withTickLabels } from './tick-labels.js'

/**
 * Draws a chart as SVG, without a browser. The same option gives the same text, byte for byte: ids are made from what is drawn.
 *
 * @throws `TuneError` `DEPENDENCY_MISSING` without echarts
 */
export async function renderSvg(option: ChartOption, size: PlotSize, theme: PlotTheme): Promise<string> {
  const { init } = await importPeer('echarts', () => import('echarts'))
  const chart = init(null, plotThemes[theme], { renderer: 'svg', ssr: true, ...size })
  try {
    chart.setOption({ ...withTickLabels(option), animation: false })
    return tidySvg(chart.renderToSVGString(), titleOf(option))
  } finally {
    chart.dispose()
  }
}

/**
 * Turns SVG into PNG.
 *
 * @param scale - pixels of the picture for one of the SVG
 * @throws `TuneError` `DEPENDENCY_MISSING` without @resvg/resvg-js
 */
export async function renderPng(svg: string, scale: number): Promise<Uint8Array> {
  const { Resvg } = await importPeer('@resvg/resvg-js', () => import('@resvg/resvg-js'))
  const picture = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: scale },
    font: { loadSystemFonts: true, defaultFontFamily: 'DejaVu Sans' },
  })
  return picture.render().asPng()
}

/**
 * Makes a drawing that echarts wrote fit to be kept: without rules for a pointer that hovers, and with ids that depend on the drawing alone, so that
 * several may stand in one page. Text never holds a quotation mark here (it is escaped), so that nothing but attributes is replaced.
 */
function tidySvg(svg: string, title: string): string {
  const bare = svg
    .replace(/<style >[\s\S]*?<\/style>/g, '')
    .replace(/ class="zr\d+-cls-\d+(?: zr\d+-cls-\d+)*"/g, '')
    .replace(/ ecmeta_[a-z_]+="[^"]*"/g, '')
    .replace(/(="(?:url\(#|#)?)zr\d+-/g, '$1ZR-')
  const id = `tw${checksum(bare)}-`
  return bare
    .replace(/(="(?:url\(#|#)?)ZR-/g, `$1${id}`)
    .replace(/>/, ` role="img"><title>${escapeMarkup(title)}</title>`)
}

function titleOf({ title }: ChartOption): string {
  const first = Array.isArray(title) ? title[0] : title
  return first?.text ?? ''
}

function escapeMarkup(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}

/** FNV-1a, 32 bits. */
function checksum(text: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}

async function importPeer<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (cause) {
    throw new TuneError('DEPENDENCY_MISSING', `charts need ${show(name)}: run \`npm install ${name}\``, { cause })
  }
}
