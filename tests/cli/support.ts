import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Host } from '../../src/cli/host.js'
import { runCommandLine } from '../../src/cli/program.js'
import type { Clock } from '../../src/clock.js'
import { createPalette } from '../../src/results/palette.js'
import type { StudyDefinition, StudyEvent } from '../../src/study/events.js'
import { encodeLine } from '../../src/study/journal-line.js'
import { makeDefinition } from '../study/definitions.js'

/** 2026-01-02 03:04:05 UTC. */
export const startMs = Date.UTC(2026, 0, 2, 3, 4, 5)

/** A clock that stands still an hour after each study began. */
const clock: Clock = { now: () => startMs + 3_600_000, monotonic: () => 0 }

/** What a call of the command line came to. */
export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A machine on which nothing can be started. */
const idleHost: Host = {
  run: async command => {
    throw new Error(`${command} was started`)
  },
  open: async path => {
    throw new Error(`${path} was opened`)
  },
}

/** Calls the command line in this process. */
export async function call(
  args: readonly string[],
  { width = 120, isColored = false, host = idleHost }: { width?: number; isColored?: boolean; host?: Host } = {},
): Promise<Outcome> {
  let stdout = ''
  let stderr = ''
  const terminal = {
    width,
    palette: createPalette(isColored),
    write: async (text: string) => {
      stdout += text
    },
    complain: (text: string) => {
      stderr += text
    },
  }
  return { code: await runCommandLine(args, terminal, clock, host), stdout, stderr }
}

/** The lines of a journal, an entry a second. */
export function journalText(events: readonly StudyEvent[], begunMs = startMs): string {
  return events.map((event, n) => encodeLine({ n, at: begunMs + 1000 * n, event })).join('')
}

/** Writes a study's folder. @returns its path */
export function writeStudy(storage: string, name: string, events: readonly StudyEvent[], begunMs = startMs): string {
  const folder = join(storage, name)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'journal.jsonl'), journalText(events, begunMs))
  return folder
}

export function header(definition: Partial<StudyDefinition> = {}): StudyEvent {
  return { event: 'study', format: 1, definition: makeDefinition({ name: 'demo', ...definition }) }
}

export function trialEvent(trial: number, config: Extract<StudyEvent, { event: 'trial' }>['config']): StudyEvent {
  const id = `demo_${String(trial).padStart(5, '0')}`
  return { event: 'trial', trial, id, name: id, directory: `trial_${String(trial).padStart(5, '0')}`, config, clock: 0 }
}

export function reportEvent(
  trial: number,
  iteration: number,
  metrics: Extract<StudyEvent, { event: 'report' }>['metrics'],
  more: Partial<Extract<StudyEvent, { event: 'report' }>> = {},
): StudyEvent {
  const timing = { timestampMs: startMs + 1000 * iteration, timeThisIterS: 0.5, timeTotalS: 0.5 * iteration }
  return { event: 'report', trial, iteration, metrics, timing, clock: iteration, ...more }
}

/** A study of four trials: one is stopped, one fails after a retry, one takes over from the best, which ends by itself. */
export const demo: readonly StudyEvent[] = [
  header({
    space: {
      object: {
        lr: { domain: 'loguniform', lower: 0.0001, upper: 1 },
        net: { object: { layers: { domain: 'choice', values: [{ constant: 1 }, { constant: 2 }] } } },
      },
    },
    scheduler: { name: 'pbt', options: { perturbationInterval: 2, metric: null } },
    numSamples: 4,
    maxFailures: 1,
    stoppers: [{ name: 'maximumIteration', options: { iterations: 2 } }],
  }),
  { event: 'session' },
  trialEvent(0, { lr: 0.1, net: { layers: 1 } }),
  trialEvent(1, { lr: 0.2, net: { layers: 2 } }),
  trialEvent(2, { lr: 0.3, net: { layers: 1 } }),
  reportEvent(0, 1, { loss: 0.5, accuracy: 0.7 }, { checkpoint: { name: 'checkpoint_000001', iteration: 1 } }),
  reportEvent(
    1,
    1,
    { loss: 0.9, accuracy: 0.3 },
    { decision: { type: 'stop', reason: 'loss 0.9 is above 0.6', by: 'pbt' } },
  ),
  { event: 'failure', trial: 2, error: { name: 'TypeError', message: 'no data\nat line 2' }, retry: true },
  trialEvent(3, { lr: 0.4, net: { layers: 2 } }),
  reportEvent(
    3,
    1,
    { loss: 0.8, accuracy: 0.4 },
    {
      decision: {
        type: 'exploit',
        reason: 'trial 0 is better',
        by: 'pbt',
        exploit: {
          donor: 0,
          source: 0,
          checkpoint: { name: 'checkpoint_000001', iteration: 1 },
          config: { lr: 0.12, net: { layers: 1 } },
        },
      },
    },
  ),
  { event: 'failure', trial: 2, error: { name: 'TypeError', message: 'no data' }, retry: false },
  reportEvent(0, 2, { loss: 0.6, accuracy: 0.6 }),
  { event: 'end', trial: 0 },
  reportEvent(
    3,
    2,
    { loss: 0.4, accuracy: 0.8 },
    { decision: { type: 'stop', reason: '2 reports', by: 'maximumIteration' } },
  ),
  { event: 'finish' },
]
