import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { CopyingFunctions } from './copying.js'
import type { WasmHeap } from './wasm-heap.js'

/** Cuts x into pieces of so many `sizes` along an axis: the gradient of putting channels one after another. */
export function split(
  heap: WasmHeap,
  functions: CopyingFunctions,
  x: TensorInfo,
  sizes: readonly number[],
  axis: number,
): TensorInfo[] {
  const product = (shape: readonly number[]): number => shape.reduce((length, size) => length * size, 1)
  const rows = product(x.shape.slice(0, axis))
  const inner = product(x.shape.slice(axis + 1)) * 4
  const row = (x.shape[axis] ?? 0) * inner
  let offset = 0
  return sizes.map(size => {
    const piece = heap.output([...x.shape.slice(0, axis), size, ...x.shape.slice(axis + 1)])
    functions.copyRows(heap.address(x) + offset, row, heap.address(piece), size * inner, rows, size * inner)
    offset += size * inner
    return piece
  })
}
