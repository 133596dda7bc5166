import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seal } from '../../src/checksum.js'
import { type ResultGrid, report, type TrialContext, TuneError, Tuner, uniform } from '../../src/index.js'
import { Rng } from '../../src/rng.js'
import { readJournal } from '../../src/study/file-journal.js'
import { encodeLine } from '../../src/study/journal-line.js'
import { readManifest } from '../../src/trainable/checkpoint.js'
import { fuzzFactor, nest, spoil } from '../support/junk.js'

const storagePath = mkdtempSync(join(tmpdir(), 'tunewright-fuzz-files-'))
afterAll(() => rmSync(storagePath, { recursive: true, force: true }))

/** A study that was cut off, copied for each case; beside the copy nothing may change. */
const cut = join(storagePath, 'cut')
const path = join(storagePath, 'case')
const outside = join(storagePath, 'outside')

async function* walk({ x }: { x: number }, { checkpoint, rng }: TrialContext) {
  let at = checkpoint ? Number(readFileSync(join(checkpoint.directory, 'at'), 'utf8')) : 0
  while (at < 6) {
    at += 1
    const saved = String(at)
    const loss = x + rng.fork('step', at).uniform() / at
    yield report({ loss, at }, { checkpoint: directory => writeFileSync(join(directory, 'at'), saved) })
  }
}

const options = (name: string) => ({
  paramSpace: { x: uniform(0, 1) },
  tuneConfig: { metric: 'loss', mode: 'min', numSamples: 2, seed: 5, maxConcurrentTrials: 2 } as const,
  runConfig: {
    storagePath,
    name,
    verbose: 0,
    checkpointConfig: { checkpointFrequency: 2 },
  } as const,
})

const outcomeOf = (grid: ResultGrid<{ x: number }>) =>
  [...grid].map(({ config, status, metricsHistory }) => ({ config, status, losses: metricsHistory.map(m => m.loss) }))

let expected: ReturnType<typeof outcomeOf>
/** The manifest of the checkpoint that trial 0 goes on from. */
const target = join('trial_00000', 'checkpoint_000004', '.tunewright.json')
let manifest: string

beforeAll(async () => {
  expected = outcomeOf(await new Tuner(walk, options('cut')).fit())
  const lines = readFileSync(join(cut, 'journal.jsonl'), 'utf8').split('\n')
  // the last of trial 0's reports before its checkpoint is not committed: it is taken from the manifest
  const end = lines.findIndex(line => line.includes('"event":"report"') && line.includes('"iteration":4'))
  const checkpoint = { name: 'checkpoint_000004', iteration: 4 }
  const saved = encodeLine({ n: end, at: Date.UTC(2026, 0, 1), event: { event: 'checkpoint', trial: 0, checkpoint } })
  writeFileSync(join(cut, 'journal.jsonl'), `${lines.slice(0, end).join('\n')}\n${saved}`)
  manifest = readFileSync(join(cut, target), 'utf8')
  mkdirSync(outside)
  writeFileSync(join(outside, 'mine'), 'mine')
})

/** All that lies beside the study, its contents included. */
function surroundings(): unknown {
  const files = readdirSync(storagePath, { recursive: true }).map(String)
  return files
    .filter(file => file.split('/')[0] !== 'case')
    .sort()
    .map(file => [file, lstatSync(join(storagePath, file)).isFile() && readFileSync(join(storagePath, file), 'utf8')])
}

/** What somebody might put in a file's place. */
function place(file: string, content: string | Buffer, rng: Rng): void {
  rmSync(file, { recursive: true, force: true })
  const kind = rng.integer(0, 20)
  if (kind === 0) symlinkSync(rng.uniform() < 0.5 ? '/dev/zero' : join(outside, 'mine'), file)
  else if (kind === 1) mkdirSync(file)
  else if (kind > 2) writeFileSync(file, content)
}

function spoilBytes(content: string, rng: Rng): Buffer {
  const bytes = Buffer.from(content)
  if (rng.uniform() < 0.3) return bytes.subarray(0, rng.integer(0, bytes.length))
  for (let i = rng.integer(1, 4); i > 0; i--) bytes[rng.integer(0, bytes.length)] = rng.integer(0, 256)
  return bytes
}

