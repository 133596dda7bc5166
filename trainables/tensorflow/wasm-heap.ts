import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { TuneError } from '../../src/errors.js'

/** Where the kernels find their tensors: the memory of the WASM back end. */
export class WasmHeap {
  readonly memory: WebAssembly.Memory
  readonly #backend: BackendWasm
  readonly #scratch = new Map<string, { address: number; bytes: number }>()

  constructor(backend: BackendWasm) {
    this.#backend = backend
    const { asm } = backend.wasm as { asm?: Readonly<Record<string, unknown>> }
    const memory = Object.values(asm ?? {}).find(value => value instanceof WebAssembly.Memory)
    if (memory === undefined) {
      throw new TuneError(
        'DEPENDENCY_MISSING',
        'this version of @tensorflow/tfjs-backend-wasm does not show its memory: run `npm install @tensorflow/tfjs-backend-wasm@4.22.0`',
      )
    }
    this.memory = memory
  }

  /** The address of a tensor's first number, in bytes. */
  address(tensor: TensorInfo): number {
    return this.#backend.getMemoryOffset(tensor.dataId)
  }

  /** Makes a tensor whose numbers are not set. */
  output(shape: readonly number[]): TensorInfo {
    return this.#backend.makeOutput([...shape], 'float32')
  }

  /** A view of `length` numbers; valid until memory is next allocated. */
  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, length)
  }

  /** A lasting area for intermediate numbers; one of each name, overwritten by whoever asks for it next. */
  scratch(name: string, length: number): number {
    const bytes = Math.max(length, 1) * 4
    const held = this.#scratch.get(name)
    if (held !== undefined && held.bytes >= bytes) return held.address
    if (held !== undefined) this.#backend.wasm._free(held.address)
    const address = this.#backend.wasm._malloc(bytes) >>> 0
    this.#scratch.set(name, { address, bytes })
    return address
  }

  /** Frees a tensor that a kernel made for itself. */
  release(tensor: TensorInfo): void {
    this.#backend.disposeData(tensor.dataId)
  }
}
