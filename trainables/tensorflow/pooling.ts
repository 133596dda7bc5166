import { countDown, f32, f32x4, i32, type WasmFunction, wasmFunction } from './wasm-assembler.js'

/** The gradient of max-pooling for one image, four channels at a time; see {@link PoolingFunctions.poolGradient}. */
const poolGradient = wasmFunction(
  'poolGradient',
  {
    ...{
      x: 'i32',
      y: 'i32',
      dy: 'i32',
      dx: 'i32',
      outHeight: 'i32',
      outWidth: 'i32',
      rowStep: 'i32',
      columnStep: 'i32',
    },
    ...{ row: 'i32', filterHeight: 'i32', filterWidth: 'i32', vectors: 'i32' },
  } as const,
  (p, declare) => {
    const columns = declare('i32')
    const vectors = declare('i32')
    const tall = declare('i32')
    const wide = declare('i32')
    // distances from the image's start to the window, and to the pixel in it; x and dx lie alike
    const rowStart = declare('i32')
    const window = declare('i32')
    const line = declare('i32')
    const pixel = declare('i32')
    const maximum = declare('v128')
    const upstream = declare('v128')
    const isTaken = declare('v128')
    const isSource = declare('v128')
    const pixelBytes = i32.multiply(p.vectors.get, i32.constant(16))
    const target = i32.add(p.dx.get, pixel.get)
    const onePixel = [
      ...isSource.set(f32x4.andNot(f32x4.equals(f32x4.load(i32.add(p.x.get, pixel.get), 0), maximum.get), isTaken.get)),
      ...f32x4.store(target, 0, f32x4.add(f32x4.load(target, 0), f32x4.and(upstream.get, isSource.get))),
      ...isTaken.set(f32x4.or(isTaken.get, isSource.get)),
      ...pixel.increase(pixelBytes),
    ]
    const oneVector = [
      ...maximum.set(f32x4.load(p.y.get, 0)),
      ...upstream.set(f32x4.load(p.dy.get, 0)),
      ...isTaken.set(f32x4.splat(f32.constant(0))),
      ...tall.set(p.filterHeight.get),
      ...line.set(window.get),
      ...countDown(tall, [
        ...wide.set(p.filterWidth.get),
        ...pixel.set(line.get),
        ...countDown(wide, onePixel),
        ...line.increase(p.row.get),
      ]),
      ...p.y.increase(i32.constant(16)),
      ...p.dy.increase(i32.constant(16)),
      ...window.increase(i32.constant(16)),
    ]
    return countDown(p.outHeight, [
      ...columns.set(p.outWidth.get),
      ...window.set(rowStart.get),
      ...countDown(columns, [
        ...vectors.set(p.vectors.get),
        ...countDown(vectors, oneVector),
        ...window.increase(i32.subtract(p.columnStep.get, pixelBytes)),
      ]),
      ...rowStart.increase(p.rowStep.get),
    ])
  },
)

/** The functions of pooling, in module order. */
export const poolingFunctions: readonly WasmFunction[] = [poolGradient]

/** What the functions look like from outside. Addresses and strides are in bytes. */
export interface PoolingFunctions {
  /**
   * Adds each number of `dy` to `dx` at the first pixel of its window (row by row) whose value is the window's maximum, for one image without padding.
   * x, dx: [height × width × channels], y, dy: [outHeight × outWidth × channels]; channels = 4 × `vectors`.
   */
  poolGradient(
    x: number,
    y: number,
    dy: number,
    dx: number,
    outHeight: number,
    outWidth: number,
    rowStep: number,
    columnStep: number,
    row: number,
    filterHeight: number,
    filterWidth: number,
    vectors: number,
  ): void
}
