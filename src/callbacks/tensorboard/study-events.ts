import type { StudyDefinition } from '../../study/events.js'
import type { TrialReport } from '../../trial.js'
import { summaryRecord, versionRecord } from './event-records.js'
import { experimentValue } from './hparams.js'
import { isMetricTag, metricTag, taggedValues } from './metric-tags.js'
import type { Parameters } from './parameters.js'
import { startOf } from './trial-events.js'

/** Makes the records of the study's own event file, which tell TensorBoard of its hyperparameters and metrics. */
export class StudyEvents {
  readonly #definition: StudyDefinition
  readonly #parameters: Parameters
  readonly #tags = new Set<string>()
  #createdMs: number | undefined
  #hasChanged = false

  constructor(definition: StudyDefinition, parameters: Parameters) {
    this.#definition = definition
    this.#parameters = parameters
  }

  /** When the study's first report was begun; undefined before it is in. */
  get createdMs(): number | undefined {
    return this.#createdMs
  }

  /** Takes in a report's metrics; the study's first report is to be the first. */
  note(report: TrialReport): void {
    if (this.#createdMs === undefined) {
      this.#createdMs = startOf(report)
      this.#hasChanged = true
    }
    for (const { tag, value } of taggedValues(report)) {
      if (typeof value !== 'number' || !isMetricTag(tag) || this.#tags.has(tag)) continue
      this.#tags.add(tag)
      this.#hasChanged = true
    }
  }

  /** Has the file made anew even if it would be the same. */
  renew(): void {
    this.#hasChanged = true
  }

  /** The records of the whole file, if it is to be made anew. */
  take(): Buffer[] | undefined {
    const createdMs = this.#createdMs
    if (!this.#hasChanged || createdMs === undefined) return undefined
    this.#hasChanged = false
    const { name, objectives } = this.#definition
    const goals = new Map(objectives.map(({ metric, mode }) => [metricTag(metric), `${mode}imized by the study`]))
    const others = [...this.#tags].filter(tag => !goals.has(tag)).sort()
    const metrics = [...goals, ...others.map(tag => [tag, ''] as const)].map(([tag, description]) => ({
      tag,
      description,
    }))
    const value = experimentValue({ name, createdMs, parameters: this.#parameters.list(), metrics })
    return [versionRecord(createdMs), summaryRecord({ timestampMs: createdMs, step: 0 }, [value])]
  }
}
