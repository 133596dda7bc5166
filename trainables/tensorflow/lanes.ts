import { type Code, f32x4 } from './wasm-assembler.js'

/** How many numbers are taken at a time: four, or one where fewer are left. The arithmetic is the same. */
export interface Lanes {
  /** Bytes that are taken. */
  readonly bytes: number
  readonly load: (address: Code, offset: number) => Code
  readonly store: (address: Code, offset: number, value: Code) => Code
}

export const fourLanes: Lanes = { bytes: 16, load: f32x4.load, store: f32x4.store }

export const oneLane: Lanes = { bytes: 4, load: f32x4.loadFirst, store: f32x4.storeFirst }
