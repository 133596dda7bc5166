import { fourLanes, type Lanes, oneLane } from './lanes.js'
import { type Code, countDown, f32, f32x4, i32, type Local, type WasmFunction, wasmFunction } from './wasm-assembler.js'

/** Bytes of a number. */
const float = 4

/** The windows of one image: what the loops over them have in common. */
const windows = {
  outHeight: 'i32',
  outWidth: 'i32',
  rowStep: 'i32',
  columnStep: 'i32',
  row: 'i32',
  filterHeight: 'i32',
  filterWidth: 'i32',
  channels: 'i32',
} as const
type WindowParameters = { readonly [K in keyof typeof windows]: Local }

/**
 * Visits each window of an image.
 *
 * @param visit - what to do with some channels of a window, which starts `window` bytes from the image's start
 */
function eachWindow(
  p: WindowParameters,
  declare: (type: 'i32') => Local,
  visit: (window: Local, lanes: Lanes) => Code,
): Code {
  const columns = declare('i32')
  const count = declare('i32')
  const rowStart = declare('i32')
  const window = declare('i32')
  const pixelBytes = i32.multiply(p.channels.get, i32.constant(float))
  const inLanes = (lanes: Lanes, times: Code): Code => [
    ...count.set(times),
    ...countDown(count, [...visit(window, lanes), ...window.increase(i32.constant(lanes.bytes))]),
  ]
  return countDown(p.outHeight, [
    ...columns.set(p.outWidth.get),
    ...window.set(rowStart.get),
    ...countDown(columns, [
      ...inLanes(fourLanes, i32.shiftRight(p.channels.get, i32.constant(2))),
      ...inLanes(oneLane, i32.and(p.channels.get, i32.constant(3))),
      ...window.increase(i32.subtract(p.columnStep.get, pixelBytes)),
    ]),
    ...rowStart.increase(p.rowStep.get),
  ])
}

/**
 * Visits the pixels of a window, row by row.
 *
 * @param size - the window's size if it is known when the code is written: no loops are needed then
 */
function eachPixel(
  p: WindowParameters,
  declare: (type: 'i32') => Local,
  size: number | undefined,
): (window: Local, visit: (pixel: Local) => Code) => Code {
  const pixelBytes = i32.multiply(p.channels.get, i32.constant(float))
  const tall = declare('i32')
  const wide = declare('i32')
  const line = declare('i32')
  const pixel = declare('i32')
  return (window, visit) => {
    const onePixel = [...visit(pixel), ...pixel.increase(pixelBytes)]
    const oneRow: Code =
      size === undefined
        ? [...wide.set(p.filterWidth.get), ...countDown(wide, onePixel)]
        : Array.from({ length: size }, () => onePixel).flat()
    const oneLine = [...pixel.set(line.get), ...oneRow, ...line.increase(p.row.get)]
    const start = line.set(window.get)
    return size === undefined
      ? [...start, ...tall.set(p.filterHeight.get), ...countDown(tall, oneLine)]
      : [...start, ...Array.from({ length: size }, () => oneLine).flat()]
  }
}

/** The maximum over the windows of an image; see {@link PoolingFunctions.maxPool}. */
function maxPool(name: string, size: number | undefined): WasmFunction {
  return wasmFunction(name, { x: 'i32', y: 'i32', ...windows }, (p, declare) => {
    const maximum = declare('v128')
    const pixels = eachPixel(p, declare, size)
    return eachWindow(p, declare, (window, lanes) => [
      ...maximum.set(f32x4.splat(f32.constant(Number.NEGATIVE_INFINITY))),
      ...pixels(window, pixel => maximum.set(f32x4.maximum(maximum.get, lanes.load(i32.add(p.x.get, pixel.get), 0)))),
      ...lanes.store(p.y.get, 0, maximum.get),
      ...p.y.increase(i32.constant(lanes.bytes)),
    ])
  })
}

