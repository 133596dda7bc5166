import { resolve } from 'node:path'
import { show, TuneError } from '../../src/errors.js'
import { loadCifar10 } from '../data/cifar10.js'
import { type ImageDataset, shareDataset } from '../data/dataset.js'
import type { ImageSet } from '../data/images.js'

/**
 * Reads some classes of CIFAR-10, once a process.
 *
 * @throws TuneError as `loadCifar10` and {@link imagesOfClasses} do
 */
export async function loadCifar10Classes(
  directory: string | undefined,
  classes: readonly number[],
): Promise<ImageDataset> {
  const { train, test } = await loadCifar10(directory)
  if (directory === undefined || isWhole(test, classes)) return { train, test }
  return shareDataset(`cifar-10 ${resolve(directory)}, classes ${classes.join()}`, async () => ({
    train: imagesOfClasses(train, classes),
    test: imagesOfClasses(test, classes),
  }))
}

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
  if (isWhole(images, classes)) return images
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

/** Whether classes are all that there are, in their order. */
function isWhole(images: ImageSet, classes: readonly number[]): boolean {
  return classes.length === images.classes && classes.every((label, place) => label === place)
}
