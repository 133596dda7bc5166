import type { JsonObject, JsonValue } from '../../src/index.js'
import type { Comparison } from './comparison.js'
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

/** Plain JSON of whatever is made of numbers, texts, arrays and objects; numbers that JSON lacks become null. */
export function toPlain(value: unknown): JsonValue {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (value instanceof Float64Array) return Array.from(value, toPlain)
  if (Array.isArray(value)) return value.map(toPlain)
  if (typeof value !== 'object' || value === null) return null
  const entries = Object.entries(value).filter(([, child]) => child !== undefined)
  return Object.fromEntries(entries.map(([key, child]) => [key, toPlain(child)]))
}
