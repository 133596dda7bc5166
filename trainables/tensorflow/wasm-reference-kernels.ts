import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { ConvolutionSizes } from './wasm-convolution.js'
import type { WasmHeap } from './wasm-heap.js'

/** Walks a depthwise convolution's products: positions of the input, the output and the filter that belong together. */
function walkDepthwise(sizes: ConvolutionSizes, visit: (x: number, y: number, filter: number) => void): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, filterHeight, filterWidth } =
    sizes
  const multiplier = outChannels / inChannels
  for (let n = 0; n < batchSize; n++) {
    for (let outRow = 0; outRow < outHeight; outRow++) {
      for (let outColumn = 0; outColumn < outWidth; outColumn++) {
        const y = ((n * outHeight + outRow) * outWidth + outColumn) * outChannels
        for (let i = 0; i < filterHeight; i++) {
          const row = outRow * sizes.strideHeight + i * sizes.dilationHeight - sizes.padInfo.top
          if (row < 0 || row >= inHeight) continue
          for (let j = 0; j < filterWidth; j++) {
            const column = outColumn * sizes.strideWidth + j * sizes.dilationWidth - sizes.padInfo.left
            if (column < 0 || column >= inWidth) continue
            const x = ((n * inHeight + row) * inWidth + column) * inChannels
            const filter = (i * filterWidth + j) * outChannels
            for (let channel = 0; channel < outChannels; channel++) {
              visit(x + Math.floor(channel / multiplier), y + channel, filter + channel)
            }
          }
        }
      }
    }
  }
}

/** The gradient of a depthwise convolution with respect to its filter [kh × kw × c × multiplier]. */
export function depthwiseFilterGradient(
  heap: WasmHeap,
  x: TensorInfo,
  dy: TensorInfo,
  sizes: ConvolutionSizes,
): TensorInfo {
  const gradient = heap.output(sizes.filterShape)
  const [target, input, upstream] = [heap.view(gradient), heap.view(x), heap.view(dy)]
  target.fill(0)
  walkDepthwise(sizes, (from, out, filter) => {
    target[filter] = (target[filter] ?? 0) + (input[from] ?? 0) * (upstream[out] ?? 0)
  })
  return gradient
}

/** The gradient of a depthwise convolution with respect to its input [n × h × w × c]. */
export function depthwiseInputGradient(
  heap: WasmHeap,
  dy: TensorInfo,
  filter: TensorInfo,
  sizes: ConvolutionSizes,
): TensorInfo {
  const gradient = heap.output(sizes.inShape)
  const [target, upstream, weights] = [heap.view(gradient), heap.view(dy), heap.view(filter)]
  target.fill(0)
  walkDepthwise(sizes, (from, out, at) => {
    target[from] = (target[from] ?? 0) + (upstream[out] ?? 0) * (weights[at] ?? 0)
  })
  return gradient
}

/** Sums the rows of x [n × …] that share a segment; segments out of range are left out. */
export function segmentSum(heap: WasmHeap, x: TensorInfo, segments: ArrayLike<number>, count: number): TensorInfo {
  const gradient = heap.output([count, ...x.shape.slice(1)])
  const [target, source] = [heap.view(gradient), heap.view(x)]
  const size = x.shape.slice(1).reduce((product, length) => product * length, 1)
  target.fill(0)
  for (let n = 0; n < segments.length; n++) {
    const segment = segments[n] ?? -1
    if (segment < 0 || segment >= count) continue
    for (let i = 0; i < size; i++)
      target[segment * size + i] = (target[segment * size + i] ?? 0) + (source[n * size + i] ?? 0)
  }
  return gradient
}

/** Sums x [rows × columns] over its rows. */
export function columnSums(heap: WasmHeap, x: TensorInfo, columns: number, shape: readonly number[]): TensorInfo {
  const sums = heap.output(shape)
  const source = heap.view(x)
  const target = heap.view(sums).fill(0)
  for (let start = 0; start < source.length; start += columns) {
    for (let column = 0; column < columns; column++) {
      target[column] = (target[column] ?? 0) + (source[start + column] ?? 0)
    }
  }
  return sums
}

/** The gradient of max-pooling of any sizes: each number of dy goes to the first pixel of its window, row by row, that holds the maximum. */
export function maxPoolGradient(heap: WasmHeap, x: TensorInfo, dy: TensorInfo, sizes: ConvolutionSizes): TensorInfo {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, padInfo } = sizes
  const gradient = heap.output(x.shape)
  const [target, input, upstream] = [heap.view(gradient), heap.view(x), heap.view(dy)]
  target.fill(0)
  const positionOfMaximum = (n: number, top: number, left: number, channel: number): number => {
    let best = -1
    for (let i = 0; i < sizes.filterHeight; i++) {
      const row = top + i * sizes.dilationHeight
      if (row < 0 || row >= inHeight) continue
      for (let j = 0; j < sizes.filterWidth; j++) {
        const column = left + j * sizes.dilationWidth
        if (column < 0 || column >= inWidth) continue
        const at = ((n * inHeight + row) * inWidth + column) * inChannels + channel
        if (best < 0 || (input[at] ?? 0) > (input[best] ?? 0)) best = at
      }
    }
    return best
  }
  for (let out = 0; out < batchSize * outHeight * outWidth; out++) {
    const n = Math.floor(out / (outHeight * outWidth))
    const top = (Math.floor(out / outWidth) % outHeight) * sizes.strideHeight - padInfo.top
    const left = (out % outWidth) * sizes.strideWidth - padInfo.left
    for (let channel = 0; channel < inChannels; channel++) {
      const at = positionOfMaximum(n, top, left, channel)
      if (at >= 0) target[at] = (target[at] ?? 0) + (upstream[out * inChannels + channel] ?? 0)
    }
  }
  return gradient
}
