import { show, TuneError } from '../../src/errors.js'
import type { JsonObject } from '../../src/json.js'
import type { EvaluatedConfig, Searcher } from '../../src/searcher.js'

/**
 * Checks that what is to be wrapped is a searcher.
 *
 * @throws `TuneError` `INVALID_OPTION` if it isn't
 */
export function checkSearcher(wrapper: string, searcher: unknown): asserts searcher is Searcher {
  if (typeof searcher === 'object' && searcher !== null && 'suggest' in searcher && 'setUp' in searcher) return
  throw new TuneError(
    'INVALID_OPTION',
    `the ${wrapper} wraps ${show(searcher)}; give it a searcher, such as new TPESearcher()`,
  )
}

/** A wrapped searcher, for the journal's header. */
export function describeInner({ name, options }: Searcher): JsonObject {
  return { name, options }
}

/** @throws `TuneError` `INVALID_OPTION` if the wrapped searcher has no use for them */
export function addEvaluatedTo(searcher: Searcher, evaluated: readonly EvaluatedConfig[]): void {
  if (searcher.addEvaluated) searcher.addEvaluated(evaluated)
  else
    throw new TuneError(
      'INVALID_OPTION',
      `the ${searcher.name} searcher learns nothing from evaluated configs: don't add any, or use a searcher that learns, such as TPESearcher`,
    )
}
