import type { JsonObject } from '../../json.js'
import type { Trial, TrialReport } from '../../trial.js'
import { encodeSortedPythonJson } from '../trial-files/python-json.js'
import { type Moment, scalarValue, summaryRecord, textValue, versionRecord } from './event-records.js'
import { sessionEndValue, sessionStartValue } from './hparams.js'
import { configTag, taggedValues } from './metric-tags.js'
import type { Parameters } from './parameters.js'

/** Makes the records of one trial's event file, from what the study committed and nothing else. */
export class TrialEvents {
  readonly trial: Trial
  readonly #parameters: Parameters
  /** What each tag is: TensorBoard takes it for what it was first. */
  readonly #types = new Map<string, 'number' | 'string'>()
  /** The text that each tag showed last. */
  readonly #texts = new Map<string, string>()
  #last: Moment | undefined
  #beganMs = 0

  constructor(trial: Trial, parameters: Parameters) {
    this.trial = trial
    this.#parameters = parameters
  }

  /** When the trial began, in milliseconds since 1970-01-01 UTC; 0 for one that ended without a report, since no time is kept of that. */
  get beganMs(): number {
    return this.#beganMs
  }

  /** The records of a report; before those of the first, the records that begin the file. @param config - what the trial began with */
  report(report: TrialReport, config: JsonObject): Buffer[] {
    const records = this.#last === undefined ? this.#begin(startOf(report), config) : []
    const moment = { timestampMs: report.timing.timestampMs, step: report.iteration }
    const values: Uint8Array[] = []
    for (const { tag, value } of taggedValues(report)) {
      const type = typeof value === 'number' ? 'number' : 'string'
      const known = this.#types.get(tag)
      if (known === undefined) this.#types.set(tag, type)
      else if (known !== type) continue
      if (typeof value === 'number') values.push(scalarValue(tag, value))
      else if (this.#texts.get(tag) !== value) {
        this.#texts.set(tag, value)
        values.push(textValue(tag, literal(value)))
      }
    }
    this.#last = moment
    records.push(summaryRecord(moment, values))
    return records
  }

  /** The record of another config, which the trial goes on with; nothing before its first report, which shows the config anyway. */
  config(config: JsonObject): Buffer[] {
    return this.#last === undefined ? [] : [configRecord(this.#last, config)]
  }

  /** The records of the trial's end. */
  end(): Buffer[] {
    const records = this.#last === undefined ? this.#begin(0, this.trial.config) : []
    records.push(endRecord(this.trial))
    return records
  }

  #begin(timestampMs: number, config: JsonObject): Buffer[] {
    const { trial } = this
    const moment = { timestampMs, step: 0 }
    this.#last = moment
    this.#beganMs = timestampMs
    // what a searcher repeats is shown as one row, with the mean of its metrics
    const group = trial.repeat === undefined ? trial.id : `suggestion_${trial.repeat.group}`
    const start = sessionStartValue(this.#parameters.values(trial.config), group, timestampMs)
    return [versionRecord(timestampMs), summaryRecord(moment, [start]), configRecord(moment, config)]
  }
}

/** The record that the file of a trial that has ended ends with. */
export function endRecord({ status, lastReport, iteration }: Trial): Buffer {
  const timestampMs = lastReport?.timing.timestampMs ?? 0
  const value = sessionEndValue(status === 'error' ? 'failure' : 'success', timestampMs)
  return summaryRecord({ timestampMs, step: iteration }, [value])
}

/** When the work for a report began, in milliseconds since 1970-01-01 UTC. */
export function startOf({ timing }: TrialReport): number {
  return timing.timestampMs - 1000 * timing.timeThisIterS
}

function configRecord(moment: Moment, config: JsonObject): Buffer {
  return summaryRecord(moment, [textValue(configTag, literal(encodeSortedPythonJson(config)))])
}

/** A text as Markdown that shows it as it is: every line is code. */
function literal(text: string): string {
  return text
    .split(/\r\n|(?!\t)[\p{Cc}\u2028\u2029]/u)
    .map(line => `    ${line}`)
    .join('\n')
}
