/**
 * Independent distributions over the values of some choices, moved along the natural gradient. How far a step goes, in the Fisher metric,
 * adapts to how consistent the steps are; the first one moves each choice by 1.
 *
 * @see Hamano, Saito, Nomura, Uchida and Shirakawa, CatCMA: Stochastic Optimization for Mixed-Category Problems, GECCO 2024, section 3,
 * arXiv:2405.09962
 * @see Akimoto, Shirakawa, Yoshinari, Uchida, Saito and Nishida, Adaptive Stochastic Natural Gradient Method for One-Shot Neural Architecture
 * Search, ICML 2019, algorithm 1
 */
export class Categories {
  /** For each choice the probability of each of its values. */
  readonly #shares: readonly Float64Array[]
  /** For each choice the least probability that a value keeps. */
  readonly #least: readonly number[]
  /** The steps' average, in coordinates in which the Fisher metric is Euclidean. */
  readonly #path: Float64Array
  #pathMass = 0
  #stepLength: number

  /** @param shares - for each choice what its values' probabilities are in proportion to; two of them at least */
  constructor(shares: readonly Float64Array[]) {
    const count = shares.length
    this.#least = shares.map(({ length }) => (1 - 0.73 ** (1 / count)) / (length - 1))
    this.#shares = shares.map((share, choice) => normalise(share.slice(), this.#least[choice] ?? 0))
    this.#path = new Float64Array(shares.reduce((sum, { length }) => sum + length - 1, 0))
    this.#stepLength = Math.sqrt(count)
  }

  /**
   * The value of a choice at a quantile of its distribution.
   *
   * @param u - in [0, 1)
   */
  valueAt(choice: number, u: number): number {
    const shares = this.#shares[choice] ?? new Float64Array(1)
    const last = shares.length - 1
    let left = u
    for (let value = 0; value < last; value++) {
      left -= shares[value] ?? 0
      if (left < 0) return value
    }
    return last
  }

  /**
   * Learns from a generation.
   *
   * @param values - row-major [λ × choices], −1 where a choice wasn't there
   * @param weights - [λ], by rank; only the positive ones count
   */
  update(values: Int32Array, weights: Float64Array): void {
    const gradient = this.#gradient(values, weights)
    const step = this.#flatten(gradient)
    const length = Math.sqrt(step.reduce((sum, value) => sum + value * value, 0))
    if (length < 1e-12) return
    const rate = this.#stepLength / length
    for (const [choice, shares] of this.#shares.entries()) {
      for (let k = 0; k < shares.length; k++) shares[k] = (shares[k] ?? 0) + rate * (gradient[choice]?.[k] ?? 0)
      normalise(shares, this.#least[choice] ?? 0)
    }
    const longest = Math.sqrt(this.#path.length)
    const beta = this.#stepLength / longest
    const gain = Math.sqrt(beta * (2 - beta)) / length
    let square = 0
    for (let k = 0; k < this.#path.length; k++) {
      const value = (1 - beta) * (this.#path[k] ?? 0) + gain * (step[k] ?? 0)
      this.#path[k] = value
      square += value * value
    }
    this.#pathMass = (1 - beta) ** 2 * this.#pathMass + beta * (2 - beta)
    this.#stepLength = Math.min(longest, this.#stepLength * Math.exp(beta * (square / 1.5 - this.#pathMass)))
  }

  /** Σ w_i (c_i − q): the natural gradient. */
  #gradient(values: Int32Array, weights: Float64Array): readonly Float64Array[] {
    const choices = this.#shares.length
    return this.#shares.map((shares, choice) => {
      const slope = new Float64Array(shares.length)
      for (const [i, weight] of weights.entries()) {
        const chosen = values[i * choices + choice] ?? -1
        if (!(weight > 0) || chosen < 0) continue
        for (let k = 0; k < shares.length; k++)
          slope[k] = (slope[k] ?? 0) + weight * ((k === chosen ? 1 : 0) - (shares[k] ?? 0))
      }
      return slope
    })
  }

  /** The gradient times the square root of the Fisher information, the last value of each choice left out. */
  #flatten(gradient: readonly Float64Array[]): Float64Array {
    const flat = new Float64Array(this.#path.length)
    let place = 0
    for (const [choice, shares] of this.#shares.entries()) {
      const slope = gradient[choice] ?? new Float64Array()
      const last = shares.length - 1
      const lastShare = shares[last] ?? 1
      // the slopes of a choice add up to 0
      const rest = -(slope[last] ?? 0) / (lastShare + Math.sqrt(lastShare))
      for (let k = 0; k < last; k++) {
        const root = Math.sqrt(shares[k] ?? 1)
        flat[place] = (slope[k] ?? 0) / root + root * rest
        place += 1
      }
    }
    return flat
  }
}

/** Makes shares add up to 1, each at least `least`; in place. */
function normalise(shares: Float64Array, least: number): Float64Array {
  let sum = 0
  for (const share of shares) sum += Math.max(0, share)
  let spare = 0
  for (let k = 0; k < shares.length; k++) {
    shares[k] = Math.max(least, (shares[k] ?? 0) / sum)
    spare += (shares[k] ?? 0) - least
  }
  const factor = (1 - least * shares.length) / spare
  for (let k = 0; k < shares.length; k++) shares[k] = least + ((shares[k] ?? 0) - least) * factor
  return shares
}
