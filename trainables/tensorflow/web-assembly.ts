/** The memory that WebAssembly modules compute in. */
export interface WebAssemblyMemory {
  /** Replaced by another one each time that the memory grows. */
  readonly buffer: ArrayBuffer
}

/** The part of the WebAssembly API that the kernels use; Node.js has it, its type declarations don't. */
interface WebAssemblyApi {
  readonly Memory: new (descriptor: { initial: number }) => WebAssemblyMemory
  instantiate(
    code: Uint8Array,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ): Promise<{ instance: { exports: unknown } }>
}

export const webAssembly = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly
