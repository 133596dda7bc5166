import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Clock } from '../../src/clock.js'
import type { JsonObject } from '../../src/json.js'
import type { JournalEntry, StudyEvent } from '../../src/study/events.js'
import { FileJournal, type JournalTail, readJournal } from '../../src/study/file-journal.js'
import { MemoryJournal } from '../../src/study/journal.js'
import { decodeLine, encodeLine } from '../../src/study/journal-line.js'
import { makeDefinition } from './definitions.js'

/** A clock that is a second later at each look. */
function tickingClock(): Clock {
  let now = 1_700_000_000_000
  return { now: () => (now += 1000), monotonic: () => now }
}

const header: StudyEvent = { event: 'study', format: 1, definition: makeDefinition() }

function reportEvent(trial: number, iteration: number, metrics: JsonObject): StudyEvent {
  const timing = { timestampMs: 1, timeThisIterS: 0.5, timeTotalS: 0.1 + 0.2 }
  return { event: 'report', trial, iteration, metrics, timing, clock: iteration }
}

const events: readonly StudyEvent[] = [
  header,
  { event: 'session' },
  { event: 'trial', trial: 0, id: 'a_0', name: 'a', directory: 'trial_0', config: { lr: 1e-3 }, clock: 0 },
  reportEvent(0, 1, { loss: Number.NaN, '~': 'x', note: 'schön 学\n', zero: -0 }),
  { event: 'end', trial: 0, decision: { type: 'stop', reason: 'enough', by: 'asha' } },
]

/** Reads a journal to its end. */
function read(path: string): { entries: JournalEntry[]; tail: JournalTail } {
  const entries: JournalEntry[] = []
  const reader = readJournal(path)
  for (;;) {
    const next = reader.next()
    if (next.done) return { entries, tail: next.value }
    entries.push(next.value)
  }
}

const damaged = (line: number) =>
  expect.objectContaining({
    name: 'TuneError',
    code: 'JOURNAL_DAMAGED',
    message: expect.stringContaining(`line ${line} of `),
  })

describe('a line of the journal', () => {
  const metrics = fc.dictionary(
    fc.string({ unit: 'binary' }),
    fc.oneof(fc.double(), fc.string({ unit: 'binary' }), fc.constantFrom(Number.NaN, -0)),
    { noNullPrototype: true },
  )

  it('reads back as the entry that was written', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), metrics, (n, at, metrics) => {
        const entry: JournalEntry = { n, at, event: reportEvent(3, 2, metrics) }
        const line = encodeLine(entry)
        expect(line.indexOf('\n')).toBe(line.length - 1)
        expect(decodeLine(Buffer.from(line.slice(0, -1)))).toStrictEqual(entry)
      }),
    )
  })

  it('is JSON that other programs read, its own checksum last', () => {
    const line = encodeLine({ n: 4, at: 1000, event: { event: 'resume', trial: 2, clock: 3 } })
    const body = '{"n":4,"at":1000,"event":"resume","trial":2,"clock":3'
    const crc = crc32(body).toString(16).padStart(8, '0')
    expect(line).toBe(`${body},"crc":"${crc}"}\n`)
    expect(JSON.parse(line)).toEqual({ n: 4, at: 1000, event: 'resume', trial: 2, clock: 3, crc })
  })

  it('is known for bad when it is cut anywhere or one bit of it is turned', () => {
    const line = Buffer.from(encodeLine({ n: 3, at: 1, event: events[3] ?? header }).slice(0, -1))
    const accepted: string[] = []
    for (let length = 0; length < line.length; length++) {
      if (typeof decodeLine(line.subarray(0, length)) !== 'string') accepted.push(`cut to ${length}`)
      for (let bit = 0; bit < 8; bit++) {
        const turned = Buffer.from(line)
        turned[length] = (turned[length] ?? 0) ^ (1 << bit)
        if (typeof decodeLine(turned) !== 'string') accepted.push(`bit ${bit} of byte ${length}`)
      }
    }
    expect(accepted).toEqual([])
  })

  it.each([
    ['{"n":"0","at":1,"event":"x"}', 'it is no entry'],
    ['{"n":0,"event":"x"}', 'it is no entry'],
    ['{"n":0,"at":1,"event":{}}', 'it is no entry'],
    ['{"n":0,"at":1 "event":"x"}', 'it is no JSON'],
  ])('is not believed for its checksum alone: %s', (json, fault) => {
    const body = json.slice(0, -1)
    const crc = crc32(body).toString(16).padStart(8, '0')
    expect(decodeLine(Buffer.from(`${body},"crc":"${crc}"}`))).toBe(fault)
  })
})

