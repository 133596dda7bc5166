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

/** What a plan's numbers may be. */
const requirements = {
  positive: { holds: (value: number) => value > 0 && Number.isFinite(value), text: 'a number greater than 0' },
  notNegative: { holds: (value: number) => value >= 0 && Number.isFinite(value), text: 'a number, 0 or more' },
  factor: { holds: (value: number) => value > 0 && value <= 1, text: 'greater than 0 and at most 1' },
  count: { holds: (value: number) => Number.isInteger(value) && value >= 1, text: 'an integer, 1 or more' },
} as const

/**
 * Checks the numbers of a plan, such as a schedule.
 *
 * @throws TuneError `INVALID_CONFIG` that names the field, its value and what it may be
 */
export function check(plan: object, fields: Readonly<Record<string, keyof typeof requirements>>): void {
  for (const [name, requirement] of Object.entries(fields)) {
    const value: unknown = (plan as Readonly<Record<string, unknown>>)[name]
    const { holds, text } = requirements[requirement]
    if (typeof value === 'number' && holds(value)) continue
    throw new TuneError('INVALID_CONFIG', `${name} is ${show(value)}: it must be ${text}`)
  }
}

/** @throws TuneError `INVALID_CONFIG` when the upper bound is below the lower one */
export function checkUpper({ lower, upper }: { readonly lower: number; readonly upper: number }): void {
  if (upper >= lower && upper > 0 && Number.isFinite(upper)) return
  throw new TuneError('INVALID_CONFIG', `upper is ${show(upper)}: it must be at least lower, which is ${show(lower)}`)
}

/** A plan's fields that are given. */
export function definedOf(plan: object): object {
  return Object.fromEntries(Object.entries(plan).filter(([, value]) => value !== undefined))
}

/** What is wrong with a plan of a kind that there is not. */
export function unknownKind(plan: { readonly kind: unknown }, kinds: readonly string[]): TuneError {
  return new TuneError('INVALID_CONFIG', `kind is ${show(plan.kind)}: it must be one of ${kinds.join(', ')}`)
}
