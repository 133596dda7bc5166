import { flatten } from '../../results/flatten.js'
import type { TrialReport } from '../../trial.js'
import { hparamsPrefix } from './hparams.js'

/** The tag of the text that shows a trial's config. */
export const configTag = 'config'

/** The tags of the two times that every report has. */
const timeTags = { thisIteration: 'time/timeThisIterS', total: 'time/timeTotalS' } as const

/** A value of a report that TensorBoard can show. */
export interface TaggedValue {
  readonly tag: string
  readonly value: number | string
}

/**
 * The values of a report with their tags: metrics under their own names, nested ones as `a/b`, so that TensorBoard groups them by what
 * they are nested in; times under `time`, unless a metric has their names. Booleans are 0 and 1; NaN and the infinities are kept, which
 * TensorBoard marks; null and arrays are left out.
 */
export function taggedValues({ metrics, timing }: TrialReport): TaggedValue[] {
  const values = new Map<string, number | string>([
    [timeTags.thisIteration, timing.timeThisIterS],
    [timeTags.total, timing.timeTotalS],
  ])
  for (const [name, value] of flatten(metrics)) {
    if (typeof value === 'number' || typeof value === 'string') values.set(metricTag(name), value)
    else if (typeof value === 'boolean') values.set(metricTag(name), value ? 1 : 0)
  }
  return [...values].map(([tag, value]) => ({ tag, value }))
}

/** The tag of a metric: its name, unless that is one that TensorBoard or the config has. */
export function metricTag(name: string): string {
  return name === '' || name === configTag || name.startsWith(hparamsPrefix) ? `metric/${name}` : name
}

/** Whether a tag is that of a metric, not of one of the times that every report has. */
export function isMetricTag(tag: string): boolean {
  return tag !== timeTags.thisIteration && tag !== timeTags.total
}
