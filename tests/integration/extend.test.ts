import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type ResultGrid,
  type ResumeConfig,
  type RunConfig,
  readJournal,
  report,
  type Scheduler,
  type TrialContext,
  type TuneConfig,
  Tuner,
  uniform,
} from '../../src/index.js'

const storagePath = mkdtempSync(join(tmpdir(), 'tunewright-extend-'))
afterAll(() => rmSync(storagePath, { recursive: true, force: true }))

interface Options {
  readonly tuneConfig?: TuneConfig
  readonly runConfig?: RunConfig
  readonly resumeConfig?: ResumeConfig
}

/** From which report each trial was started; trials start in any order. */
let starts: [trial: number, from: number][] = []
/** Trials that throw at their third step. */
let throwing = new Set<number>()
beforeEach(() => {
  starts = []
  throwing = new Set()
})

async function* walk({ x }: { x: number }, context: TrialContext) {
  let at = 0
  if (context.checkpoint) at = Number(readFileSync(join(context.checkpoint.directory, 'at'), 'utf8'))
  starts.push([context.trialIndex, at])
  while (at < 20) {
    at += 1
    if (at === 3 && throwing.has(context.trialIndex)) throw new Error('no third step')
    const loss = (x - 0.3) ** 2 + context.rng.fork('step', at).uniform() / at
    const saved = String(at)
    yield report({ loss, at }, { checkpoint: directory => writeFileSync(join(directory, 'at'), saved) })
  }
}

const paramSpace = { x: uniform(0, 1) }

function options(name: string, { tuneConfig, runConfig, resumeConfig }: Options) {
  return {
    paramSpace,
    tuneConfig: { metric: 'loss', mode: 'min', numSamples: 4, seed: 5, maxConcurrentTrials: 2, ...tuneConfig } as const,
    runConfig: {
      storagePath,
      name,
      verbose: 0,
      stop: { trainingIteration: 5 },
      checkpointConfig: { checkpointFrequency: 1, numToKeep: 1 },
      ...runConfig,
    } as const,
    ...(resumeConfig && { resumeConfig }),
  }
}

const run = (name: string, some: Options = {}) => new Tuner(walk, options(name, some)).fit()
const restore = (name: string, some: Options = {}) =>
  Tuner.restore(join(storagePath, name), walk, options(name, some)).fit()

/** What has to be the same. */
function outcomeOf(grid: ResultGrid<{ x: number }>) {
  return [...grid].map(({ config, status, metricsHistory, stopReason }) => ({
    config,
    status,
    stopReason,
    losses: metricsHistory.map(({ loss }) => loss),
  }))
}

function eventsOf(name: string): string[] {
  return [...readJournal(join(storagePath, name, 'journal.jsonl'))].map(({ event }) => event.event)
}

describe('a finished study', () => {
  it('goes on to more samples, and is what it would have been with them', async () => {
    const straight = await run('straight', { tuneConfig: { numSamples: 9 } })
    await run('more')
    const some: Options = { tuneConfig: { numSamples: 9 }, resumeConfig: { extend: true } }
    const extended = await restore('more', some)
    expect(extended).toHaveLength(9)
    expect(outcomeOf(extended)).toEqual(outcomeOf(straight))
    // the same again changes nothing, and needs no leave to
    starts = []
    expect(outcomeOf(await restore('more', some))).toEqual(outcomeOf(straight))
    expect(outcomeOf(await restore('more', { tuneConfig: { numSamples: 9 } }))).toEqual(outcomeOf(straight))
    expect(starts).toEqual([])
    expect(eventsOf('more').filter(event => event === 'extend')).toHaveLength(1)
  })

  it('goes on to more iterations from its last checkpoints, and is what it would have been', async () => {
    const straight = await run('long', { runConfig: { stop: { trainingIteration: 12 } } })
    await run('longer')
    starts = []
    const extended = await restore('longer', {
      runConfig: { stop: { trainingIteration: 12 } },
      resumeConfig: { extend: true },
    })
    expect(outcomeOf(extended)).toEqual(outcomeOf(straight))
    expect(starts.sort(([a], [b]) => a - b)).toEqual([0, 1, 2, 3].map(trial => [trial, 5]))
    const lines = readFileSync(join(storagePath, 'longer', 'trial_00002', 'result.json'), 'utf8')
      .trim()
      .split('\n')
    expect(lines.map(line => JSON.parse(line).at)).toEqual(Array.from({ length: 12 }, (_, at) => at + 1))
  })

  it('lets only those trials go on that the new condition would not have ended', async () => {
    const first = await run('picky', { runConfig: { stop: [{ at: { atLeast: 5 } }, { loss: 0.2 }] } })
    const done = [...first].flatMap(({ trialIndex, metrics }) => (Number(metrics.loss) <= 0.2 ? [trialIndex] : []))
    expect(done.length).toBeGreaterThan(0)
    starts = []
    const extended = await restore('picky', {
      runConfig: { stop: [{ at: { atLeast: 8 } }, { loss: 0.2 }] },
      resumeConfig: { extend: true },
    })
    expect(starts.map(([trial]) => trial).sort()).toEqual([0, 1, 2, 3].filter(trial => !done.includes(trial)))
    for (const { metrics } of extended) expect(Number(metrics.loss) <= 0.2 || metrics.at === 8).toBe(true)
  })

  it('can be extended again and again, and killed in between', async () => {
    await run('thrice')
    const to = (iterations: number, numSamples: number): Options => ({
      tuneConfig: { numSamples },
      runConfig: { stop: { trainingIteration: iterations } },
      resumeConfig: { extend: true },
    })
    await restore('thrice', to(8, 4))
    await restore('thrice', to(8, 6))
    const last = await restore('thrice', to(11, 7))
    const { resumeConfig: _, ...given } = to(11, 7)
    const straight = await run('at-once', given)
    const byConfig = (grid: typeof last) => new Map(outcomeOf(grid).map(({ config, losses }) => [config.x, losses]))
    expect(byConfig(last)).toEqual(byConfig(straight))
  })

  it('is not extended by accident, nor made smaller', async () => {
    await run('kept')
    await expect(restore('kept', { tuneConfig: { numSamples: 5 } })).rejects.toThrow(
      expect.objectContaining({ code: 'STUDY_MISMATCH', message: expect.stringContaining('resumeConfig.extend') }),
    )
    await expect(restore('kept', { tuneConfig: { numSamples: 2 }, resumeConfig: { extend: true } })).rejects.toThrow(
      expect.objectContaining({ code: 'STUDY_MISMATCH' }),
    )
    expect(eventsOf('kept')).not.toContain('extend')
  })
})

