import { type DenseActivationName, slopeAt, steepestSlope } from '../dense/activation.js'

/** What a hidden layer gives for a batch. */
export type LayerStatistics = {
  /** Over all units and images. */
  readonly mean: number
  /** The standard deviation over all units and images. */
  readonly deviation: number
  /** The share of activations at which the slope is below a twentieth of the steepest: 0 for ReLU, the flat ends of tanh and sigmoid. */
  readonly saturated: number
  /** The share of units that are saturated for every image, and so hardly learn. */
  readonly dead: number
}

const flatSlope = 0.05

/** Sums up a layer's activations, unit-major [units × count]. */
export function layerStatistics(name: DenseActivationName, values: Float64Array, count: number): LayerStatistics {
  const { length } = values
  const mean = values.reduce((sum, value) => sum + value, 0) / length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / length
  const least = flatSlope * steepestSlope(name)
  const units = length / count
  let saturated = 0
  let dead = 0
  for (let unit = 0; unit < units; unit++) {
    let flat = 0
    for (let i = unit * count; i < (unit + 1) * count; i++) if (slopeAt(name, values[i] ?? 0) < least) flat++
    saturated += flat
    if (flat === count) dead++
  }
  return { mean, deviation: Math.sqrt(variance), saturated: saturated / length, dead: dead / units }
}

/** Takes so many numbers, evenly spread over a list. */
export function evenly(values: Float64Array, count: number): number[] {
  return Array.from({ length: count }, (_, i) => values[Math.floor(((i + 0.5) * values.length) / count)] ?? 0)
}
