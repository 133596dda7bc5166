import { show, TuneError } from '../../../src/errors.js'
import { formatNumber } from '../../../src/results/text.js'
import { extentOf } from '../core/axis.js'
import { type ChartOptions, frame, label } from '../core/option.js'
import { Plot } from '../core/plot.js'
import { greyImage } from '../core/png-image.js'
import { neutral } from '../core/theme.js'

/** One grey picture. */
export interface ImagePlane {
  /** Row-major [height × width]. */
  readonly values: ArrayLike<number>
  /** What stands below it. */
  readonly label?: string
}

/** How pictures are laid out. */
export interface ImageGridOptions extends ChartOptions {
  /** Pixels of a plane. */
  readonly width: number
  /** Pixels of an image from top to bottom. */
  readonly height: number
  /** Pictures in a row. @defaultValue as many as make the grid wider than high */
  readonly columns?: number
  /** Screen pixels of a plane's pixel, an integer. @defaultValue so that a picture is about 64 wide */
  readonly zoom?: number
  /** Which values are black and white: the ends of each plane, of all planes together, or as given. @defaultValue `'each'` */
  readonly range?: 'each' | 'all' | readonly [number, number]
}

/**
 * Grey pictures side by side: filters of a convolution, activations, digits. Low values are black, high ones white, what is not finite is black.
 *
 * @throws `TuneError` `INVALID_OPTION` for a plane without width × height values
 */
export function imageGrid(planes: readonly ImagePlane[], options: ImageGridOptions): Plot {
  const { width, height, range = 'each' } = options
  for (const [name, value] of Object.entries({ width, height }))
    if (!Number.isInteger(value) || value < 1)
      throw new TuneError('INVALID_OPTION', `imageGrid: ${name} is ${show(value)}: pass an integer from 1`)
  for (const [index, { values }] of planes.entries())
    if (values.length !== width * height)
      throw new TuneError(
        'INVALID_OPTION',
        `imageGrid: plane ${index} has ${values.length} values: pass width × height of them, ${width * height}`,
      )
  const zoom = Math.max(1, Math.round(options.zoom ?? 64 / width))
  const columns = options.columns ?? Math.max(1, Math.ceil(Math.sqrt(planes.length * 1.6)))
  const rows = Math.ceil(planes.length / columns)
  const hasLabels = planes.some(plane => plane.label !== undefined)
  const gap = 10
  const labelRoom = hasLabels ? 16 : 0
  const cell = { width: Math.max(width * zoom, hasLabels ? 44 : 0) + gap, height: height * zoom + gap + labelRoom }
  const shared = range === 'all' ? (extentOf(planes.flatMap(({ values }) => Array.from(values))) ?? [0, 1]) : undefined
  const ends = (values: ArrayLike<number>) =>
    (range === 'each' ? extentOf(Array.from(values)) : range === 'all' ? shared : range) ?? [0, 1]
  const images = planes.map(({ values }) => greyImage(toGrey(values, ends(values)), width, height, zoom))
  const scale = range === 'each' ? undefined : ends([])
  const subtitle = options.subtitle ?? (scale && `black ${formatNumber(scale[0])}, white ${formatNumber(scale[1])}`)
  const words = { title: options.title ?? '', ...(subtitle !== undefined && { subtitle }) }
  const own = { width: Math.max(360, 32 + columns * cell.width), height: 0 }
  const { top } = frame(own, words)
  return new Plot(
    size => ({
      ...frame(size, words).option,
      graphic: planes.flatMap(({ label: name }, index) => {
        const left = 16 + (index % columns) * cell.width
        const y = top + 8 + Math.floor(index / columns) * cell.height
        const [w, h] = [width * zoom, height * zoom]
        return [
          {
            type: 'rect' as const,
            left: left - 1,
            top: y - 1,
            shape: { width: w + 2, height: h + 2 },
            style: { fill: neutral },
            silent: true,
          },
          {
            type: 'image' as const,
            left,
            top: y,
            style: { image: images[index] ?? '', width: w, height: h },
            silent: true,
          },
          ...(name === undefined
            ? []
            : [caption(label(name, Math.floor((cell.width - 4) / 6)), left + w / 2, y + h + 4)]),
        ]
      }),
    }),
    { width: own.width, height: top + 16 + rows * cell.height },
  )
}

function caption(text: string, x: number, y: number) {
  return {
    type: 'text' as const,
    x,
    y,
    silent: true,
    style: { text, fontSize: 11, fill: neutral, textAlign: 'center' as const, textVerticalAlign: 'top' as const },
  }
}

function toGrey(values: ArrayLike<number>, [low, high]: readonly [number, number]): Uint8Array {
  const span = high - low || 1
  return Uint8Array.from(values, value => {
    const share = (value - low) / span
    return Number.isFinite(share) ? Math.round(255 * Math.min(1, Math.max(0, share))) : 0
  })
}
