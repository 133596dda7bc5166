import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { CopyingFunctions } from './copying.js'
import { type GemmFunctions, panelColumns } from './gemm.js'
import type { ConvolutionSizes } from './wasm-convolution.js'
import type { WasmHeap } from './wasm-heap.js'
import { type Frame, WasmPadding } from './wasm-padding.js'
import { tileSize } from './winograd-matrices.js'
import { type WinogradFilterSize, type WinogradFunctions, winogradFilterSizes } from './winograd-transforms.js'

/** Bytes of a number. */
const float = 4
/** Numbers that a transform makes of a tile: as many planes there are, each holding one number of every tile and channel. */
const planes = tileSize * tileSize
/** Bytes between planes beyond their own: without them the planes' numbers of a tile, often a power of two apart, would compete for the same cache lines. */
const gap = 64
/** Bytes that the planes of a block of tiles should take: what is transformed is still in the second-level cache when it is multiplied. */
const blockBytes = 512 * 1024
/** Fewer tiles at a time would read the filter's planes too often. */
const leastBlockTiles = 32

/** How a convolution is cut into tiles. */
interface Tiling {
  readonly filterSize: WinogradFilterSize
  /** Rows of tiles, over all images. */
  readonly tileRows: number
  /** Tiles in a row of them. */
  readonly tilesWide: number
  /** Pixels of a side of a tile of the output. */
  readonly step: number
  /** Rows of tiles that are computed at a time. */
  readonly blockRows: number
  /** The input with its padding, and what tiles take beyond. */
  readonly input: Frame
  /** The output, and what tiles take beyond. */
  readonly output: Frame
}

/** Rows of tiles that are computed at a time, and their place among all. */
interface Block {
  readonly firstRow: number
  readonly rows: number
  readonly tiles: number
}

