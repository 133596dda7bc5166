import type { TensorInfo } from '@tensorflow/tfjs-core'
import { type SummingFunctions, wideVectors } from './summing.js'
import type { WasmHeap } from './wasm-heap.js'

/** Sums on the WASM heap. */
export class WasmSums {
  readonly #heap: WasmHeap
  readonly #functions: SummingFunctions

  constructor(heap: WasmHeap, functions: SummingFunctions) {
    this.#heap = heap
    this.#functions = functions
  }

  /** Sums x [rows × columns] over its rows; the result has `shape`. */
  ofColumns(x: TensorInfo, columns: number, shape: readonly number[]): TensorInfo {
    const sums = this.#heap.output(shape)
    const [from, to] = [this.#heap.address(x), this.#heap.address(sums)]
    const rows = x.shape.reduce((product, size) => product * size, 1) / columns
    const { columnSums16, columnSums4, columnSums1 } = this.#functions
    let column = 0
    const take = (width: number, add: SummingFunctions['columnSums1']): void => {
      for (; column + width <= columns; column += width) add(from + column * 4, columns * 4, rows, to + column * 4)
    }
    take(wideVectors * 4, columnSums16)
    take(4, columnSums4)
    take(1, columnSums1)
    return sums
  }
}
