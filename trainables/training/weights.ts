import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { show, TuneError } from '../../src/errors.js'
import type { Network } from './network.js'

/** Numbers and their shape, by name. */
export type NamedArrays = ReadonlyMap<string, NamedArray>

/** One of them. */
export interface NamedArray {
  /** The sizes of its axes. */
  readonly shape: readonly number[]
  /** Row-major. */
  readonly values: Float32Array
}

/** How weights find their places. */
export interface AssignmentOptions {
  /**
   * What the file calls a layer, by the network's name for it or for the start of it: `{ stage1: 'res2', 'output/kernel': 'fc/weights' }`. The longest name that fits
   * is taken. Parameters are found under Keras's names too: `kernel`, `gamma`, `beta`, `moving_mean`, `moving_variance`.
   *
   * @defaultValue the names are the same
   */
  readonly layers?: Readonly<Record<string, string>> | undefined
  /**
   * Layers, or starts of their names, that keep their initial values: another output layer, for instance.
   *
   * @defaultValue none: each parameter has to be found
   */
  readonly except?: readonly string[] | undefined
}

const kerasNames: Readonly<Record<string, string>> = {
  filter: 'kernel',
  scale: 'gamma',
  shift: 'beta',
  mean: 'moving_mean',
  variance: 'moving_variance',
}

/**
 * Gives a network weights from elsewhere: another run's checkpoint ({@link readCheckpointWeights}), or a file of TensorFlow.js
 * ({@link readModelWeights}). What else the file holds is left out.
 *
 * @throws TuneError `CHECKPOINT_FAILED` when a parameter is not found, or has another shape there; the network is then as it was
 */
export function assignWeights(network: Network, arrays: NamedArrays, options: AssignmentOptions = {}): void {
  const { layers = {}, except = [] } = options
  const found = network.parameters
    .filter(({ name }) => !except.some(start => isWithin(name, start)))
    .map(parameter => {
      const candidates = namesOf(parameter.name, layers)
      const array = candidates.map(name => arrays.get(name)).find(candidate => candidate !== undefined)
      if (array === undefined) {
        throw new TuneError(
          'CHECKPOINT_FAILED',
          `the weights have no ${candidates.join(' or ')} for ${parameter.name}, only ${[...arrays.keys()].join(', ')}: name the layer in layers, or except it`,
        )
      }
      if (array.shape.join() !== parameter.shape.join()) {
        throw new TuneError(
          'CHECKPOINT_FAILED',
          `${parameter.name} is ${show(parameter.shape)}, but ${show(array.shape)} in the weights: make the sizes the same, or except it`,
        )
      }
      return { parameter, values: array.values }
    })
  for (const { parameter, values } of found) parameter.write(values)
}

function isWithin(name: string, start: string): boolean {
  return name === start || name.startsWith(`${start}/`)
}

/** The names under which a parameter may be found. */
function namesOf(name: string, layers: Readonly<Record<string, string>>): string[] {
  const start = Object.keys(layers)
    .filter(known => isWithin(name, known))
    .reduce((longest, known) => (known.length > longest.length ? known : longest), '')
  const renamed = start === '' ? name : (layers[start] ?? '') + name.slice(start.length)
  const slash = renamed.lastIndexOf('/')
  const keras = kerasNames[renamed.slice(slash + 1)]
  return keras === undefined ? [renamed] : [renamed, renamed.slice(0, slash + 1) + keras]
}

interface ModelFile {
  readonly weightsManifest?: readonly {
    readonly paths: readonly string[]
    readonly weights: readonly WeightEntry[]
  }[]
}

interface WeightEntry {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: string
  readonly quantization?: { readonly dtype: string; readonly scale?: number; readonly min?: number }
}

/**
 * Reads the weights of a TensorFlow.js model: a `model.json`, of layers or a graph, and the files that its manifest names beside it. Quantized ones are
 * turned back into floats.
 *
 * @throws TuneError `CHECKPOINT_FAILED` when a file can't be read, or is something else
 * @see https://www.tensorflow.org/js/guide/save_load
 */
export async function readModelWeights(path: string): Promise<NamedArrays> {
  const failed = (what: string, cause?: unknown) =>
    new TuneError('CHECKPOINT_FAILED', `the model ${path} can't be used: ${what}`, { cause })
  const arrays = new Map<string, NamedArray>()
  let model: ModelFile
  try {
    model = JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    throw failed(cause instanceof Error ? cause.message : String(cause), cause)
  }
  if (model.weightsManifest === undefined) throw failed('it has no weightsManifest')
  for (const { paths, weights } of model.weightsManifest) {
    let bytes: Uint8Array
    try {
      bytes = Buffer.concat(await Promise.all(paths.map(name => readFile(join(dirname(path), name)))))
    } catch (cause) {
      throw failed(cause instanceof Error ? cause.message : String(cause), cause)
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    let position = 0
    for (const entry of weights) {
      const stored = entry.quantization?.dtype ?? entry.dtype
      const format = formats[stored]
      if (format === undefined) throw failed(`${entry.name} is of the type ${show(stored)}`)
      const length = entry.shape.reduce((product, size) => product * size, 1)
      if (position + length * format.bytes > bytes.length) throw failed(`its files end within ${entry.name}`)
      const { scale = 1, min = 0 } = entry.quantization ?? {}
      const values = new Float32Array(length)
      for (let i = 0; i < length; i++) values[i] = format.read(view, position + i * format.bytes) * scale + min
      arrays.set(entry.name, { shape: entry.shape, values })
      position += length * format.bytes
    }
  }
  return arrays
}

/** How numbers are stored, little-endian. */
const formats: Readonly<Record<string, { bytes: number; read(view: DataView, at: number): number }>> = {
  float32: { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  int32: { bytes: 4, read: (view, at) => view.getInt32(at, true) },
  uint16: { bytes: 2, read: (view, at) => view.getUint16(at, true) },
  uint8: { bytes: 1, read: (view, at) => view.getUint8(at) },
  bool: { bytes: 1, read: (view, at) => view.getUint8(at) },
  float16: { bytes: 2, read: (view, at) => halfToNumber(view.getUint16(at, true)) },
}

/** IEEE 754 binary16. */
function halfToNumber(bits: number): number {
  const sign = bits >>> 15 === 0 ? 1 : -1
  const exponent = (bits >>> 10) & 0x1f
  const fraction = (bits & 0x3ff) / 1024
  if (exponent === 0) return sign * fraction * 2 ** -14
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * (1 + fraction) * 2 ** (exponent - 15)
}
