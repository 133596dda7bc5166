import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import type { StudyEvent } from '../../src/study/events.js'
import { call, demo, writeStudy } from './support.js'

const storage = mkdtempSync(join(tmpdir(), 'tunewright-odd-'))
afterAll(() => rmSync(storage, { recursive: true, force: true }))

const whole = writeStudy(storage, 'whole', demo)

const oddities = [
  Number.NaN,
  Number.NEGATIVE_INFINITY,
  -0,
  -1,
  1e308,
  2 ** 53,
  '',
  '\u001b[2J',
  '__proto__',
  'é\n',
  null,
  true,
  [],
  [[]],
  {},
]
const odd = fc.oneof(
  fc.constantFrom<unknown>(...oddities),
  fc.constant(JSON.parse('{"__proto__":{"x":1},"domain":[],"object":{"a":{"values":3}}}')),
)

type Mutation = readonly [event: number, path: readonly number[], value: unknown]

/** Replaces a value somewhere inside an event, found by numbers that each choose a key. */
function mutate(events: readonly StudyEvent[], [index, path, value]: Mutation): StudyEvent[] {
  const copies = structuredClone(events) as StudyEvent[]
  const at = index % copies.length
  let place: unknown = copies[at]
  for (const [depth, choice] of path.entries()) {
    if (typeof place !== 'object' || place === null) break
    const keys = Object.keys(place)
    const key = keys[choice % keys.length]
    if (key === undefined) break
    const inner: unknown = Reflect.get(place, key)
    if (depth === path.length - 1 || typeof inner !== 'object' || inner === null) {
      Object.defineProperty(place, key, { value, enumerable: true, configurable: true, writable: true })
      break
    }
    place = inner
  }
  return copies
}

const commands = (path: string): readonly string[][] => [
  ['verify', path],
  ['show', path],
  ['show', path, '--json'],
  ['show', path, '--events'],
  ['trials', path],
  ['trials', path, '--csv', '--sort', 'loss', '--where', 'best!=3'],
  ['best', path, '--json'],
  ['export', path, '--csv', '-'],
  ['export', path, '--json', '-'],
  ['export', path, '--parquet', join(storage, 'reports.parquet'), '--force'],
  ['ls', path, '--json'],
  ['compare', path, whole],
  ['compare', path, whole, '--json'],
  ['resume', path],
]

describe('a journal that holds what no study writes', () => {
  it('gets an answer or an error that says what is wrong, from every command', { timeout: 60_000 }, async () => {
    const mutation = fc.tuple(fc.nat(20), fc.array(fc.nat(20), { minLength: 1, maxLength: 5 }), odd)
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async mutations => {
        const path = writeStudy(storage, 'study', mutations.reduce(mutate, demo as StudyEvent[]))
        for (const args of commands(path)) {
          const { code, stdout, stderr } = await call(args)
          expect([0, 1]).toContain(code)
          expect(stderr).not.toContain('unexpected error')
          expect((stdout + stderr).match(/[^\n\r\P{Cc}]/gu), args.join(' ')).toBeNull()
          if (code === 0 && args.includes('--json')) JSON.parse(stdout)
        }
      }),
      { numRuns: 60 },
    )
  })
})
