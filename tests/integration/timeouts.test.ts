import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import {
  choice,
  type FailureConfig,
  gridSearch,
  type ResultGrid,
  type RunConfig,
  Tuner,
  trainableAt,
} from '../../src/index.js'

const storagePath = mkdtempSync(join(tmpdir(), 'tunewright-timeouts-'))
afterAll(() => rmSync(storagePath, { recursive: true, force: true }))

const stuck = trainableAt<{ stuck: boolean; once: boolean }, { step: number }>(
  new URL('../fixtures/stuck.mjs', import.meta.url),
)
let names = 0
const runConfig = (failureConfig: FailureConfig): RunConfig => ({
  storagePath,
  name: `study-${names++}`,
  verbose: 0,
  failureConfig,
})

const outcomes = (grid: ResultGrid<unknown>) =>
  [...grid].map(({ status, error, history }) => [status, (error as { code?: string })?.code, history.length])

describe('a trial that takes too long', () => {
  it('is ended by force while it computes, and the others aboard its worker go on', async () => {
    const grid = await new Tuner(stuck, {
      paramSpace: { stuck: gridSearch([false, true, false, false]), once: false },
      tuneConfig: { seed: 1, maxConcurrentTrials: 4 },
      runConfig: { ...runConfig({ stepTimeoutS: 0.5 }), workers: 1 },
    }).fit()
    expect(outcomes(grid)).toEqual([
      ['terminated', undefined, 3],
      ['error', 'TRIAL_TIMEOUT', 1],
      ['terminated', undefined, 3],
      ['terminated', undefined, 3],
    ])
    expect(grid.errors.map(error => error.message)).toEqual([
      'the trial was ended by force, since an iteration took longer than 0.5 s: make it faster, or raise failureConfig.stepTimeoutS',
    ])
  })

  it('is tried again where failures are allowed, from its last checkpoint', async () => {
    const grid = await new Tuner(stuck, {
      paramSpace: { stuck: true, once: true },
      tuneConfig: { seed: 1 },
      runConfig: {
        ...runConfig({ stepTimeoutS: 0.5, maxFailures: 1 }),
        checkpointConfig: { checkpointFrequency: 1 },
        workers: 1,
      },
    }).fit()
    expect(outcomes(grid)).toEqual([['terminated', undefined, 3]])
  })

  it('is given up while it waits, if it runs in the study’s own thread', async () => {
    const wait = async function* ({ ms }: { ms: number }) {
      yield { step: 1 }
      await new Promise(resolve => setTimeout(resolve, ms).unref())
      yield { step: 2 }
    }
    const grid = await new Tuner(wait, {
      paramSpace: { ms: choice([1e6]) },
      tuneConfig: { seed: 1, numSamples: 2 },
      runConfig: runConfig({ trialTimeoutS: 0.2 }),
    }).fit()
    expect(outcomes(grid)).toEqual(Array(2).fill(['error', 'TRIAL_TIMEOUT', 1]))
    expect(grid.errors[0]?.message).toContain('its iterations together took longer than 0.2 s')
  })

  it.each([0, -1, Number.NaN, '5'])('can’t be one after %o seconds', seconds => {
    const failureConfig = { stepTimeoutS: seconds as number }
    expect(() => new Tuner(() => ({ x: 1 }), { runConfig: { failureConfig } })).toThrow(
      /^failureConfig.stepTimeoutS is .*: give a number of seconds above 0$/,
    )
  })
})
