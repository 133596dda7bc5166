import { show, TuneError } from '../../../src/errors.js'
import { type LegendEntry, legendExcess } from './legend.js'
import type { ChartOption, ChartOptions, PlotSize } from './option.js'
import type { PlotTheme } from './theme.js'

/** How large a chart is unless it is drawn in another size. */
export interface PlotSizeOptions {
  /** In pixels. @defaultValue 800, or what the chart needs */
  readonly width?: number
  /** In pixels. @defaultValue 450, or what the chart needs */
  readonly height?: number
}

/** The size that was asked for, completed by the chart's own: higher where a legend has many rows. */
export function sizeOf(
  options: PlotSizeOptions & Pick<ChartOptions, 'legend'>,
  own: PlotSize = { width: 800, height: 450 },
  legend: readonly LegendEntry[] = [],
): PlotSize {
  const { width = own.width, height } = options
  return { width, height: height ?? own.height + (options.legend === false ? 0 : legendExcess(legend, width)) }
}

/** How a picture is drawn. */
export interface RenderOptions {
  /** In pixels, from 100. @defaultValue the plot's own */
  readonly width?: number
  /** In pixels, from 100. @defaultValue the plot's own */
  readonly height?: number
  /** @defaultValue `'light'` */
  readonly theme?: PlotTheme
}

/** How a picture of pixels is drawn. */
export interface PngOptions extends RenderOptions {
  /** Pixels of the file for one of the drawing, above 0. @defaultValue 2 */
  readonly scale?: number
}

/**
 * A chart: data until it is drawn. `toSvg`, `toPng` and `save` draw it here; a page draws {@link Plot.option} with echarts.
 *
 * The same data gives the same option and the same SVG, byte for byte. PNG needs a sans-serif font on the machine. What draws and writes here is
 * loaded when it is asked for, so that a page can lay plots out as well.
 */
export class Plot {
  readonly #build: (size: PlotSize) => ChartOption
  /** The extent that it is drawn in unless told otherwise, in pixels. */
  readonly size: PlotSize

  constructor(build: (size: PlotSize) => ChartOption, size: PlotSize = { width: 800, height: 450 }) {
    this.#build = build
    this.size = size
  }

  /**
   * What echarts draws, laid out for the plot's own size: plain data without functions. With `withTickLabels` very small and very large numbers
   * are as short as in SVG and PNG.
   */
  get option(): ChartOption {
    return this.optionFor(this.size)
  }

  /** {@link Plot.option} laid out for another size: how many lines the legend takes, how wide bars of colours are. */
  optionFor(size: PlotSize): ChartOption {
    return this.#build(size)
  }

  /**
   * Draws it as SVG, without a browser. Names and values are text in it, never markup.
   *
   * @throws `TuneError` `DEPENDENCY_MISSING` without the package echarts, `INVALID_OPTION`
   */
  async toSvg(options: RenderOptions = {}): Promise<string> {
    const { theme = 'light' } = options
    if (theme !== 'light' && theme !== 'dark') throw invalid('theme', theme, "'light' or 'dark'")
    const size = this.#sizeFor(options)
    const { renderSvg } = await import('./render.js')
    return await renderSvg(this.#build(size), size, theme)
  }

  /**
   * Draws it as PNG.
   *
   * @throws `TuneError` `DEPENDENCY_MISSING` without the packages echarts and @resvg/resvg-js, `INVALID_OPTION`
   */
  async toPng(options: PngOptions = {}): Promise<Uint8Array> {
    const { scale = 2 } = options
    if (!(scale > 0 && scale <= 10)) throw invalid('scale', scale, 'a number above 0, at most 10')
    const { renderPng } = await import('./render.js')
    return await renderPng(await this.toSvg(options), scale)
  }

  /**
   * Writes it to a file, as SVG or PNG by the path's extension; missing folders are made.
   *
   * @throws `TuneError` `INVALID_OPTION` for another extension, and what `toSvg` and `toPng` throw
   */
  async save(path: string, options: PngOptions = {}): Promise<void> {
    const [, extension] = /\.(svg|png)$/i.exec(path) ?? []
    if (extension === undefined) throw invalid('path', path, 'a path that ends in .svg or .png')
    const content = extension.toLowerCase() === 'svg' ? await this.toSvg(options) : await this.toPng(options)
    const { writePicture } = await import('./write-picture.js')
    await writePicture(path, content)
  }

  #sizeFor({ width = this.size.width, height = this.size.height }: RenderOptions): PlotSize {
    for (const [name, value] of Object.entries({ width, height }))
      if (!(value >= 100 && value <= 10_000)) throw invalid(name, value, 'a number of pixels from 100 to 10000')
    return { width, height }
  }
}

function invalid(option: string, value: unknown, wanted: string): TuneError {
  return new TuneError('INVALID_OPTION', `${option} is ${show(value)}: pass ${wanted}`)
}
