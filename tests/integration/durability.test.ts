import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { PopulationBasedTraining } from '../../schedulers/index.js'
import {
  type Callback,
  type ResultGrid,
  type RunConfig,
  report,
  Simulation,
  type TrialContext,
  type TuneConfig,
  Tuner,
  uniform,
} from '../../src/index.js'
import { readRecording } from '../../src/tuner/open-results.js'

const storagePath = mkdtempSync(join(tmpdir(), 'tunewright-durability-'))
afterAll(() => rmSync(storagePath, { recursive: true, force: true }))

/** From which report each start went on. */
let starts: [trial: number, from: number][] = []
let notices: string[] = []
beforeEach(() => {
  starts = []
  notices = []
})

const listener: Callback = { name: 'listener', onNotice: ({ message }) => void notices.push(message) }

async function* walk({ x }: { x: number }, context: TrialContext) {
  let at = 0
  if (context.checkpoint) at = Number(readFileSync(join(context.checkpoint.directory, 'at'), 'utf8'))
  starts.push([context.trialIndex, at])
  while (at < 10) {
    at += 1
    const loss = (x - 0.3) ** 2 + context.rng.fork('step', at).uniform() / at
    const saved = String(at)
    yield report({ loss, at }, { checkpoint: directory => writeFileSync(join(directory, 'at'), saved) })
  }
}

interface Options {
  readonly tuneConfig?: TuneConfig
  readonly runConfig?: RunConfig
}

function options(name: string, { tuneConfig, runConfig }: Options = {}) {
  return {
    paramSpace: { x: uniform(0, 1) },
    tuneConfig: { metric: 'loss', mode: 'min', numSamples: 3, seed: 5, maxConcurrentTrials: 3, ...tuneConfig } as const,
    runConfig: {
      storagePath,
      name,
      verbose: 0,
      checkpointConfig: { checkpointFrequency: 2 },
      callbacks: [listener],
      ...runConfig,
    } as const,
  }
}

const run = (name: string, some?: Options) => new Tuner(walk, options(name, some)).fit()
const restore = (path: string, some?: Options) => {
  starts = []
  notices = []
  return Tuner.restore(path, walk, options('ignored', some)).fit()
}

/** Runs a study until so many reports are committed, and leaves it as a killed process would. @returns its folder */
async function cutOff(name: string, reports: number, some: Options = {}): Promise<string> {
  const path = join(storagePath, name)
  const copy = join(storagePath, `${name}-cut`)
  await run(name, some)
  mkdirSync(copy)
  for (const folder of readdirSync(path)) renameSync(join(path, folder), join(copy, folder))
  const lines = readFileSync(join(copy, 'journal.jsonl'), 'utf8').split('\n')
  let seen = 0
  const end = lines.findIndex(line => line.includes('"event":"report"') && ++seen > reports)
  writeFileSync(join(copy, 'journal.jsonl'), `${lines.slice(0, end).join('\n')}\n`)
  return copy
}

/** What has to be the same. */
const outcomeOf = (grid: ResultGrid<{ x: number }>) =>
  [...grid].map(({ config, status, metricsHistory, stopReason }) => ({
    config,
    status,
    stopReason,
    losses: metricsHistory.map(({ loss }) => loss),
  }))

