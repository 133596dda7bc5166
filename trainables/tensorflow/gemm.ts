import {
  type Code,
  call,
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

/** Columns of a panel: two vectors of four. */
export const panelColumns = 8

/** How the left matrix lies in memory: along its depth (row-major), or along its rows (a transposed row-major matrix). */
type Layout = 'depth' | 'rows'

const parameters = {
  a: 'i32',
  aRow: 'i32',
  aOuter: 'i32',
  outer: 'i32',
  aInner: 'i32',
  inner: 'i32',
  b: 'i32',
  c: 'i32',
  cRow: 'i32',
  accumulate: 'i32',
} as const

const indices = (count: number): number[] => Array.from({ length: count }, (_, index) => index)
const zero = f32x4.splat(f32.constant(0))

/**
 * A tile of the product: `rows` × 8 numbers that stay in registers while the depth is walked.
 *
 * The depth is walked in two levels, `outer` times `inner`, so that the rows of a convolution's window need not be copied together.
 */
function tile(rows: number, layout: Layout): WasmFunction {
  return wasmFunction(`tile${rows}-${layout}`, parameters, (p, declare) => {
    const sums = indices(rows).map(() => [declare('v128'), declare('v128')] as const)
    const left = declare('v128')
    const b = [declare('v128'), declare('v128')] as const
    const pointers = layout === 'depth' ? indices(rows).map(() => declare('i32')) : [declare('i32')]
    const [first] = pointers as [Local]
    const count = declare('i32')
    const start = declare('i32')

    // one step a turn: unrolled four times, the same code was measured to run at 33 GFLOP/s instead of 55
    const step: Code = [
      ...b.flatMap((half, index) => half.set(f32x4.load(p.b.get, index * 16))),
      ...sums.flatMap((row, index) => [
        ...left.set(
          layout === 'depth'
            ? f32x4.loadSplat((pointers[index] ?? first).get, 0)
            : f32x4.loadSplat(first.get, index * 4),
        ),
        ...row.flatMap((sum, half) => sum.set(f32x4.add(sum.get, f32x4.multiply(left.get, (b[half] ?? b[0]).get)))),
      ]),
      ...p.b.increase(i32.constant(panelColumns * 4)),
      ...pointers.flatMap(pointer => pointer.increase(layout === 'depth' ? i32.constant(4) : p.aInner.get)),
    ]
    const walk = [...count.set(p.inner.get), ...countDown(count, step)]

    const place = (pointer: Local, index: number): Code =>
      pointer.set(index === 0 ? start.get : i32.add((pointers[index - 1] ?? first).get, p.aRow.get))
    const write = (combine: (sum: Local, offset: number) => Code): Code =>
      sums.flatMap((row, index) => [
        ...row.flatMap((sum, half) => f32x4.store(p.c.get, half * 16, combine(sum, half * 16))),
        ...(index < rows - 1 ? p.c.increase(p.cRow.get) : []),
      ])
    return [
      ...sums.flat().flatMap(sum => sum.set(zero)),
      ...start.set(p.a.get),
      ...countDown(p.outer, [...pointers.flatMap(place), ...walk, ...start.increase(p.aOuter.get)]),
      ...when(
        p.accumulate.get,
        // row by row: the rows of C may overlap (the input gradient of a convolution)
        write((sum, offset) => f32x4.add(f32x4.load(p.c.get, offset), sum.get)),
        write(sum => sum.get),
      ),
    ]
  })
}

/** Rows are taken four at a time; the last five as three and two, as a tile of five rows, or of one, was measured to run at half the speed. */
const tileRows = [1, 2, 3, 4]
const layouts: readonly Layout[] = ['depth', 'rows']

/** Copies what a tile wrote into the scratch area to its place in C, where that is less than eight columns wide. */
const copyNarrow = wasmFunction(
  'copyNarrow',
  { from: 'i32', c: 'i32', cRow: 'i32', rows: 'i32', columns: 'i32', accumulate: 'i32' },
  (p, declare) => {
    const count = declare('i32')
    const source = declare('i32')
    const target = declare('i32')
    const value = f32.load(source.get, 0)
    return countDown(p.rows, [
      ...count.set(p.columns.get),
      ...source.set(p.from.get),
      ...target.set(p.c.get),
      ...countDown(count, [
        ...when(
          p.accumulate.get,
          f32.store(target.get, 0, f32.add(f32.load(target.get, 0), value)),
          f32.store(target.get, 0, value),
        ),
        ...source.increase(i32.constant(4)),
        ...target.increase(i32.constant(4)),
      ]),
      ...p.from.increase(i32.constant(32)),
      ...p.c.increase(p.cRow.get),
    ])
  },
)

/** `C = A B` or `C += A B` with B packed; see {@link GemmFunctions.gemm}. */
function gemm(firstIndex: number, copyIndex: number): WasmFunction {
  return wasmFunction(
    'gemm',
    {
      ...{
        a: 'i32',
        aGroup: 'i32',
        groups: 'i32',
        aRow: 'i32',
        rows: 'i32',
        aOuter: 'i32',
        outer: 'i32',
        aInner: 'i32',
        inner: 'i32',
      },
      ...{ b: 'i32', c: 'i32', cGroup: 'i32', cRow: 'i32', columns: 'i32', accumulate: 'i32', scratch: 'i32' },
    } as const,
    (p, declare) => {
      const panelBytes = declare('i32')
      const group = declare('i32')
      const aGroup = declare('i32')
      const cGroup = declare('i32')
      const a = declare('i32')
      const c = declare('i32')
      const left = declare('i32')
      const size = declare('i32')
      const callTile = (rows: number, layout: Layout): Code => {
        const index = firstIndex + layouts.indexOf(layout) * tileRows.length + tileRows.indexOf(rows)
        const source = [a.get, p.aRow.get, p.aOuter.get, p.outer.get, p.aInner.get, p.inner.get, p.b.get]
        return when(
          i32.atLeast(p.columns.get, i32.constant(panelColumns)),
          call(index, ...source, c.get, p.cRow.get, p.accumulate.get),
          [
            ...call(index, ...source, p.scratch.get, i32.constant(panelColumns * 4), i32.constant(0)),
            ...call(copyIndex, p.scratch.get, c.get, p.cRow.get, i32.constant(rows), p.columns.get, p.accumulate.get),
          ],
        )
      }
      const choose = (layout: Layout): Code =>
        tileRows.reduceRight<Code>(
          (otherwise, rows) => when(i32.equals(size.get, i32.constant(rows)), callTile(rows, layout), otherwise),
          [],
        )
      const isFive = i32.equals(left.get, i32.constant(5))
      const oneGroup: Code = [
        ...left.set(p.rows.get),
        ...whileLoop(left.get, [
          ...size.set(left.get),
          ...when(i32.atLeast(left.get, i32.constant(5)), size.set(i32.constant(4))),
          ...when(isFive, size.set(i32.constant(3))),
          ...when(i32.equals(p.aRow.get, i32.constant(4)), choose('rows'), choose('depth')),
          ...a.increase(i32.multiply(size.get, p.aRow.get)),
          ...c.increase(i32.multiply(size.get, p.cRow.get)),
          ...left.set(i32.subtract(left.get, size.get)),
        ]),
      ]
      return [
        ...panelBytes.set(i32.multiply(i32.multiply(p.outer.get, p.inner.get), i32.constant(panelColumns * 4))),
        ...whileLoop(i32.lessThan(i32.constant(0), p.columns.get), [
          ...group.set(p.groups.get),
          ...aGroup.set(p.a.get),
          ...cGroup.set(p.c.get),
          ...countDown(group, [
            ...a.set(aGroup.get),
            ...c.set(cGroup.get),
            ...oneGroup,
            ...aGroup.increase(p.aGroup.get),
            ...cGroup.increase(p.cGroup.get),
          ]),
          ...p.b.increase(panelBytes.get),
          ...p.c.increase(i32.constant(panelColumns * 4)),
          ...p.columns.increase(i32.constant(-panelColumns)),
        ]),
      ]
    },
  )
}

/** Copies B into panels of eight columns, the last one filled up with zeros; see {@link GemmFunctions.pack}. */
const pack = wasmFunction(
  'pack',
  { from: 'i32', fromDepth: 'i32', fromColumn: 'i32', depth: 'i32', columns: 'i32', to: 'i32' },
  (p, declare) => {
    const count = declare('i32')
    const row = declare('i32')
    const source = declare('i32')
    const column = declare('i32')
    const isWide = i32.atLeast(p.columns.get, i32.constant(panelColumns))
    const isContiguous = i32.equals(p.fromColumn.get, i32.constant(4))
    const copyRow: Code = [
      ...f32x4.store(p.to.get, 0, f32x4.load(row.get, 0)),
      ...f32x4.store(p.to.get, 16, f32x4.load(row.get, 16)),
    ]
    const copyEach: Code = [
      ...source.set(row.get),
      ...indices(panelColumns).flatMap(index =>
        when(
          i32.lessThan(i32.constant(index), p.columns.get),
          [...f32.store(p.to.get, index * 4, f32.load(source.get, 0)), ...source.increase(p.fromColumn.get)],
          f32.store(p.to.get, index * 4, f32.constant(0)),
        ),
      ),
    ]
    return whileLoop(i32.lessThan(i32.constant(0), p.columns.get), [
      ...row.set(p.from.get),
      ...count.set(p.depth.get),
      ...column.set(isContiguous),
      ...when(isWide, [], column.set(i32.constant(0))),
      ...countDown(count, [
        ...when(column.get, copyRow, copyEach),
        ...row.increase(p.fromDepth.get),
        ...p.to.increase(i32.constant(panelColumns * 4)),
      ]),
      ...p.from.increase(i32.multiply(p.fromColumn.get, i32.constant(panelColumns))),
      ...p.columns.increase(i32.constant(-panelColumns)),
    ])
  },
)

/**
 * The functions of the matrix product, in module order from `firstIndex`.
 *
 * The scheme is the usual one (Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008): B packed into panels
 * that fit the first-level cache, tiles of C kept in registers. No fused multiply-add is used, so that every machine computes the same bits.
 */
export function gemmFunctions(firstIndex: number): WasmFunction[] {
  const tiles = layouts.flatMap(layout => tileRows.map(rows => tile(rows, layout)))
  const copyIndex = firstIndex + tiles.length
  return [...tiles, copyNarrow, gemm(firstIndex, copyIndex), pack]
}

/** What the functions look like from outside. Addresses and strides are in bytes. */
export interface GemmFunctions {
  /**
   * `C = A B`, or `C += A B`. A's rows are `groups` times `rows`; its depth is `outer` times `inner`, where either consecutive
   * depths are adjacent (`aInner = 4`) or consecutive rows (`aRow = 4`). B is packed; `scratch` holds 40 numbers.
   */
  gemm(
    a: number,
    aGroup: number,
    groups: number,
    aRow: number,
    rows: number,
    aOuter: number,
    outer: number,
    aInner: number,
    inner: number,
    b: number,
    c: number,
    cGroup: number,
    cRow: number,
    columns: number,
    accumulate: number,
    scratch: number,
  ): void
  /** Packs B [depth × columns] into panels; `to` has room for `depth × columns` numbers, with columns rounded up to eights. */
  pack(from: number, fromDepth: number, fromColumn: number, depth: number, columns: number, to: number): void
}
