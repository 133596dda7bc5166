import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { seal } from '../../src/checksum.js'
import {
  type CheckpointManifest,
  checkpointName,
  readManifest,
  sweepCheckpoints,
  writeCheckpoint,
} from '../../src/trainable/checkpoint.js'

const timing = { timestampMs: 1_700_000_000_000, timeThisIterS: 0.1, timeTotalS: 0.30000000000000004 }

function makeManifest(iteration: number): CheckpointManifest {
  return {
    format: 1,
    iteration,
    reports: [{ iteration, metrics: { loss: Number.NaN, best: Number.NEGATIVE_INFINITY, '~': -0 }, timing }],
  }
}

function encodeManifest(iteration: number): string {
  return seal(JSON.stringify({ ...makeManifest(iteration), reports: [], files: [] }))
}

const failed = (message: string) =>
  expect.objectContaining({
    name: 'TuneError',
    code: 'CHECKPOINT_FAILED',
    message: expect.stringContaining(message),
  })

describe('a checkpoint', () => {
  let folder: string
  let trial: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tunewright-checkpoint-'))
    trial = join(folder, 'study', 'trial_00000')
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  /** The checkpoints that whoever lists the trial's folder sees. */
  const visible = () => readdirSync(trial).filter(name => !name.startsWith('.'))
  const content = (name: string) => readFileSync(join(trial, name, 'weights'), 'utf8')
  const saving = (weights: string) => (directory: string) => writeFile(join(directory, 'weights'), weights)

  it('is a folder of what the trainable wrote, in a trial folder that need not be there', async () => {
    const record = await writeCheckpoint(
      trial,
      async directory => {
        expect(readdirSync(directory)).toEqual([])
        await mkdir(join(directory, 'model', 'deep'), { recursive: true })
        await writeFile(join(directory, 'model', 'deep', 'layer'), 'w')
        writeFileSync(join(directory, 'weights'), '1')
      },
      makeManifest(3),
    )
    expect(record).toEqual({ name: 'checkpoint_000003', iteration: 3, bytes: 2 })
    expect(readdirSync(trial)).toEqual(['checkpoint_000003'])
    expect(readFileSync(join(trial, 'checkpoint_000003', 'model', 'deep', 'layer'), 'utf8')).toBe('w')
  })

  it.each<[string, object]>([
    ['a report without its times', { reports: [{ ...makeManifest(3).reports[0], timing: {} }] }],
    ['a report that is not its last', { reports: makeManifest(2).reports }],
    ['an iteration below 0', { iteration: -1, reports: [] }],
    ['a file in another folder', { files: [['../../mine', 1]] }],
    ['a file of no size', { files: [['weights', Number.NaN]] }],
    ['a folder for a file', { files: [['.', 4096]] }],
  ])('is refused with %s in its manifest', async (_, forged) => {
    const { name } = await writeCheckpoint(trial, saving('1'), makeManifest(3))
    const manifest = { ...makeManifest(3), files: [['weights', 1]], ...forged }
    writeFileSync(join(trial, name, '.tunewright.json'), JSON.stringify(manifest))
    await expect(readManifest(join(trial, name))).rejects.toThrow(failed(`${join(trial, name)} can't be read`))
  })

  it('may hold nothing of the trainable', async () => {
    await writeCheckpoint(trial, () => undefined, makeManifest(1))
    expect((await readManifest(join(trial, 'checkpoint_000001'))).iteration).toBe(1)
  })

  it('brings the reports that it carries back bit for bit', async () => {
    const manifest: CheckpointManifest = {
      ...makeManifest(12),
      reports: [11, 12].map(n => ({
        ...makeManifest(n).reports[0],
        iteration: n,
        metrics: { n, loss: Number.NaN, zero: -0 },
        timing,
      })),
    }
    await writeCheckpoint(trial, saving('1'), manifest)
    expect(await readManifest(join(trial, 'checkpoint_000012'))).toStrictEqual(manifest)
  })

  it.each<[string, (directory: string) => void | Promise<void>]>([
    [
      'throws',
      () => {
        throw new Error('disk full')
      },
    ],
    [
      'rejects after it has written a part',
      async directory => {
        await saving('half')(directory)
        throw new Error('disk full')
      },
    ],
  ])('that a callback fails to write leaves the earlier ones as they were: one that %s', async (_, save) => {
    await writeCheckpoint(trial, saving('1'), makeManifest(1))
    await writeCheckpoint(trial, saving('2'), makeManifest(2))
    for (const iteration of [3, 4]) {
      await expect(writeCheckpoint(trial, save, makeManifest(iteration))).rejects.toThrow(
        failed(`the checkpoint ${join(trial, checkpointName(iteration))} could not be written: disk full`),
      )
    }
    expect(visible()).toEqual(['checkpoint_000001', 'checkpoint_000002'])
    expect([content('checkpoint_000001'), content('checkpoint_000002')]).toEqual(['1', '2'])
    expect(await readManifest(join(trial, 'checkpoint_000002'))).toEqual(makeManifest(2))
  })

  it('is not to be seen before it is whole', async () => {
    const seen: string[][] = []
    await writeCheckpoint(
      trial,
      async directory => {
        await saving('1')(directory)
        seen.push(visible())
      },
      makeManifest(1),
    )
    expect([seen, visible()]).toEqual([[[]], ['checkpoint_000001']])
  })

  it('stays as it is when an earlier start of its trial has made it, while others may be reading it', async () => {
    await writeCheckpoint(trial, saving('1'), makeManifest(1))
    const again = () => {
      throw new Error('nobody asks for the state')
    }
    expect(await writeCheckpoint(trial, again, makeManifest(1))).toEqual({
      name: 'checkpoint_000001',
      iteration: 1,
      bytes: 1,
    })
    expect(content('checkpoint_000001')).toBe('1')
  })

  it.each<[string, (path: string) => void]>([
    ['has lost a file', path => rmSync(join(path, 'weights'))],
    ['has a file that was cut', path => writeFileSync(join(path, 'weights'), '1')],
    ['has a file with a flipped bit', path => writeFileSync(join(path, 'weights'), 'weightr')],
    ['has lost what the engine wrote', path => rmSync(join(path, '.tunewright.json'))],
    ['is of another iteration', path => writeFileSync(join(path, '.tunewright.json'), encodeManifest(9))],
  ])('takes the place of one that %s', async (_, damage) => {
    const path = join(trial, 'checkpoint_000001')
    await writeCheckpoint(trial, saving('weights'), makeManifest(1))
    damage(path)
    await writeCheckpoint(trial, saving('new weights'), makeManifest(1))
    expect(content('checkpoint_000001')).toBe('new weights')
    expect(await readManifest(path)).toEqual(makeManifest(1))
  })

  it('leaves nothing of one that failed', async () => {
    const broken = (directory: string) => {
      writeFileSync(join(directory, 'left-over'), 'x')
      throw new Error('disk full')
    }
    await expect(writeCheckpoint(trial, broken, makeManifest(1))).rejects.toThrow(failed('disk full'))
    expect(readdirSync(trial)).toEqual([])
    await writeCheckpoint(trial, saving('new'), makeManifest(1))
    expect(readdirSync(join(trial, 'checkpoint_000001')).sort()).toEqual(['.tunewright.json', 'weights'])
  })

  it('may hold a file of the engine’s own name, which is not kept', async () => {
    await writeCheckpoint(
      trial,
      directory => writeFileSync(join(directory, '.tunewright.json'), 'mine'),
      makeManifest(1),
    )
    expect(await readManifest(join(trial, 'checkpoint_000001'))).toEqual(makeManifest(1))
  })

  it.each<[string, (path: string) => void, string]>([
    ['that is missing', path => rmSync(path, { recursive: true }), 'ENOENT'],
    ['that has lost a file', path => rmSync(join(path, 'model', 'layer')), 'ENOENT'],
    [
      'one of whose files is shorter',
      path => writeFileSync(join(path, 'model', 'layer'), 'abc'),
      'has 3 bytes, and had 4',
    ],
    [
      'one of whose files has other bytes',
      path => writeFileSync(join(path, 'model', 'layer'), 'abce'),
      'layer is not what it was',
    ],
    [
      'whose list of files has other bytes',
      path => {
        const file = join(path, '.tunewright.json')
        writeFileSync(file, readFileSync(file, 'utf8').replace('"iteration":1', '"iteration":2'))
      },
      '.tunewright.json is damaged: its checksum is not',
    ],
  ])('%s is not read', async (_, damage, message) => {
    const path = join(trial, 'checkpoint_000001')
    const save = async (directory: string) => {
      await mkdir(join(directory, 'model'))
      await writeFile(join(directory, 'model', 'layer'), 'abcd')
    }
    await writeCheckpoint(trial, save, makeManifest(1))
    await readManifest(path)
    damage(path)
    await expect(readManifest(path)).rejects.toThrow(failed(message))
  })

  it('says so when the folder cannot be written', async () => {
    writeFileSync(join(folder, 'study'), 'a file where a folder should be')
    await expect(writeCheckpoint(trial, saving('1'), makeManifest(1))).rejects.toThrow(failed('could not be written'))
  })

  it.each([
    ['no manifest', undefined],
    ['an empty manifest', ''],
    ['half a manifest', '{"format":1,"iter'],
    ['the manifest of something else', seal('{"format":1}')],
    ['the manifest of a later version', seal('{"format":2,"iteration":1,"reports":[],"files":[]}')],
    ['a manifest that is no object', 'null'],
    ['a manifest without a checksum', '{"format":1,"iteration":1,"reports":[],"files":[]}'],
    ['reports that are none', seal('{"format":1,"iteration":1,"reports":[1],"files":[]}')],
    ['files that are none', seal('{"format":1,"iteration":1,"reports":[],"files":{"a":1}}')],
    ['files elsewhere', seal('{"format":1,"iteration":1,"reports":[],"files":[["../../journal.jsonl",1,"00"]]}')],
  ])('with %s cannot be read', async (_, text) => {
    mkdirSync(trial, { recursive: true })
    if (text !== undefined) writeFileSync(join(trial, '.tunewright.json'), text)
    await expect(readManifest(trial)).rejects.toThrow(failed(`the checkpoint ${trial} can't be read`))
  })

  it('sorts by name as by iteration', () => {
    expect([0, 9, 10, 999_999].map(checkpointName)).toEqual([
      'checkpoint_000000',
      'checkpoint_000009',
      'checkpoint_000010',
      'checkpoint_999999',
    ])
  })

  it('is swept away with the drafts when nobody keeps it, and nothing else is', async () => {
    for (const iteration of [1, 2, 3]) await writeCheckpoint(trial, saving('x'), makeManifest(iteration))
    for (const name of ['.checkpoint_000004.draft', 'checkpoint_best', 'my_checkpoint_000001'])
      mkdirSync(join(trial, name))
    writeFileSync(join(trial, 'result.json'), '')
    sweepCheckpoints(trial, ['checkpoint_000002'])
    expect(readdirSync(trial).sort()).toEqual([
      'checkpoint_000002',
      'checkpoint_best',
      'my_checkpoint_000001',
      'result.json',
    ])
    sweepCheckpoints(join(folder, 'no such trial'), [])
  })
})
