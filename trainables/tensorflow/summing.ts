import { fourLanes, type Lanes, oneLane } from './lanes.js'
import {
  type Code,
  countDown,
  f32,
  f32x4,
  i32,
  type Local,
  type WasmFunction,
  wasmFunction,
  when,
  whileLoop,
} from './wasm-assembler.js'

/** Vectors of columns that are summed side by side: a cache line. */
export const wideVectors = 4

/** So many rows are summed before their sum is added to the total, so that rounding errors grow more slowly than the number of rows. */
const blockRows = 256

const zero = f32x4.splat(f32.constant(0))

/** Sums rows of some columns; see {@link SummingFunctions}. */
function columnSums(name: string, vectors: number, lanes: Lanes): WasmFunction {
  return wasmFunction(name, { from: 'i32', step: 'i32', rows: 'i32', to: 'i32' }, (p, declare) => {
    const columns = Array.from({ length: vectors }, (_, index) => ({
      offset: index * lanes.bytes,
      sum: declare('v128'),
      total: declare('v128'),
    }))
    const each = (write: (column: { offset: number; sum: Local; total: Local }) => Code): Code => columns.flatMap(write)
    const count = declare('i32')
    return [
      ...whileLoop(p.rows.get, [
        ...count.set(i32.constant(blockRows)),
        ...when(i32.lessThan(p.rows.get, count.get), count.set(p.rows.get)),
        ...p.rows.set(i32.subtract(p.rows.get, count.get)),
        ...each(({ sum }) => sum.set(zero)),
        ...countDown(count, [
          ...each(({ sum, offset }) => sum.set(f32x4.add(sum.get, lanes.load(p.from.get, offset)))),
          ...p.from.increase(p.step.get),
        ]),
        ...each(({ sum, total }) => total.set(f32x4.add(total.get, sum.get))),
      ]),
      ...each(({ total, offset }) => lanes.store(p.to.get, offset, total.get)),
    ]
  })
}

/** The functions of sums, in module order. */
export const summingFunctions: readonly WasmFunction[] = [
  columnSums('columnSums16', wideVectors, fourLanes),
  columnSums('columnSums4', 1, fourLanes),
  columnSums('columnSums1', 1, oneLane),
]

/** Sums some columns over rows that lie `step` bytes apart; addresses in bytes. */
type ColumnSums = (from: number, step: number, rows: number, to: number) => void

/** What the functions look like from outside, each for as many columns as its name says. */
export interface SummingFunctions {
  readonly columnSums16: ColumnSums
  readonly columnSums4: ColumnSums
  readonly columnSums1: ColumnSums
}
