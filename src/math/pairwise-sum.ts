/**
 * Adds up numbers in numpy's order, to the same bits: eight sums side by side, and halves of what is longer than 128.
 *
 * The error grows with log n, not n. O(n).
 *
 * @param values - at least `start + length` of them
 * @see Higham 1993, "The Accuracy of Floating Point Summation", section 3; numpy's `sum`
 */
export function pairwiseSum(values: readonly number[], start = 0, length = values.length - start): number {
  if (length > 128) {
    const half = (length >> 1) - ((length >> 1) % 8)
    return pairwiseSum(values, start, half) + pairwiseSum(values, start + half, length - half)
  }
  const at = (index: number) => values[start + index] ?? Number.NaN
  let next = 0
  let total = 0
  if (length >= 8) {
    let [a, b, c, d, e, f, g, h] = [at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7)]
    for (next = 8; next + 8 <= length; next += 8) {
      a += at(next)
      b += at(next + 1)
      c += at(next + 2)
      d += at(next + 3)
      e += at(next + 4)
      f += at(next + 5)
      g += at(next + 6)
      h += at(next + 7)
    }
    total = a + b + (c + d) + (e + f + (g + h))
  }
  for (; next < length; next++) total += at(next)
  return total
}
