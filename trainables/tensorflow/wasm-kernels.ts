import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type * as core from '@tensorflow/tfjs-core'
import type { TensorFlowCore } from './backend.js'
import { type CopyingFunctions, copyingFunctions } from './copying.js'
import { registerFusedUpdates } from './fused-updates.js'
import { type GemmFunctions, gemmFunctions } from './gemm.js'
import { type PoolingFunctions, poolingFunctions } from './pooling.js'
import { type SummingFunctions, summingFunctions } from './summing.js'
import { type UpdatingFunctions, updatingFunctions } from './updating.js'
import { assembleModule } from './wasm-assembler.js'
import { type ConvolutionSizes, WasmConvolution } from './wasm-convolution.js'
import { einsum } from './wasm-einsum.js'
import { WasmHeap } from './wasm-heap.js'
import { WasmPooling } from './wasm-pooling.js'
import { depthwiseFilterGradient, depthwiseInputGradient, segmentSum } from './wasm-reference-kernels.js'
import { split } from './wasm-splitting.js'
import { WasmSums } from './wasm-sums.js'
import { WasmUpdates } from './wasm-updates.js'
import { WinogradConvolution } from './wasm-winograd.js'
import { webAssembly } from './web-assembly.js'
import { suitsWinograd } from './winograd-tiling.js'
import { type WinogradFunctions, winogradTransforms } from './winograd-transforms.js'

type WasmFunctions = GemmFunctions &
  CopyingFunctions &
  PoolingFunctions &
  SummingFunctions &
  UpdatingFunctions &
  WinogradFunctions
type Pair = [number, number] | number
interface ConvolutionAttributes {
  readonly strides: Pair
  readonly pad: 'valid' | 'same' | number | core.backend_util.ExplicitPadding
  readonly dilations?: Pair
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
  readonly dataFormat?: 'NHWC' | 'NCHW'
}
type Shape4D = [number, number, number, number]
type Kernel<Inputs extends string, Attributes> = (
  inputs: Readonly<Record<Inputs, core.TensorInfo>>,
  attributes: Attributes,
) => core.TensorInfo

/**
 * Gives the WASM back end the kernels that training needs and it lacks (`Conv2DBackpropFilter`, the depthwise gradients,
 * `UnsortedSegmentSum`, `Einsum`), and replaces those that are slow there (convolutions, matrix products, pooling and its gradients, sums over all
 * but the last axis, cutting, copies of what gradients need) or wrong (the gradient of max-pooling, where a window's maximum is negative). What a
 * replacement doesn't cover goes to the kernel that it replaces. The same inputs give the same bits in every thread: each kernel runs on one core, adds in an
 * order of its own, and uses no fused multiply-add. Optimizers find their loops through `fusedUpdatesOf`.
 */
