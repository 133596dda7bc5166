import { Comparison, type ComparisonDesign, type StudyTrace } from '../../../analysis/index.js'

/** A study whose trials report once each, one a second. */
export function traceOf(
  key: Pick<StudyTrace, 'strategy' | 'repeat'> & { readonly problem?: string },
  losses: readonly number[],
): StudyTrace {
  let least = Number.POSITIVE_INFINITY
  const best = Float64Array.from(losses, loss => {
    least = Math.min(least, Number.isFinite(loss) ? loss : least)
    return least
  })
  return {
    problem: 'p',
    seed: 0,
    ...key,
    best,
    bestOfFirst: best,
    seconds: best.map((_, i) => i + 1),
    wallSeconds: 0,
  }
}

/** A comparison of final losses: a row for each strategy, with one for each repeat. */
export function compareFinals(
  finals: Readonly<Record<string, readonly number[]>>,
  design: Partial<ComparisonDesign> = {},
): Comparison {
  const traces = Object.entries(finals).flatMap(([strategy, values]) =>
    values.map((value, repeat) => traceOf({ strategy, repeat }, [value])),
  )
  return new Comparison(traces, {
    strategies: Object.keys(finals),
    problems: ['p'],
    metric: 'loss',
    mode: 'min',
    repeats: Object.values(finals)[0]?.length ?? 0,
    budget: { trials: 1 },
    seed: 0,
    optima: {},
    alpha: 0.05,
    ...design,
  })
}
