import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { CopyingFunctions } from './copying.js'
import { type GemmFunctions, panelColumns } from './gemm.js'
import type { ConvolutionSizes } from './wasm-convolution.js'
import type { WasmHeap } from './wasm-heap.js'
import { type Frame, WasmPadding } from './wasm-padding.js'
import {
  type Block,
  blocksOf,
  filterSquares,
  Planes,
  pixelsOf,
  type Squares,
  type Tiling,
  tilingOf,
} from './winograd-tiling.js'
import type { WinogradFunctions, WinogradTransform } from './winograd-transforms.js'

/** Where images lie, and how. */
interface Images {
  readonly start: number
  readonly frame: Frame
}

/**
 * Convolutions with 3 × 3 and 5 × 5 filters by Winograd's algorithm: tiles of the input that give 4 × 4 numbers of the output are transformed,
 * multiplied number by number (which for all channels is a matrix product for each number) and transformed back. Of direct summation's multiplications
 * a quarter is left for 3 × 3 filters, and a sixth for 5 × 5. The gradients are the same three steps transposed.
 *
 * Numbers that aren't finite spread over their tile: a result that direct summation would make infinite or NaN is one or the other here, and so may
 * those beside it be.
 *
 * @see Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016
 */
export class WinogradConvolution {
  readonly #heap: WasmHeap
  readonly #functions: GemmFunctions & CopyingFunctions & WinogradFunctions
  readonly #padding: WasmPadding

  constructor(heap: WasmHeap, functions: GemmFunctions & CopyingFunctions & WinogradFunctions) {
    this.#heap = heap
    this.#functions = functions
    this.#padding = new WasmPadding(heap, functions)
  }

