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

/** How a byte becomes a network's input: `(byte / 255 - mean) / deviation`. */
export interface Normalization {
  /** Of pixels in [0, 1]; subtracted. */
  readonly mean: number
  /** Their standard deviation; what is left is divided by it. */
  readonly deviation: number
}

/** Selects the images `[from, from + count)` in the set's own order. */
export function selectImages(images: ImageSet, from: number, count: number): ImageSelection {
  return { images, indices: Uint32Array.from({ length: count }, (_, index) => from + index) }
}

/** Makes the batches of a selection one by one; the last may be smaller. A batch's arrays are its own. */
export function* batchesOf(
  { images, indices }: ImageSelection,
  size: number,
  { mean, deviation }: Normalization,
): Generator<Batch, void, undefined> {
  const length = images.height * images.width * images.channels
  const table = Float32Array.from({ length: 256 }, (_, byte) => (byte / 255 - mean) / deviation)
  for (let start = 0; start < indices.length; start += size) {
    const count = Math.min(size, indices.length - start)
    const inputs = new Float32Array(count * length)
    const labels = new Uint8Array(count)
    for (let i = 0; i < count; i++) {
      const index = indices[start + i] ?? 0
      labels[i] = images.labels[index] ?? 0
      const from = index * length
      const to = i * length
      for (let j = 0; j < length; j++) inputs[to + j] = table[images.pixels[from + j] ?? 0] ?? 0
    }
    yield { count, inputs, labels }
  }
}
