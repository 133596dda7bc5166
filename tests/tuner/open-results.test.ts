import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ASHAScheduler, HyperBandScheduler, PopulationBasedTraining } from '../../schedulers/index.js'
import {
  openResults,
  type ResultGrid,
  report,
  type TrialContext,
  type TuneConfig,
  Tuner,
  type TunerOptions,
  uniform,
} from '../../src/index.js'

const storagePath = mkdtempSync(join(tmpdir(), 'tunewright-open-'))
afterAll(() => rmSync(storagePath, { recursive: true, force: true }))

/** Walks to its own limit; some walks fail, the first of them again and again. */
async function* walk({ x }: { x: number }, context: TrialContext) {
  let at = 0
  if (context.checkpoint) at = Number(readFileSync(join(context.checkpoint.directory, 'at'), 'utf8'))
  while (at < 20) {
    at += 1
    if (at === 3 && context.trialIndex % 5 === 1) throw new RangeError(`trial ${context.trialIndex} has no third step`)
    const saved = String(at)
    yield report(
      { loss: (x - 0.3) ** 2 + 1 / at, at },
      { checkpoint: folder => writeFileSync(join(folder, 'at'), saved) },
    )
  }
}

const paramSpace = { x: uniform(0, 1) }

function options(
  name: string,
  tuneConfig: TuneConfig,
  stopAfter = 9,
): TunerOptions<typeof paramSpace> & { paramSpace: typeof paramSpace } {
  return {
    paramSpace,
    tuneConfig: { metric: 'loss', mode: 'min', numSamples: 12, maxConcurrentTrials: 4, seed: 3, ...tuneConfig },
    runConfig: {
      storagePath,
      name,
      verbose: 0,
      stop: { trainingIteration: stopAfter },
      failureConfig: { maxFailures: 1 },
      checkpointConfig: { checkpointFrequency: 2, numToKeep: 2 },
    },
  }
}

/** All that a grid shows. */
function contents(grid: ResultGrid) {
  return {
    rows: grid.rows(),
    table: grid.toTable(),
    errors: grid.errors.map(({ name, message }) => `${name}: ${message}`),
    best: grid.getBestResult().trialIndex,
    bestOfAll: grid.getBestResult({ scope: 'all' }).trialIndex,
    trials: [...grid].map(({ history, lineage, checkpoint, bestCheckpoints, stopReason }) => ({
      history,
      lineage,
      checkpoint,
      bestCheckpoints,
      stopReason,
    })),
  }
}

const schedulers = {
  'ASHA, which stops': () => new ASHAScheduler({ maxT: 9 }),
  'ASHA, which promotes': () => new ASHAScheduler({ maxT: 9, variant: 'promotion' }),
  'Hyperband, which pauses': () => new HyperBandScheduler({ maxT: 9 }),
  'PBT, which has trials take over from others': () =>
    new PopulationBasedTraining({ perturbationInterval: 2, hyperparamMutations: { x: uniform(0, 1) } }),
}

describe('results that are opened from a folder', () => {
  it.each(Object.entries(schedulers))('are those that the study came to, with %s', async (name, makeScheduler) => {
    const folder = name.replaceAll(/\W+/g, '-')
    const grid = await new Tuner(walk, options(folder, { scheduler: makeScheduler() })).fit()
    const opened = openResults(join(storagePath, folder))
    expect(contents(opened)).toEqual(contents(grid))
    expect(opened.numErrors).toBeGreaterThan(0)
    expect(opened.outcome).toBeUndefined()
  })

  it('are those of a study that was extended, under other stop conditions than it began with', async () => {
    const path = join(storagePath, 'extended')
    await new Tuner(walk, options('extended', {})).fit()
    const longer = {
      ...options('extended', { numSamples: 15 }, 12),
      resumeConfig: { extend: true, errored: 'skip' },
    } as const
    const grid = await Tuner.restore(path, walk, longer).fit()
    expect(contents(openResults(join(path, 'journal.jsonl')))).toEqual(contents(grid))
    expect(grid.length).toBe(15)
  })

  it('are those of each moment, for a study that goes on', async () => {
    const seen: number[] = []
    const path = join(storagePath, 'running')
    const callback = { onTrialEnd: () => void seen.push(openResults(path).numTerminated) }
    const { runConfig, ...rest } = options('running', {})
    await new Tuner(walk, { ...rest, runConfig: { ...runConfig, callbacks: [callback] } }).fit()
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
    expect(seen.at(-1)).toBe(9)
  })

  it('are refused where there are none', () => {
    expect(() => openResults(join(storagePath, 'nowhere'))).toThrow(
      expect.objectContaining({ code: 'STUDY_NOT_FOUND' }),
    )
  })
})
