import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Clock } from '../../src/clock.js'
import { LOCK_FILE, StudyLock } from '../../src/tuner/study-lock.js'

const now = 1_700_000_000_000
const clock: Clock = { now: () => now, monotonic: () => 0 }

describe('the lock of a study', () => {
  let folder: string
  const path = () => join(folder, LOCK_FILE)
  const locked = (who: string) =>
    expect.objectContaining({ code: 'STUDY_LOCKED', message: expect.stringContaining(who) })

  /** Leaves the lock of another process, last seen so many seconds ago. */
  function leave(owner: unknown, age = 0): void {
    writeFileSync(path(), typeof owner === 'string' ? owner : JSON.stringify(owner))
    utimesSync(path(), now / 1000 - age, now / 1000 - age)
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lock-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('is one process’s, and free again when that lets go', () => {
    const lock = StudyLock.acquire(folder)
    expect(() => StudyLock.acquire(folder)).toThrow(locked(`process ${process.pid} on ${hostname()}`))
    lock.release()
    expect(readdirSync(folder)).toEqual([])
    StudyLock.acquire(folder).release()
  })

  it('is not taken from a process that runs, and taken at once from one that was killed', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    await once(child, 'spawn')
    leave({ pid: child.pid, host: hostname(), started: startOf(child.pid), token: 'theirs' }, 3600)
    expect(() => StudyLock.acquire(folder, clock)).toThrow(locked(`process ${child.pid}`))
    child.kill('SIGKILL')
    await once(child, 'exit')
    const lock = StudyLock.acquire(folder, clock)
    expect(JSON.parse(readFileSync(path(), 'utf8'))).toMatchObject({ pid: process.pid })
    lock.release()
  })

  it.skipIf(process.platform !== 'linux')(
    'is not held by another process that has got the number of one that is gone',
    () => {
      leave({ pid: process.pid, host: hostname(), started: 'another boot/1', token: 'theirs' })
      StudyLock.acquire(folder, clock).release()
    },
  )

  it('is taken from another machine once that has been silent for a minute', () => {
    const owner = { pid: 1, host: `not-${hostname()}`, started: '', token: 'theirs' }
    leave(owner, 50)
    expect(() => StudyLock.acquire(folder, clock)).toThrow(locked('process 1 on not-'))
    leave(owner, 70)
    StudyLock.acquire(folder, clock).release()
  })

  it.each(['', '{', 'null', '{"pid":-1}', '{"pid":"1"}', '[]'])(
    'is not trusted, nor taken too early, when it says %j',
    text => {
      leave(text, 50)
      expect(() => StudyLock.acquire(folder, clock)).toThrow(locked('another process'))
      leave(text, 70)
      StudyLock.acquire(folder, clock).release()
    },
  )

  it('leaves a lock alone that is somebody else’s by now', () => {
    const lock = StudyLock.acquire(folder)
    leave({ pid: 1, host: 'elsewhere', started: '', token: 'theirs' })
    lock.release()
    expect(JSON.parse(readFileSync(path(), 'utf8'))).toMatchObject({ token: 'theirs' })
  })

  it('sweeps what killed processes left when they asked', () => {
    const draft = join(folder, `${LOCK_FILE}.draft`)
    writeFileSync(draft, '')
    utimesSync(draft, 1, 1)
    // no process has such a number
    const gone = 2 ** 30
    writeFileSync(join(folder, `${LOCK_FILE}.${gone}.never-written`), '')
    const owner = { pid: gone, host: hostname(), started: '', token: 'theirs' }
    writeFileSync(join(folder, `${LOCK_FILE}.${gone}.theirs.old`), JSON.stringify(owner))
    writeFileSync(join(folder, `${LOCK_FILE}.${process.pid}.asking`), '')
    const lock = StudyLock.acquire(folder)
    expect(readdirSync(folder).sort()).toEqual([LOCK_FILE, `${LOCK_FILE}.${process.pid}.asking`])
    lock.release()
  })
})

function startOf(pid: number | undefined): string {
  if (process.platform !== 'linux') return ''
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
  return `${boot}/${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`
}
