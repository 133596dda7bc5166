import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { CopyingFunctions } from './copying.js'
import type { PoolingFunctions, Windows } from './pooling.js'
import type { ConvolutionSizes } from './wasm-convolution.js'
import type { WasmHeap } from './wasm-heap.js'
import { type Frame, stridesOf, WasmPadding } from './wasm-padding.js'

/** Pooling on the WASM heap, and its gradients. */
export class WasmPooling {
  readonly #heap: WasmHeap
  readonly #functions: PoolingFunctions
  readonly #padding: WasmPadding

  constructor(heap: WasmHeap, functions: PoolingFunctions & CopyingFunctions) {
    this.#heap = heap
    this.#functions = functions
    this.#padding = new WasmPadding(heap, functions)
  }

  /** The maximum over each window; x [n × h × w × c]. What is padded doesn't count. */
  maximum(x: TensorInfo, sizes: ConvolutionSizes): TensorInfo {
    const y = this.#heap.output(sizes.outShape)
    const frame = frameOf(sizes)
    const input = this.#padding.around(this.#heap.address(x), frame, { fill: Number.NEGATIVE_INFINITY })
    const pool = isTwoByTwo(sizes) ? this.#functions.maxPool2 : this.#functions.maxPool
    this.#eachImage(sizes, frame, (inner, outer, windows) =>
      pool(input + inner, this.#heap.address(y) + outer, ...windows),
    )
    return y
  }

  /** The gradient of max-pooling: each number of dy goes to the first pixel of its window, row by row, that holds the maximum. */
  maximumGradient(x: TensorInfo, y: TensorInfo, dy: TensorInfo, sizes: ConvolutionSizes): TensorInfo {
    const gradient = this.#heap.output(sizes.inShape)
    const frame = frameOf(sizes)
    const input = this.#padding.around(this.#heap.address(x), frame, { fill: Number.NEGATIVE_INFINITY })
    const target = this.#padding.room(this.#heap.address(gradient), frame)
    const { strideHeight, strideWidth, outHeight, outWidth } = sizes
    const areApart = isTwoByTwo(sizes) && strideHeight >= 2 && strideWidth >= 2
    const areAllCovered = areApart && frame.height === 2 * outHeight && frame.width === 2 * outWidth
    if (!areAllCovered) this.#clear(target, frame)
    const spread = areApart ? this.#functions.maxPoolGradient2 : this.#functions.maxPoolGradient
    const [outputs, upstream] = [this.#heap.address(y), this.#heap.address(dy)]
    this.#eachImage(sizes, frame, (inner, outer, windows) =>
      spread(input + inner, outputs + outer, upstream + outer, target + inner, ...windows),
    )
    this.#padding.crop(target, this.#heap.address(gradient), frame)
    return gradient
  }

  /** The gradient of average-pooling without padding: each number of dy is shared out among the pixels of its window. */
  averageGradient(dy: TensorInfo, sizes: ConvolutionSizes): TensorInfo {
    const gradient = this.#heap.output(sizes.inShape)
    const target = this.#heap.address(gradient)
    const frame = frameOf(sizes)
    this.#clear(target, frame)
    const share = 1 / (sizes.filterHeight * sizes.filterWidth)
    this.#eachImage(sizes, frame, (inner, outer, windows) =>
      this.#functions.averagePoolGradient(this.#heap.address(dy) + outer, target + inner, share, ...windows),
    )
    return gradient
  }

  #clear(images: number, { images: count, height, width, channels }: Frame): void {
    this.#heap.floats(images, count * height * width * channels).fill(0)
  }

  /** Visits the images: how far from the first one they lie, before and after pooling, in bytes, and what their windows are. */
  #eachImage(
    sizes: ConvolutionSizes,
    frame: Frame,
    visit: (inner: number, outer: number, windows: Windows) => void,
  ): void {
    const { outHeight, outWidth, outChannels, filterHeight, filterWidth } = sizes
    const { pixel, row, image } = stridesOf(frame)
    const outImage = outHeight * outWidth * outChannels * 4
    for (let n = 0; n < sizes.batchSize; n++) {
      visit(n * image, n * outImage, [
        ...([outHeight, outWidth, row * sizes.strideHeight, pixel * sizes.strideWidth] as const),
        ...([row, filterHeight, filterWidth, outChannels] as const),
      ])
    }
  }
}

const isTwoByTwo = ({ filterHeight, filterWidth }: ConvolutionSizes): boolean => filterHeight === 2 && filterWidth === 2

/** The images with their padding, as far as windows reach. */
function frameOf(sizes: ConvolutionSizes): Frame {
  const { inHeight, inWidth, outHeight, outWidth } = sizes
  const { top, left } = sizes.padInfo
  return {
    ...{ images: sizes.batchSize, channels: sizes.inChannels, innerHeight: inHeight, innerWidth: inWidth, top, left },
    height: Math.max((outHeight - 1) * sizes.strideHeight + sizes.filterHeight, inHeight + top),
    width: Math.max((outWidth - 1) * sizes.strideWidth + sizes.filterWidth, inWidth + left),
  }
}
