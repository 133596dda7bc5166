import type { Judgement } from './bracket.js'

/** Writes two numbers with four significant digits, or as many as it takes to tell them apart. */
export function formatPair(a: number, b: number): [string, string] {
  for (let digits = 4; digits < 17; digits++) {
    const pair: [string, string] = [formatNumber(a, digits), formatNumber(b, digits)]
    if (a === b || pair[0] !== pair[1]) return pair
  }
  return [String(a), String(b)]
}

/** Writes a number with that many significant digits; whole numbers as they are. */
export function formatNumber(value: number, digits = 4): string {
  return Number.isInteger(value) || !Number.isFinite(value) ? String(value) : value.toPrecision(digits)
}

/** What the words of a reason are made of, beside the judgement itself. */
export interface ReasonFacts {
  /** The metric's value as reported. */
  readonly value: number
  readonly time: number
  /** 1 when larger values are better, −1 when smaller ones are. */
  readonly sign: 1 | -1
  readonly timeAttr: string
  readonly maxT: number
  readonly reductionFactor: number
}

/** Puts a judgement into words, for the journal. */
export function explain(judgement: Exclude<Judgement, { type: 'continue' }>, facts: ReasonFacts): string {
  const { value, time, sign, timeAttr, maxT, reductionFactor } = facts
  switch (judgement.type) {
    case 'finished':
      return `${timeAttr} ${time} has reached maxT ${maxT}`
    case 'below-cutoff': {
      const [shown, cutoff] = formatPair(value, sign * judgement.cutoff)
      const side = sign === 1 ? 'below' : 'above'
      return `${shown} is ${side} the cut-off ${cutoff} of rung ${judgement.level} (${judgement.recorded} recorded)`
    }
    case 'not-finite':
      return `${value} is not a finite number, and rung ${judgement.level} has finite results (${judgement.finite} of ${judgement.recorded} recorded)`
    case 'pause':
      return `${formatNumber(value)} is recorded at rung ${judgement.level} (${judgement.recorded} recorded); goes on when among the best 1 in ${reductionFactor}`
    default:
      return judgement satisfies never
  }
}
