import { fourLanes, type Lanes, oneLane } from './lanes.js'
import { type Code, countDown, i32, type WasmFunction, wasmFunction } from './wasm-assembler.js'

/** Copies rows of numbers that lie apart; see {@link CopyingFunctions.copyRows}. */
const copyRows = wasmFunction(
  'copyRows',
  { from: 'i32', fromStep: 'i32', to: 'i32', toStep: 'i32', rows: 'i32', bytes: 'i32' },
  (p, declare) => {
    const source = declare('i32')
    const target = declare('i32')
    const count = declare('i32')
    // rows are mostly a few vectors long: too short for the instruction that copies memory, which is a call
    const inLanes = ({ bytes, load, store }: Lanes, times: Code): Code => [
      ...count.set(times),
      ...countDown(count, [
        ...store(target.get, 0, load(source.get, 0)),
        ...source.increase(i32.constant(bytes)),
        ...target.increase(i32.constant(bytes)),
      ]),
    ]
    return countDown(p.rows, [
      ...source.set(p.from.get),
      ...target.set(p.to.get),
      ...inLanes(fourLanes, i32.shiftRight(p.bytes.get, i32.constant(4))),
      ...inLanes(oneLane, i32.shiftRight(i32.and(p.bytes.get, i32.constant(15)), i32.constant(2))),
      ...p.from.increase(p.fromStep.get),
      ...p.to.increase(p.toStep.get),
    ])
  },
)

/** The functions that copy, in module order. */
export const copyingFunctions: readonly WasmFunction[] = [copyRows]

/** What the functions look like from outside. */
export interface CopyingFunctions {
  /** Copies `rows` times `bytes` bytes, a multiple of four, from places `fromStep` bytes apart to places `toStep` bytes apart. */
  copyRows(from: number, fromStep: number, to: number, toStep: number, rows: number, bytes: number): void
}
