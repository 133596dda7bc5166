import { readFileSync } from 'node:fs'
import { show, TuneError } from '../../src/errors.js'
import { isPlainObject } from '../../src/json.js'
import { loguniform, type SpaceDefinition } from '../../src/space/index.js'

/** Learning curves that were recorded for many configs of one task. */
export interface CurveTable {
  /** The task's name. */
  readonly name: string
  /** Names of the hyperparameters, all of them positive and log-scaled. */
  readonly hyperparameters: readonly string[]
  /** Bounds of each hyperparameter among the recorded configs. */
  readonly ranges: Readonly<Record<string, readonly [low: number, high: number]>>
  /** How many configs were recorded. */
  readonly size: number
  /** How many values each curve has. */
  readonly steps: number
  /** Row-major [size × hyperparameters]. */
  readonly configs: Float64Array
  /** Validation losses, row-major [size × steps]; NaN or infinite where training diverged. */
  readonly valid: Float32Array
  /** Test losses, row-major [size × steps]. */
  readonly test: Float32Array
  /** The smallest final validation loss of all configs. */
  readonly bestFinalLoss: number
}

/** What a recorded curve reports at each step. */
export type CurveMetrics = {
  /** The loss on the validation set, as it was recorded. */
  readonly validLoss: number
  /** The loss on the test set. */
  readonly testLoss: number
}

/**
 * Reads recorded learning curves: a description `<path>.json` beside `<path>.hp.f64`, `<path>.valid.f32` and `<path>.test.f32`, all of them
 * little-endian.
 *
 * @param path - without an ending
 * @throws `TuneError` `STORAGE_UNAVAILABLE` naming a file that can't be read, or holds something else
 */
export function loadCurveTable(path: string): CurveTable {
  const description = readDescription(`${path}.json`)
  const { name, hyperparameters, ranges, configurations: size, steps } = description
  const width = hyperparameters.length
  const configs = new Float64Array(readBytes(`${path}.hp.f64`, size * width * Float64Array.BYTES_PER_ELEMENT))
  const curveBytes = size * steps * Float32Array.BYTES_PER_ELEMENT
  const valid = new Float32Array(readBytes(`${path}.valid.f32`, curveBytes))
  const test = new Float32Array(readBytes(`${path}.test.f32`, curveBytes))
  let bestFinalLoss = Number.POSITIVE_INFINITY
  for (let row = 0; row < size; row++) {
    const final = valid[row * steps + steps - 1] ?? Number.NaN
    if (final < bestFinalLoss) bestFinalLoss = final
  }
  return { name, hyperparameters, ranges, size, steps, configs, valid, test, bestFinalLoss }
}

/** The search space of a table: each hyperparameter log-uniform between the bounds that were recorded. */
export function curveSpace({ hyperparameters, ranges }: CurveTable): SpaceDefinition {
  return Object.fromEntries(
    hyperparameters.map(name => {
      const [low, high] = ranges[name] ?? [1, 1]
      return [name, loguniform(low, high)]
    }),
  )
}

/**
 * A trainable that plays recorded curves back: each config stands for the recorded one that is nearest to it, hyperparameters measured on the
 * logarithm and by the width of their range.
 */
export function curveTrainable(
  table: CurveTable,
): (config: Readonly<Record<string, number>>) => Generator<CurveMetrics, void, unknown> {
  const nearest = nearestRow(table)
  return function* play(config) {
    const { steps, valid, test } = table
    const start = nearest(config) * steps
    for (let step = start; step < start + steps; step++)
      yield { validLoss: valid[step] ?? Number.NaN, testLoss: test[step] ?? Number.NaN }
  }
}

function nearestRow({ hyperparameters, ranges, configs, size }: CurveTable) {
  const width = hyperparameters.length
  const place = (value: number, i: number) => {
    const [low, high] = ranges[hyperparameters[i] ?? ''] ?? [1, 1]
    return high > low ? Math.log(value / low) / Math.log(high / low) : 0
  }
  const units = configs.map((value, at) => place(value, at % width))
  return (config: Readonly<Record<string, number>>): number => {
    const wanted = hyperparameters.map((name, i) => {
      const value = config[name]
      if (typeof value === 'number') return place(value, i)
      throw new TuneError(
        'INVALID_CONFIG',
        `the config's ${name} is ${show(value)}: a recorded curve is found by numbers`,
      )
    })
    let best = 0
    let least = Number.POSITIVE_INFINITY
    for (let row = 0; row < size; row++) {
      let distance = 0
      for (let i = 0; i < width; i++) distance += ((units[row * width + i] ?? 0) - (wanted[i] ?? 0)) ** 2
      if (distance < least) {
        best = row
        least = distance
      }
    }
    return best
  }
}

interface Description {
  readonly name: string
  readonly hyperparameters: readonly string[]
  readonly ranges: Readonly<Record<string, readonly [number, number]>>
  readonly configurations: number
  readonly steps: number
}

function readDescription(file: string): Description {
  try {
    const read: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (isDescription(read)) return read
    throw new Error('it does not describe learning curves')
  } catch (error) {
    throw unreadable(file, error)
  }
}

function isDescription(value: unknown): value is Description {
  if (!isPlainObject(value)) return false
  const { name, hyperparameters, ranges, configurations, steps } = value
  const isCount = (count: unknown) => Number.isSafeInteger(count) && Number(count) > 0
  return (
    typeof name === 'string' &&
    Array.isArray(hyperparameters) &&
    isPlainObject(ranges) &&
    hyperparameters.every(each => typeof each === 'string' && Array.isArray(ranges[each])) &&
    isCount(configurations) &&
    isCount(steps)
  )
}

function readBytes(file: string, expected: number): ArrayBuffer {
  try {
    const bytes = readFileSync(file)
    if (bytes.byteLength !== expected) throw new Error(`it has ${bytes.byteLength} bytes, not ${expected}`)
    // a copy, aligned for the typed arrays
    return new Uint8Array(bytes).buffer
  } catch (error) {
    throw unreadable(file, error)
  }
}

function unreadable(file: string, error: unknown): TuneError {
  const why = error instanceof Error ? error.message : String(error)
  return new TuneError('STORAGE_UNAVAILABLE', `the learning curves ${file} can't be read: ${why}`, { cause: error })
}
