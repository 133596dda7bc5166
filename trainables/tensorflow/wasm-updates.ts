import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { FusedUpdates, Update } from './fused-updates.js'
import type { UpdatingFunctions } from './updating.js'
import type { WasmHeap } from './wasm-heap.js'

/** Optimizers' steps on the WASM heap. */
export class WasmUpdates implements FusedUpdates {
  readonly #backend: BackendWasm
  readonly #heap: WasmHeap
  readonly #functions: UpdatingFunctions

  constructor(backend: BackendWasm, heap: WasmHeap, functions: UpdatingFunctions) {
    this.#backend = backend
    this.#heap = heap
    this.#functions = functions
  }

  apply({ rule, parameter, gradient, slots, numbers }: Update): boolean {
    const changed = [parameter, ...slots]
    const isOurs = changed.every(
      ({ dataId, dtype, size }) =>
        dtype === 'float32' && size === gradient.size && this.#backend.refCount(dataId) === 1,
    )
    if (!isOurs || gradient.dtype !== 'float32') return false
    const [first, second] = slots.map(slot => this.#heap.address(slot))
    const { rate, momentum, decay, epsilon, l1 = 0, l2 = 0 } = numbers
    this.#functions[`update-${rule}`](
      ...([
        parameter.size,
        this.#heap.address(parameter),
        this.#heap.address(gradient),
        first ?? 0,
        second ?? 0,
      ] as const),
      ...([rate, momentum, 1 - momentum, decay, 1 - decay, epsilon, l1, 2 * l2] as const),
    )
    return true
  }
}