export async function registerWasmKernels(tf: TensorFlowCore, backend: BackendWasm): Promise<void> {
  const heap = new WasmHeap(backend)
  const code = assembleModule([
    ...gemmFunctions(0),
    ...copyingFunctions,
    ...poolingFunctions,
    ...summingFunctions,
    ...updatingFunctions,
    ...winogradTransforms,
  ])
  const { instance } = await webAssembly.instantiate(code, { host: { memory: heap.memory } })
  const functions = instance.exports as unknown as WasmFunctions
  const direct = new WasmConvolution(heap, functions)
  const winograd = new WinogradConvolution(heap, functions)
  const pooling = new WasmPooling(heap, functions)
  const sums = new WasmSums(heap, functions)
  registerFusedUpdates(backend, new WasmUpdates(backend, heap, functions))

  /** Registers a kernel; it returns undefined for what the kernel registered before shall do. */
  function register<Inputs extends string, Attributes>(
    name: string,
    run: (...values: Parameters<Kernel<Inputs, Attributes>>) => core.TensorInfo | core.TensorInfo[] | undefined,
  ): void {
    const replaced = tf.getKernel(name, 'wasm')
    if (replaced !== undefined && replaced !== null) tf.unregisterKernel(name, 'wasm')
    tf.registerKernel({
      kernelName: name,
      backendName: 'wasm',
      kernelFunc: parameters => {
        const inputs = parameters.inputs as Record<Inputs, core.TensorInfo>
        const output = run(inputs, parameters.attrs as Attributes)
        if (output !== undefined) return output
        if (replaced === undefined) throw new Error(`${name}: these attributes are not supported`)
        return replaced.kernelFunc(parameters)
      },
    })
  }

  function sizesOf(
    x: readonly number[],
    filter: readonly number[],
    attributes: ConvolutionAttributes,
    depthwise: boolean,
  ) {
    const { strides, pad, dilations, dimRoundingMode, dataFormat } = attributes
    return tf.backend_util.computeConv2DInfo(
      x as Shape4D,
      filter as Shape4D,
      strides,
      dilations ?? 1,
      pad,
      dimRoundingMode,
      depthwise,
      tf.backend_util.convertConv2DDataFormat(dataFormat ?? 'NHWC'),
    )
  }
  const isPlain = (sizes: ConvolutionSizes): boolean =>
    sizes.dataFormat === 'channelsLast' && sizes.dilationHeight === 1 && sizes.dilationWidth === 1 && staysInside(sizes)

  const algorithmFor = (sizes: ConvolutionSizes): WasmConvolution | WinogradConvolution | undefined => {
    if (!isPlain(sizes)) return undefined
    return suitsWinograd(sizes) ? winograd : direct
  }

  register<'x' | 'filter', ConvolutionAttributes>(tf.Conv2D, ({ x, filter }, attributes) => {
    const sizes = sizesOf(x.shape, filter.shape, attributes, false)
    return algorithmFor(sizes)?.forward(x, filter, sizes)
  })

  register<'dy' | 'filter', ConvolutionAttributes & { inputShape: Shape4D }>(
    tf.Conv2DBackpropInput,
    ({ dy, filter }, attributes) => {
      const sizes = sizesOf(attributes.inputShape, filter.shape, attributes, false)
      return algorithmFor(sizes)?.inputGradient(dy, filter, sizes)
    },
  )

  register<'x' | 'dy', ConvolutionAttributes & { filterShape: Shape4D }>(
    tf.Conv2DBackpropFilter,
    ({ x, dy }, attributes) => {
      const sizes = sizesOf(x.shape, attributes.filterShape, attributes, false)
      return algorithmFor(sizes)?.filterGradient(x, dy, sizes)
    },
  )

  register<'x' | 'dy', ConvolutionAttributes & { filterShape: Shape4D }>(
    tf.DepthwiseConv2dNativeBackpropFilter,
    ({ x, dy }, attributes) =>
      depthwiseFilterGradient(heap, x, dy, sizesOf(x.shape, attributes.filterShape, attributes, true)),
  )

  register<'dy' | 'filter', ConvolutionAttributes & { inputShape: Shape4D }>(
    tf.DepthwiseConv2dNativeBackpropInput,
    ({ dy, filter }, attributes) =>
      depthwiseInputGradient(heap, dy, filter, sizesOf(attributes.inputShape, filter.shape, attributes, true)),
  )

  register<'a' | 'b', { transposeA: boolean; transposeB: boolean }>(tf.BatchMatMul, ({ a, b }, attributes) => {
    const { transposeA, transposeB } = attributes
    const [heightA = 0, widthA = 0] = a.shape.slice(-2)
    const [heightB = 0, widthB = 0] = b.shape.slice(-2)
    const batch = tf.util.sizeFromShape(a.shape.slice(0, -2))
    const isSameBatch = tf.util.arraysEqual(a.shape.slice(0, -2), b.shape.slice(0, -2))
    if (!isSameBatch || a.dtype !== 'float32' || b.dtype !== 'float32') return undefined
    const [rows, depth] = transposeA ? [widthA, heightA] : [heightA, widthA]
    const [depthB, columns] = transposeB ? [widthB, heightB] : [heightB, widthB]
    if (depthB !== depth) return undefined
    const c = heap.output([...a.shape.slice(0, -2), rows, columns])
    for (let i = 0; i < batch; i++) {
      direct.multiply(
        heap.address(a) + i * rows * depth * 4,
        heap.address(b) + i * depth * columns * 4,
        heap.address(c) + i * rows * columns * 4,
        { rows, depth, columns, transposeA, transposeB },
      )
    }
    return c
  })

  const poolSizes = (x: core.TensorInfo, attributes: ConvolutionAttributes & { readonly filterSize: Pair }) => {
    const { filterSize, strides, pad, dimRoundingMode } = attributes
    return tf.backend_util.computePool2DInfo(x.shape as Shape4D, filterSize, strides, 1, pad, dimRoundingMode)
  }

  register<'x', ConvolutionAttributes & { filterSize: Pair }>(tf.MaxPool, ({ x }, attributes) => {
    const sizes = poolSizes(x, attributes)
    return x.dtype === 'float32' ? pooling.maximum(x, sizes) : undefined
  })

  register<'dy' | 'input' | 'output', ConvolutionAttributes & { filterSize: Pair }>(
    tf.MaxPoolGrad,
    ({ dy, input, output }, attributes) => pooling.maximumGradient(input, output, dy, poolSizes(input, attributes)),
  )

  register<'dy' | 'input', ConvolutionAttributes & { filterSize: Pair }>(
    tf.AvgPoolGrad,
    ({ dy, input }, attributes) => {
      const sizes = poolSizes(input, attributes)
      const { top, bottom, left, right } = sizes.padInfo
      return top + bottom + left + right === 0 ? pooling.averageGradient(dy, sizes) : undefined
    },
  )

  register<'x', { axis: number | readonly number[]; keepDims: boolean }>(tf.Sum, ({ x }, { axis, keepDims }) => {
    const last = x.shape.length - 1
    const axes = tf.util.parseAxisParam(axis as number | number[], x.shape)
    const isAllButLast = last > 0 && axes.length === last && axes.every(one => one !== last)
    if (!isAllButLast || x.dtype !== 'float32') return undefined
    const columns = x.shape[last] ?? 1
    return sums.ofColumns(x, columns, keepDims ? [...axes.map(() => 1), columns] : [columns])
  })

  register<'x', { numOrSizeSplits: number[] | number; axis: number }>(tf.SplitV, ({ x }, { numOrSizeSplits, axis }) => {
    if (x.dtype !== 'float32') return undefined
    const [along = 0] = tf.util.parseAxisParam(axis, x.shape)
    const sizes = tf.backend_util.prepareSplitSize(x as core.Tensor, numOrSizeSplits, along)
    return split(heap, functions, x, sizes, along)
  })

  // the back end's own kernel copies, and whatever a gradient needs later on passes through it
  register<'x', unknown>(tf.Identity, ({ x }) => {
    backend.incRef(x.dataId)
    return { dataId: x.dataId, shape: x.shape, dtype: x.dtype }
  })

  register<'x' | 'segmentIds', { numSegments: number }>(tf.UnsortedSegmentSum, ({ x, segmentIds }, { numSegments }) => {
    const segments = backend.typedArrayFromHeap(segmentIds) as Int32Array
    // copied, as making the output may move the heap
    return segmentSum(heap, x, segments.slice(), numSegments)
  })

  register<string, { equation: string }>(tf.Einsum, (inputs, { equation }) =>
    einsum(tf, equation, Object.values(inputs) as core.Tensor[]),
  )
}

/** Whether no window reaches past the padded input: with a number as `pad`, tfjs-core takes filters and strides for squares. */
function staysInside(sizes: ConvolutionSizes): boolean {
  const { inHeight, inWidth, outHeight, outWidth, padInfo } = sizes
  return (
    (outHeight - 1) * sizes.strideHeight + sizes.filterHeight <= inHeight + padInfo.top + padInfo.bottom &&
    (outWidth - 1) * sizes.strideWidth + sizes.filterWidth <= inWidth + padInfo.left + padInfo.right
  )
}
