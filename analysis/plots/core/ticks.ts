/** A step of 1, 2 or 5 times a power of ten that is no less than a rough one. */
export function niceStep(rough: number, isInteger = false): number {
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5, 10].find(factor => factor * power >= rough * 0.999) ?? 10)
  return isInteger ? Math.max(1, Math.round(step)) : step
}

/** The multiples of a step between two values, without what rounding adds. */
export function steppedTicks(low: number, high: number, step: number): number[] {
  const digits = Math.max(0, Math.ceil(-Math.log10(step)) + 1)
  const ticks: number[] = []
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++)
    // toFixed knows no more than 100 digits
    ticks.push(Number(digits > 100 ? (i * step).toPrecision(12) : (i * step).toFixed(digits)) + 0)
  return ticks
}

/** Powers of ten from one label to the next. */
const strides = [1, 2, 3, 5, 10, 20, 30, 50]

/** The largest part of an axis that may lie between two labels. */
const widestGap = 0.45

/**
 * Which values of a logarithmic axis have labels, three at least: powers of ten, every so many of them on a long axis; 1, 2 and 5 times them where it
 * covers less than three; on a still shorter one all digits times them, or equal steps.
 *
 * @param low - above 0
 * @param high - above `low`
 */
export function logTicks(low: number, high: number, isInteger = false): number[] {
  const first = Math.floor(Math.log10(low))
  const last = Math.ceil(Math.log10(high))
  const decades = last - first
  const stride = strides.find(each => decades / each <= 8) ?? 100
  const multiples = (factors: readonly number[]) => {
    const ticks: number[] = []
    for (let exponent = first; exponent <= last; exponent++)
      if (exponent % stride === 0) ticks.push(...factors.map(factor => Number(`${factor}e${exponent}`)))
    return ticks.filter(tick => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9))
  }
  const steps = (count: number) => steppedTicks(low, high, niceStep((high - low) / count, isInteger))
  const choices = [
    ...(decades > 2 ? [() => multiples([1])] : []),
    () => multiples([1, 2, 5]),
    () => multiples([1, 2, 3, 4, 5, 6, 7, 8, 9]),
    () => steps(4),
    () => steps(6),
  ]
  const isEnough = (ticks: readonly number[]) => {
    const places = [low, ...ticks, high]
    const most = (high / low) ** widestGap
    return ticks.length >= 3 && places.every((place, i) => i === 0 || place / (places[i - 1] ?? low) <= most)
  }
  for (const choose of choices) {
    const ticks = choose().filter(tick => !isInteger || Number.isInteger(tick))
    if (isEnough(ticks)) return ticks
  }
  return steps(10)
}
