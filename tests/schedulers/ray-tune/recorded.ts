import { readFileSync } from 'node:fs'

/** One thing that a trial told, and what Ray Tune made of it. */
export interface RecordedEvent {
  readonly trial: number
  readonly time: number
  /** Undefined where the report lacks the metric. */
  readonly value: number | undefined
  /** Whether it is a report, or comes with the trial's end. */
  readonly isEnd: boolean
  readonly decision: 'continue' | 'stop' | 'pause'
  /** Whether the trial ends by itself after this report, with nothing more to tell. */
  readonly endsAfter: boolean
}

/** A run of Ray Tune 2.58.0 on random results, driven event by event. */
export interface RecordedRun {
  readonly of: string
  /** In our names. */
  readonly options: { readonly [option: string]: number | string | boolean }
  readonly events: readonly RecordedEvent[]
  /** [level, cut-off or null] of each rung at the end, highest first. */
  readonly cutoffs?: readonly (readonly [number, number | null])[]
}

const file = new URL('recorded.jsonl', import.meta.url)

/**
 * The runs of one scheduler or stopper.
 *
 * Events are written `trial:time:value` with a mark: `!` stopped, `|` paused, `.` ended after it, `+` told with the end; those of stoppers
 * are values alone.
 */
export function recordedRuns(of: string): RecordedRun[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  const runs: (Omit<RecordedRun, 'events'> & { events: string })[] = lines.map(line => JSON.parse(line))
  return runs.filter(run => run.of === of).map(run => ({ ...run, events: run.events.split(' ').map(parseEvent) }))
}

function parseEvent(text: string): RecordedEvent {
  const mark = text.match(/[!|.+]$/)?.[0]
  const fields = (mark === undefined ? text : text.slice(0, -1)).split(':')
  const [trial, time, value] = fields.length === 3 ? fields : ['0', '0', fields[0]]
  return {
    trial: Number(trial),
    time: Number(time),
    value: value === '' ? undefined : Number(value),
    isEnd: mark === '+',
    decision: mark === '!' ? 'stop' : mark === '|' ? 'pause' : 'continue',
    endsAfter: mark === '.',
  }
}
