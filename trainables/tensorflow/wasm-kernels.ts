import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import { type GemmFunctions, gemmFunctions } from './gemm.js'
import { assembleModule } from './wasm-assembler.js'
import { WasmConvolution } from './wasm-convolution.js'
import { WasmHeap } from './wasm-heap.js'

export async function registerWasmKernels(backend: BackendWasm): Promise<void> {
  const heap = new WasmHeap(backend)
  const functions = gemmFunctions(0)
  const { instance } = await WebAssembly.instantiate(assembleModule(functions), { host: { memory: heap.memory } })
  const conv = new WasmConvolution(heap, instance.exports as unknown as GemmFunctions)
  const reg = (kernelName: string, kernelFunc: any) => { if (tf.getKernel(kernelName,'wasm')) tf.unregisterKernel(kernelName,'wasm'); tf.registerKernel({kernelName, backendName:'wasm', kernelFunc}) }
  reg('Conv2D', ({inputs:{x,filter}, attrs:{strides,pad,dilations,dimRoundingMode}}: any) => conv.forward(x, filter, tf.backend_util.computeConv2DInfo(x.shape, filter.shape, strides, dilations, pad, dimRoundingMode)))
  reg('Conv2DBackpropInput', ({inputs:{dy,filter}, attrs:{strides,pad,inputShape,dimRoundingMode}}: any) => conv.inputGradient(dy, filter, tf.backend_util.computeConv2DInfo(inputShape, filter.shape, strides, 1, pad, dimRoundingMode)))
  reg('Conv2DBackpropFilter', ({inputs:{x,dy}, attrs:{strides,pad,filterShape,dimRoundingMode}}: any) => conv.filterGradient(x, dy, tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad, dimRoundingMode)))
  reg('BatchMatMul', ({inputs:{a,b}, attrs:{transposeA,transposeB}}: any) => {
    const rows = a.shape[transposeA?2:1], depth = a.shape[transposeA?1:2], columns = b.shape[transposeB?1:2]
    const c = heap.output([1, rows, columns])
    conv.multiply(heap.address(a), heap.address(b), heap.address(c), {rows, depth, columns, transposeA, transposeB})
    return c
  })
}
