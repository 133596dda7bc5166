import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { StudyEvent } from '../../src/study/events.js'
import { StudyLock } from '../../src/tuner/study-lock.js'
import { call, demo, writeStudy } from './support.js'

const storage = mkdtempSync(join(tmpdir(), 'tunewright-resume-'))
afterAll(() => rmSync(storage, { recursive: true, force: true }))
const open = demo.slice(0, 6)
const script = join(storage, 'study.js')
writeFileSync(script, '')

/** Calls it on a machine that only notes what is started. */
async function resume(...args: string[]) {
  const started: (readonly string[])[] = []
  const host = {
    run: async (command: string, given: readonly string[]) => {
      started.push([command, ...given])
      return 17
    },
    open: async () => true,
  }
  return { ...(await call(['resume', ...args], { host })), started }
}

describe('tunewright resume', () => {
  it('runs the program with the study’s folder, and hands its arguments and its exit code on', async () => {
    const path = writeStudy(storage, 'open', open)
    const { code, started, stdout, stderr } = await resume(path, '--script', script, '--', '--workers', '4')
    expect([code, stdout]).toEqual([17, ''])
    expect(started).toEqual([[process.execPath, script, '--resume', relative('', path), '--workers', '4']])
    expect(stderr).toBe('demo was left after 4s: 3 trials, 0 of them ended; it was made for 4 samples.\n')
  })

  it('takes, of a folder of studies, the one that was left last', async () => {
    const folder = join(storage, 'several')
    writeStudy(folder, 'early', demo.slice(0, 4))
    const late = writeStudy(folder, 'late', open)
    writeStudy(folder, 'whole', demo)
    mkdirSync(join(folder, 'broken'))
    writeFileSync(join(folder, 'broken', 'journal.jsonl'), 'no journal\nat all\n')
    const { started } = await resume(folder, '--script', script)
    expect(started.map(args => args.at(-1))).toEqual([relative('', late)])
  })

  it('says what can be done by hand without a program', async () => {
    const path = writeStudy(storage, 'hand', open)
    const { code, stdout, started } = await resume(path)
    expect([code, started]).toEqual([0, []])
    expect(stdout).toContain(`  npx tunewright resume ${relative('', path)} --script study.ts\n`)
    expect(stdout).toContain(`Tuner.restore(${JSON.stringify(relative('', path))}, trainable, {`)
  })

  const ends: [what: string, events: readonly StudyEvent[], message: string][] = [
    ['is finished', demo, 'is finished: nothing is left to do'],
    [
      'was halted',
      [...open, { event: 'halt', reason: 'time \u001b[31mis up', by: 'time-budget', trials: [0, 1, 2] }],
      'was halted: time is up. To have it go further',
    ],
  ]

  it.each(ends)('goes on with no study that %s', async (what, events, message) => {
    const path = writeStudy(storage, what.replaceAll(' ', '-'), events)
    const { code, stderr, started } = await resume(path, '--script', script)
    expect([code, started]).toEqual([1, []])
    expect(stderr).toContain(message)
    const none = await resume(join(storage, 'none'), '--script', script)
    expect(none.stderr).toContain('there is no study at')
  })

  it('says how the studies stand where none was left unfinished', async () => {
    const folder = join(storage, 'done')
    writeStudy(folder, 'a', demo)
    writeStudy(folder, 'b', demo)
    expect((await resume(folder, '--script', script)).stderr).toBe(
      `tunewright: no study in ${folder} was left unfinished: 2 finished\n`,
    )
  })

  it('starts nothing while another process has the study', async () => {
    const path = writeStudy(storage, 'locked', open)
    const lock = StudyLock.acquire(path)
    const { code, stderr, started } = await resume(path, '--script', script)
    lock.release()
    expect([code, started]).toEqual([1, []])
    expect(stderr).toContain(`process ${process.pid} on `)
    // a lock that is only asked for is not kept
    expect((await resume(path, '--script', script)).code).toBe(17)
    expect((await resume(path, '--script', script)).code).toBe(17)
  })

  it('starts nothing where the journal is damaged, or the program is not there', async () => {
    const path = writeStudy(storage, 'damaged', [...open, ...open])
    expect((await resume(path, '--script', script)).stderr).toContain('is damaged')
    const whole = writeStudy(storage, 'fine', open)
    expect((await resume(whole, '--script', join(storage, 'gone.js'))).stderr).toContain('there is no script')
  })

  it('runs TypeScript through tsx where the program’s folder has it', async () => {
    const path = writeStudy(storage, 'typed', open)
    const typed = join(import.meta.dirname, 'support.ts')
    const { started } = await resume(path, '--script', typed)
    expect(started[0]?.[1]).toBe('--import')
    expect(started[0]?.[2]).toMatch(/^file:.*node_modules\/tsx\//)
    expect(started[0]?.[3]).toBe(typed)
  })
})
