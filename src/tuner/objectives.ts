import { show, TuneError } from '../errors.js'
import type { Mode, Objective } from '../trial.js'
import type { TuneConfig } from './config.js'

/**
 * What a study optimizes: metrics paired with their modes. One mode stands for all metrics of an array.
 *
 * @throws `TuneError` `INVALID_OPTION` naming the option, its value and what it may be
 */
export function toObjectives({ metric, mode }: TuneConfig): readonly Objective[] {
  if (metric === undefined) {
    if (mode === undefined) return []
    throw invalid('metric', metric, `the metric whose ${mode} is looked for`)
  }
  const metrics: readonly unknown[] = Array.isArray(metric) ? metric : [metric]
  if (metrics.length === 0) throw invalid('metric', metric, 'the name of a reported metric, or several of them')
  for (const name of metrics)
    if (typeof name !== 'string' || name === '') throw invalid('metric', metric, 'the name of a reported metric')
  if (new Set(metrics).size < metrics.length) throw invalid('metric', metric, 'each metric once')
  if (mode === undefined)
    throw invalid(
      'mode',
      mode,
      `'min' or 'max' with the metric ${typeof metric === 'string' ? `'${metric}'` : show(metric)}`,
    )
  const modes: readonly unknown[] = Array.isArray(mode) ? mode : metrics.map(() => mode)
  for (const each of modes) if (each !== 'min' && each !== 'max') throw invalid('mode', mode, "'min' or 'max'")
  if (modes.length !== metrics.length)
    throw invalid('mode', mode, `one mode for each of the ${metrics.length} metrics, or one for all`)
  // the loops above have checked both
  return metrics.map((name, i) => ({ metric: name as string, mode: modes[i] as Mode }))
}

function invalid(name: string, value: unknown, expected: string): TuneError {
  return new TuneError('INVALID_OPTION', `tuneConfig.${name} is ${show(value)}: give ${expected}`)
}
