import { panelColumns } from './gemm.js'
import type { ConvolutionSizes } from './wasm-convolution.js'
import { type Frame, stridesOf } from './wasm-padding.js'
import { inputTile, outputTile, type WinogradFilterSize, winogradFilterSizes } from './winograd-matrices.js'

/** Bytes of a number. */
const float = 4
/** Bytes of a panel's columns, which are the channels that a transform takes at a time. */
const panelBytes = panelColumns * float
/** Bytes that the planes of a block of tiles should take: what is transformed is still in the second-level cache when it is multiplied. */
const blockBytes = 768 * 1024
/** Fewer tiles at a time would read the filter's planes too often. */
const leastBlockTiles = 32
/** Bytes between planes: without them a tile's numbers, often a power of two apart, would compete for the same lines of the cache. */
const gap = 64

/** How a convolution is cut into tiles. */
export interface Tiling {
  readonly filterSize: WinogradFilterSize
  /** Rows of tiles, over all images. */
  readonly tileRows: number
  /** Tiles in a row of them. */
  readonly tilesWide: number
  /** Rows of tiles that are computed at a time. */
  readonly blockRows: number
  /** The input with its padding, and what tiles take beyond. */
  readonly input: Frame
  /** The output, and what tiles take beyond. */
  readonly output: Frame
}

/** Rows of tiles that are computed at a time, and their place among all. */
export interface Block {
  readonly firstRow: number
  readonly rows: number
  readonly tiles: number
}

/** Whether Winograd's algorithm can compute a convolution, and faster than direct summation. */
export function suitsWinograd(sizes: ConvolutionSizes): boolean {
  const { filterHeight, filterWidth, strideHeight, strideWidth, inChannels, outChannels, outHeight, outWidth } = sizes
  const filterSize = winogradFilterSizes.find(size => size === filterHeight && size === filterWidth)
  if (filterSize === undefined || strideHeight !== 1 || strideWidth !== 1) return false
  if (inChannels % panelColumns !== 0 || outChannels % panelColumns !== 0) return false
  const tiles = Math.ceil(outHeight / outputTile) * Math.ceil(outWidth / outputTile)
  // what the transforms of tiles and of the filter add to the products, as measured
  const transforms = 8 / inChannels + 8 / outChannels + 12 / (tiles * sizes.batchSize)
  return inputTile(filterSize) ** 2 * tiles * (1 + transforms) < outHeight * outWidth * filterSize ** 2
}

/** Cuts a convolution into tiles. */
export function tilingOf(sizes: ConvolutionSizes): Tiling {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, padInfo } = sizes
  const filterSize: WinogradFilterSize = sizes.filterHeight === 3 ? 3 : 5
  const tilesHigh = Math.ceil(outHeight / outputTile)
  const tilesWide = Math.ceil(outWidth / outputTile)
  const rowBytes = tilesWide * inputTile(filterSize) ** 2 * (inChannels + outChannels) * float
  return {
    ...{ filterSize, tileRows: batchSize * tilesHigh, tilesWide },
    blockRows: Math.max(Math.floor(blockBytes / rowBytes), Math.ceil(leastBlockTiles / tilesWide)),
    input: {
      ...{ images: batchSize, channels: inChannels, innerHeight: inHeight, innerWidth: inWidth },
      ...{ top: padInfo.top, left: padInfo.left },
      height: tilesHigh * outputTile + filterSize - 1,
      width: tilesWide * outputTile + filterSize - 1,
    },
    output: {
      ...{ images: batchSize, channels: outChannels, innerHeight: outHeight, innerWidth: outWidth, top: 0, left: 0 },
      ...{ height: tilesHigh * outputTile, width: tilesWide * outputTile },
    },
  }
}

/** The blocks of a tiling, in order. */
export function* blocksOf({ tileRows, tilesWide, blockRows }: Tiling): Generator<Block, void, undefined> {
  for (let firstRow = 0; firstRow < tileRows; firstRow += blockRows) {
    const rows = Math.min(blockRows, tileRows - firstRow)
    yield { firstRow, rows, tiles: rows * tilesWide }
  }
}

/** Squares of numbers in memory, for some tiles and channels: where the first one starts, and distances in bytes. */
export interface Squares {
  readonly start: number
  readonly row: number
  readonly column: number
  readonly tile: number
  readonly panel: number
}

/** The squares of pixels that belong to a block's row of tiles. */
export function pixelsOf(images: number, frame: Frame, { tileRows }: Tiling, tileRow: number): Squares {
  const { pixel, row, image } = stridesOf(frame)
  const tilesHigh = tileRows / frame.images
  const above = tileRow % tilesHigh
  const start = images + ((tileRow - above) / tilesHigh) * image + above * outputTile * row
  return { start, row, column: pixel, tile: outputTile * pixel, panel: panelBytes }
}

/** The squares of a filter [size × size × c × m], one for each of the c inputs. */
export function filterSquares(start: number, size: WinogradFilterSize, inputs: number, outputs: number): Squares {
  const column = inputs * outputs * float
  return { start, row: size * column, column, tile: outputs * float, panel: panelBytes }
}

/**
 * What a transform makes of squares: planes, each of which holds one number of every tile and channel, as a matrix [tiles × channels] or as one that
 * is packed for the matrix product.
 */
export class Planes {
  readonly start: number
  /** Bytes from one plane to the next. */
  readonly stride: number
  readonly #side: number
  readonly #tile: number
  readonly #panel: number

  constructor(
    start: number,
    filterSize: WinogradFilterSize,
    sizes: { readonly tiles: number; readonly channels: number; readonly isPacked?: boolean },
  ) {
    this.start = start
    this.stride = sizes.tiles * sizes.channels * float + gap
    this.#side = inputTile(filterSize)
    this.#tile = sizes.isPacked ? panelBytes : sizes.channels * float
    this.#panel = sizes.isPacked ? sizes.tiles * panelBytes : panelBytes
  }

  /** Numbers that planes take in memory. */
  static length(filterSize: WinogradFilterSize, tiles: number, channels: number): number {
    return inputTile(filterSize) ** 2 * (tiles * channels + gap / float)
  }

  /** Where each plane starts, relative to the first one. */
  get offsets(): number[] {
    return Array.from({ length: this.#side ** 2 }, (_, index) => index * this.stride)
  }

  /** The planes' numbers as squares, from some tile on. */
  squares(firstTile = 0): Squares {
    const start = this.start + firstTile * this.#tile
    return { start, row: this.stride * this.#side, column: this.stride, tile: this.#tile, panel: this.#panel }
  }
}
