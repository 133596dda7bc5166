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