describe('a journal in a file', () => {
  let folder: string
  let path: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tunewright-journal-'))
    path = join(folder, 'journal.jsonl')
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  /** Writes a journal of those events; its lines with their newlines. */
  async function write(all: readonly StudyEvent[] = events): Promise<string[]> {
    const journal = FileJournal.create(path, tickingClock())
    for (const event of all) journal.append(event)
    await journal.close()
    return readFileSync(path, 'utf8').split(/(?<=\n)/)
  }

  it('gives back every event with its number and its time', async () => {
    const lines = await write()
    const { entries, tail } = read(path)
    expect(entries).toStrictEqual(events.map((event, n) => ({ n, at: 1_700_000_001_000 + 1000 * n, event })))
    expect(tail).toEqual({ bytes: Buffer.byteLength(lines.join('')), entries: events.length, tornBytes: 0 })
  })

  it('shows what was flushed, and what was not only afterwards', async () => {
    const journal = FileJournal.create(path, tickingClock())
    journal.append(header)
    expect([...journal.entries()]).toEqual([])
    await journal.flush()
    journal.append({ event: 'session' })
    expect([...journal.entries()].map(({ event }) => event.event)).toEqual(['study'])
    await Promise.all([journal.flush(), journal.flush()])
    expect([...journal.entries()].map(({ event }) => event.event)).toEqual(['study', 'session'])
    journal.append({ event: 'finish' })
    await journal.close()
    await journal.close()
    expect(read(path).entries.map(({ n, event }) => [n, event.event])).toEqual([
      [0, 'study'],
      [1, 'session'],
      [2, 'finish'],
    ])
  })

  it('can pass over the lines of trials that nobody asks for', async () => {
    await write()
    const { entries } = read(path)
    const trialOf = ({ event }: JournalEntry) => ('trial' in event ? event.trial : undefined)
    expect(new Set(entries.map(trialOf)).size).toBeGreaterThan(1)
    for (const wanted of [0, 99]) {
      expect([...readJournal(path, trial => trial === wanted)]).toStrictEqual(
        entries.filter(entry => [undefined, wanted].includes(trialOf(entry))),
      )
    }
  })

  it('may be left half read, and read again', async () => {
    await write()
    for (let i = 0; i < 50; i++) expect(readJournal(path).next().value).toMatchObject({ n: 0 })
    expect(read(path).entries).toHaveLength(events.length)
  })

  it('of no bytes holds nothing', () => {
    writeFileSync(path, '')
    expect(read(path)).toEqual({ entries: [], tail: { bytes: 0, entries: 0, tornBytes: 0 } })
  })

  it('loses its last line alone when that was cut anywhere, and says how much was', async () => {
    const lines = await write()
    const whole = Buffer.from(lines.slice(0, -1).join(''))
    const last = Buffer.from(lines.at(-1) ?? '')
    const found: unknown[] = []
    for (let length = 0; length < last.length; length++) {
      writeFileSync(path, Buffer.concat([whole, last.subarray(0, length)]))
      const { entries, tail } = read(path)
      if (entries.length !== lines.length - 1 || tail.tornBytes !== length || tail.bytes !== whole.length)
        found.push({ length, entries: entries.length, tail })
    }
    expect(found).toEqual([])
  })

  it('loses a last line of which the disk kept the length and not the bytes', async () => {
    const lines = await write()
    const whole = Buffer.from(lines.slice(0, -1).join(''))
    writeFileSync(path, Buffer.concat([whole, Buffer.alloc(300)]))
    expect(read(path).tail).toEqual({ bytes: whole.length, entries: lines.length - 1, tornBytes: 300 })
  })

  it('goes on behind its last whole line with the next number, whatever was torn', async () => {
    const lines = await write()
    const last = Buffer.from(lines.at(-1) ?? '')
    for (const length of [0, 1, Math.floor(last.length / 2), last.length - 1]) {
      writeFileSync(path, Buffer.concat([Buffer.from(lines.slice(0, -1).join('')), last.subarray(0, length)]))
      const journal = FileJournal.append(path, tickingClock(), read(path).tail)
      journal.append({ event: 'session' })
      await journal.flush()
      journal.append({ event: 'finish' })
      await journal.close()
      const { entries, tail } = read(path)
      expect(entries.map(({ n, event }) => `${n} ${event.event}`)).toEqual([
        '0 study',
        '1 session',
        '2 trial',
        '3 report',
        '4 session',
        '5 finish',
      ])
      expect(tail.tornBytes).toBe(0)
    }
  })

  it('names the line when any one byte before the last line is another', async () => {
    const lines = await write([
      { event: 'session' },
      { event: 'resume', trial: 1, clock: 2 },
      { event: 'prune', trial: 0, checkpoints: ['学'] },
      { event: 'finish' },
    ])
    const bytes = readFileSync(path)
    const wrong: unknown[] = []
    let offset = 0
    for (const [number, line] of lines.slice(0, -1).entries()) {
      const length = Buffer.byteLength(line)
      for (let at = offset; at < offset + length; at++) {
        for (const value of [(bytes[at] ?? 0) ^ 1, 0x0a]) {
          if (value === bytes[at]) continue
          const other = Buffer.from(bytes)
          other[at] = value
          writeFileSync(path, other)
          try {
            read(path)
            wrong.push({ at, value, found: 'nothing' })
          } catch (error) {
            const { code, message } = error as { code: string; message: string }
            if (code !== 'JOURNAL_DAMAGED' || !message.startsWith(`line ${number + 1} of ${path} is damaged: `))
              wrong.push({ at, value, code, message })
          }
        }
      }
      offset += length
    }
    expect(wrong).toEqual([])
  })

  it('gives what stands before the damage', async () => {
    const lines = await write()
    writeFileSync(path, lines.with(2, 'nonsense\n').join(''))
    const seen: number[] = []
    expect(() => {
      for (const { n } of readJournal(path)) seen.push(n)
    }).toThrow(damaged(3))
    expect(seen).toEqual([0, 1])
  })

  it('finds a line that is there twice, missing, or out of its place by its number', async () => {
    const lines = await write()
    for (const k of lines.keys()) {
      writeFileSync(path, lines.toSpliced(k, 0, lines[k] ?? '').join(''))
      expect(() => read(path)).toThrow(damaged(k + 2))
      if (k === lines.length - 1) continue
      writeFileSync(path, lines.toSpliced(k, 1).join(''))
      expect(() => read(path)).toThrow(damaged(k + 1))
      writeFileSync(path, lines.toSpliced(k, 2, lines[k + 1] ?? '', lines[k] ?? '').join(''))
      expect(() => read(path)).toThrow(damaged(k + 1))
    }
  })

  it('says which number it found and which one belongs there', async () => {
    const lines = await write()
    writeFileSync(path, lines.toSpliced(1, 1).join(''))
    expect(() => read(path)).toThrow('it has the number 2, not 1. Restore the file from a copy')
  })

  it('of a later version is told apart from a damaged one', async () => {
    const later = { ...header, format: 2 } as unknown as StudyEvent
    writeFileSync(path, encodeLine({ n: 0, at: 1, event: later }))
    expect(() => read(path)).toThrow(
      expect.objectContaining({
        code: 'JOURNAL_NEWER',
        message: `${path} has journal format 2, and this version reads format 1: update tunewright`,
      }),
    )
  })

  it('is not written over', async () => {
    const lines = await write()
    expect(() => FileJournal.create(path, tickingClock())).toThrow(
      expect.objectContaining({ code: 'STUDY_EXISTS', message: expect.stringContaining(`Tuner.restore('${folder}'`) }),
    )
    expect(readFileSync(path, 'utf8')).toBe(lines.join(''))
  })

  it('that is not there is STUDY_NOT_FOUND', () => {
    const missing = expect.objectContaining({ code: 'STUDY_NOT_FOUND', message: expect.stringContaining(path) })
    expect(() => read(path)).toThrow(missing)
    const tail: JournalTail = { bytes: 0, entries: 0, tornBytes: 0 }
    expect(() => FileJournal.append(path, tickingClock(), tail)).toThrow(missing)
  })

  it('that cannot be written is STORAGE_UNAVAILABLE', () => {
    writeFileSync(join(folder, 'file'), '')
    expect(() => FileJournal.create(join(folder, 'file', 'journal.jsonl'), tickingClock())).toThrow(
      expect.objectContaining({ code: 'STORAGE_UNAVAILABLE' }),
    )
    mkdirSync(join(folder, 'folder'))
    const tail: JournalTail = { bytes: 0, entries: 0, tornBytes: 0 }
    expect(() => FileJournal.append(join(folder, 'folder'), tickingClock(), tail)).toThrow(
      expect.objectContaining({ code: 'STORAGE_UNAVAILABLE' }),
    )
  })

  // reads go in chunks of 1 MiB: characters of two to four bytes lie across every border in one of these
  it.each([0, 1, 2, 3])(
    'of several MiB is read whole, characters across chunk borders included (shifted by %i)',
    async shift => {
      const text = `${'-'.repeat(shift)}${'学🎲é'.repeat(7000)}`
      const all = [header, ...Array.from({ length: 50 }, (_, i) => reportEvent(0, i + 1, { text, i }))]
      await write(all)
      const { entries, tail } = read(path)
      expect(entries.map(({ event }) => event)).toEqual(all)
      expect(tail.tornBytes).toBe(0)
      expect(tail.bytes).toBeGreaterThan(3 * 2 ** 20)
    },
  )

  it('may have a line longer than a chunk, and a torn one', async () => {
    const long = reportEvent(0, 1, { text: '学'.repeat(900_000) })
    await write([header, long, { event: 'finish' }])
    const whole = read(path)
    expect(whole.entries.map(({ event }) => event)).toEqual([header, long, { event: 'finish' }])
    appendFileSync(path, encodeLine({ n: 3, at: 1, event: long }).slice(0, -2))
    const torn = read(path)
    expect(torn.entries).toEqual(whole.entries)
    expect(torn.tail).toMatchObject({ bytes: whole.tail.bytes, entries: 3 })
    expect(torn.tail.tornBytes).toBeGreaterThan(2 ** 21)
  })

  it('names the line of damage that lies behind many chunks', async () => {
    const all = [header, ...Array.from({ length: 30 }, (_, i) => reportEvent(0, i + 1, { text: 'x'.repeat(100_000) }))]
    const lines = await write(all)
    writeFileSync(path, lines.with(27, (lines[27] ?? '').replace('x', 'y')).join(''))
    expect(() => read(path)).toThrow(damaged(28))
  })
})

describe('a journal in memory', () => {
  it('numbers and times what it is given', async () => {
    const journal = new MemoryJournal(tickingClock())
    for (const event of events) journal.append(event)
    await journal.flush()
    await journal.close()
    expect([...journal.entries()]).toEqual(events.map((event, n) => ({ n, at: 1_700_000_001_000 + 1000 * n, event })))
  })
})