function spoilJson(content: string, rng: Rng): string {
  if (rng.uniform() < 0.02) return nestedText(rng)
  const values = [
    null,
    -1,
    0,
    1e9,
    0.5,
    3,
    '',
    '../../../outside/mine',
    '/etc/passwd',
    '__proto__',
    [],
    {},
    true,
    1e300,
  ]
  const make = () => (rng.uniform() < 0.05 ? nest(2000, false) : values[rng.integer(0, values.length)])
  const spoilt = spoil(JSON.parse(content), rng, make)
  return JSON.stringify(rng.uniform() < 0.3 ? spoil(spoilt, rng, make) : spoilt) ?? ''
}

/** JSON that is nested deeper than any stack. */
const nestedText = (rng: Rng) => (rng.uniform() < 0.5 ? '['.repeat(1e5) : `${'{"~":'.repeat(1e5)}1${'}'.repeat(1e5)}`)

function forgeManifest(rng: Rng): string | Buffer {
  if (rng.uniform() < 0.3) return spoilBytes(manifest, rng)
  const { crc: _, ...content } = JSON.parse(manifest)
  const spoilt = spoilJson(JSON.stringify(content), rng)
  // most are made by somebody who knows of checksums
  return rng.uniform() < 0.9 ? seal(spoilt) : spoilt
}

const restore = () => Tuner.restore(path, walk, options('case')).fit()

/** Whatever is no `TuneError` is a fault. */
async function codeOf(action: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await action()
    return undefined
  } catch (error) {
    if (error instanceof TuneError) return error.code
    throw error
  }
}

describe.skipIf(process.platform === 'win32')('a study’s folder that was tampered with', () => {
  it(
    'has checkpoints that are read, or refused with a TuneError',
    async () => {
      const rng = Rng.from(1).fork('manifests')
      const directory = join(path, 'checkpoint')
      mkdirSync(directory, { recursive: true })
      writeFileSync(join(directory, 'at'), '4')
      const before = surroundings()
      let refused = 0
      for (let run = 0; run < 200 * fuzzFactor; run++) {
        place(join(directory, '.tunewright.json'), forgeManifest(rng), rng)
        const code = await codeOf(() => readManifest(directory))
        expect(code ?? 'CHECKPOINT_FAILED').toBe('CHECKPOINT_FAILED')
        if (code) refused += 1
      }
      expect(refused).toBeGreaterThan(100 * fuzzFactor)
      expect(surroundings()).toEqual(before)
      rmSync(path, { recursive: true })
    },
    60_000 * fuzzFactor,
  )

  it(
    'ends or is refused with a TuneError, whatever a checkpoint says, and its journal stays whole',
    async () => {
      const rng = Rng.from(2).fork('restores')
      const before = surroundings()
      for (let run = 0; run < 5 * fuzzFactor; run++) {
        cpSync(cut, path, { recursive: true })
        place(join(path, target), forgeManifest(rng), rng)
        await codeOf(restore)
        for (const entry of readJournal(join(path, 'journal.jsonl'))) expect(entry.n).toBeTypeOf('number')
        rmSync(path, { recursive: true })
      }
      expect(surroundings()).toEqual(before)
    },
    60_000 * fuzzFactor,
  )

  it(
    'ends the same, whatever the files say that are written for people and other tools',
    async () => {
      const rng = Rng.from(3).fork('views')
      const before = surroundings()
      for (let run = 0; run < 4 * fuzzFactor; run++) {
        cpSync(cut, path, { recursive: true })
        for (const name of ['params.json', 'result.json', 'progress.csv']) {
          const file = join(path, `trial_0000${rng.integer(0, 2)}`, name)
          place(file, spoilBytes(readFileSync(file, 'utf8'), rng), rng)
        }
        expect(outcomeOf(await restore())).toEqual(expected)
        rmSync(path, { recursive: true })
      }
      expect(surroundings()).toEqual(before)
    },
    60_000 * fuzzFactor,
  )
})