  /** y = x ∗ filter; x [n × h × w × c], filter [kh × kw × c × m]. */
  forward(x: TensorInfo, filter: TensorInfo, sizes: ConvolutionSizes): TensorInfo {
    const tiling = tilingOf(sizes)
    const { filterSize, input, output } = tiling
    const y = this.#heap.output(sizes.outShape)
    const images = { start: this.#padding.around(this.#heap.address(x), input), frame: input }
    const results = { start: this.#padding.room(this.#heap.address(y), output), frame: output }
    const weights = this.#filterPlanes(filter, sizes, tiling, true)
    for (const block of blocksOf(tiling)) {
      const inputs = this.#planes('inputPlanes', tiling, block.tiles, input.channels)
      const outputs = this.#planes('outputPlanes', tiling, block.tiles, output.channels)
      this.#transformImages(this.#functions[`winogradInput${filterSize}`], images, tiling, block, inputs)
      this.#multiply(inputs, weights, outputs, block.tiles, input.channels, output.channels)
      this.#transformBack(this.#functions[`winogradOutput${filterSize}`], outputs, tiling, block, results)
    }
    this.#padding.crop(results.start, this.#heap.address(y), output)
    return y
  }

  /** The gradient with respect to x [n × h × w × c], from the gradient of y and the filter. */
  inputGradient(dy: TensorInfo, filter: TensorInfo, sizes: ConvolutionSizes): TensorInfo {
    const tiling = tilingOf(sizes)
    const { filterSize, input, output } = tiling
    const gradient = this.#heap.output(sizes.inShape)
    const upstream = { start: this.#padding.around(this.#heap.address(dy), output), frame: output }
    const results = { start: this.#padding.room(this.#heap.address(gradient), input), frame: input }
    this.#heap.floats(results.start, input.images * input.height * input.width * input.channels).fill(0)
    const weights = this.#transposedFilterPlanes(filter, sizes, tiling)
    for (const block of blocksOf(tiling)) {
      const outputs = this.#planes('outputPlanes', tiling, block.tiles, output.channels)
      const inputs = this.#planes('inputPlanes', tiling, block.tiles, input.channels)
      this.#transformImages(this.#functions[`winogradOutputGradient${filterSize}`], upstream, tiling, block, outputs)
      this.#multiply(outputs, weights, inputs, block.tiles, output.channels, input.channels)
      this.#transformBack(this.#functions[`winogradInputGradient${filterSize}`], inputs, tiling, block, results)
    }
    this.#padding.crop(results.start, this.#heap.address(gradient), input)
    return gradient
  }

  /** The gradient with respect to the filter [kh × kw × c × m], from x and the gradient of y. */
  filterGradient(x: TensorInfo, dy: TensorInfo, sizes: ConvolutionSizes): TensorInfo {
    const tiling = tilingOf(sizes)
    const { filterSize, input, output } = tiling
    const gradient = this.#heap.output(sizes.filterShape)
    const images = { start: this.#padding.around(this.#heap.address(x), input), frame: input }
    const upstream = {
      start: this.#padding.around(this.#heap.address(dy), output, { scratch: 'paddedOutput' }),
      frame: output,
    }
    const sums = this.#planes('filterPlanes', tiling, input.channels, output.channels)
    const narrow = this.#heap.scratch('tile', 40)
    for (const block of blocksOf(tiling)) {
      const inputs = this.#planes('inputPlanes', tiling, block.tiles, input.channels)
      const outputs = this.#planes('outputPlanes', tiling, block.tiles, output.channels, true)
      this.#transformImages(this.#functions[`winogradInput${filterSize}`], images, tiling, block, inputs)
      this.#transformImages(this.#functions[`winogradOutputGradient${filterSize}`], upstream, tiling, block, outputs)
      for (const [k, offset] of sums.offsets.entries()) {
        this.#functions.gemm(
          ...([inputs.start + k * inputs.stride, 0, 1, 4, input.channels, 0, 1, input.channels * 4] as const),
          ...([block.tiles, outputs.start + k * outputs.stride, sums.start + offset, 0, output.channels * 4] as const),
          ...([output.channels, block.firstRow === 0 ? 0 : 1, narrow] as const),
        )
      }
    }
    const target = filterSquares(this.#heap.address(gradient), filterSize, input.channels, output.channels)
    const back = this.#functions[`winogradFilterGradient${filterSize}`]
    transformAll(back, sums.squares(), target, input.channels, output.channels)
    return gradient
  }

  /** In each plane `C = A B`, A [rows × depth] and B [depth × columns], packed. */
  #multiply(a: Planes, b: Planes, c: Planes, rows: number, depth: number, columns: number): void {
    const narrow = this.#heap.scratch('tile', 40)
    for (const [k, offset] of c.offsets.entries()) {
      this.#functions.gemm(
        ...([a.start + k * a.stride, 0, 1, depth * 4, rows, 0, 1, 4, depth, b.start + k * b.stride] as const),
        ...([c.start + offset, 0, columns * 4, columns, 0, narrow] as const),
      )
    }
  }

  #planes(name: string, { filterSize }: Tiling, tiles: number, channels: number, isPacked = false): Planes {
    const start = this.#heap.scratch(name, Planes.length(filterSize, tiles, channels))
    return new Planes(start, filterSize, { tiles, channels, isPacked })
  }

  #filterPlanes(filter: TensorInfo, sizes: ConvolutionSizes, tiling: Tiling, isPacked: boolean): Planes {
    const { inChannels, outChannels } = sizes
    const planes = this.#planes('filterPlanes', tiling, inChannels, outChannels, isPacked)
    const weights = filterSquares(this.#heap.address(filter), tiling.filterSize, inChannels, outChannels)
    const forth = this.#functions[`winogradFilter${tiling.filterSize}`]
    transformAll(forth, weights, planes.squares(), inChannels, outChannels)
    return planes
  }

  /** The filter's planes, each transposed to [m × c] and packed. */
  #transposedFilterPlanes(filter: TensorInfo, sizes: ConvolutionSizes, tiling: Tiling): Planes {
    const { inChannels, outChannels } = sizes
    const plain = this.#filterPlanes(filter, sizes, tiling, false)
    const packed = this.#planes('packed', tiling, outChannels, inChannels, true)
    for (const offset of plain.offsets) {
      const row = outChannels * 4
      this.#functions.pack(plain.start + offset, 4, row, outChannels, inChannels, packed.start + offset)
    }
    return packed
  }

  #transformImages(forth: WinogradTransform, images: Images, tiling: Tiling, block: Block, planes: Planes): void {
    for (let row = 0; row < block.rows; row++) {
      const pixels = pixelsOf(images.start, images.frame, tiling, block.firstRow + row)
      transformAll(forth, pixels, planes.squares(row * tiling.tilesWide), tiling.tilesWide, images.frame.channels)
    }
  }

  #transformBack(back: WinogradTransform, planes: Planes, tiling: Tiling, block: Block, images: Images): void {
    for (let row = 0; row < block.rows; row++) {
      const pixels = pixelsOf(images.start, images.frame, tiling, block.firstRow + row)
      transformAll(back, planes.squares(row * tiling.tilesWide), pixels, tiling.tilesWide, images.frame.channels)
    }
  }
}

function transformAll(run: WinogradTransform, from: Squares, to: Squares, tiles: number, channels: number): void {
  run(
    ...([from.start, from.row, from.column, from.tile, from.panel] as const),
    ...([to.start, to.row, to.column, to.tile, to.panel, tiles, channels / panelColumns] as const),
  )
}