/**
 * Convolutions with 3 × 3 and 5 × 5 filters by Winograd's algorithm: tiles of 6 × 6 numbers are transformed, multiplied number by number (which
 * for all channels is 36 matrix products) and transformed back. Of direct summation's multiplications a quarter is left for 3 × 3 filters, and 36 % for 5 × 5.
 * The gradients are the same three steps transposed.
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

  /** Whether this algorithm can compute the convolution, and faster than direct summation. */
  suits(sizes: ConvolutionSizes): boolean {
    const { filterHeight, filterWidth, strideHeight, strideWidth, inChannels, outChannels, outHeight, outWidth } = sizes
    const filterSize = winogradFilterSizes.find(size => size === filterHeight && size === filterWidth)
    if (filterSize === undefined || strideHeight !== 1 || strideWidth !== 1) return false
    if (inChannels % panelColumns !== 0 || outChannels % panelColumns !== 0) return false
    const step = tileSize + 1 - filterSize
    const tiles = Math.ceil(outHeight / step) * Math.ceil(outWidth / step)
    // what the transforms of tiles and filters add to the products, as measured
    const transforms = 8 / inChannels + 8 / outChannels + 12 / (tiles * sizes.batchSize)
    return planes * tiles * (1 + transforms) < outHeight * outWidth * filterSize * filterSize
  }

  /** y = x ∗ filter; x [n × h × w × c], filter [kh × kw × c × m]. */
  forward(x: TensorInfo, filter: TensorInfo, sizes: ConvolutionSizes): TensorInfo {
    const { inChannels, outChannels } = sizes
    const tiling = tilingOf(sizes)
    const { filterSize, input, output } = tiling
    const y = this.#heap.output(sizes.outShape)
    const padded = this.#padding.around(this.#heap.address(x), input)
    const target = this.#padding.room(this.#heap.address(y), output)
    const filterPlanes = this.#heap.scratch('filterPlanes', planesOf(inChannels * outChannels))
    this.#transformFilter(this.#heap.address(filter), sizes, filterSize, {
      to: filterPlanes,
      toTile: panelColumns * float,
      toPanel: inChannels * panelColumns * float,
    })
    for (const block of blocksOf(tiling)) {
      const inputPlanes = this.#heap.scratch('inputPlanes', planesOf(block.tiles * inChannels))
      const outputPlanes = this.#heap.scratch('outputPlanes', planesOf(block.tiles * outChannels))
      this.#transformInput(padded, tiling, block, inputPlanes)
      this.#multiply(
        { rows: block.tiles, depth: inChannels, columns: outChannels },
        inputPlanes,
        filterPlanes,
        outputPlanes,
      )
      const inverse = this.#functions[`winogradOutput${filterSize}`]
      const plane = block.tiles * outChannels * float + gap
      this.#eachRow(tiling, block, output, (pixels, firstTile) => {
        const { row, pixel } = this.#padding.strides(output)
        const from = outputPlanes + firstTile * outChannels * float
        inverse(
          ...([from, plane * tileSize, plane, outChannels * float, panelColumns * float] as const),
          ...([target + pixels, row, pixel, pixel * tiling.step, panelColumns * float] as const),
          ...([tiling.tilesWide, outChannels / panelColumns] as const),
        )
      })
    }
    this.#padding.crop(target, this.#heap.address(y), output)
    return y
  }

  /** The gradient with respect to the filter [kh × kw × c × m], from x and the gradient of y. */
  filterGradient(x: TensorInfo, dy: TensorInfo, sizes: ConvolutionSizes): TensorInfo {
    const { inChannels, outChannels } = sizes
    const tiling = tilingOf(sizes)
    const { filterSize, input, output } = tiling
    const gradient = this.#heap.output(sizes.filterShape)
    const padded = this.#padding.around(this.#heap.address(x), input)
    const upstream = this.#padding.around(this.#heap.address(dy), output, { scratch: 'paddedOutput' })
    const sums = this.#heap.scratch('filterPlanes', planesOf(inChannels * outChannels))
    for (const block of blocksOf(tiling)) {
      const inputPlanes = this.#heap.scratch('inputPlanes', planesOf(block.tiles * inChannels))
      const outputPlanes = this.#heap.scratch('outputPlanes', planesOf(block.tiles * outChannels))
      this.#transformInput(padded, tiling, block, inputPlanes)
      this.#transformOutputGradient(upstream, tiling, block, {
        to: outputPlanes,
        toTile: panelColumns * float,
        toPanel: block.tiles * panelColumns * float,
      })
      const plane = { x: block.tiles * inChannels * float + gap, dy: block.tiles * outChannels * float + gap }
      const tile = this.#heap.scratch('tile', 40)
      for (let k = 0; k < planes; k++) {
        this.#functions.gemm(
          ...([inputPlanes + k * plane.x, 0, 1, float, inChannels] as const),
          ...([0, 1, inChannels * float, block.tiles, outputPlanes + k * plane.dy] as const),
          ...([sums + k * (inChannels * outChannels * float + gap), 0, outChannels * float, outChannels] as const),
          ...([block.firstRow === 0 ? 0 : 1, tile] as const),
        )
      }
    }
    const plane = inChannels * outChannels * float
    this.#functions[`winogradFilterGradient${filterSize}`](
      ...([sums, (plane + gap) * tileSize, plane + gap, outChannels * float, panelColumns * float] as const),
      ...([
        this.#heap.address(gradient),
        filterSize * plane,
        plane,
        outChannels * float,
        panelColumns * float,
      ] as const),
      ...([inChannels, outChannels / panelColumns] as const),
    )
    return gradient
  }

  /** The gradient with respect to x [n × h × w × c], from the gradient of y and the filter. */
  inputGradient(dy: TensorInfo, filter: TensorInfo, sizes: ConvolutionSizes): TensorInfo {
    const { inChannels, outChannels } = sizes
    const tiling = tilingOf(sizes)
    const { filterSize, input, output } = tiling
    const gradient = this.#heap.output(sizes.inShape)
    const upstream = this.#padding.around(this.#heap.address(dy), output, { scratch: 'paddedOutput' })
    const target = this.#padding.room(this.#heap.address(gradient), input)
    this.#heap.floats(target, input.images * input.height * input.width * inChannels).fill(0)
    const packed = this.#transposedFilter(this.#heap.address(filter), sizes, filterSize)
    for (const block of blocksOf(tiling)) {
      const outputPlanes = this.#heap.scratch('outputPlanes', planesOf(block.tiles * outChannels))
      const inputPlanes = this.#heap.scratch('inputPlanes', planesOf(block.tiles * inChannels))
      this.#transformOutputGradient(upstream, tiling, block, {
        to: outputPlanes,
        toTile: outChannels * float,
        toPanel: panelColumns * float,
      })
      this.#multiply({ rows: block.tiles, depth: outChannels, columns: inChannels }, outputPlanes, packed, inputPlanes)
      const plane = block.tiles * inChannels * float + gap
      this.#eachRow(tiling, block, input, (pixels, firstTile) => {
        const { row, pixel } = this.#padding.strides(input)
        this.#functions.winogradInputGradient(
          ...([inputPlanes + firstTile * inChannels * float, plane * tileSize, plane] as const),
          ...([inChannels * float, panelColumns * float] as const),
          ...([target + pixels, row, pixel, pixel * tiling.step, panelColumns * float] as const),
          ...([tiling.tilesWide, inChannels / panelColumns] as const),
        )
      })
    }
    this.#padding.crop(target, this.#heap.address(gradient), input)
    return gradient
  }

  /** In each plane `C = A B`, B packed. */
  #multiply(sizes: { rows: number; depth: number; columns: number }, a: number, b: number, c: number): void {
    const { rows, depth, columns } = sizes
    const tile = this.#heap.scratch('tile', 40)
    for (let k = 0; k < planes; k++) {
      this.#functions.gemm(
        ...([a + k * (rows * depth * float + gap), 0, 1, depth * float, rows, 0, 1, float, depth] as const),
        ...([
          b + k * (depth * columns * float + gap),
          c + k * (rows * columns * float + gap),
          0,
          columns * float,
          columns,
          0,
          tile,
        ] as const),
      )
    }
  }

  #transformFilter(
    filter: number,
    { inChannels, outChannels }: ConvolutionSizes,
    filterSize: WinogradFilterSize,
    { to, toTile, toPanel }: { to: number; toTile: number; toPanel: number },
  ): void {
    const plane = inChannels * outChannels * float
    this.#functions[`winogradFilter${filterSize}`](
      ...([filter, filterSize * plane, plane, outChannels * float, panelColumns * float] as const),
      ...([
        to,
        (plane + gap) * tileSize,
        plane + gap,
        toTile,
        toPanel,
        inChannels,
        outChannels / panelColumns,
      ] as const),
    )
  }

  /** The filter's planes, each transposed to [m × c] and packed. */
  #transposedFilter(filter: number, sizes: ConvolutionSizes, filterSize: WinogradFilterSize): number {
    const { inChannels, outChannels } = sizes
    const plain = this.#heap.scratch('filterPlanes', planesOf(inChannels * outChannels))
    const packed = this.#heap.scratch('packed', planesOf(inChannels * outChannels))
    const to = { to: plain, toTile: outChannels * float, toPanel: panelColumns * float }
    this.#transformFilter(filter, sizes, filterSize, to)
    for (let k = 0; k < planes; k++) {
      const offset = k * (inChannels * outChannels * float + gap)
      this.#functions.pack(plain + offset, float, outChannels * float, outChannels, inChannels, packed + offset)
    }
    return packed
  }

  #transformInput(padded: number, tiling: Tiling, block: Block, to: number): void {
    const { input, step, tilesWide } = tiling
    const channels = input.channels * float
    const plane = block.tiles * channels + gap
    const { row, pixel } = this.#padding.strides(input)
    this.#eachRow(tiling, block, input, (pixels, firstTile) => {
      this.#functions.winogradInput(
        ...([padded + pixels, row, pixel, pixel * step, panelColumns * float] as const),
        ...([to + firstTile * channels, plane * tileSize, plane, channels, panelColumns * float] as const),
        ...([tilesWide, input.channels / panelColumns] as const),
      )
    })
  }

  #transformOutputGradient(
    upstream: number,
    tiling: Tiling,
    block: Block,
    { to, toTile, toPanel }: { to: number; toTile: number; toPanel: number },
  ): void {
    const { output, step, tilesWide, filterSize } = tiling
    const plane = block.tiles * output.channels * float + gap
    const { row, pixel } = this.#padding.strides(output)
    this.#eachRow(tiling, block, output, (pixels, firstTile) => {
      this.#functions[`winogradOutputGradient${filterSize}`](
        ...([upstream + pixels, row, pixel, pixel * step, panelColumns * float] as const),
        ...([to + firstTile * toTile, plane * tileSize, plane, toTile, toPanel] as const),
        ...([tilesWide, output.channels / panelColumns] as const),
      )
    })
  }

  /** Visits the rows of tiles of a block: how far from the images' start their pixels lie, and which of the block's tiles comes first. */
  #eachRow(
    { tileRows, tilesWide, step }: Tiling,
    block: Block,
    frame: Frame,
    visit: (pixels: number, firstTile: number) => void,
  ): void {
    const { row, image } = this.#padding.strides(frame)
    const tilesHigh = tileRows / frame.images
    for (let index = 0; index < block.rows; index++) {
      const tileRow = block.firstRow + index
      const above = tileRow % tilesHigh
      visit(((tileRow - above) / tilesHigh) * image + above * step * row, index * tilesWide)
    }
  }
}

