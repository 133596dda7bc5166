import { formatNumber, sanitize } from '../../src/results/text.js'
import type { NamedColumn } from '../importance/columns.js'
import { PlaceSet } from './place-set.js'

/** A condition on one parameter; it does not hold where a config lacks the parameter. */
export type Condition =
  | { readonly parameter: string; readonly type: 'above' | 'below'; readonly value: number }
  | { readonly parameter: string; readonly type: 'is'; readonly value: string }

/** A condition with the places of the trials for which it holds. */
export interface HeldCondition {
  readonly condition: Condition
  readonly places: PlaceSet
}

/** The most places at which a number is divided. */
const mostCuts = 128

/** All conditions on one parameter that are worth trying: each category, and numbers above or below some cuts between the values that there are. */
export function conditionsOn(column: NamedColumn): HeldCondition[] {
  const { name, values, labels, numberAt, size } = column
  const n = values.length
  if (labels)
    return labels.map((label, category) => ({
      condition: { parameter: name, type: 'is', value: label },
      places: PlaceSet.of(n, place => values[place] === category),
    }))
  const distinct = [...new Set(values.filter(value => !Number.isNaN(value)))].sort((a, b) => a - b)
  return cutsOf(distinct).flatMap(([below, above]) => {
    const [low, high] = [numberAt(below), numberAt(above)]
    const cut = shortBetween(low, high)
    const middle = below + (above - below) / 2
    return (['above', 'below'] as const).map(type => ({
      // of integers those are named that there are
      condition: {
        parameter: name,
        type,
        value: Number.isFinite(size) ? Math.round(type === 'above' ? low : high) : cut,
      },
      places: PlaceSet.of(n, place => {
        const value = values[place] ?? Number.NaN
        return type === 'above' ? value > middle : value < middle
      }),
    }))
  })
}

/** `lr > 0.1`, `optimizer = sgd`. */
export function describeCondition(condition: Condition): string {
  const name = sanitize(condition.parameter)
  switch (condition.type) {
    case 'above':
      return `${name} > ${formatNumber(condition.value)}`
    case 'below':
      return `${name} < ${formatNumber(condition.value)}`
    case 'is':
      return `${name} = ${condition.value}`
    default:
      return condition satisfies never
  }
}

/** Neighbouring values with a cut between them, thinned out evenly. */
function cutsOf(distinct: readonly number[]): (readonly [number, number])[] {
  const gaps = distinct.length - 1
  const count = Math.min(mostCuts, Math.max(0, gaps))
  const chosen = new Set(Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * gaps) / count)))
  return [...chosen].map(i => [distinct[i] ?? 0, distinct[i + 1] ?? 0])
}

/** A number of few digits between two, so that a sentence with it says no more than is known. */
export function shortBetween(low: number, high: number): number {
  const middle = low > 0 && high / low > 10 ? Math.sqrt(low * high) : low + (high - low) / 2
  for (let digits = 1; digits <= 15; digits++) {
    const rounded = Number(middle.toPrecision(digits))
    if (rounded > low && rounded < high) return rounded
  }
  return middle
}
