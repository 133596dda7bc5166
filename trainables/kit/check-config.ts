import { show, TuneError } from '../../src/errors.js'

/** Checks the fields of one config. Each refusal names the field, its value and what it may be. */
export interface ConfigCheck<S> {
  /** Any condition, told in words: `must be …`. */
  that(name: keyof S & string, isRight: boolean, expected: string): void
  /** Integers from `least`. */
  count(least: number, ...names: readonly (keyof S & string)[]): void
  /** Numbers from 0. */
  notNegative(...names: readonly (keyof S & string)[]): void
  /** Numbers greater than 0. */
  positive(...names: readonly (keyof S & string)[]): void
  /** Numbers in [0, 1). */
  fraction(...names: readonly (keyof S & string)[]): void
  /** One of a list of names. */
  oneOf(name: keyof S & string, names: readonly string[]): void
}

/**
 * Makes the checks of a config whose defaults are filled in.
 *
 * @throws TuneError `INVALID_CONFIG`, from each of the checks
 */
export function configCheck<S extends object>(settings: S): ConfigCheck<S> {
  const that: ConfigCheck<S>['that'] = (name, isRight, expected) => {
    if (!isRight) throw new TuneError('INVALID_CONFIG', `${name} is ${show(settings[name])}: it must be ${expected}`)
  }
  const isNumber = (value: unknown, isRight: (value: number) => boolean) => typeof value === 'number' && isRight(value)
  return {
    that,
    count(least, ...names) {
      const isRight = (value: number) => Number.isInteger(value) && value >= least
      for (const name of names) that(name, isNumber(settings[name], isRight), `an integer, ${least} or more`)
    },
    notNegative(...names) {
      const isRight = (value: number) => value >= 0 && Number.isFinite(value)
      for (const name of names) that(name, isNumber(settings[name], isRight), 'a number, 0 or more')
    },
    positive(...names) {
      const isRight = (value: number) => value > 0 && Number.isFinite(value)
      for (const name of names) that(name, isNumber(settings[name], isRight), 'a number greater than 0')
    },
    fraction(...names) {
      const isRight = (value: number) => value >= 0 && value < 1
      for (const name of names) that(name, isNumber(settings[name], isRight), 'at least 0 and less than 1')
    },
    oneOf(name, names) {
      that(
        name,
        names.some(known => known === settings[name]),
        `one of ${names.join(', ')}`,
      )
    },
  }
}
