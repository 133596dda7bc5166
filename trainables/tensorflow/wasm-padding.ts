import type { WasmHeap } from './wasm-heap.js'

/** Images with room around them: row-major [images × height × width × channels], the inner image from `top` and `left` on. */
export interface Frame {
  readonly images: number
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly innerHeight: number
  readonly innerWidth: number
  readonly top: number
  readonly left: number
}

/** Bytes of a number. */
const float = 4

/** Puts zeros around images, and takes what is around them away, so that kernels need no special cases at the borders. */
export class WasmPadding {
  readonly #heap: WasmHeap

  constructor(heap: WasmHeap) {
    this.#heap = heap
  }

  /** Bytes from one pixel, row or image to the next. */
  strides({ height, width, channels }: Frame): {
    readonly pixel: number
    readonly row: number
    readonly image: number
  } {
    const pixel = channels * float
    return { pixel, row: width * pixel, image: height * width * pixel }
  }

  /** Where images lie with zeros around them: in scratch memory, or where they are if nothing goes around them. */
  around(images: number, frame: Frame, scratch = 'padded'): number {
    if (isTight(frame)) return images
    const length = frame.images * frame.height * frame.width * frame.channels
    const target = this.#heap.scratch(scratch, length)
    this.#heap.floats(target, length).fill(0)
    this.#copyRows(target, images, frame, 'in')
    return target
  }

  /** Where results with borders can be written; {@link crop} brings the inner images to their place. */
  room(images: number, frame: Frame): number {
    if (isTight(frame)) return images
    return this.#heap.scratch('room', frame.images * frame.height * frame.width * frame.channels)
  }

  /** Copies the inner images to where they belong, unless they are there. */
  crop(framed: number, images: number, frame: Frame): void {
    if (!isTight(frame)) this.#copyRows(framed, images, frame, 'out')
  }

  #copyRows(framed: number, images: number, frame: Frame, direction: 'in' | 'out'): void {
    const { pixel, row, image } = this.strides(frame)
    const bytes = new Uint8Array(this.#heap.memory.buffer)
    const length = frame.innerWidth * pixel
    for (let n = 0; n < frame.images; n++) {
      for (let y = 0; y < frame.innerHeight; y++) {
        const inside = framed + n * image + (y + frame.top) * row + frame.left * pixel
        const outside = images + (n * frame.innerHeight + y) * length
        if (direction === 'in') bytes.copyWithin(inside, outside, outside + length)
        else bytes.copyWithin(outside, inside, inside + length)
      }
    }
  }
}

function isTight({ height, width, innerHeight, innerWidth }: Frame): boolean {
  return height === innerHeight && width === innerWidth
}
