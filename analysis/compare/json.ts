import type { JsonObject } from '../../src/index.js'
import type { Comparison } from './comparison.js'
import { toPlain } from './plain.js'
import { finalValue, studySeconds } from './trace.js'

/** A comparison as plain JSON, for programs; `format` counts up when its shape changes. */
export function toJson(comparison: Comparison): JsonObject {
  const { design, traces, ranks, friedman, nemenyi, pairs, summaries, conclusions } = comparison
  const studies = traces.map(trace => ({
    problem: trace.problem,
    strategy: trace.strategy,
    repeat: trace.repeat,
    seed: trace.seed,
    final: finalValue(trace, design.mode),
    trials: trace.bestOfFirst.length,
    iterations: trace.best.length,
    seconds: studySeconds(trace),
    wallSeconds: trace.wallSeconds,
  }))
  const curves = summaries.flatMap(({ strategy, problem }) =>
    (['trials', 'iterations', 'seconds'] as const).map(axis => comparison.curve(strategy, problem, axis)),
  )
  const plain = { format: 1, design, ranks, friedman, nemenyi, pairs, summaries, conclusions, studies, curves }
  return toPlain(plain) as JsonObject
}
