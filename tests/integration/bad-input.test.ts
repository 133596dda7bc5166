import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import {
  choice,
  defineTrainable,
  loguniform,
  quniform,
  type RunConfig,
  type TuneConfig,
  TuneError,
  Tuner,
  trainableAt,
  uniform,
} from '../../src/index.js'

const storagePath = mkdtempSync(join(tmpdir(), 'tunewright-bad-'))
afterAll(() => rmSync(storagePath, { recursive: true, force: true }))

const counter = trainableAt(new URL('../fixtures/counter.mjs', import.meta.url))
let studies = 0

function tune(paramSpace: object, tuneConfig: TuneConfig = {}, runConfig: RunConfig = {}, trainable = counter) {
  studies += 1
  const name = `study-${studies}`
  return new Tuner(trainable, {
    paramSpace: { steps: 3, ...paramSpace },
    tuneConfig: { metric: 'count', mode: 'max', seed: 1, ...tuneConfig },
    runConfig: { storagePath, name, verbose: 0, workers: 1, ...runConfig },
  })
}

/** The code and message of the `TuneError` that something throws or rejects with. */
async function faultOf(action: () => unknown): Promise<{ code: string; message: string }> {
  try {
    await action()
  } catch (error) {
    if (error instanceof TuneError) return { code: error.code, message: error.message }
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('a space that cannot be', () => {
  it.each([
    ['an empty choice', () => ({ x: choice([]) }), 'INVALID_SPACE', /x/],
    ['reversed bounds', () => ({ x: uniform(2, 1) }), 'INVALID_SPACE', /2.*1/],
    ['a quantum that does not divide', () => ({ x: quniform(0, 1, 0.3) }), 'INVALID_SPACE', /0\.3/],
    ['the log of zero', () => ({ x: loguniform(0, 1) }), 'INVALID_SPACE', /0/],
    ['a value that is no data', () => ({ x: new Date(0) }), 'INVALID_SPACE', /x/],
  ])('is refused before anything runs: %s', async (_, space, code, message) => {
    const fault = await faultOf(() => tune(space()))
    expect(fault.code).toBe(code)
    expect(fault.message).toMatch(message)
  })
})

describe('a metric that is never reported', () => {
  it('ends the study at the first trial that ends without it, and names what was reported', async () => {
    const fault = await faultOf(() => tune({}, { metric: 'acuracy', numSamples: 20, maxConcurrentTrials: 2 }).fit())
    expect(fault.code).toBe('METRIC_MISSING')
    expect(fault.message).toContain("never reported the study's metric 'acuracy'")
    expect(fault.message).toContain("'count'")
  })

  it('fails only the trials that lack it when others have it', async () => {
    const grid = await tune(
      { kind: choice(['a', 'b']) },
      { numSamples: 8 },
      {},
      trainableAt(new URL('../fixtures/sometimes.mjs', import.meta.url)),
    ).fit()
    for (const { config, status, error } of grid) {
      expect([Reflect.get(config, 'kind'), status, error instanceof TuneError ? error.code : undefined]).toEqual(
        Reflect.get(config, 'kind') === 'a' ? ['a', 'terminated', undefined] : ['b', 'error', 'METRIC_MISSING'],
      )
    }
  })
})

describe('a report that is no plain data', () => {
  it.each(['array', 'map', 'undefined'])('fails its trial (%s)', async odd => {
    const grid = await tune({ oddAt: 2, odd }).fit()
    expect(grid.at(0)?.status).toBe('error')
    expect(grid.errors).toEqual([expect.objectContaining({ code: 'INVALID_REPORT' })])
    const path = join(grid.path ?? '', 'trial_00000')
    expect(readFileSync(join(path, 'error.txt'), 'utf8')).toContain('plain object')
  })

  it('is not NaN or an infinity: those are kept everywhere and never win', async () => {
    const grid = await tune({ nanAt: choice([2, 9]) }, { metric: 'high', numSamples: 6 })
      .fit()
      .catch(error => error)
    expect(grid).toMatchObject({ code: 'METRIC_MISSING' })
    const kept = await tune({ nanAt: 3 }, { numSamples: 2 }).fit()
    expect(kept.at(0)?.metrics).toMatchObject({ loss: Number.NaN, high: Number.POSITIVE_INFINITY })
    expect(() => kept.getBestResult({ metric: 'loss', mode: 'min' })).toThrowError(
      expect.objectContaining({ code: 'NO_RESULT' }),
    )
    const folder = join(kept.path ?? '', 'trial_00000')
    expect(readFileSync(join(folder, 'result.json'), 'utf8')).toContain('"loss":NaN')
    expect(readFileSync(join(folder, 'progress.csv'), 'utf8')).toMatch(/nan/)
  })
})

describe('a trainable module of no use', () => {
  const at = (name: string) => trainableAt(new URL(`../fixtures/${name}`, import.meta.url))
  it.each([
    ['that does not exist', 'missing.mjs', 'TRAINABLE_NOT_FOUND'],
    ['without a default export', 'no-default.mjs', 'INVALID_TRAINABLE'],
    ['that throws on import', 'throws-on-import.mjs', 'TRAINABLE_IMPORT_FAILED'],
  ])('%s fails the study', async (_, name, code) => {
    expect((await faultOf(() => tune({}, {}, {}, at(name)).fit())).code).toBe(code)
  })

  it('is told from a closure, which cannot cross to another thread', async () => {
    const closure = async function* () {
      yield { count: 1 }
    }
    const tuner = new Tuner(closure, { runConfig: { storagePath, name: 'closure', executor: 'threads', verbose: 0 } })
    expect(await faultOf(() => tuner.fit())).toMatchObject({
      code: 'INVALID_TRAINABLE',
      message: expect.stringContaining('defineTrainable'),
    })
  })

  it('is no function at all', async () => {
    const wrong: unknown = 42
    const fault = await faultOf(() => defineTrainable(import.meta.url, wrong as () => void))
    expect(fault.code).toBe('INVALID_TRAINABLE')
  })
})

describe('a worker that goes down', () => {
  it.each([
    ['exits', { exitAt: choice([2, 9]) }, 'WORKER_EXITED', {}],
    [
      'runs out of memory',
      { eatAt: choice([2, 9]) },
      'WORKER_OUT_OF_MEMORY',
      { resourceLimits: { maxOldGenerationSizeMb: 32 } },
    ],
    ['throws outside any promise', { strayAt: choice([2, 9]) }, undefined, {}],
  ])(
    'costs the trial that does it, and no other: %s',
    async (_, space, code, more) => {
      const grid = await tune(space, { numSamples: 6, maxConcurrentTrials: 3 }, more).fit()
      const when = Object.keys(space)[0] ?? ''
      for (const { config, status, error, history } of grid) {
        const isCulprit = Reflect.get(config, when) === 2
        expect([status, error && 'code' in error ? error.code : undefined, history.length]).toEqual(
          isCulprit ? ['error', code, 1] : ['terminated', undefined, 3],
        )
      }
      expect(grid.numErrors).toBeGreaterThan(0)
      expect(grid.numErrors).toBeLessThan(6)
    },
    60_000,
  )
})

describe('storage', () => {
  it('that is a file is refused', async () => {
    const file = join(storagePath, 'file')
    writeFileSync(file, '')
    expect((await faultOf(() => tune({}, {}, { storagePath: file }).fit())).code).toBe('STORAGE_UNAVAILABLE')
  })

  // to the superuser every folder is writable, so the mode says nothing
  it.skipIf(process.getuid?.() === 0)('that cannot be written is refused', async () => {
    const locked = join(storagePath, 'locked')
    mkdirSync(locked)
    chmodSync(locked, 0o500)
    expect((await faultOf(() => tune({}, {}, { storagePath: locked }).fit())).code).toBe('STORAGE_UNAVAILABLE')
  })

  it.each(['../outside', 'a/b', '..', '', 'nul', 'x\u0000y'])('is not left by the study name %j', async name => {
    expect((await faultOf(() => tune({}, {}, { name }))).code).toBe('INVALID_NAME')
    expect(existsSync(join(storagePath, '..', 'outside'))).toBe(false)
  })

  it('that holds a study of that name keeps it', async () => {
    await tune({}, {}, { name: 'twice' }).fit()
    const before = readFileSync(join(storagePath, 'twice', 'journal.jsonl'), 'utf8')
    expect((await faultOf(() => tune({}, {}, { name: 'twice' }).fit())).code).toBe('STUDY_EXISTS')
    expect(readFileSync(join(storagePath, 'twice', 'journal.jsonl'), 'utf8')).toBe(before)
    expect(readdirSync(join(storagePath, 'twice'))).toEqual(['journal.jsonl', 'trial_00000'])
  })
})

describe('an option that cannot be', () => {
  it.each<[string, TuneConfig, RunConfig]>([
    ['a metric without a mode', { metric: 'x', mode: undefined as unknown as 'min' }, {}],
    ['no samples', { numSamples: 0 }, {}],
    ['half a trial', { maxConcurrentTrials: 0.5 }, {}],
    ['no workers', {}, { workers: 0 }],
    ['an unknown option', { samples: 3 } as TuneConfig, {}],
    ['a bound without a direction', {}, { stop: { loss: 0.1 } }],
    ['fail fast and retries', {}, { failureConfig: { failFast: true, maxFailures: 2 } }],
  ])('is refused: %s', async (_, tuneConfig, runConfig) => {
    expect((await faultOf(() => tune({}, tuneConfig, runConfig))).code).toBe('INVALID_OPTION')
  })
})