/** The gradient of max-pooling for one image; see {@link PoolingFunctions.maxPoolGradient}. */
function maxPoolGradient(name: string, size: number | undefined, mode: 'set' | 'add'): WasmFunction {
  return wasmFunction(name, { x: 'i32', y: 'i32', dy: 'i32', dx: 'i32', ...windows }, (p, declare) => {
    const maximum = declare('v128')
    const upstream = declare('v128')
    const isFree = declare('v128')
    const isSource = declare('v128')
    const pixels = eachPixel(p, declare, size)
    return eachWindow(p, declare, (window, lanes) => [
      ...maximum.set(lanes.load(p.y.get, 0)),
      ...upstream.set(lanes.load(p.dy.get, 0)),
      ...isFree.set(f32x4.equals(f32x4.splat(f32.constant(0)), f32x4.splat(f32.constant(0)))),
      ...pixels(window, pixel => {
        const target = i32.add(p.dx.get, pixel.get)
        const share = f32x4.and(upstream.get, isSource.get)
        return [
          // not less rather than equal, so that a window of NaN hands its gradient on
          ...isSource.set(
            f32x4.andNot(isFree.get, f32x4.lessThan(lanes.load(i32.add(p.x.get, pixel.get), 0), maximum.get)),
          ),
          ...isFree.set(f32x4.andNot(isFree.get, isSource.get)),
          ...lanes.store(target, 0, mode === 'set' ? share : f32x4.add(lanes.load(target, 0), share)),
        ]
      }),
      ...p.y.increase(i32.constant(lanes.bytes)),
      ...p.dy.increase(i32.constant(lanes.bytes)),
    ])
  })
}

/** The gradient of average-pooling for one image; see {@link PoolingFunctions.averagePoolGradient}. */
const averagePoolGradient = wasmFunction(
  'averagePoolGradient',
  { dy: 'i32', dx: 'i32', share: 'f32', ...windows },
  (p, declare) => {
    const upstream = declare('v128')
    const pixels = eachPixel(p, declare, undefined)
    return eachWindow(p, declare, (window, lanes) => [
      ...upstream.set(f32x4.multiply(lanes.load(p.dy.get, 0), f32x4.splat(p.share.get))),
      ...pixels(window, pixel => {
        const target = i32.add(p.dx.get, pixel.get)
        return lanes.store(target, 0, f32x4.add(lanes.load(target, 0), upstream.get))
      }),
      ...p.dy.increase(i32.constant(lanes.bytes)),
    ])
  },
)

/** The functions of pooling, in module order. */
export const poolingFunctions: readonly WasmFunction[] = [
  maxPool('maxPool', undefined),
  maxPool('maxPool2', 2),
  maxPoolGradient('maxPoolGradient', undefined, 'add'),
  maxPoolGradient('maxPoolGradient2', 2, 'set'),
  averagePoolGradient,
]

/** The windows of one image: sizes in pixels and steps in bytes: `rowStep` and `columnStep` from window to window, `row` from one row of pixels to the next. */
export type Windows = [
  outHeight: number,
  outWidth: number,
  rowStep: number,
  columnStep: number,
  row: number,
  filterHeight: number,
  filterWidth: number,
  channels: number,
]

/**
 * What the functions look like from outside, for one image whose windows all lie inside. Addresses are in bytes; x, dx: [height × width × channels],
 * y, dy: [outHeight × outWidth × channels].
 */
export interface PoolingFunctions {
  /** Sets each number of y to the maximum of its window; NaN if one of them is. */
  maxPool(x: number, y: number, ...windows: Windows): void
  /** The same for windows of 2 × 2 pixels. */
  maxPool2(x: number, y: number, ...windows: Windows): void
  /** Adds each number of `dy` to `dx` at the first pixel of its window (row by row) whose value is the window's maximum. */
  maxPoolGradient(x: number, y: number, dy: number, dx: number, ...windows: Windows): void
  /** Sets the windows' pixels in `dx` to the gradient, for windows of 2 × 2 pixels that don't overlap. */
  maxPoolGradient2(x: number, y: number, dy: number, dx: number, ...windows: Windows): void
  /** Adds `share` times each number of `dy` to `dx` at each pixel of its window. */
  averagePoolGradient(dy: number, dx: number, share: number, ...windows: Windows): void
}
