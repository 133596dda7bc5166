import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import {
  ASHAScheduler,
  FIFOScheduler,
  HyperBandScheduler,
  MedianStoppingRule,
  PASHAScheduler,
  PopulationBasedTraining,
  SuccessiveHalvingScheduler,
} from '../../schedulers/index.js'
import { TPESearcher } from '../../searchers/index.js'
import {
  choice,
  openResults,
  type ResumeConfig,
  type RunConfig,
  readJournal,
  report,
  type Scheduler,
  sampleFrom,
  type TrialContext,
  type TuneConfig,
  Tuner,
  uniform,
} from '../../src/index.js'

const storagePath = mkdtempSync(join(tmpdir(), 'tunewright-redefine-'))
afterAll(() => rmSync(storagePath, { recursive: true, force: true }))

async function* walk({ x }: { x: number }, context: TrialContext) {
  let at = 0
  if (context.checkpoint) at = Number(readFileSync(join(context.checkpoint.directory, 'at'), 'utf8'))
  while (at < 9) {
    at += 1
    const saved = String(at)
    const loss = (x - 0.3) ** 2 + 1 / at
    yield report({ loss, gain: x * at }, { checkpoint: directory => writeFileSync(join(directory, 'at'), saved) })
  }
}

const tune = { metric: 'loss', mode: 'min', numSamples: 9, seed: 2, maxConcurrentTrials: 4 } as const
const run = (name: string): RunConfig => ({
  storagePath,
  name,
  verbose: 0,
  checkpointConfig: { checkpointFrequency: 1 },
})

/** Runs a study and keeps just the first lines of its journal, as if it had been killed there. */
async function killed(name: string, lines: number, tuneConfig: TuneConfig = {}) {
  const options = { paramSpace: { x: uniform(0, 1) }, tuneConfig: { ...tune, ...tuneConfig }, runConfig: run(name) }
  await new Tuner(walk, options).fit()
  const path = join(storagePath, name)
  const file = join(path, 'journal.jsonl')
  const all = readFileSync(file, 'utf8').split('\n')
  expect(all.length).toBeGreaterThan(lines)
  writeFileSync(file, `${all.slice(0, lines).join('\n')}\n`)
  return path
}

/** Takes a study up again with nothing but what changes. */
function takeUp(path: string, tuneConfig: TuneConfig, resumeConfig?: ResumeConfig) {
  const runConfig = { verbose: 0 } as const
  return Tuner.restore(path, walk, { tuneConfig, runConfig, ...(resumeConfig && { resumeConfig }) }).fit()
}

describe('a study that is taken up again with nothing but its trainable', () => {
  it('ends as it would have', async () => {
    const tuneConfig = () => ({
      ...tune,
      scheduler: new ASHAScheduler({ maxT: 9, reductionFactor: 3, variant: 'promotion' }),
      searchAlg: new TPESearcher({ startupTrials: 3 }),
    })
    const options = { paramSpace: { x: uniform(0, 1) }, tuneConfig: tuneConfig(), runConfig: run('whole') }
    const whole = await new Tuner(walk, options).fit()
    const path = await killed('bare', 20, tuneConfig())
    const again = await Tuner.restore(path, walk, { runConfig: { verbose: 0 } }).fit()
    expect([...again].map(({ config, metricsHistory }) => [config, metricsHistory.map(({ loss }) => loss)])).toEqual(
      [...whole].map(({ config, metricsHistory }) => [config, metricsHistory.map(({ loss }) => loss)]),
    )
    // the type of a config is the trainable's
    expect(again.getBestResult({ scope: 'all' }).config.x).toBe(whole.getBestResult({ scope: 'all' }).config.x)
  })

  it('has to be given what is code', async () => {
    const options = { paramSpace: { x: sampleFrom(() => 0.5) }, tuneConfig: tune, runConfig: run('code') }
    await new Tuner(walk, options).fit()
    const path = join(storagePath, 'code')
    await expect(Tuner.restore(path, walk).fit()).rejects.toThrow(
      expect.objectContaining({ name: 'TuneError', message: expect.stringContaining('paramSpace') }),
    )
    const given = { paramSpace: options.paramSpace, runConfig: { verbose: 0 } as const }
    expect(await Tuner.restore(path, walk, given).fit()).toHaveLength(9)
  })

  it('is extended by the one thing that changes', async () => {
    const path = await killed('further', 30)
    expect(await takeUp(path, { numSamples: 12 }, { extend: true })).toHaveLength(12)
    expect(await Tuner.restore(path, walk, { runConfig: { verbose: 0 } }).fit()).toHaveLength(12)
  })
})

