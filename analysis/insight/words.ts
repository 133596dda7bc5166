import type { JsonValue } from '../../src/json.js'
import { cut, formatNumber, formatValue, plural, sanitize } from '../../src/results/text.js'
import { formatP } from '../compare/format-p.js'
import { describeCondition } from './conditions.js'
import type { EdgeFinding, UntriedRegion } from './ends.js'
import type { Trouble, TroubledRegion } from './troubled-regions.js'

/** What happened to trials in trouble. */
export const troubleWords: Readonly<Record<Trouble, string>> = {
  failed: 'failed',
  'timed-out': 'ran out of time',
  'no-value': 'gave no finite value',
  'stopped-early': 'were stopped early',
}

/** `lr > 0.12 and momentum > 0.9`. */
export function describeRegion({ conditions }: Pick<TroubledRegion, 'conditions'>): string {
  return conditions.map(describeCondition).join(' and ')
}

/** `9 of 11 trials failed (elsewhere 1 of 60)`. */
export function describeTrouble({ trouble, inside, outside }: TroubledRegion): string {
  const within = `${inside.marked} of ${plural(inside.trials, 'trial')} ${troubleWords[trouble]}`
  return `${within} (elsewhere ${outside.marked} of ${outside.trials})`
}

/** `lr from 0.01 to 0.1, 33 % of its range`. */
export function describeUntried(region: UntriedRegion): string {
  const name = sanitize(region.parameter)
  if (region.type === 'value') return `${name} = ${shortValue(region.value)}`
  return `${name} from ${formatNumber(region.lower)} to ${formatNumber(region.upper)}, ${percent(region.share)} of its range`
}

/** `the 5 best trials have lr within 3 % of its range from the upper bound 0.1`. */
export function describeEdge({ parameter, side, bound, near, best, share }: EdgeFinding): string {
  const who = near === best ? `the ${best} best trials` : `${near} of the ${best} best trials`
  const end = `the ${side} bound ${formatNumber(bound)}`
  const name = sanitize(parameter)
  return share === 0
    ? `${who} have ${name} at ${end}`
    : `${who} have ${name} within ${percent(share)} of its range from ${end}`
}

/** A share for people: two digits, and never more certain than 99 %. */
export function percent(share: number): string {
  if (share > 0 && share < 0.001) return 'less than 0.1 %'
  if (share > 0.99 && share < 1) return 'more than 99 %'
  return `${Number((100 * share).toPrecision(2))} %`
}

/** A correlation for people, with how it compares: `= 0.67`, and 1 only where it is, else `> 0.99`. */
export function equalsAbout(value: number): string {
  const rounded = value.toFixed(2)
  if (Math.abs(value) === 1 || Math.abs(Number(rounded)) < 1) return `= ${rounded}`
  return value > 0 ? '> 0.99' : '< -0.99'
}

/** The size of a correlation by itself. */
export function correlationText(value: number): string {
  return value < 1 && value >= 0.995 ? 'more than 0.99' : value.toFixed(2)
}

/** A probability by a model, which is never certain. */
export function chanceText(chance: number): string {
  return percent(Math.min(0.999, Math.max(1e-9, chance)))
}

/** A sentence's beginning. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** A value of a config, cut to a part of a line. */
export function shortValue(value: JsonValue | undefined): string {
  return cut(formatValue(value), 60)
}

/** Names in a list: `a, b and c`. */
export function listed(items: readonly string[]): string {
  return items.length > 1 ? `${items.slice(0, -1).join(', ')} and ${items.at(-1)}` : (items[0] ?? '')
}

export { formatP }
