import type { backend_util, TensorInfo } from '@tensorflow/tfjs-core'
import type { CopyingFunctions } from './copying.js'
import { type GemmFunctions, panelColumns } from './gemm.js'
import type { WasmHeap } from './wasm-heap.js'
import { type Frame, stridesOf, WasmPadding } from './wasm-padding.js'

/** Sizes of a convolution, as tfjs-core computes them. */
export type ConvolutionSizes = backend_util.Conv2DInfo

const roundUp = (columns: number): number => Math.ceil(columns / panelColumns) * panelColumns

/** Convolutions and matrix products on the WASM heap: everything is one packed matrix product, nothing is unrolled into columns. */
export class WasmConvolution {
  readonly #heap: WasmHeap
  readonly #functions: GemmFunctions
  readonly #padding: WasmPadding

  constructor(heap: WasmHeap, functions: GemmFunctions & CopyingFunctions) {
    this.#heap = heap
    this.#functions = functions
    this.#padding = new WasmPadding(heap, functions)
  }

  /** `C = op(A) op(B)` for one pair of row-major matrices, addresses in bytes; `op` may transpose. */
  multiply(
    a: number,
    b: number,
    c: number,
    sizes: { rows: number; depth: number; columns: number; transposeA: boolean; transposeB: boolean },
  ): void {
    const { rows, depth, columns, transposeA, transposeB } = sizes
    const packed = this.#heap.scratch('packed', depth * roundUp(columns))
    const tile = this.#heap.scratch('tile', 40)
    if (transposeB) this.#functions.pack(b, 4, depth * 4, depth, columns, packed)
    else this.#functions.pack(b, columns * 4, 4, depth, columns, packed)
    const [row, inner] = transposeA ? [4, rows * 4] : [depth * 4, 4]
    this.#functions.gemm(a, 0, 1, row, rows, 0, 1, inner, depth, packed, c, 0, columns * 4, columns, 0, tile)
  }

  /** y = x ∗ filter; x [n × h × w × c], filter [kh × kw × c × m]. */
  forward(x: TensorInfo, filter: TensorInfo, sizes: ConvolutionSizes): TensorInfo {
    const { batchSize, inChannels, outChannels, outHeight, outWidth, filterHeight, filterWidth } = sizes
    const y = this.#heap.output(sizes.outShape)
    const frame = frameOf(sizes)
    const input = this.#padding.around(this.#heap.address(x), frame)
    const depth = filterHeight * filterWidth * inChannels
    const packed = this.#heap.scratch('packed', depth * roundUp(outChannels))
    const tile = this.#heap.scratch('tile', 40)
    this.#functions.pack(this.#heap.address(filter), outChannels * 4, 4, depth, outChannels, packed)
    const { row, image } = stridesOf(frame)
    const outImage = outHeight * outWidth * outChannels * 4
    const output = this.#heap.address(y)
    for (let n = 0; n < batchSize; n++) {
      this.#functions.gemm(
        ...([
          input + n * image,
          row * sizes.strideHeight,
          outHeight,
          sizes.strideWidth * inChannels * 4,
          outWidth,
        ] as const),
        ...([row, filterHeight, 4, filterWidth * inChannels, packed] as const),
        ...([output + n * outImage, outWidth * outChannels * 4, outChannels * 4, outChannels, 0, tile] as const),
      )
    }
    return y
  }

  /** The gradient with respect to the filter [kh × kw × c × m], from x and the gradient of y. */
  filterGradient(x: TensorInfo, dy: TensorInfo, sizes: ConvolutionSizes): TensorInfo {
    const { batchSize, inChannels, outChannels, outHeight, outWidth, filterHeight, filterWidth } = sizes
    const gradient = this.#heap.output(sizes.filterShape)
    const frame = frameOf(sizes)
    const input = this.#padding.around(this.#heap.address(x), frame)
    const depth = outHeight * outWidth
    const packed = this.#heap.scratch('packed', depth * roundUp(outChannels))
    const tile = this.#heap.scratch('tile', 40)
    const { row, image } = stridesOf(frame)
    const outImage = depth * outChannels * 4
    const window = filterWidth * inChannels
    const output = this.#heap.address(gradient)
    const upstream = this.#heap.address(dy)
    if (batchSize * depth === 0) this.#heap.floats(output, filterHeight * window * outChannels).fill(0)
    for (let n = 0; n < batchSize; n++) {
      this.#functions.pack(upstream + n * outImage, outChannels * 4, 4, depth, outChannels, packed)
      this.#functions.gemm(
        ...([input + n * image, row, filterHeight, 4, window] as const),
        ...([row * sizes.strideHeight, outHeight, sizes.strideWidth * inChannels * 4, outWidth, packed] as const),
        ...([output, window * outChannels * 4, outChannels * 4, outChannels, n === 0 ? 0 : 1, tile] as const),
      )
    }
    return gradient
  }

  /** The gradient with respect to x [n × h × w × c], from the gradient of y and the filter. */
  inputGradient(dy: TensorInfo, filter: TensorInfo, sizes: ConvolutionSizes): TensorInfo {
    const { batchSize, inChannels, outChannels, outHeight, outWidth, filterHeight, filterWidth } = sizes
    const gradient = this.#heap.output(sizes.inShape)
    const window = filterWidth * inChannels
    const packedRow = outChannels * roundUp(window)
    const packed = this.#heap.scratch('packed', filterHeight * packedRow)
    const tile = this.#heap.scratch('tile', 40)
    const frame = frameOf(sizes)
    const { row, image } = stridesOf(frame)
    const output = this.#padding.room(this.#heap.address(gradient), frame)
    this.#heap.floats(output, (batchSize * image) / 4).fill(0)
    for (let k = 0; k < filterHeight; k++) {
      const source = this.#heap.address(filter) + k * window * outChannels * 4
      this.#functions.pack(source, 4, outChannels * 4, outChannels, window, packed + k * packedRow * 4)
    }
    const upstream = this.#heap.address(dy)
    const outRow = outWidth * outChannels * 4
    for (let n = 0; n < batchSize; n++) {
      for (let k = 0; k < filterHeight; k++) {
        this.#functions.gemm(
          ...([upstream + n * outHeight * outRow, outRow, outHeight, outChannels * 4, outWidth] as const),
          ...([0, 1, 4, outChannels, packed + k * packedRow * 4] as const),
          ...([
            output + n * image + k * row,
            row * sizes.strideHeight,
            sizes.strideWidth * inChannels * 4,
            window,
            1,
            tile,
          ] as const),
        )
      }
    }
    this.#padding.crop(output, this.#heap.address(gradient), frame)
    return gradient
  }
}

/** The input with its padding; without, what no window reaches stays where it is. */
function frameOf({ batchSize, inHeight, inWidth, inChannels, padInfo }: ConvolutionSizes): Frame {
  const { top, bottom, left, right } = padInfo
  return {
    ...{ images: batchSize, channels: inChannels, innerHeight: inHeight, innerWidth: inWidth, top, left },
    ...{ height: inHeight + top + bottom, width: inWidth + left + right },
  }
}