describe('a study with another scheduler', () => {
  const schedulers: Record<string, () => Scheduler> = {
    fifo: () => new FIFOScheduler(),
    asha: () => new ASHAScheduler({ maxT: 9, reductionFactor: 3 }),
    promotion: () => new ASHAScheduler({ maxT: 9, reductionFactor: 3, variant: 'promotion' }),
    hyperband: () => new HyperBandScheduler({ maxT: 9, reductionFactor: 3 }),
    halving: () => new SuccessiveHalvingScheduler({ maxT: 9, reductionFactor: 3 }),
    median: () => new MedianStoppingRule({ gracePeriod: 2, minSamplesRequired: 2 }),
    pasha: () => new PASHAScheduler({ maxT: 9, reductionFactor: 3 }),
    pbt: () => new PopulationBasedTraining({ perturbationInterval: 2 }),
  }
  const names = Object.keys(schedulers)
  // each to its neighbour, to one that pauses and to one that does nothing
  const changes = names.flatMap((from, i) =>
    [...new Set([names[(i + 1) % names.length] ?? '', 'promotion', 'fifo'])]
      .filter(to => to !== from)
      .map(to => [from, to] as const),
  )

  it.each(changes)('goes on from %s to %s, and folds to the same again', async (from, to) => {
    const path = await killed(`${from}-${to}`, 24, { scheduler: schedulers[from]?.() as Scheduler })
    const scheduler = schedulers[to]?.() as Scheduler
    await expect(takeUp(path, { scheduler })).rejects.toThrow(
      expect.objectContaining({ code: 'STUDY_MISMATCH', message: expect.stringContaining("name 'scheduler'") }),
    )
    const grid = await takeUp(path, { scheduler: schedulers[to]?.() as Scheduler }, { allowChanged: ['scheduler'] })
    expect(grid).toHaveLength(9)
    expect(grid.errors).toEqual([])
    expect([...grid].every(({ status }) => status === 'terminated')).toBe(true)
    // from here on it is that scheduler's study
    const file = join(path, 'journal.jsonl')
    const before = [...readJournal(file)].length
    const again = await Tuner.restore(path, walk, { runConfig: { verbose: 0 } }).fit()
    expect([...again].map(({ metrics, stopReason }) => [metrics, stopReason])).toEqual(
      [...grid].map(({ metrics, stopReason }) => [metrics, stopReason]),
    )
    expect([...readJournal(file)].slice(before).map(({ event }) => event.event)).toEqual(['session'])
    const recorded = openResults(path)
    expect([...recorded].map(({ status }) => status)).toEqual([...grid].map(({ status }) => status))
  })

  it('may go back to the first one', async () => {
    const path = await killed('there-and-back', 12, { scheduler: schedulers.promotion?.() as Scheduler })
    const cut = (lines: number) => {
      const file = join(path, 'journal.jsonl')
      writeFileSync(file, `${readFileSync(file, 'utf8').split('\n').slice(0, lines).join('\n')}\n`)
    }
    await takeUp(path, { scheduler: schedulers.hyperband?.() as Scheduler }, { allowChanged: ['scheduler'] })
    cut(30)
    await takeUp(path, { scheduler: schedulers.promotion?.() as Scheduler }, { allowChanged: ['scheduler'] })
    cut(45)
    const grid = await Tuner.restore(path, walk, { runConfig: { verbose: 0 } }).fit()
    expect([...grid].map(({ status }) => status)).toEqual(Array(9).fill('terminated'))
  })
})

describe('a study with another space', () => {
  it('goes on in it, and learns from those trials that are of it', async () => {
    const path = await killed('space', 40, { searchAlg: new TPESearcher({ startupTrials: 3 }) })
    const notices: string[] = []
    const grid = await Tuner.restore(path, walk, {
      paramSpace: { x: uniform(0, 0.5) },
      tuneConfig: { numSamples: 14 },
      runConfig: { verbose: 0, callbacks: [{ onNotice: ({ message }) => void notices.push(message) }] },
      resumeConfig: { allowChanged: ['space'], extend: true },
    }).fit()
    const outside = [...grid].filter(({ config }) => config.x >= 0.5)
    expect(outside.length).toBeGreaterThan(0)
    expect(notices.join()).toContain(`${outside.length} trials have configs that the new space does not hold`)
    expect([...grid].slice(9).every(({ config }) => config.x < 0.5)).toBe(true)
    expect([...grid].every(({ status }) => status === 'terminated')).toBe(true)
    await expect(
      Tuner.restore(path, walk, { paramSpace: { x: uniform(0, 1) }, runConfig: { verbose: 0 } }).fit(),
    ).rejects.toThrow('made with another space')
    expect(await Tuner.restore(path, walk, { runConfig: { verbose: 0 } }).fit()).toHaveLength(14)
  })

  it('may have parameters that there were not', async () => {
    const path = await killed('wider', 40, { searchAlg: new TPESearcher({ startupTrials: 3 }) })
    const paramSpace = { x: uniform(0, 1), kind: choice(['a', 'b']) }
    const grid = await Tuner.restore(path, walk, {
      paramSpace,
      tuneConfig: { numSamples: 12 },
      runConfig: { verbose: 0 },
      resumeConfig: { allowChanged: ['space'], extend: true },
    }).fit()
    expect([...grid].slice(9).map(({ config }) => typeof config.kind)).toEqual(['string', 'string', 'string'])
  })
})

describe('a study with another metric', () => {
  it.each([
    ['one', { metric: 'gain', mode: 'max' }],
    ['several', { metric: ['gain', 'loss'], mode: ['max', 'min'] }],
  ] as const)('is judged by it, %s of them', async (name, target) => {
    const path = await killed(`metric-${name}`, 40, { scheduler: new ASHAScheduler({ maxT: 9, reductionFactor: 3 }) })
    const scheduler = name === 'one' ? {} : { scheduler: new FIFOScheduler() }
    await expect(takeUp(path, target)).rejects.toThrow("name 'metric' in resumeConfig.allowChanged")
    const grid = await takeUp(path, { ...target, ...scheduler }, { allowChanged: ['metric', 'scheduler'] })
    const gains = [...grid].flatMap(result => result.metricsHistory.map(({ gain }) => Number(gain)))
    const best = grid.getBestResult({ metric: 'gain', mode: 'max', scope: 'all' })
    expect(Math.max(...best.metricsHistory.map(({ gain }) => Number(gain)))).toBe(Math.max(...gains))
    expect(openResults(path).getBestResult({ metric: 'gain', mode: 'max', scope: 'all' }).trialIndex).toBe(
      best.trialIndex,
    )
    expect(await Tuner.restore(path, walk, { runConfig: { verbose: 0 } }).fit()).toHaveLength(9)
  })
})
