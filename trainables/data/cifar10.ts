import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { TuneError } from '../../src/errors.js'
import { type ImageDataset, shareDataset } from './dataset.js'
import type { ImageSet, Normalization } from './images.js'

/** Brings each colour of the training pixels to mean 0 and standard deviation 1. */
export const cifar10Normalization: Normalization = {
  mean: [0.4914, 0.4822, 0.4465],
  deviation: [0.247, 0.2435, 0.2616],
}

/** What the ten labels stand for. */
export const cifar10Classes = [
  ...['airplane', 'automobile', 'bird', 'cat', 'deer'],
  ...['dog', 'frog', 'horse', 'ship', 'truck'],
] as const

const [side, colours] = [32, 3]
const area = side ** 2

/** The official binary files: records of a label, and the red, green and blue pixels row by row. */
export const cifar10Format = {
  side,
  colours,
  recordBytes: 1 + colours * area,
  trainFiles: [1, 2, 3, 4, 5].map(number => `data_batch_${number}.bin`),
  testFile: 'test_batch.bin',
} as const

const { recordBytes, trainFiles, testFile } = cifar10Format
const source = 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz'

/**
 * Reads CIFAR-10 (photographs of ten kinds of things, 32 × 32 pixels in three colours), once a process.
 *
 * @param directory - the folder `cifar-10-batches-bin` with the official binary files `data_batch_1.bin` … `data_batch_5.bin` and `test_batch.bin`
 * @throws TuneError `DEPENDENCY_MISSING` without a folder, `STORAGE_UNAVAILABLE` when a file can't be read or is damaged; both say where to get the files
 * @see https://www.cs.toronto.edu/~kriz/cifar.html (Krizhevsky 2009)
 */
export async function loadCifar10(directory: string | undefined): Promise<ImageDataset> {
  if (directory === undefined) {
    throw new TuneError(
      'DEPENDENCY_MISSING',
      `the CIFAR-10 images are missing: download ${source} (162 MB), unpack it (\`tar xzf cifar-10-binary.tar.gz\`), and give the folder cifar-10-batches-bin as dataDirectory (in a clone of tunewright, \`npm run cifar-10 -- FOLDER\` makes it)`,
    )
  }
  const folder = resolve(directory)
  return shareDataset(`cifar-10 ${folder}`, async () => {
    const [test = new Uint8Array(), ...train] = await Promise.all(
      [testFile, ...trainFiles].map(file => readRecords(join(folder, file))),
    )
    return { train: decode(train), test: decode([test]) }
  })
}

async function readRecords(path: string): Promise<Uint8Array> {
  let bytes: Uint8Array
  try {
    bytes = await readFile(path)
  } catch (cause) {
    throw new TuneError(
      'STORAGE_UNAVAILABLE',
      `${path} can't be read: ${cause instanceof Error ? cause.message : String(cause)}. Download ${source} (162 MB), unpack it, and give the folder cifar-10-batches-bin`,
      { cause },
    )
  }
  let worst = 0
  for (let at = 0; at < bytes.length; at += recordBytes) worst = Math.max(worst, bytes[at] ?? 0)
  if (bytes.length === 0 || bytes.length % recordBytes !== 0 || worst >= cifar10Classes.length) {
    const what =
      worst >= cifar10Classes.length
        ? `a label is ${worst}`
        : `${bytes.length} bytes are no whole number of images of ${recordBytes}`
    throw new TuneError('STORAGE_UNAVAILABLE', `${path} is damaged: ${what}. Download ${source} again`)
  }
  return bytes
}

/** Decodes records into pixels with their colours side by side. */
function decode(files: readonly Uint8Array[]): ImageSet {
  const count = files.reduce((sum, { length }) => sum + length / recordBytes, 0)
  const pixels = new Uint8Array(count * colours * area)
  const labels = new Uint8Array(count)
  let image = 0
  for (const bytes of files) {
    for (let record = 0; record < bytes.length; record += recordBytes, image++) {
      labels[image] = bytes[record] ?? 0
      const target = image * colours * area
      for (let colour = 0; colour < colours; colour++) {
        const plane = record + 1 + colour * area
        for (let at = 0; at < area; at++) pixels[target + at * colours + colour] = bytes[plane + at] ?? 0
      }
    }
  }
  return { count, height: side, width: side, channels: colours, classes: cifar10Classes.length, pixels, labels }
}
