import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Rng } from '../src/index.js'
import { countLost, findLeftovers, tear, wholeLines } from './torture-inspect.js'
import { type CallCounts, calm, type Disturbance, drawDisturbance, type FaultPlan } from './torture-plan.js'
import type { TortureKind, TortureRequest } from './torture-study.js'

/** What was done to studies, and what came of it. */
export interface TortureFigures {
  /** How many studies were disturbed. */
  readonly runs: number
  /** How many of them ended with the same grid as when they were left alone. */
  readonly equal: number
  /** How often their process was killed. */
  readonly kills: number
  /** How many lines of the journal were on disk when a process was killed and not there afterwards. */
  readonly lostCommits: number
  /** How many files and folders were left half-written, or are not needed. */
  readonly leftovers: number
}

/** How a series of runs is made. */
export interface TortureOptions {
  readonly runs: number
  readonly seed: number
  /** @defaultValue all of them in turn */
  readonly kinds?: readonly TortureKind[]
  /** The first run, to repeat one alone. @defaultValue 0 */
  readonly from?: number
  /** Told of what goes on. @defaultValue nobody is */
  readonly log?: (line: string) => void
}

/** What a study that is left alone comes to. */
interface Reference {
  readonly outcome: string
  readonly counts: CallCounts
  readonly lengthMs: number
}

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  readonly lengthMs: number
}

/** How many different studies of a kind there are. */
const studiesOfKind = 4
const mostDisturbed = 7
/** A study that comes to no end by then is stuck. */
const patienceMs = 60_000

/** Disturbs studies in every way that there is, takes them up again until they are done, and compares what they come to. */
export async function torture(options: TortureOptions): Promise<TortureFigures> {
  const { runs, seed, kinds = ['asha', 'pbt', 'bohb'], from = 0, log = () => undefined } = options
  const storagePath = mkdtempSync(join(tmpdir(), 'tunewright-torture-'))
  const references = new Map<string, Reference>()
  const figures = { runs: 0, equal: 0, kills: 0, lostCommits: 0, leftovers: 0 }
  try {
    for (let run = from; run < from + runs; run++) {
      const kind = kinds[run % kinds.length] ?? 'asha'
      const studySeed = Math.floor(run / kinds.length) % studiesOfKind
      const key = `${kind}-${studySeed}`
      const request = { kind, seed: studySeed, storagePath, workers: 2 }
      const reference = references.get(key) ?? (await leaveAlone({ ...request, name: `alone-${key}` }))
      references.set(key, reference)
      const name = `run-${run}`
      const rng = Rng.from(seed).fork('torture', run)
      const result = await disturb({ ...request, name }, reference, rng, log)
      figures.runs += 1
      figures.equal += result.isEqual ? 1 : 0
      figures.kills += result.kills
      figures.lostCommits += result.lost
      figures.leftovers += result.leftovers.length
      const faults = [
        ...(result.isEqual ? [] : ['DIFFERS']),
        ...(result.lost > 0 ? [`LOST ${result.lost}`] : []),
        ...(result.leftovers.length > 0 ? [`LEFT ${result.leftovers.slice(0, 4).join(' ')}`] : []),
      ]
      log(`run ${run} ${key}: ${result.sessions} sessions, ${result.kills} kills ${faults.join(', ') || 'equal'}`)
      if (faults.length === 0) rmSync(join(storagePath, name), { recursive: true, force: true })
    }
    return figures
  } finally {
    if (figures.equal === figures.runs && figures.lostCommits + figures.leftovers === 0) {
      rmSync(storagePath, { recursive: true, force: true })
    } else log(`what differs is kept in ${storagePath}`)
  }
}

async function leaveAlone(request: TortureRequest): Promise<Reference> {
  const countsFile = join(request.storagePath, `${request.name}.counts`)
  const ended = await runSession(request, calm, { countsFile }, '')
  if (ended.code !== 0) throw new Error(`a study that was left alone failed: ${ended.stderr}`)
  const left = findLeftovers(join(request.storagePath, request.name))
  if (left.length > 0) throw new Error(`a study that was left alone has left ${left.join(', ')} behind`)
  return { outcome: ended.stdout, counts: readCounts(countsFile), lengthMs: ended.lengthMs }
}

