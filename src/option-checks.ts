import { show, TuneError } from './errors.js'

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

/** Checks the options of one class; what it throws is a `TuneError` `INVALID_OPTION` with the class, the option, its value and what to give instead. */
export class OptionChecks {
  readonly #owner: string

  /** @param owner - the class that errors name */
  constructor(owner: string) {
    this.#owner = owner
  }

  /** Refuses options of any other name. */
  knows(options: object, known: readonly string[]): void {
    for (const key in options) {
      if (!known.includes(key)) throw this.error(`there is no option '${key}'; the options are ${known.join(', ')}`)
    }
  }

  /** Refuses the value of an option unless a condition holds. @param remedy - what to give instead */
  that(holds: boolean, option: string, value: unknown, remedy: string): void {
    if (!holds) throw this.error(`${option} is ${show(value)}; give ${remedy}`)
  }

  /** Refuses what is neither true nor false. */
  flag(option: string, value: unknown): void {
    this.that(typeof value === 'boolean', option, value, 'true or false')
  }

  /** Refuses what is none of the words. */
  word<Word extends string>(option: string, value: Word, words: readonly NoInfer<Word>[]): void {
    const quoted = words.map(word => `'${word}'`)
    const last = quoted.pop() ?? 'nothing'
    this.that(words.includes(value), option, value, quoted.length > 0 ? `${quoted.join(', ')} or ${last}` : last)
  }

  /** Refuses what is no integer in [least, most]. */
  integer(option: string, value: unknown, least: number, most = Number.POSITIVE_INFINITY): void {
    const holds = typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most
    this.that(holds, option, value, `an integer ${describeRange({ least, most })}`)
  }

  /** Refuses what is no finite number in the range. */
  number(option: string, value: unknown, range: NumberRange): void {
    const { least, above, most, below } = range
    const holds =
      typeof value === 'number' &&
      Number.isFinite(value) &&
      (least === undefined || value >= least) &&
      (above === undefined || value > above) &&
      (most === undefined || value <= most) &&
      (below === undefined || value < below)
    this.that(holds, option, value, `a number ${describeRange(range)}`)
  }

  /** Refuses what is no text, or an empty one. */
  name(option: string, value: unknown, remedy: string): void {
    this.that(typeof value === 'string' && value !== '', option, value, remedy)
  }

  /** An error about something else. @param what - what is wrong, and what to do */
  error(what: string): TuneError {
    return new TuneError('INVALID_OPTION', `${this.#owner}: ${what}`)
  }

  /** An error of one that was used before its `setUp`. */
  notSetUp(): TuneError {
    return new TuneError('PLUGIN_FAULT', `${this.#owner} was used before setUp; call setUp once, before all else`)
  }
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
