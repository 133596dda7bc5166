import { normalCdf, normalQuantile } from '../../src/math/normal.js'
import type { NumericDimension } from '../../src/space/dimension.js'
import type { Gaussian } from './gaussian.js'

/**
 * Keeps a share of the distribution outside the cell that an integer's mean is in, however small the step size: else an integer could
 * never change again. Moves the mean and sets the scale of that coordinate.
 *
 * @param i - the coordinate of the distribution
 * @param dimension - what it stands for, with finitely many values
 * @param alpha - the least share, half of it on either side; 1/(λ·n) in the paper
 * @see Hamano, Saito, Nomura and Shirakawa, CMA-ES with Margin, GECCO 2022, section 4, arXiv:2205.13482
 */
export function keepMargin(gaussian: Gaussian, i: number, dimension: NumericDimension, alpha: number): void {
  const { mean, scales } = gaussian
  const deviation = gaussian.deviation(i)
  // outer cells are without end, so the mean's way outside counts for nothing
  const m = Math.min(1, Math.max(0, mean[i] ?? 0.5))
  const { lower, upper } = dimension.cell(m)
  mean[i] = m
  const isFirst = lower <= 0
  const isLast = upper >= 1
  if (isFirst || isLast) {
    if (isFirst && isLast) return
    const edge = isFirst ? upper : lower
    const reach = deviation * -normalQuantile(alpha)
    if (Math.abs(m - edge) > reach) mean[i] = isFirst ? edge - reach : edge + reach
    return
  }
  const below = normalCdf((lower - m) / deviation)
  const above = normalCdf((m - upper) / deviation)
  if (below >= alpha / 2 && above >= alpha / 2) return
  const [low, high] = [Math.max(below, alpha / 2), Math.max(above, alpha / 2)]
  const middle = Math.max(1 - below - above, alpha / 2)
  const total = low + high + middle
  const excess = (1 - total) / (total - 1.5 * alpha)
  const toLower = -normalQuantile(low + excess * (low - alpha / 2))
  const toUpper = -normalQuantile(high + excess * (high - alpha / 2))
  const wanted = (upper - lower) / (toLower + toUpper)
  mean[i] = (lower * toUpper + upper * toLower) / (toLower + toUpper)
  scales[i] = ((scales[i] ?? 1) * wanted) / deviation
}
