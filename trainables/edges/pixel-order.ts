import { Rng } from '../../src/rng.js'
import type { ImageSet } from '../data/images.js'

/**
 * The one order that pixels are put into, the same for every image of that size: neighbours are neighbours no longer.
 *
 * @returns where each pixel of the new image comes from
 */
export function fixedPixelOrder(pixels: number): Uint32Array {
  return Rng.from('pixel order').shuffle(Uint32Array.from({ length: pixels }, (_, pixel) => pixel))
}

/** Puts the pixels of each image into {@link fixedPixelOrder}. */
export function permutePixels(images: ImageSet): ImageSet {
  const length = images.height * images.width
  const order = fixedPixelOrder(length)
  const pixels = new Uint8Array(images.pixels.length)
  for (let to = 0; to < images.count * length; to++) {
    const from = to - (to % length) + (order[to % length] ?? 0)
    for (let channel = 0; channel < images.channels; channel++)
      pixels[to * images.channels + channel] = images.pixels[from * images.channels + channel] ?? 0
  }
  return { ...images, pixels }
}