async function disturb(
  request: TortureRequest,
  reference: Reference,
  rng: Rng,
  log: (line: string) => void,
): Promise<{ isEqual: boolean; kills: number; lost: number; sessions: number; leftovers: string[] }> {
  const path = join(request.storagePath, request.name)
  const marker = join(request.storagePath, `${request.name}.exited`)
  let kills = 0
  let lost = 0
  let committed: Buffer = Buffer.alloc(0)
  const disturbed = rng.integer(2, mostDisturbed + 1)
  for (let session = 1; ; session++) {
    const plan = session <= disturbed ? drawDisturbance(rng.fork(session), reference.counts, reference.lengthMs) : calm
    const ended = await runSession({ ...request, workers: plan.workers }, plan, {}, marker)
    const lines = wholeLines(path)
    lost += countLost(committed, lines)
    committed = lines
    const isOver = ended.code === 0 && ended.stdout.includes('"outcome": "finished"')
    if (isOver || session > disturbed + 3) {
      const isEqual = ended.stdout === reference.outcome
      if (!isEqual) {
        log(`${request.name}: ended with ${ended.code ?? ended.signal}\n${ended.stderr}`)
        mkdirSync(path, { recursive: true })
        writeFileSync(join(path, 'expected.txt'), reference.outcome)
        writeFileSync(join(path, 'found.txt'), ended.stdout)
      }
      const leftovers = existsSync(path) && isEqual ? findLeftovers(path) : []
      return { isEqual, kills, lost, sessions: session, leftovers }
    }
    if (ended.signal === 'SIGKILL') kills += 1
    else if (ended.code !== 0)
      log(`${request.name}: session ${session} ended with ${ended.code ?? ended.signal}: ${firstError(ended.stderr)}`)
    else if (!plan.signal) log(`${request.name}: session ${session} was not finished: ${ended.stderr}`)
    for (const line of ended.stderr.split('\n'))
      if (/did not repeat|falls back/.test(line)) log(`${request.name}: ${line}`)
    if (plan.tear && committed.length > 0) {
      tear(path, plan.tear)
      committed = wholeLines(path)
    }
  }
}

function runSession(
  request: TortureRequest,
  { kill, signal, full, exit }: Disturbance,
  { countsFile }: FaultPlan,
  marker: string,
): Promise<Ended> {
  const from = performance.timeOrigin + performance.now()
  const plan: FaultPlan = {
    ...(kill && { kill }),
    ...(full && { full: { from: from + full.afterMs, until: from + full.afterMs + full.forMs } }),
    ...(countsFile !== undefined && { countsFile }),
  }
  const child = spawn(
    process.execPath,
    ['--import', fileOf('torture-faults'), fileOf('torture-study'), JSON.stringify(request)],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        TORTURE_FAULTS: JSON.stringify(plan),
        TORTURE_EXIT: exit ? `${exit.trial}:${exit.step}:${marker}` : '',
      },
    },
  )
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', data => {
    stdout += data
  })
  child.stderr.on('data', data => {
    stderr += data
  })
  const timers = [setTimeout(() => child.kill('SIGABRT'), patienceMs)]
  if (signal) timers.push(setTimeout(() => child.kill(signal.name), signal.afterMs))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, name) => {
      for (const timer of timers) clearTimeout(timer)
      const lengthMs = performance.timeOrigin + performance.now() - from
      resolve({ code, signal: name, stdout, stderr, lengthMs })
    })
  })
}

/** The error that a process ended with, without its stack. */
function firstError(text: string): string {
  return /^\w*Error.*$/m.exec(text)?.[0] ?? text
}

/** The compiled module, also for a caller that runs from the sources. */
function fileOf(name: string): string {
  const beside = fileURLToPath(new URL(`./${name}.js`, import.meta.url))
  return existsSync(beside) ? beside : fileURLToPath(new URL(`../dist/benchmarks/${name}.js`, import.meta.url))
}

function readCounts(file: string): CallCounts {
  const counts: { main: Record<string, number>; worker: Record<string, number> } = { main: {}, worker: {} }
  for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
    const read: { isInMain: boolean; counts: Record<string, number> } = JSON.parse(line)
    const most = read.isInMain ? counts.main : counts.worker
    for (const [call, count] of Object.entries(read.counts)) most[call] = Math.max(most[call] ?? 0, count)
  }
  return counts
}