/** Numbers that all planes take, of so many numbers each. */
function planesOf(length: number): number {
  return planes * (length + gap / float)
}

function tilingOf(sizes: ConvolutionSizes): Tiling {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, padInfo } = sizes
  const filterSize: WinogradFilterSize = sizes.filterHeight === 3 ? 3 : 5
  const step = tileSize + 1 - filterSize
  const tilesHigh = Math.ceil(outHeight / step)
  const tilesWide = Math.ceil(outWidth / step)
  const rowBytes = tilesWide * planes * (inChannels + outChannels) * float
  const blockRows = Math.max(Math.floor(blockBytes / rowBytes), Math.ceil(leastBlockTiles / tilesWide))
  return {
    ...{ filterSize, tileRows: batchSize * tilesHigh, tilesWide, step, blockRows },
    input: {
      ...{ images: batchSize, channels: inChannels, innerHeight: inHeight, innerWidth: inWidth },
      ...{ top: padInfo.top, left: padInfo.left },
      height: Math.max(tilesHigh * step + filterSize - 1, inHeight + padInfo.top),
      width: Math.max(tilesWide * step + filterSize - 1, inWidth + padInfo.left),
    },
    output: {
      ...{ images: batchSize, channels: outChannels, innerHeight: outHeight, innerWidth: outWidth, top: 0, left: 0 },
      ...{ height: tilesHigh * step, width: tilesWide * step },
    },
  }
}

function* blocksOf({ tileRows, tilesWide, blockRows }: Tiling): Generator<Block, void, undefined> {
  for (let firstRow = 0; firstRow < tileRows; firstRow += blockRows) {
    const rows = Math.min(blockRows, tileRows - firstRow)
    yield { firstRow, rows, tiles: rows * tilesWide }
  }
}
