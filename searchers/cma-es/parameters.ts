/** The constants of an evolution strategy of n numbers that samples λ points a generation. */
export interface StrategyParameters {
  /** λ. */
  readonly populationSize: number
  /** [λ], w_i by rank, the best first: positive ones that add up to 1, then negative ones. */
  readonly weights: Float64Array
  /** μ_eff. */
  readonly selectionMass: number
  /** c_σ, of the path that sets the step size. */
  readonly sigmaPathRate: number
  /** d_σ. */
  readonly sigmaDamping: number
  /** c_c, of the path that sets the covariance. */
  readonly covariancePathRate: number
  /** c_1. */
  readonly rankOneRate: number
  /** c_μ. */
  readonly rankMuRate: number
  /** χ_n, the expected length of n standard normal numbers. */
  readonly expectedLength: number
}

/** The tutorial's λ for that many parameters. */
export function usualPopulationSize(parameters: number): number {
  return 4 + Math.floor(3 * Math.log(Math.max(1, parameters)))
}

/**
 * The defaults of the tutorial, with active update.
 *
 * @param n - how many numbers there are, at least 1
 * @param populationSize - λ, at least 2
 * @param isSeparable - whether only the covariance's diagonal is learnt, which may be faster
 * @see Hansen, The CMA Evolution Strategy: A Tutorial, arXiv:1604.00772, table 1
 * @see Ros and Hansen, A Simple Modification in CMA-ES Achieving Linear Time and Space Complexity, PPSN X (2008), for separable ones
 */
export function strategyParameters(n: number, populationSize: number, isSeparable: boolean): StrategyParameters {
  const raw = Float64Array.from(
    { length: populationSize },
    (_, i) => Math.log((populationSize + 1) / 2) - Math.log(i + 1),
  )
  const mu = Math.floor(populationSize / 2)
  const selectionMass = effectiveMass(raw.subarray(0, mu))
  const negativeMass = effectiveMass(raw.subarray(mu))
  const speedUp = isSeparable ? (n + 2) / 3 : 1
  const rankOneRate = Math.min(0.5, (speedUp * 2) / ((n + 1.3) ** 2 + selectionMass))
  const rankMuRate = Math.min(
    1 - rankOneRate,
    (speedUp * 2 * (0.25 + selectionMass + 1 / selectionMass - 2)) / ((n + 2) ** 2 + selectionMass),
  )
  const limit = Math.min(
    1 + rankOneRate / rankMuRate,
    1 + (2 * negativeMass) / (selectionMass + 2),
    (1 - rankOneRate - rankMuRate) / (n * rankMuRate),
  )
  const positiveSum = sum(raw.subarray(0, mu))
  const negativeSum = -sum(raw.subarray(mu))
  const sigmaPathRate = (selectionMass + 2) / (n + selectionMass + 5)
  return {
    populationSize,
    weights: raw.map((weight, i) => (i < mu ? weight / positiveSum : (weight * Math.max(0, limit)) / negativeSum)),
    selectionMass,
    sigmaPathRate,
    sigmaDamping: 1 + 2 * Math.max(0, Math.sqrt((selectionMass - 1) / (n + 1)) - 1) + sigmaPathRate,
    covariancePathRate: (4 + selectionMass / n) / (n + 4 + (2 * selectionMass) / n),
    rankOneRate,
    rankMuRate,
    expectedLength: Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n)),
  }
}

/** (Σw)² / Σw². */
function effectiveMass(weights: Float64Array): number {
  return sum(weights) ** 2 / sum(weights.map(weight => weight ** 2))
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0)
}
