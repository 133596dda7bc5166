import type { Rng } from '../../src/rng.js'
import type { ImageSet, Normalization } from '../data/images.js'

/** What an image shows: a bar from top to bottom, one from left to right, or noise alone. */
export const edgeClasses = ['vertical', 'horizontal', 'none'] as const

/** The name of one of {@link edgeClasses}. */
export type EdgeClass = (typeof edgeClasses)[number]

/** Height and width of the images, in pixels. */
export const edgeImageSide = 28

/** What differs from one set of edges to another. */
export interface EdgeDomain {
  /** Which part of the rows or columns the whole edge lies in, from 0 (top, left) to 1. */
  readonly places: readonly [from: number, to: number]
  /** How wide the edges are, in pixels; each width as often as the others. */
  readonly widths: readonly number[]
}

/** How a network takes the images. */
export const edgeNormalization: Normalization = { mean: 0.5, deviation: 0.25 }

/** Background and edge; as often bright on dark as the other way round, so that brightness tells nothing. */
const [grey, contrast] = [0.5, 0.25]

/**
 * Draws images of edges, each class as often as the others: on a grey ground, somewhere, a brighter or darker bar that crosses the image, under noise.
 *
 * The first images of a stream are the same however many are drawn.
 *
 * @param noise - the standard deviation of what is added to each pixel; black is 0, white 1, and pixels beyond are clipped
 */
export function edgeImages(count: number, { places, widths }: EdgeDomain, noise: number, rng: Rng): ImageSet {
  const length = edgeImageSide ** 2
  const pixels = new Uint8Array(count * length)
  const labels = Uint8Array.from({ length: count }, (_, image) => image % edgeClasses.length)
  const [first, end] = places.map(place => Math.round(place * edgeImageSide)) as [number, number]
  for (let image = 0; image < count; image++) {
    const width = widths[rng.integer(0, widths.length)] ?? 1
    const start = rng.integer(first, end - width + 1)
    const step = rng.uniform() < 0.5 ? contrast : -contrast
    const shown = edgeClasses[labels[image] ?? 0]
    for (let pixel = 0; pixel < length; pixel++) {
      const across = shown === 'vertical' ? pixel % edgeImageSide : Math.floor(pixel / edgeImageSide)
      const isEdge = shown !== 'none' && across >= start && across < start + width
      const value = grey + (isEdge ? step : 0) + noise * rng.normal()
      pixels[image * length + pixel] = Math.round(255 * Math.min(1, Math.max(0, value)))
    }
  }
  return {
    count,
    height: edgeImageSide,
    width: edgeImageSide,
    channels: 1,
    classes: edgeClasses.length,
    pixels,
    labels,
  }
}
