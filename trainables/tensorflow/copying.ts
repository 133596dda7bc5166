import { copyBytes, countDown, type WasmFunction, wasmFunction } from './wasm-assembler.js'

/** Copies rows of bytes that lie apart; see {@link CopyingFunctions.copyRows}. */
const copyRows = wasmFunction(
  'copyRows',
  { from: 'i32', fromStep: 'i32', to: 'i32', toStep: 'i32', rows: 'i32', bytes: 'i32' },
  p =>
    countDown(p.rows, [
      ...copyBytes(p.from.get, p.to.get, p.bytes.get),
      ...p.from.increase(p.fromStep.get),
      ...p.to.increase(p.toStep.get),
    ]),
)

/** The functions that copy, in module order. */
export const copyingFunctions: readonly WasmFunction[] = [copyRows]

/** What the functions look like from outside. */
export interface CopyingFunctions {
  /** Copies `rows` times `bytes` bytes, from places `fromStep` bytes apart to places `toStep` bytes apart. */
  copyRows(from: number, fromStep: number, to: number, toStep: number, rows: number, bytes: number): void
}
