import type { Augmentation, Change } from './augment.js'

/** Labelled images of one size, as bytes. */
export interface ImageSet {
  /** How many there are. */
  readonly count: number
  /** Rows of pixels. */
  readonly height: number
  /** Pixels in a row. */
  readonly width: number
  /** Colours a pixel. */
  readonly channels: number
  /** How many classes the labels tell apart. */
  readonly classes: number
  /** Row-major [count × height × width × channels], 0 to 255. */
  readonly pixels: Uint8Array
  /** [count], each from 0 to `classes - 1`. */
  readonly labels: Uint8Array
}

/** Some of a set's images, in an order: an index list, no copy. */
export interface ImageSelection {
  /** The set that is selected from. */
  readonly images: ImageSet
  /** Which of its images, in the order in which they are used. */
  readonly indices: Uint32Array
}

/** A batch as a network takes it. */
export interface Batch {
  /** How many images it holds. */
  readonly count: number
  /** Row-major [count × height × width × channels]. */
  readonly inputs: Float32Array
  /** [count]. */
  readonly labels: Uint8Array
}

/** How a byte becomes a network's input: `(byte / 255 - mean) / deviation`; the same for all colours, or a number for each. */
export interface Normalization {
  /** Of pixels in [0, 1]; subtracted. */
  readonly mean: number | readonly number[]
  /** Their standard deviation; what is left is divided by it. */
  readonly deviation: number | readonly number[]
}

/** Selects the images `[from, from + count)` in the set's own order. */
export function selectImages(images: ImageSet, from: number, count: number): ImageSelection {
  return { images, indices: Uint32Array.from({ length: count }, (_, index) => from + index) }
}

/**
 * Makes the batches of a selection one by one; the last may be smaller. A batch's arrays are its own.
 *
 * @param size - images a batch, or that of the batch that starts once `done` images have been given out
 * @param augment - changes each image; without it they are as they are
 */
export function* batchesOf(
  { images, indices }: ImageSelection,
  size: number | ((done: number) => number),
  normalization: Normalization,
  augment?: Augmentation,
): Generator<Batch, void, undefined> {
  const length = images.height * images.width * images.channels
  const copy = imageCopier(images, normalization)
  let start = 0
  while (start < indices.length) {
    const count = Math.min(typeof size === 'number' ? size : size(start), indices.length - start)
    const inputs = new Float32Array(count * length)
    const labels = new Uint8Array(count)
    for (let i = 0; i < count; i++) {
      const index = indices[start + i] ?? 0
      labels[i] = images.labels[index] ?? 0
      copy(index, inputs, i * length, augment?.())
    }
    start += count
    yield { count, inputs, labels }
  }
}

/** Copies an image into a batch, normalized and changed. */
type ImageCopier = (index: number, target: Float32Array, to: number, change: Change | undefined) => void

function imageCopier(images: ImageSet, normalization: Normalization): ImageCopier {
  const { height, width, channels, pixels } = images
  const length = height * width * channels
  const tables = normalizationTables(normalization, channels)
  const normalize = (from: number, target: Float32Array, to: number, count: number): void => {
    for (let channel = 0; channel < channels; channel++) {
      const table = tables[channel] ?? new Float32Array(256)
      for (let j = channel; j < count; j += channels) target[to + j] = table[pixels[from + j] ?? 0] ?? 0
    }
  }
  const changed = (from: number, target: Float32Array, to: number, { down, right, isFlipped }: Change): void => {
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const fromRow = row - down
        const fromColumn = (isFlipped ? width - 1 - column : column) - right
        const isInside = fromRow >= 0 && fromRow < height && fromColumn >= 0 && fromColumn < width
        const source = from + (fromRow * width + fromColumn) * channels
        const place = to + (row * width + column) * channels
        for (let channel = 0; channel < channels; channel++) {
          target[place + channel] = tables[channel]?.[isInside ? (pixels[source + channel] ?? 0) : 0] ?? 0
        }
      }
    }
  }
  return (index, target, to, change) => {
    if (change === undefined) normalize(index * length, target, to, length)
    else changed(index * length, target, to, change)
  }
}

function normalizationTables({ mean, deviation }: Normalization, channels: number): Float32Array[] {
  const at = (values: number | readonly number[], channel: number): number =>
    typeof values === 'number' ? values : (values[channel] ?? Number.NaN)
  return Array.from({ length: channels }, (_, channel) =>
    Float32Array.from({ length: 256 }, (_, byte) => (byte / 255 - at(mean, channel)) / at(deviation, channel)),
  )
}
