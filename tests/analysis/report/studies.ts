import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StudyView } from '../../../src/callbacks/callback.js'
import { choice, Space, uniform } from '../../../src/index.js'
import type { JsonObject } from '../../../src/json.js'
import type { StudyDefinition, StudyEvent } from '../../../src/study/events.js'
import { encodeLine } from '../../../src/study/journal-line.js'
import { openResults } from '../../../src/tuner/open-results.js'
import { makeDefinition } from '../../study/definitions.js'

/** 2026-01-02 03:04:05 UTC. */
export const startMs = Date.UTC(2026, 0, 2, 3, 4, 5)

/** What would be live if it were taken for markup. */
export const hostile = '</script><img src=x onerror=alert(1)>'

export function header(definition: Partial<StudyDefinition> = {}): StudyEvent {
  return { event: 'study', format: 1, definition: makeDefinition({ name: 'demo', ...definition }) }
}

export function trial(index: number, config: JsonObject, name?: string): StudyEvent {
  const directory = `trial_${String(index).padStart(5, '0')}`
  const id = `demo_${String(index).padStart(5, '0')}`
  return { event: 'trial', trial: index, id, name: name ?? id, directory, config, clock: 0 }
}

export function report(
  index: number,
  iteration: number,
  metrics: JsonObject,
  more: Partial<Extract<StudyEvent, { event: 'report' }>> = {},
): StudyEvent {
  const timing = { timestampMs: startMs + 1000 * iteration, timeThisIterS: 0.5, timeTotalS: 0.5 * iteration }
  return { event: 'report', trial: index, iteration, metrics, timing, clock: iteration, ...more }
}

/** Writes a study's journal, an entry a second, and opens it. */
export function openStudy(folder: string, events: readonly StudyEvent[]): StudyView {
  mkdirSync(folder, { recursive: true })
  const lines = events.map((event, n) => encodeLine({ n, at: startMs + 1000 * n, event }))
  writeFileSync(join(folder, 'journal.jsonl'), lines.join(''))
  return openResults(folder).study
}

/** A study in which everything that a user or a trainable may name is hostile. */
export function hostileStudy(): StudyEvent[] {
  const metric = `loss ${hostile}`
  const names = [hostile, '__proto__', "'; alert(1) //", '\u202Eevil\u2028line', '<b>bold</b>', '`$' + '{alert(1)}`']
  const config = (i: number): JsonObject => ({
    [hostile]: i / 10,
    nested: { [`<svg onload=alert(${i})>`]: names[i % names.length] ?? '' },
    text: `javascript:alert(${i})`,
  })
  const stop = { type: 'stop', by: `asha ${hostile}`, reason: `because ${hostile} 0.${3}` } as const
  return [
    header({
      name: 'demo',
      metric,
      mode: 'min',
      objectives: [{ metric, mode: 'min' }],
      trainable: hostile,
      searcher: { name: hostile, options: { [hostile]: hostile } },
      space: { object: { [hostile]: { domain: 'uniform', lower: 0, upper: 1 } } },
    }),
    { event: 'session' },
    ...Array.from({ length: 12 }, (_, i): StudyEvent[] => [
      trial(i, config(i), `${names[i % names.length]}`),
      report(i, 1, { [metric]: 1 + i / 10, [`other ${hostile}`]: i }),
      i % 3 === 0
        ? {
            event: 'failure',
            trial: i,
            error: { name: 'TypeError', message: hostile, stack: `${hostile}\n  at x` },
            retry: false,
          }
        : report(i, 2, { [metric]: 1 / (i + 1) }, i % 3 === 1 ? { decision: stop } : {}),
      ...(i % 3 === 2 ? [{ event: 'end', trial: i } as const] : []),
    ]).flat(),
    { event: 'finish' },
  ]
}

/** A study whose names are hostile, and from which there is much to learn: what fails, what matters, what to try. */
export function hostileLessons(): StudyEvent[] {
  const metric = `loss ${hostile}`
  const key = `<svg onload=alert(1)>`
  const values = ['<b>bold</b>', '\u202Eevil\u2028line']
  const numbers = ['constructor', '<img src=x onerror=alert(1)>']
  return [
    header({
      metric,
      mode: 'min',
      objectives: [{ metric, mode: 'min' }],
      space: Space.of({
        ...Object.fromEntries(numbers.map(name => [name, uniform(0, 1)])),
        [key]: choice(values),
      }).describe(),
    }),
    ...Array.from({ length: 48 }, (_, i): StudyEvent[] => {
      const [a, b] = [((i * 29) % 48) / 48, ((i * 17) % 48) / 48]
      const config = Object.fromEntries([
        ['constructor', a],
        ['<img src=x onerror=alert(1)>', b],
        [key, values[i % 4 === 0 ? 0 : 1] ?? ''],
      ])
      const end: StudyEvent =
        i % 4 === 0
          ? { event: 'failure', trial: i, error: { name: 'Error', message: hostile }, retry: false }
          : { event: 'end', trial: i }
      return [trial(i, config), ...(i % 4 === 0 ? [] : [report(i, 1, { [metric]: 2 * a + b ** 2 })]), end]
    }).flat(),
    { event: 'finish' },
  ]
}
