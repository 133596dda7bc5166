import { randomUUID } from 'node:crypto'
import { linkSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { type Clock, systemClock } from '../clock.js'
import { meansFull } from '../disk-full.js'
import { TuneError } from '../errors.js'

/** The lock's name in a study's folder. */
export const LOCK_FILE = 'journal.lock'

const beatMs = 10_000
/** How long the lock of a process that can't be asked may show no sign of life. */
const staleMs = 60_000

/** Who holds a study. */
interface Owner {
  readonly pid: number
  readonly host: string
  /** When the process started, as its system counts; a process of the same number that started later is another one. */
  readonly started: string
  readonly token: string
}

/**
 * Lets one process at a time write a study. The lock is a file that names its owner; one whose owner is gone is taken over at once on the
 * same machine, and elsewhere (a shared folder) once it has shown no sign of life for a minute.
 */
export class StudyLock {
  readonly #path: string
  readonly #token: string
  readonly #timer: NodeJS.Timeout

  private constructor(path: string, token: string) {
    this.#path = path
    this.#token = token
    this.#timer = setInterval(() => this.#beat(), beatMs)
    this.#timer.unref()
  }

  /**
   * @param folder - the study's folder
   * @throws `TuneError` `STUDY_LOCKED` naming the process that has the study, `STORAGE_UNAVAILABLE`
   */
  static acquire(folder: string, clock: Clock = systemClock): StudyLock {
    const path = join(folder, LOCK_FILE)
    const token = randomUUID()
    // by its name alone it can be told whose it was, if it was never written
    const own = `${path}.${process.pid}.${token}`
    try {
      const owner: Owner = { pid: process.pid, host: hostname(), started: startOf(process.pid), token }
      for (;;) {
        writeFileSync(own, JSON.stringify(owner))
        // a link is made whole or not at all, and never over another one
        if (linkIfFree(own, path)) break
        evictIfGone(path, own, clock)
      }
      sweepDrafts(folder, clock)
      return new StudyLock(path, token)
    } catch (error) {
      if (error instanceof TuneError) throw error
      const message = error instanceof Error ? error.message : String(error)
      const remedy = meansFull(error) ? '. Make room and take it up again: nothing of it is lost' : ''
      throw new TuneError('STORAGE_UNAVAILABLE', `the study's folder ${folder} can't be locked: ${message}${remedy}`, {
        cause: error,
      })
    } finally {
      rmSync(own, { force: true })
    }
  }

  release(): void {
    clearInterval(this.#timer)
    if (this.#isOwn()) rmSync(this.#path, { force: true })
  }

  #beat(): void {
    if (!this.#isOwn()) return
    try {
      const now = systemClock.now() / 1000
      utimesSync(this.#path, now, now)
    } catch {
      // its owner can still be asked for on this machine
    }
  }

  #isOwn(): boolean {
    return readOwner(this.#path)?.token === this.#token
  }
}

function linkIfFree(own: string, path: string): boolean {
  try {
    linkSync(own, path)
    return true
  } catch (error) {
    // the draft may have been swept by another process that asks
    if (codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOENT') return false
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP'].includes(String(codeOf(error)))) throw error
  }
  // a file system without hard links
  try {
    writeFileSync(path, readFileSync(own), { flag: 'wx' })
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

/** Removes what processes left that were killed while they asked for the lock. */
function sweepDrafts(folder: string, clock: Clock): void {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(`${LOCK_FILE}.`)) continue
    const draft = join(folder, name)
    const age = ageOf(draft, clock)
    if (age === undefined) continue
    const owner = readOwner(draft) ?? namedOwner(name)
    if (owner === undefined ? age > staleMs : !isAlive(owner, age)) rmSync(draft, { force: true })
  }
}

/** Who made a draft that was never written, going by its name. */
function namedOwner(name: string): Owner | undefined {
  const [pid] = name.slice(LOCK_FILE.length + 1).split('.')
  return /^[1-9]\d*$/.test(pid ?? '') ? { pid: Number(pid), host: hostname(), started: '', token: '' } : undefined
}

/** Takes away the lock of a process that is gone. @throws `TuneError` `STUDY_LOCKED` if it isn't */
function evictIfGone(path: string, own: string, clock: Clock): void {
  const owner = readOwner(path)
  const age = ageOf(path, clock)
  if (age === undefined) return
  if (owner === undefined ? age < staleMs : isAlive(owner, age)) throw locked(path, owner)
  const aside = `${own}.old`
  try {
    renameSync(path, aside)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw error
  }
  try {
    const moved = readOwner(aside)
    if (moved?.token === owner?.token) return
    // somebody else was faster, and it is their lock that was moved
    linkIfFree(aside, path)
    throw locked(path, moved)
  } finally {
    rmSync(aside, { force: true })
  }
}

function isAlive({ pid, host, started }: Owner, age: number): boolean {
  if (host !== hostname()) return age < staleMs
  try {
    process.kill(pid, 0)
  } catch (error) {
    // without the right to signal it, it is there all the same
    if (codeOf(error) !== 'EPERM') return false
  }
  return started === '' || startOf(pid) === started
}

/** When a process started; empty where the system doesn't tell. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
    // the name in parentheses may hold anything; the start is the 22nd field, the 20th behind it
    return `${boot}/${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`
  } catch {
    return ''
  }
}

function readOwner(path: string): Owner | undefined {
  try {
    const { pid, host, started, token }: Partial<Owner> = JSON.parse(readFileSync(path, 'utf8'))
    if (!Number.isSafeInteger(pid) || Number(pid) < 1) return undefined
    return { pid: Number(pid), host: String(host), started: String(started), token: String(token) }
  } catch {
    return undefined
  }
}

function ageOf(path: string, clock: Clock): number | undefined {
  try {
    return clock.now() - statSync(path).mtimeMs
  } catch {
    return undefined
  }
}

function locked(path: string, owner: Owner | undefined): TuneError {
  const who = owner === undefined ? 'another process' : `process ${owner.pid} on ${owner.host}`
  return new TuneError(
    'STUDY_LOCKED',
    `${who} is running this study (${path}): wait for its end, or stop it. A study is written by one process at a time`,
  )
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
