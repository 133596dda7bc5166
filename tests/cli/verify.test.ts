import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { StudyEvent } from '../../src/study/events.js'
import { call, demo, header, reportEvent, trialEvent, writeStudy } from './support.js'

const storage = mkdtempSync(join(tmpdir(), 'tunewright-verify-'))
afterAll(() => rmSync(storage, { recursive: true, force: true }))

describe('tunewright verify', () => {
  it('calls a sound journal sound, and counts what it holds', async () => {
    const path = writeStudy(storage, 'sound', demo)
    const { code, stdout } = await call(['verify', path])
    expect(code).toBe(0)
    expect(stdout.split('\n')).toEqual([
      `sound    ${path}/journal.jsonl`,
      '  15 lines · 4 trials (3 terminated, 1 error) · 5 reports · finished',
      '  1 checkpoint not there: the trials go on from earlier ones, or their beginning',
      `    ${path}/trial_00000/checkpoint_000001`,
      '',
    ])
  })

  it('tells of a torn last line, which is no damage', async () => {
    const path = writeStudy(storage, 'torn', demo.slice(0, 5))
    appendFileSync(join(path, 'journal.jsonl'), '{"n":5,"at":17')
    const { code, stdout } = await call(['verify', path])
    expect(code).toBe(0)
    expect(stdout).toContain('its last line is torn (14 bytes)')
    expect(stdout).toContain('not finished')
  })

  it('names the line that is damaged and what to do', async () => {
    const path = writeStudy(storage, 'damaged', demo)
    const file = join(path, 'journal.jsonl')
    writeFileSync(file, readFileSync(file, 'utf8').replace('"lr":0.3', '"lr":0.4'))
    const { code, stdout } = await call(['verify', path])
    expect(code).toBe(1)
    expect(stdout).toContain(`damaged  ${path}`)
    expect(stdout).toMatch(
      /line 5 of .*journal\.jsonl is damaged: its checksum is not [0-9a-f]{8}\. Restore the file from a copy/,
    )
  })

  const out: [what: string, events: readonly StudyEvent[], line: number, why: string][] = [
    ['begins with no header', [{ event: 'session' }], 1, 'it is no header, which a journal begins with'],
    ['has two headers', [header(), header()], 2, 'it is a second header'],
    ['skips a trial', [header(), trialEvent(1, {})], 2, 'it makes trial 1 after 0 others'],
    [
      'has a report of nobody',
      [header(), reportEvent(0, 1, {})],
      2,
      'it has a report of trial 0, and there are 0 trials',
    ],
    [
      'misses a report',
      [header(), trialEvent(0, {}), reportEvent(0, 2, {})],
      3,
      'it has report 2 of trial 0, which has made 0',
    ],
    [
      'halts a trial that has ended',
      [header(), trialEvent(0, {}), { event: 'end', trial: 0 }, { event: 'halt', reason: 'r', by: 'b', trials: [0] }],
      4,
      'it names trial 0, which is terminated',
    ],
    [
      'extends a study by a trial that there is none of',
      [header(), { event: 'extend', changes: {}, reopened: [3] }],
      2,
      'it names trial 3, and there are 0 trials',
    ],
    [
      'takes over from a trial that there is none of',
      [
        header(),
        trialEvent(0, {}),
        reportEvent(
          0,
          1,
          {},
          {
            decision: {
              type: 'exploit',
              reason: 'r',
              by: 'fifo',
              exploit: { donor: 7, source: 0, checkpoint: { name: 'c', iteration: 1 }, config: {} },
            },
          },
        ),
      ],
      3,
      'it names trial 7, and there are 1 trials',
    ],
  ]

  it.each(out)('finds a journal out that %s, though each of its lines is whole', async (what, events, line, why) => {
    const path = writeStudy(storage, what.replaceAll(' ', '-'), events)
    const { code, stdout } = await call(['verify', path, '--json'])
    expect(code).toBe(1)
    const [verdict] = JSON.parse(stdout)
    expect(verdict).toMatchObject({ isSound: false, code: 'JOURNAL_DAMAGED' })
    expect(verdict.message).toContain(`line ${line} of `)
    expect(verdict.message).toContain(why)
  })

  it('checks all studies of a folder, and fails if one is not sound', async () => {
    const folder = join(storage, 'several')
    writeStudy(folder, 'a', demo)
    writeStudy(folder, 'b', [header(), header()])
    const { code, stdout } = await call(['verify', folder])
    expect(code).toBe(1)
    expect(stdout.split('\n').filter(line => /^\w/.test(line))).toEqual([
      `sound    ${folder}/a/journal.jsonl`,
      `damaged  ${folder}/b/journal.jsonl`,
    ])
  })

  it('says that there is no study where there is none', async () => {
    const { code, stdout } = await call(['verify', join(storage, 'nowhere')])
    expect(code).toBe(1)
    expect(stdout).toContain('there is no study at ')
  })
})
