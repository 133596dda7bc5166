import { show, TuneError } from '../../../src/errors.js'

/**
 * Checks that the lists of a series have the length that they should.
 *
 * @throws `TuneError` `INVALID_OPTION`
 */
export function assertSeries(
  call: string,
  name: string,
  length: number,
  lists: Readonly<Record<string, ArrayLike<unknown>>>,
): void {
  for (const [list, values] of Object.entries(lists))
    if (values.length !== length)
      throw new TuneError(
        'INVALID_OPTION',
        `${call}: ${list} of ${show(name)} has ${values.length} values: pass ${length}`,
      )
}
