import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ASHAScheduler } from '../../schedulers/index.js'
import { Tuner, trainableAt, uniform } from '../../src/index.js'

const storagePath = mkdtempSync(join(tmpdir(), 'tunewright-determinism-'))
afterAll(() => rmSync(storagePath, { recursive: true, force: true }))

const jittery = trainableAt<{ height: number; maxDelayMs: number }>(new URL('../fixtures/jittery.mjs', import.meta.url))
let studies = 0

/** Runs the study on so many workers and writes down all that has to be the same: configs, every reported metric, status. */
async function outcome(workers: number, variant: 'stopping' | 'promotion'): Promise<string> {
  studies += 1
  const grid = await new Tuner(jittery, {
    paramSpace: { height: uniform(0, 1), maxDelayMs: 2 },
    tuneConfig: {
      metric: 'accuracy',
      mode: 'max',
      numSamples: 16,
      seed: 5,
      maxConcurrentTrials: 6,
      scheduler: new ASHAScheduler({ maxT: 9, reductionFactor: 3, variant }),
    },
    runConfig: { storagePath, name: `study-${studies}`, workers, verbose: 0 },
  }).fit()
  return [...grid]
    .map(({ config, status, history }) => {
      const metrics = history.map(report =>
        Object.entries(report.metrics).map(([name, value]) => `${name}=${String(value)}`),
      )
      return JSON.stringify({ config, status, metrics })
    })
    .join('\n')
}

describe('a seeded study in logical order', () => {
  // 20 runs on each number of workers, with random delays in the workers
  it.each(['stopping', 'promotion'] as const)(
    'gives the same on 1, 2 and 4 workers, however long each step takes (ASHA, %s)',
    async variant => {
      const seen = new Map<string, string[]>()
      for (let run = 0; run < 20; run++) {
        for (const workers of [1, 2, 4]) {
          const text = await outcome(workers, variant)
          seen.set(text, [...(seen.get(text) ?? []), `run ${run} on ${workers}`])
        }
      }
      expect([...seen.values()].map(runs => runs.length)).toEqual([60])
      const [text = ''] = seen.keys()
      expect(text.split('\n')).toHaveLength(16)
      expect(text).toContain('loss=NaN')
    },
    180_000,
  )
})
