import {
  type Code,
  countDown,
  f32,
  f32x4,
  i32,
  type Local,
  type ValueType,
  type WasmFunction,
  wasmFunction,
} from './wasm-assembler.js'
import {
  type Matrix,
  transposed,
  type WinogradFilterSize,
  winogradFilterSizes,
  winogradMatrices,
} from './winograd-matrices.js'

/** Channels that a transform takes at a time: two vectors, a panel of the matrix product. */
const panelBytes = 32

/** Multiplies a matrix by constants that are known when the code is written: zeros cost nothing, pairs of rows share their sums. */
class ConstantProduct {
  readonly #matrix: Matrix
  readonly #constants = new Map<number, Local>()
  readonly #even: Local
  readonly #odd: Local

  constructor(matrix: Matrix, declare: (type: ValueType) => Local) {
    this.#matrix = matrix
    for (const size of matrix.flat().map(Math.abs)) {
      if (size !== 0 && size !== 1 && !this.#constants.has(size)) this.#constants.set(size, declare('v128'))
    }
    this.#even = declare('v128')
    this.#odd = declare('v128')
  }

  /** Sets the constants; comes once, in front of all products. */
  get prologue(): Code {
    return [...this.#constants].flatMap(([value, local]) => local.set(f32x4.splat(f32.constant(value))))
  }

  /** `matrix × source`; `emit` says what becomes of each number of the result. */
  times(source: readonly Local[], emit: (row: number, value: Code) => Code): Code {
    const rest = new Set(this.#matrix.keys())
    const code: Code[] = []
    for (const [index, row] of this.#matrix.entries()) {
      if (!rest.delete(index)) continue
      const partner = [...rest].find(other => isMirrored(row, this.#matrix[other] ?? []))
      if (partner === undefined) {
        code.push(emit(index, this.#sum(row, source)))
        continue
      }
      // the rows of a point and of its negative: e + o and e - o
      rest.delete(partner)
      const mirrored = this.#matrix[partner] ?? []
      const even = row.map((factor, column) => (factor === mirrored[column] ? factor : 0))
      const odd = row.map((factor, column) => (factor === mirrored[column] ? 0 : factor))
      code.push(this.#even.set(this.#sum(even, source)), this.#odd.set(this.#sum(odd, source)))
      code.push(emit(index, f32x4.add(this.#even.get, this.#odd.get)))
      code.push(emit(partner, f32x4.subtract(this.#even.get, this.#odd.get)))
    }
    return code.flat()
  }

  #sum(factors: readonly number[], source: readonly Local[]): Code {
    const terms = factors.flatMap((factor, index) => {
      const value = source[index]?.get
      if (factor === 0 || value === undefined) return []
      const constant = this.#constants.get(Math.abs(factor))
      return [{ isNegative: factor < 0, code: constant === undefined ? value : f32x4.multiply(value, constant.get) }]
    })
    // a positive term first spares a negation
    terms.sort((a, b) => Number(a.isNegative) - Number(b.isNegative))
    const [first, ...more] = terms
    const zero = f32x4.splat(f32.constant(0))
    if (first === undefined) return zero
    const start = first.isNegative ? f32x4.subtract(zero, first.code) : first.code
    return more.reduce(
      (sum, { isNegative, code }) => (isNegative ? f32x4.subtract(sum, code) : f32x4.add(sum, code)),
      start,
    )
  }
}

/** Whether two rows have the same numbers, some of them with the other sign. */
function isMirrored(row: readonly number[], other: readonly number[]): boolean {
  const areAlike = row.every((factor, column) => Math.abs(factor) === Math.abs(other[column] ?? 0))
  return areAlike && row.some((factor, column) => factor !== other[column])
}

const parameters = {
  from: 'i32',
  fromRow: 'i32',
  fromColumn: 'i32',
  fromTile: 'i32',
  fromPanel: 'i32',
  to: 'i32',
  toRow: 'i32',
  toColumn: 'i32',
  toTile: 'i32',
  toPanel: 'i32',
  tiles: 'i32',
  panels: 'i32',
} as const

/** `M X Mᵀ` for each square X of some tiles and channels; see {@link WinogradTransform}. */
function transform(name: string, matrix: Matrix, mode: 'set' | 'add'): WasmFunction {
  return wasmFunction(name, parameters, (p, declare) => {
    const results = [...matrix.keys()]
    const sources = [...(matrix[0] ?? []).keys()]
    const product = new ConstantProduct(matrix, declare)
    const column = sources.map(() => declare('v128'))
    const half = results.map(() => sources.map(() => declare('v128')))
    const from = declare('i32')
    const to = declare('i32')
    const panel = declare('i32')
    const vector = declare('i32')
    const line = declare('i32')
    const pixel = declare('i32')

    const columns: Code = sources.flatMap(index => [
      ...pixel.set(line.get),
      ...column.flatMap((value, row) => [
        ...value.set(f32x4.load(pixel.get, 0)),
        ...(row < column.length - 1 ? pixel.increase(p.fromRow.get) : []),
      ]),
      ...product.times(column, (row, value) => (half[row]?.[index] ?? line).set(value)),
      ...line.increase(p.fromColumn.get),
    ])
    const store = (value: Code): Code =>
      f32x4.store(pixel.get, 0, mode === 'set' ? value : f32x4.add(f32x4.load(pixel.get, 0), value))
    const rows: Code = half.flatMap(row => [
      ...product.times(row, (index, value) => [
        ...pixel.set(i32.add(line.get, i32.multiply(p.toColumn.get, i32.constant(index)))),
        ...store(value),
      ]),
      ...line.increase(p.toRow.get),
    ])
    const oneVector: Code = [
      ...line.set(from.get),
      ...columns,
      ...line.set(to.get),
      ...rows,
      ...from.increase(i32.constant(panelBytes / 2)),
      ...to.increase(i32.constant(panelBytes / 2)),
    ]
    return [
      ...product.prologue,
      ...countDown(p.tiles, [
        ...from.set(p.from.get),
        ...to.set(p.to.get),
        ...panel.set(p.panels.get),
        ...countDown(panel, [
          ...vector.set(i32.constant(2)),
          ...countDown(vector, oneVector),
          ...from.increase(i32.subtract(p.fromPanel.get, i32.constant(panelBytes))),
          ...to.increase(i32.subtract(p.toPanel.get, i32.constant(panelBytes))),
        ]),
        ...p.from.increase(p.fromTile.get),
        ...p.to.increase(p.toTile.get),
      ]),
    ]
  })
}

/** The transforms of Winograd convolution, in module order. */
export const winogradTransforms: readonly WasmFunction[] = winogradFilterSizes.flatMap(size => {
  const { output, filter, input } = winogradMatrices(size)
  return [
    transform(`winogradInput${size}`, input, 'set'),
    transform(`winogradInputGradient${size}`, transposed(input), 'add'),
    transform(`winogradFilter${size}`, filter, 'set'),
    transform(`winogradFilterGradient${size}`, transposed(filter), 'set'),
    transform(`winogradOutput${size}`, transposed(output), 'set'),
    transform(`winogradOutputGradient${size}`, output, 'set'),
  ]
})

/**
 * Transforms squares of numbers, for `tiles` times `panels` of eight channels. All distances are in bytes: `fromRow` and `fromColumn` between the numbers
 * of a square, `fromTile` and `fromPanel` from one square to the next; likewise where the results go. Channels of a panel lie side by side.
 */
export type WinogradTransform = (
  from: number,
  fromRow: number,
  fromColumn: number,
  fromTile: number,
  fromPanel: number,
  to: number,
  toRow: number,
  toColumn: number,
  toTile: number,
  toPanel: number,
  tiles: number,
  panels: number,
) => void

/** What the functions look like from outside, for filters of each size; a gradient's function is the transpose of the function. */
export type WinogradFunctions = Readonly<
  Record<`winograd${'Input' | 'Filter' | 'Output'}${'' | 'Gradient'}${WinogradFilterSize}`, WinogradTransform>
>
