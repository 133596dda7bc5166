import { show, TuneError } from '../../src/errors.js'
import type { ImageSet } from '../data/images.js'

/**
 * The images of some classes; their labels become the places of their classes in the list.
 *
 * @throws TuneError `INVALID_CONFIG` for fewer than two classes, one that there is not, or one that is listed twice
 */
export function imagesOfClasses(images: ImageSet, classes: readonly number[]): ImageSet {
  const exist = classes.every(one => Number.isInteger(one) && one >= 0 && one < images.classes)
  if (classes.length < 2 || !exist || new Set(classes).size < classes.length)
    throw new TuneError(
      'INVALID_CONFIG',
      `classes is ${show(classes)}: it must have two or more different labels from 0 to ${images.classes - 1}`,
    )
  if (classes.length === images.classes && classes.every((label, place) => label === place)) return images
  const places = new Map(classes.map((label, place) => [label, place]))
  const chosen = Array.from({ length: images.count }, (_, index) => index).filter(index =>
    places.has(images.labels[index] ?? -1),
  )
  const length = images.height * images.width * images.channels
  const pixels = new Uint8Array(chosen.length * length)
  for (const [to, from] of chosen.entries())
    pixels.set(images.pixels.subarray(from * length, (from + 1) * length), to * length)
  const labels = Uint8Array.from(chosen, index => places.get(images.labels[index] ?? -1) ?? 0)
  return { ...images, count: chosen.length, classes: classes.length, pixels, labels }
}
