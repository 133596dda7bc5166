import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ASHAScheduler } from '../../schedulers/index.js'
import { RandomSearcher } from '../../searchers/index.js'
import { seal } from '../../src/checksum.js'
import { TuneError } from '../../src/errors.js'
import { Rng } from '../../src/rng.js'
import { Space, uniform } from '../../src/space/index.js'
import type { JournalEntry } from '../../src/study/events.js'
import { readJournal } from '../../src/study/file-journal.js'
import { encodeLine } from '../../src/study/journal-line.js'
import { Study } from '../../src/study/study.js'
import { fuzzFactor } from '../support/junk.js'
import { makeDefinition } from './definitions.js'

const folder = mkdtempSync(join(tmpdir(), 'tunewright-fuzz-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const path = join(folder, 'journal.jsonl')

const definition = makeDefinition({ numSamples: 6, maxConcurrentTrials: 3 })
const makeStudy = (commit?: ConstructorParameters<typeof Study>[2]) =>
  new Study(
    definition,
    {
      space: Space.of({ x: uniform(0, 1) }),
      searcher: new RandomSearcher(),
      scheduler: new ASHAScheduler({ maxT: 9, gracePeriod: 1, reductionFactor: 3, variant: 'promotion' }),
      stoppers: [],
    },
    commit,
  )

/** The lines of a study with reports, pauses, a failure that is retried, checkpoints and ends. */
function record(): string[] {
  const lines: string[] = []
  const append = (event: JournalEntry['event']) => void lines.push(encodeLine({ n: lines.length, at: 1000, event }))
  append({ event: 'study', format: 1, definition })
  const study = makeStudy(append)
  study.openSession()
  for (let turn = 0; ; turn++) {
    const ask = study.ask()
    if (ask.type === 'finished') return lines
    if (ask.type === 'wait') throw new Error('nothing is left running')
    const { index } = ask.trial
    if (turn === 4) study.fail(index, new Error('once'))
    for (let step = 0; step < 9 && study.running.has(index); step++) {
      study.report(index, { loss: index + 1 / (step + 1) })
      const { iteration } = study.trials[index] ?? { iteration: 0 }
      study.addCheckpoint(index, { name: `checkpoint_${iteration}`, iteration })
    }
    if (study.running.has(index)) study.tell(index)
  }
}

/** A line whose entry was changed by somebody who knows of checksums. */
function forge(line: string, rng: Rng): string {
  const { crc: _, ...entry } = JSON.parse(line)
  const values = [null, -1, 0, 1e9, 0.5, '', '../../outside', '__proto__', [], {}, 'trial', true, Number.MAX_VALUE]
  let target: Record<string, unknown> = entry
  for (;;) {
    const keys = Object.keys(target)
    const key = keys[rng.integer(0, keys.length)] ?? 'event'
    const child = target[key]
    if (typeof child === 'object' && child !== null && Object.keys(child).length > 0 && rng.uniform() < 0.7) {
      target = child as Record<string, unknown>
      continue
    }
    if (rng.uniform() < 0.2) delete target[key]
    else target[key] = values[rng.integer(0, values.length)]
    return `${seal(JSON.stringify(entry))}\n`
  }
}

function mutate(lines: readonly string[], rng: Rng): Buffer {
  const mutated = [...lines]
  const at = rng.integer(0, lines.length)
  const other = rng.integer(0, lines.length)
  const line = lines[at] ?? ''
  switch (rng.integer(0, 7)) {
    case 0:
      mutated.splice(at, 1)
      break
    case 1:
      mutated.splice(at, 0, lines[other] ?? '')
      break
    case 2:
      mutated[at] = lines[other] ?? ''
      mutated[other] = line
      break
    case 3: {
      const bytes = Buffer.from(lines.join(''))
      bytes[rng.integer(0, bytes.length)] = rng.integer(0, 256)
      return bytes
    }
    case 4: {
      const text = lines.join('')
      return Buffer.from(text.slice(0, rng.integer(0, text.length)))
    }
    default:
      mutated[at] = forge(line, rng)
  }
  return Buffer.from(mutated.join(''))
}

/** Folds a journal as a restore does. */
function fold(): Study | undefined {
  let study: Study | undefined
  for (const entry of readJournal(path)) {
    if (entry.event.event === 'study') study = makeStudy()
    study?.replay(entry)
  }
  return study
}

describe('a journal that was tampered with', () => {
  it(
    'gives a study or a TuneError, and leads to no folder outside',
    () => {
      const lines = record()
      const rng = Rng.from(1)
      let refused = 0
      for (let run = 0; run < 1500 * fuzzFactor; run++) {
        writeFileSync(path, mutate(lines, rng))
        try {
          const study = fold()
          for (const { directory, checkpoints } of study?.trials ?? []) {
            for (const name of [directory, ...checkpoints.map(checkpoint => checkpoint.name)]) {
              expect(name).not.toMatch(/[/\\]|^\.\.?$/)
            }
          }
        } catch (error) {
          if (!(error instanceof TuneError)) throw error
          expect(error.code).toMatch(/^(JOURNAL_|STUDY_)/)
          refused += 1
        }
      }
      expect(refused).toBeGreaterThan(500 * fuzzFactor)
      expect(readdirSync(folder)).toEqual(['journal.jsonl'])
    },
    60_000 * fuzzFactor,
  )
})
