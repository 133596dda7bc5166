/** A rising function that makes results fit for a Gaussian process: mean 0 and variance 1, finite whatever the value. */
export type OutputWarp = (value: number) => number

/** How far from 0 a result may be, in standard deviations; later ones may be far out of the range of those that the warp was fitted to. */
const farthest = 100

/** Fewer results than these say nothing of their distribution. */
const leastForShape = 5

/** How many times the distance from the best to the upper quartile a result may lie above that quartile. */
const fence = 30

/** λ is looked for among these. */
const lambdas: readonly number[] = Array.from({ length: 41 }, (_, i) => Math.round(10 * (-2 + i / 10)) / 10)

/**
 * Standardizes results, and makes them look normal if told so.
 *
 * @param values - smaller is better
 * @param isShaped - whether by the Yeo-Johnson transform of the greatest likelihood
 * @see Yeo and Johnson, A new family of power transformations to improve normality or symmetry, Biometrika 87 (2000)
 */
export function fitOutputWarp(values: Float64Array, isShaped: boolean): OutputWarp {
  const cap = upperFence(values)
  const capped = values.map(value => Math.min(value, cap))
  const scale = standardizer(capped)
  if (scale === undefined) return () => 0
  const z = capped.map(scale)
  const lambda = isShaped && z.length >= leastForShape ? fitLambda(z) : 1
  const shaped = z.map(value => yeoJohnson(value, lambda))
  const { mean, deviation } = moments(shaped)
  return value => {
    const bounded = clamp(scale(Math.min(value, cap)), 1e6)
    return clamp((yeoJohnson(bounded, lambda) - mean) / deviation, farthest)
  }
}

/** The Yeo-Johnson transform: rising, of slope 1 at 0; λ = 1 is the identity, less bends large values down. */
export function yeoJohnson(value: number, lambda: number): number {
  if (value >= 0) return Math.abs(lambda) < 1e-9 ? Math.log1p(value) : ((value + 1) ** lambda - 1) / lambda
  const other = 2 - lambda
  return Math.abs(other) < 1e-9 ? -Math.log1p(-value) : (1 - (1 - value) ** other) / other
}

/** The λ under which standardized values are most likely those of a normal variable. */
export function fitLambda(z: Float64Array): number {
  let slopes = 0
  for (const value of z) slopes += Math.sign(value) * Math.log1p(Math.abs(value))
  let best = 1
  let most = Number.NEGATIVE_INFINITY
  for (const lambda of lambdas) {
    const { deviation } = moments(z.map(value => yeoJohnson(value, lambda)))
    const likelihood = -z.length * Math.log(deviation) + (lambda - 1) * slopes
    if (likelihood > most) {
      most = likelihood
      best = lambda
    }
  }
  return best
}

/** What a result counts as at most, so that one absurd result doesn't make all the others alike. */
function upperFence(values: Float64Array): number {
  const sorted = values.slice().sort()
  const quartile = sorted[Math.floor(0.75 * sorted.length)] ?? 0
  const reach = quartile - (sorted[0] ?? 0)
  return reach > 0 ? quartile + fence * reach : Number.POSITIVE_INFINITY
}

/** Makes mean 0 and variance 1 of the values without overflow; undefined if all are the same. */
function standardizer(values: Float64Array): OutputWarp | undefined {
  let least = Number.POSITIVE_INFINITY
  let greatest = Number.NEGATIVE_INFINITY
  for (const value of values) {
    if (value < least) least = value
    if (value > greatest) greatest = value
  }
  const half = greatest / 2 - least / 2
  if (!(half > 0)) return undefined
  const centre = least / 2 + greatest / 2
  const relative = (value: number) => (value - centre) / half
  const { mean, deviation } = moments(values.map(relative))
  return value => (relative(value) - mean) / deviation
}

function moments(values: Float64Array): { readonly mean: number; readonly deviation: number } {
  let mean = 0
  for (const value of values) mean += value / values.length
  let square = 0
  for (const value of values) square += (value - mean) ** 2 / values.length
  return { mean, deviation: Math.max(Math.sqrt(square), 1e-12) }
}

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(-most, value))
}
