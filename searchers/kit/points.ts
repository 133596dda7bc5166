import type { OptionChecks } from '../../src/option-checks.js'

/** @throws `TuneError` `INVALID_OPTION` if the points to evaluate are no array */
export function checkPoints(checks: OptionChecks, pointsToEvaluate: unknown): void {
  // an array may have holes, which some loops pass over
  const holds = Array.isArray(pointsToEvaluate) && !pointsToEvaluate.includes(undefined)
  checks.that(holds, 'pointsToEvaluate', pointsToEvaluate, 'an array of configs')
}
