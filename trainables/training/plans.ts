import { show, TuneError } from '../../src/errors.js'

/** 0, rising to 1 after `half`, falling back to 0 after twice as long, and so on. */
export function triangle(time: number, half: number): number {
  const cycle = (time / (2 * half)) % 1
  return 1 - Math.abs(2 * cycle - 1)
}

/** How many whole periods have passed; a fraction of a step short of one counts, as epochs are sums of fractions. */
export function wholePeriods(time: number, period: number): number {
  return Math.floor(time / period + 1e-9)
}

/** @throws TuneError `INVALID_CONFIG` when the upper bound is below the lower one */
export function checkUpper({ lower, upper }: { readonly lower: number; readonly upper: number }): void {
  if (upper >= lower && upper > 0 && Number.isFinite(upper)) return
  throw new TuneError('INVALID_CONFIG', `upper is ${show(upper)}: it must be at least lower, which is ${show(lower)}`)
}

/** What is wrong with a plan of a kind that there is not. */
export function unknownKind(plan: { readonly kind: unknown }, kinds: readonly string[]): TuneError {
  return new TuneError('INVALID_CONFIG', `kind is ${show(plan.kind)}: it must be one of ${kinds.join(', ')}`)
}