describe('a checkpoint that a resumed trial needs', () => {
  it.each<[string, (checkpoint: string) => void]>([
    ['is missing', path => rmSync(path, { recursive: true })],
    ['has lost a file', path => rmSync(join(path, 'at'))],
    ['has a file that was cut', path => truncateSync(join(path, 'at'), 0)],
    ['has lost what the engine wrote', path => rmSync(join(path, '.tunewright.json'))],
  ])('falls back to the one before it when it %s, with a warning', async (what, damage) => {
    const name = `damaged ${what}`
    const expected = outcomeOf(await run(`${name} never`))
    const path = await cutOff(name, 17)
    damage(join(path, 'trial_00001', 'checkpoint_000006'))
    const grid = await restore(path)
    expect(outcomeOf(grid)).toEqual(expected)
    expect(starts.find(([trial]) => trial === 1)).toEqual([1, 4])
    expect(notices).toEqual([
      expect.stringMatching(/^trial 1 falls back to checkpoint_000004: the checkpoint .*000006/),
    ])
    // and it is whole again
    expect(readdirSync(join(path, 'trial_00001', 'checkpoint_000006')).sort()).toEqual(['.tunewright.json', 'at'])
  })

  it('falls back to the trial’s beginning when none is left', async () => {
    const expected = outcomeOf(await run('all lost never'))
    const path = await cutOff('all lost', 17)
    for (const name of readdirSync(join(path, 'trial_00001')))
      if (name.startsWith('checkpoint_')) rmSync(join(path, 'trial_00001', name), { recursive: true })
    expect(outcomeOf(await restore(path))).toEqual(expected)
    expect(starts.find(([trial]) => trial === 1)).toEqual([1, 0])
    expect(notices).toEqual([
      expect.stringContaining('trial 1 falls back to checkpoint_000004'),
      expect.stringContaining('trial 1 falls back to checkpoint_000002'),
      expect.stringContaining('trial 1 falls back to its beginning'),
    ])
  })

  it('was another trial’s, which has an earlier one', async () => {
    const some = (): Options => ({
      tuneConfig: {
        numSamples: 4,
        maxConcurrentTrials: 4,
        scheduler: new PopulationBasedTraining({ perturbationInterval: 2, hyperparamMutations: { x: uniform(0, 1) } }),
      },
    })
    await run('taken over', some())
    const path = join(storagePath, 'taken over')
    const lines = readFileSync(join(path, 'journal.jsonl'), 'utf8').split('\n')
    const at = lines.findIndex(line => line.includes('"type":"exploit"') && JSON.parse(line).iteration > 2)
    const { decision, trial, iteration } = JSON.parse(lines[at] ?? '')
    const { source, checkpoint } = decision.exploit
    writeFileSync(join(path, 'journal.jsonl'), `${lines.slice(0, at + 1).join('\n')}\n`)
    const folder = (index: number) => join(path, `trial_0000${index}`)
    rmSync(join(folder(source), checkpoint.name), { recursive: true })
    const grid = await restore(path, some())
    expect([...grid].map(({ status }) => status)).toEqual(Array(4).fill('terminated'))
    expect(notices).toContainEqual(expect.stringContaining(`trial ${trial} falls back to`))
    expect(starts.find(([index]) => index === trial)?.[1]).toBe(checkpoint.iteration - 2)
    expect(grid.at(trial)?.history[iteration]?.metrics.at).toBe(checkpoint.iteration - 1)
  })
})

