import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { TuneError } from '../../src/errors.js'
import { type WebAssemblyMemory, webAssembly } from './web-assembly.js'

/** What the back end's Emscripten module offers beyond its declared type. */
interface EmscriptenModule {
  readonly asm?: Readonly<Record<string, unknown>>
  _malloc(bytes: number): number
  _free(address: number): void
}

/** Where the kernels find their tensors: the memory of the WASM back end. */
export class WasmHeap {
  readonly memory: WebAssemblyMemory
  readonly #backend: BackendWasm
  readonly #module: EmscriptenModule
  readonly #scratch = new Map<string, { address: number; bytes: number }>()

  constructor(backend: BackendWasm) {
    this.#backend = backend
    this.#module = backend.wasm as unknown as EmscriptenModule
    const memory = Object.values(this.#module.asm ?? {}).find(
      (value): value is WebAssemblyMemory => value instanceof webAssembly.Memory,
    )
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

  /** A tensor's numbers; valid until memory is next allocated. */
  view(tensor: TensorInfo): Float32Array {
    return this.floats(
      this.address(tensor),
      tensor.shape.reduce((product, size) => product * size, 1),
    )
  }

  /** A lasting area for intermediate numbers; one of each name, overwritten by whoever asks for it next. */
  scratch(name: string, length: number): number {
    const bytes = Math.max(length, 1) * 4
    const held = this.#scratch.get(name)
    if (held !== undefined && held.bytes >= bytes) return held.address
    if (held !== undefined) this.#module._free(held.address)
    const address = this.#module._malloc(bytes) >>> 0
    this.#scratch.set(name, { address, bytes })
    return address
  }
}