describe('trials that failed', () => {
  it.each([
    ['skip', 'error', []],
    ['resume', 'terminated', [[1, 2]]],
    ['restart', 'terminated', [[1, 0]]],
  ] as const)('%s', async (errored, status, expected) => {
    const name = `errored-${errored}`
    throwing.add(1)
    const first = await run(name)
    expect(first.errors).toHaveLength(1)
    throwing.clear()
    starts = []
    const again = await restore(name, { resumeConfig: { errored } })
    expect(again.at(1)?.status).toBe(status)
    expect(starts).toEqual(expected)
    if (errored !== 'skip') expect(outcomeOf(again)).toEqual(outcomeOf(await run(`${name}-never`)))
  })

  it('are new ones to a scheduler that has been told of their ends, and has no better way', async () => {
    throwing.add(1)
    const told: string[] = []
    await run('judged', { tuneConfig: { scheduler: schedulerWithEnds([]) } })
    throwing.clear()
    const tuneConfig = { scheduler: schedulerWithEnds(told) }
    expect((await restore('judged', { tuneConfig, resumeConfig: { errored: 'resume' } })).errors).toEqual([])
    expect(told.filter(line => line.endsWith(' 1'))).toEqual(['add 1', 'end 1', 'add 1', 'end 1'])
  })
})

describe('trials that were under way', () => {
  async function interrupted(name: string) {
    const path = join(storagePath, name)
    const given = options(name, { runConfig: { stop: { trainingIteration: 15 } } })
    let reports = 0
    await new Tuner(walk, {
      ...given,
      runConfig: {
        ...given.runConfig,
        callbacks: [{ onTrialReport: () => void (++reports === 6 && process.emit('SIGINT')) }],
      },
    }).fit()
    return path
  }

  it.each(['resume', 'restart', 'skip'] as const)('%s', async unfinished => {
    const name = `cut-${unfinished}`
    await interrupted(name)
    starts = []
    const grid = await restore(name, {
      runConfig: { stop: { trainingIteration: 15 } },
      resumeConfig: { unfinished },
    })
    const straight = await run(`${name}-straight`, { runConfig: { stop: { trainingIteration: 15 } } })
    expect(grid).toHaveLength(4)
    if (unfinished === 'skip') {
      expect(grid.at(0)?.stopReason).toContain('given up')
      expect(grid.at(0)?.metrics.at).toBeLessThan(15)
      expect(outcomeOf(grid).slice(2)).toEqual(outcomeOf(straight).slice(2))
    } else {
      expect(outcomeOf(grid)).toEqual(outcomeOf(straight))
      expect(starts[0]?.[1] === 0).toBe(unfinished === 'restart')
    }
  })
})

it('refuses what it cannot do', () => {
  const make = (resumeConfig: object) => () =>
    Tuner.restore(join(storagePath, 'x'), walk, { ...options('x', {}), resumeConfig })
  const invalid = (text: string) =>
    expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(text) })
  expect(make({ errored: 'retry' })).toThrow(invalid('resumeConfig.errored is "retry"'))
  expect(make({ finished: 'skip' })).toThrow(invalid("no option 'finished'"))
  expect(make({ extend: 1 })).toThrow(invalid('resumeConfig.extend is 1'))
  expect(make({ allowChanged: ['seed'] })).toThrow(invalid('nothing else may change'))
  expect(() => new Tuner(walk, options('new', { resumeConfig: {} }))).toThrow(invalid('for Tuner.restore'))
})

/** A scheduler that looks at ends, and knows of no way back. */
function schedulerWithEnds(told: string[]): Scheduler {
  return {
    name: 'judge',
    options: {},
    timeAttr: 'trainingIteration',
    setUp: () => undefined,
    onReport: () => ({ type: 'continue' }),
    onTrialAdd: ({ index }) => void told.push(`add ${index}`),
    onTrialEnd: ({ index }) => void told.push(`end ${index}`),
  }
}