describe('a study', () => {
  it('takes over the same between trials, wherever it is interrupted', async () => {
    const some = (runConfig?: RunConfig): Options => ({
      tuneConfig: {
        numSamples: 4,
        maxConcurrentTrials: 4,
        scheduler: new PopulationBasedTraining({ perturbationInterval: 4, hyperparamMutations: { x: uniform(0, 1) } }),
      },
      runConfig: { checkpointConfig: { checkpointFrequency: 3, numToKeep: 1 }, ...runConfig },
    })
    const lineages = (grid: ResultGrid<{ x: number }>) =>
      [...grid].map(({ lineage }) => lineage.map(({ iteration, exploit }) => [iteration, exploit]))
    const expected = await run('uninterrupted', some())
    expect(lineages(expected).flat().length).toBeGreaterThan(4)
    for (const reports of [5, 9, 12, 14, 18, 22, 27, 30]) {
      let seen = 0
      const interrupt: Callback = { onTrialReport: () => void (++seen === reports && process.emit('SIGINT')) }
      const name = `interrupted ${reports}`
      const first = await run(name, some({ callbacks: [interrupt] }))
      expect(first.outcome?.type).toBe('interrupted')
      const grid = await restore(join(storagePath, name), some())
      expect(lineages(grid)).toEqual(lineages(expected))
      expect(outcomeOf(grid)).toEqual(outcomeOf(expected))
    }
  })

  it('goes on in another folder', async () => {
    const expected = outcomeOf(await run('at home'))
    const path = await cutOff('on the move', 11)
    const elsewhere = mkdtempSync(join(tmpdir(), 'tunewright-elsewhere-'))
    const moved = join(elsewhere, 'under another name')
    renameSync(path, moved)
    expect(outcomeOf(await restore(moved))).toEqual(expected)
    expect(starts.some(([, from]) => from > 0)).toBe(true)
    expect(existsSync(path)).toBe(false)
    rmSync(elsewhere, { recursive: true })
  })

  it('that was killed before it began is begun anew', async () => {
    const path = join(storagePath, 'blank')
    mkdirSync(path)
    writeFileSync(join(path, 'journal.jsonl'), '{"n":0,"at":17000')
    expect(Tuner.canRestore(path)).toBe(false)
    expect(outcomeOf(await run('blank'))).toEqual(outcomeOf(await run('not blank')))
    expect(Tuner.canRestore(path)).toBe(true)
  })

  it('says so when the end of its journal was torn', async () => {
    const path = await cutOff('torn', 11)
    writeFileSync(join(path, 'journal.jsonl'), '{"n":99', { flag: 'a' })
    expect(outcomeOf(await restore(path))).toEqual(outcomeOf(await run('not torn')))
    expect(notices).toEqual([expect.stringContaining('was torn (7 bytes) and is cut off')])
  })

  it.skipIf(process.platform === 'win32')('follows no link out of its folder', async () => {
    const path = await cutOff('linked', 17)
    const outside = mkdtempSync(join(tmpdir(), 'tunewright-outside-'))
    mkdirSync(join(outside, 'checkpoint_000099'))
    writeFileSync(join(outside, 'result.json'), 'mine')
    // what a trial reports and prints goes nowhere else
    for (const file of ['result.json', 'progress.csv', 'params.json']) {
      rmSync(join(path, 'trial_00000', file), { force: true })
      symlinkSync(join(outside, 'result.json'), join(path, 'trial_00000', file))
    }
    // one that is swept is deleted itself, not what it leads to
    symlinkSync(outside, join(path, 'trial_00000', 'checkpoint_000098'))
    await restore(path)
    expect(existsSync(join(path, 'trial_00000', 'checkpoint_000098'))).toBe(false)
    for (const folder of ['trial_00001', 'later_00007']) {
      rmSync(join(path, folder), { recursive: true, force: true })
      symlinkSync(outside, join(path, folder))
      await expect(restore(path)).rejects.toThrow(
        expect.objectContaining({
          code: 'STORAGE_UNAVAILABLE',
          message: expect.stringContaining('is a symbolic link'),
        }),
      )
      rmSync(join(path, folder))
    }
    expect(readdirSync(outside).sort()).toEqual(['checkpoint_000099', 'result.json'])
    expect(readFileSync(join(outside, 'result.json'), 'utf8')).toBe('mine')
    rmSync(outside, { recursive: true })
  })

  it('makes files of trials anew that were lost, also of many that ended long ago', async () => {
    const many: Options = {
      tuneConfig: { numSamples: 260 },
      runConfig: { stop: { trainingIteration: 1 }, checkpointConfig: {} },
    }
    await run('many', many)
    const lost = ['trial_00003', 'trial_00250'].map(name => join(storagePath, 'many', name, 'result.json'))
    const before = lost.map(path => JSON.parse(readFileSync(path, 'utf8')))
    for (const path of lost) rmSync(path)
    await restore(join(storagePath, 'many'), many)
    expect(lost.map(path => JSON.parse(readFileSync(path, 'utf8')))).toEqual(before)
  })

  it('leaves no checkpoint behind that its journal does not know', async () => {
    const path = join(storagePath, 'tidy')
    const stop = { loss: { atMost: 0.2 }, at: { atLeast: 7 } }
    const grid = await run('tidy', { runConfig: { stop, checkpointConfig: { checkpointFrequency: 1, numToKeep: 1 } } })
    for (const { trialIndex, metrics } of grid) {
      const folder = join(path, `trial_0000${trialIndex}`)
      const expected = `checkpoint_${String(metrics.trainingIteration).padStart(6, '0')}`
      expect(readdirSync(folder).filter(name => name.includes('checkpoint_'))).toContain(expected)
      expect(readdirSync(folder).filter(name => name.includes('checkpoint_')).length).toBeLessThanOrEqual(2)
    }
  })
})

