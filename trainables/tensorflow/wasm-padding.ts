import type { CopyingFunctions } from './copying.js'
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

/** Bytes from one pixel, row or image to the next. */
export function stridesOf({ height, width, channels }: Frame): {
  readonly pixel: number
  readonly row: number
  readonly image: number
} {
  const pixel = channels * float
  return { pixel, row: width * pixel, image: height * width * pixel }
}

/** Puts zeros or other numbers around images, and takes what is around them away, so that kernels need no special cases at the borders. */
export class WasmPadding {
  readonly #heap: WasmHeap
  readonly #functions: CopyingFunctions

  constructor(heap: WasmHeap, functions: CopyingFunctions) {
    this.#heap = heap
    this.#functions = functions
  }

  /**
   * Where images lie with a number around them, 0 by default: in scratch memory, or where they are if nothing goes around them.
   *
   * @param options - `scratch`: the name of the memory to use
   */
  around(images: number, frame: Frame, options: { readonly fill?: number; readonly scratch?: string } = {}): number {
    if (isTight(frame)) return images
    const length = frame.images * frame.height * frame.width * frame.channels
    const target = this.#heap.scratch(options.scratch ?? 'padded', length)
    this.#heap.floats(target, length).fill(options.fill ?? 0)
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
    const { pixel, row, image } = stridesOf(frame)
    const length = frame.innerWidth * pixel
    for (let n = 0; n < frame.images; n++) {
      const inside = framed + n * image + frame.top * row + frame.left * pixel
      const outside = images + n * frame.innerHeight * length
      if (direction === 'in') this.#functions.copyRows(outside, length, inside, row, frame.innerHeight, length)
      else this.#functions.copyRows(inside, row, outside, length, frame.innerHeight, length)
    }
  }
}

function isTight({ height, width, innerHeight, innerWidth }: Frame): boolean {
  return height === innerHeight && width === innerWidth
}
