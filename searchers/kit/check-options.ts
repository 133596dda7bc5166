import { show, TuneError } from '../../src/errors.js'

/** The numbers that an option may be; at most one bound on either side. */
export interface NumberRange {
  /** The smallest. */
  readonly least?: number
  /** Below all of them. */
  readonly above?: number
  /** The largest. */
  readonly most?: number
  /** Above all of them. */
  readonly below?: number
}

/** @throws `TuneError` `INVALID_OPTION` naming a key that is none of the options that the searcher has */
export function checkKeys(searcher: string, options: object, known: readonly string[]): void {
  for (const key in options) {
    if (!known.includes(key))
      throw new TuneError('INVALID_OPTION', `${searcher} has no option '${key}'; its options are ${known.join(', ')}`)
  }
}

/** @throws `TuneError` `INVALID_OPTION` with the value and what to give instead, if the condition doesn't hold */
export function checkOption(holds: boolean, name: string, value: unknown, remedy: string): void {
  if (!holds) throw new TuneError('INVALID_OPTION', `${name} is ${show(value)}; give ${remedy}`)
}

/** @throws `TuneError` `INVALID_OPTION` if the option is no integer in [least, most] */
export function checkInteger(name: string, value: unknown, least: number, most = Number.POSITIVE_INFINITY): void {
  const holds = typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most
  checkOption(holds, name, value, `an integer ${describeRange({ least, most })}`)
}

/** @throws `TuneError` `INVALID_OPTION` if the option is no finite number in the range */
export function checkNumber(name: string, value: unknown, range: NumberRange): void {
  const { least, above, most, below } = range
  const holds =
    typeof value === 'number' &&
    Number.isFinite(value) &&
    (least === undefined || value >= least) &&
    (above === undefined || value > above) &&
    (most === undefined || value <= most) &&
    (below === undefined || value < below)
  checkOption(holds, name, value, `a number ${describeRange(range)}`)
}

/** @throws `TuneError` `INVALID_OPTION` if the option is none of the words */
export function checkWord<Word extends string>(name: string, value: Word, words: readonly NoInfer<Word>[]): void {
  const quoted = words.map(word => `'${word}'`)
  const last = quoted.pop() ?? 'nothing'
  const remedy = quoted.length > 0 ? `${quoted.join(', ')} or ${last}` : last
  checkOption(words.includes(value), name, value, remedy)
}

/** @throws `TuneError` `INVALID_OPTION` if the points to evaluate are no array */
export function checkPoints(pointsToEvaluate: unknown): void {
  // an array may have holes, which some loops pass over
  const holds = Array.isArray(pointsToEvaluate) && !pointsToEvaluate.includes(undefined)
  checkOption(holds, 'pointsToEvaluate', pointsToEvaluate, 'an array of configs')
}

/** @throws `TuneError` `INVALID_OPTION` if the option is neither true nor false */
export function checkFlag(name: string, value: unknown): void {
  checkOption(typeof value === 'boolean', name, value, 'true or false')
}

/** `from 0 to 1`, `of at least 0 and below 1`, `above 0`. */
function describeRange({ least, above, most = Number.POSITIVE_INFINITY, below }: NumberRange): string {
  if (least !== undefined && most < Number.POSITIVE_INFINITY) return `from ${least} to ${most}`
  const bounds = [
    least !== undefined && `of at least ${least}`,
    above !== undefined && `above ${above}`,
    most < Number.POSITIVE_INFINITY && `at most ${most}`,
    below !== undefined && `below ${below}`,
  ]
  return bounds.filter(Boolean).join(' and ')
}