describe('a journal that has lost what was said of checkpoints that went', () => {
  it('lets go of them again, and names none that are not there', async () => {
    const keep = { runConfig: { checkpointConfig: { checkpointFrequency: 2, numToKeep: 1 } } }
    const path = join(storagePath, 'unpruned')
    const first = await run('unpruned', keep)
    const file = join(path, 'journal.jsonl')
    const lines = readFileSync(file, 'utf8').split('\n')
    // the disk has forgotten the end of the journal, and the last deletion in it
    const last = lines.findLastIndex(line => line.includes('"event":"prune"'))
    writeFileSync(file, `${lines.slice(0, last).join('\n')}\n`)
    const again = await restore(path, keep)
    expect(outcomeOf(again)).toEqual(outcomeOf(first))
    for (const { directory, checkpoints } of readRecording(file).study.trials) {
      expect(checkpoints.map(({ iteration }) => iteration)).toEqual([10])
      expect(readdirSync(join(path, directory)).filter(name => name.startsWith('checkpoint_'))).toEqual([
        'checkpoint_000010',
      ])
    }
  })
})

describe('a disk that is full while a trial saves', () => {
  it('holds that trial up, and fails none', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
    let refusals = 2
    async function* saving({ x }: { x: number }, { trialIndex }: TrialContext) {
      for (let at = 1; at <= 3; at++) {
        const checkpoint = (directory: string) => {
          if (trialIndex === 1 && at === 2 && refusals-- > 0) throw full
          writeFileSync(join(directory, 'at'), String(at))
        }
        yield report({ loss: x, at }, { checkpoint })
      }
    }
    const grid = await new Tuner(saving, options('full')).fit()
    expect([...grid].map(({ status, history }) => [status, history.length])).toEqual(Array(3).fill(['terminated', 3]))
    expect(notices).toEqual([
      'trial 1 waits to save a checkpoint until there is room on the disk, which is full',
      'trial 1 has saved its checkpoint: there is room on the disk again',
    ])
  })
})

describe('a trial whose worker dies', () => {
  const crashing = (crashes: number) =>
    new Simulation({
      workers: 2,
      fault: ({ trialIndex, iteration, attempt }) =>
        trialIndex === 0 && iteration === 2 && attempt < crashes ? 'worker' : undefined,
    })
  const some = (machine: Simulation, callback: Callback = {}): Options => ({
    tuneConfig: { numSamples: 2, maxConcurrentTrials: 2, order: 'arrival' },
    runConfig: { executor: machine.executor, checkpointConfig: {}, callbacks: [listener, callback] },
  })

  it('starts again after longer and longer waits, which hold up no other', async () => {
    const expected = outcomeOf(await run('no crash', some(crashing(0))))
    const ended: [number, number][] = []
    const machine = crashing(3)
    const grid = await run(
      'crashes',
      some(machine, { onTrialEnd: ({ index }) => void ended.push([index, Math.round(10 * machine.seconds) / 10]) }),
    )
    expect(outcomeOf(grid)).toEqual(expected)
    // three times two steps, waits of 0.1, 0.2 and 0.4 s, and then all ten steps
    expect(ended).toEqual([
      [1, 10],
      [0, 16.7],
    ])
    expect(notices).toEqual(
      [0.1, 0.2, 0.4].map(seconds =>
        expect.stringContaining(`trial 0 starts again from its beginning in ${seconds} s, alone in its worker`),
      ),
    )
  })

  it('fails when that is of no use', async () => {
    const grid = await run('crashes for ever', some(crashing(9)))
    expect([...grid].map(({ status, history }) => [status, history.length])).toEqual([
      ['error', 1],
      ['terminated', 10],
    ])
  })

  it('is not waited for when the study is interrupted', async () => {
    const machine = crashing(3)
    const interrupt: Callback = {
      onNotice: ({ message }) => void (message.includes('in 0.2 s') && process.emit('SIGINT')),
    }
    const grid = await run('crashes and interrupted', some(machine, interrupt))
    expect(grid.outcome?.type).toBe('interrupted')
    const { executor: _, ...inline } = some(machine).runConfig ?? {}
    const path = join(storagePath, 'crashes and interrupted')
    const resumed = await restore(path, { ...some(machine), runConfig: inline })
    expect(outcomeOf(resumed)).toEqual(outcomeOf(await run('no crash either', some(crashing(0)))))
  })
})
