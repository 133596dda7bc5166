import { show, TuneError } from '../../src/errors.js'

/** @throws `TuneError` `INVALID_OPTION` saying what to give instead */
export function checkThat(holds: boolean, name: string, value: unknown, expected: string): void {
  if (!holds) throw new TuneError('INVALID_OPTION', `${name} is ${show(value)}: give ${expected}`)
}

/** @throws `TuneError` `INVALID_OPTION` for a list that is too short or has a NaN */
export function checkSample(name: string, values: ArrayLike<number>, least: number): void {
  checkThat(values.length >= least, `the length of ${name}`, values.length, `at least ${least} values`)
  for (let i = 0; i < values.length; i++)
    checkThat(!Number.isNaN(values[i]), `${name}[${i}]`, values[i], 'a number, or an infinity for the worst of all')
}
