/**
 * Loaded in front of a study (`node --import`), in each of its threads: lets calls of the system fail, or kills the process at one of
 * them, as `TORTURE_FAULTS` says.
 */
import { createRequire, syncBuiltinESMExports } from 'node:module'
import { isMainThread, MessagePort, threadId } from 'node:worker_threads'
import type { FaultPlan } from './torture-plan.js'

type Call = (...parameters: unknown[]) => unknown

const plan: FaultPlan = JSON.parse(process.env.TORTURE_FAULTS ?? '{}')
const require = createRequire(import.meta.url)
const fs: Record<string, unknown> = require('node:fs')
const promises: Record<string, unknown> = require('node:fs/promises')
const counts: Record<string, number> = {}
const keepCounts = fs.appendFileSync as Call

const writing = new Set([
  'writeSync',
  'writeFileSync',
  'appendFileSync',
  'mkdirSync',
  'linkSync',
  'promises.writeFile',
  'promises.mkdir',
  'promises.rename',
])

function now(): number {
  return performance.timeOrigin + performance.now()
}

function die(): void {
  process.kill(process.pid, 'SIGKILL')
  // the signal may take a moment, in which nothing more must happen
  for (;;);
}

/** Wraps a function so that its calls are counted, refused, or the last thing that the process does. */
function wrap(owner: Record<string, unknown>, key: string, name: string): void {
  const original = owner[key] as Call
  const half = name === 'writeSync' ? writeHalf : undefined
  const wrapped = function (this: unknown, ...parameters: unknown[]): unknown {
    const count = (counts[name] ?? 0) + 1
    counts[name] = count
    const { kill, full } = plan
    const isLast = kill?.isInMain === isMainThread && kill.call === name && kill.count === count
    if (isLast && kill.when === 'before') die()
    if (isLast && kill.when === 'half' && half) {
      half(original, parameters)
      die()
    }
    if (full && writing.has(name) && now() >= full.from && now() < full.until) {
      const error = Object.assign(new Error(`ENOSPC: no space left on device, ${name}`), { code: 'ENOSPC', errno: -28 })
      if (name.startsWith('promises.')) return Promise.reject(error)
      throw error
    }
    const result = original.apply(this, parameters)
    if (isLast && result instanceof Promise) return result.finally(die)
    if (isLast) die()
    return result
  }
  owner[key] = Object.assign(wrapped, original)
}

/** Writes a part of what was to be written. */
function writeHalf(write: Call, [file, data, offset, length, position]: unknown[]): void {
  if (!Buffer.isBuffer(data) || typeof length !== 'number') return
  write(file, data, offset, Math.floor(length * (plan.kill?.share ?? 0.5)), position)
}

for (const name of [
  'writeSync',
  'fdatasync',
  'fsyncSync',
  'ftruncateSync',
  'openSync',
  'closeSync',
  'linkSync',
  'renameSync',
  'rmSync',
  'readdirSync',
  'mkdirSync',
  'writeFileSync',
  'appendFileSync',
])
  wrap(fs, name, name)
for (const name of ['rm', 'mkdir', 'writeFile', 'rename', 'open', 'readFile', 'readdir'])
  wrap(promises, name, `promises.${name}`)
wrap(MessagePort.prototype as unknown as Record<string, unknown>, 'postMessage', 'postMessage')
syncBuiltinESMExports()

if (plan.countsFile) {
  const file = plan.countsFile
  const write = () => keepCounts(file, `${JSON.stringify({ isInMain: isMainThread, threadId, counts })}\n`)
  setInterval(write, 100).unref()
  process.on('exit', write)
}
