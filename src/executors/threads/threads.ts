import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { Piscina } from 'piscina'
import { systemClock } from '../../clock.js'
import { type ErrorRecord, TuneError, toErrorRecord } from '../../errors.js'
import { assertModuleExists, type TrainableReference } from '../../trainable/load.js'
import type { Executor, ExecutorMessage, ExecutorOptions, Grant, StopOptions, TrialRun } from '../executor.js'
import { createSharedWatch, readOverdue, timeoutError, type WatchedStep } from '../step-watch.js'
import type { WorkerCommand, WorkerReply, WorkerTask } from './protocol.js'

/** What the threads executor is made with. */
export interface ThreadsExecutorOptions extends ExecutorOptions {
  /** The module that each worker imports. */
  readonly trainable: TrainableReference
  /** How many worker threads step trials at the same time; at least 1. */
  readonly workers: number
  /** Limits of each worker's heap in MiB, as `node:worker_threads` takes them. @defaultValue those of Node.js */
  readonly resourceLimits?: { readonly maxOldGenerationSizeMb?: number; readonly maxYoungGenerationSizeMb?: number }
}

/** A worker thread and the trials aboard, with the attempt that each of them is. */
interface Slot {
  readonly port: MessagePort
  readonly abort: AbortController
  readonly watch: SharedArrayBuffer
  readonly trials: Map<number, number>
  /** Set for a worker that hosts one trial and is ended with it. */
  readonly isPrivate: boolean
  readonly closed: Promise<void>
}

/**
 * Runs trials in worker threads (piscina). Each thread hosts several trials and steps the one that is furthest behind; a thread that
 * dies takes its trials with it, which are reported as failed by the worker's fault, and a new one takes its place.
 */
export class ThreadsExecutor implements Executor {
  readonly name = 'threads'
  readonly parallelism: number
  readonly #options: ThreadsExecutorOptions
  readonly #pool: Piscina<WorkerTask, void>
  readonly #shared: (Slot | undefined)[]
  readonly #slots = new Set<Slot>()
  readonly #aboard = new Map<number, Slot>()
  readonly #watchdog: NodeJS.Timeout | undefined
  #isClosing = false

  /** @throws `TuneError` `TRAINABLE_NOT_FOUND` if the trainable's module is not there */
  constructor(options: ThreadsExecutorOptions) {
    assertModuleExists(options.trainable.moduleUrl)
    this.#options = options
    this.parallelism = options.workers
    this.#shared = Array.from({ length: options.workers })
    this.#pool = new Piscina<WorkerTask, void>({
      filename: workerFile(),
      minThreads: 0,
      // each trial that needs a thread to itself gets one beside the shared ones
      maxThreads: 1 << 16,
      idleTimeout: 0,
      concurrentTasksPerWorker: 1,
      // a worker that sleeps on an atomic would hear nothing from its port
      atomics: 'disabled',
      ...(options.resourceLimits && { resourceLimits: options.resourceLimits }),
    })
    this.#watchdog = this.#startWatchdog()
    // piscina also emits what it rejects a task with; without a listener that would end the process
    this.#pool.on('error', () => undefined)
  }

  start(run: TrialRun, attempt: number): void {
    const slot = run.isolated || !this.#options.reuseActors ? this.#open(true) : this.#leastLoaded()
    slot.trials.set(run.trialIndex, attempt)
    this.#aboard.set(run.trialIndex, slot)
    post(slot, { type: 'start', run, attempt })
  }

  extend(trialIndex: number, grant: Grant, resumed?: { readonly clock: number }): void {
    this.#post(trialIndex, { type: 'extend', trialIndex, grant, resumed })
  }

  pause(trialIndex: number): void {
    this.#post(trialIndex, { type: 'pause', trialIndex })
  }

  holds(trialIndex: number): boolean {
    return this.#aboard.has(trialIndex)
  }

  stop(trialIndex: number, options?: StopOptions): void {
    this.#post(trialIndex, { type: 'stop', trialIndex, options })
  }

  suspend(trialIndex: number, options?: StopOptions): void {
    this.#post(trialIndex, { type: 'suspend', trialIndex, options })
  }

  async close({ graceMs = 5000 }: { readonly graceMs?: number } = {}): Promise<void> {
    this.#isClosing = true
    clearInterval(this.#watchdog)
    const slots = [...this.#slots]
    for (const slot of slots) post(slot, { type: 'close' })
    let timer: NodeJS.Timeout | undefined
    const patience = new Promise<void>(resolve => {
      timer = setTimeout(resolve, graceMs)
    })
    await Promise.race([Promise.all(slots.map(slot => slot.closed)), patience])
    clearTimeout(timer)
    await this.#pool.destroy()
  }

  #leastLoaded(): Slot {
    let best = 0
    let load = Number.POSITIVE_INFINITY
    for (const [index, slot] of this.#shared.entries()) {
      const size = slot?.trials.size ?? 0
      if (size < load) {
        best = index
        load = size
      }
    }
    const slot = this.#shared[best] ?? this.#open(false, best)
    return slot
  }

  #open(isPrivate: boolean, sharedIndex?: number): Slot {
    const { port1, port2 } = new MessageChannel()
    const abort = new AbortController()
    const { onMessages: _, reuseActors: __, resourceLimits: ___, workers: ____, trainable, ...options } = this.#options
    const watch = createSharedWatch()
    const task = this.#pool.run(
      { port: port2, trainable, watch, options },
      { transferList: [port2], signal: abort.signal },
    )
    const slot: Slot = {
      port: port1,
      abort,
      watch,
      trials: new Map(),
      isPrivate,
      closed: task.then(
        () => this.#left(slot, undefined),
        error => this.#left(slot, error),
      ),
    }
    port1.on('message', (messages: WorkerReply) => this.#receive(slot, messages))
    this.#slots.add(slot)
    if (sharedIndex !== undefined) this.#shared[sharedIndex] = slot
    return slot
  }

  #receive(slot: Slot, messages: WorkerReply): void {
    if (this.#isClosing && !this.#slots.has(slot)) return
    for (const message of messages) {
      if (message.type !== 'ended' && message.type !== 'failed' && message.type !== 'stopped') continue
      // a trial that was started again may be aboard the same worker by now
      if (slot.trials.get(message.trialIndex) !== message.attempt) continue
      slot.trials.delete(message.trialIndex)
      if (this.#aboard.get(message.trialIndex) === slot) this.#aboard.delete(message.trialIndex)
      if (slot.isPrivate) this.#retire(slot)
    }
    this.#options.onMessages(messages)
  }

  /** Ends a worker whose only trial has ended; its thread is not used again. */
  #retire(slot: Slot): void {
    this.#slots.delete(slot)
    slot.port.close()
    slot.abort.abort()
  }

  #startWatchdog(): NodeJS.Timeout | undefined {
    const { stepMs, trialMs } = this.#options.limits
    const least = Math.min(stepMs, trialMs)
    if (least === Number.POSITIVE_INFINITY) return undefined
    const everyMs = Math.min(1000, Math.max(20, least / 10))
    return setInterval(() => {
      for (const slot of this.#slots) {
        const overdue = readOverdue(slot.watch, systemClock.now())
        if (overdue && slot.trials.get(overdue.trialIndex) === overdue.attempt) this.#terminate(slot, overdue)
      }
    }, everyMs)
  }

  /** Ends a worker in which a step takes too long, and the other trials aboard with it. */
  #terminate(slot: Slot, overdue: Pick<WatchedStep, 'trialIndex' | 'kind'>): void {
    const error = toErrorRecord(timeoutError(overdue, this.#options.limits))
    const messages = this.#evict(
      slot,
      trialIndex => (trialIndex === overdue.trialIndex ? 'trainable' : 'neighbour'),
      error,
    )
    this.#retire(slot)
    this.#options.onMessages(messages)
  }

  /** Takes all trials off a worker that is no more. */
  #evict(
    slot: Slot,
    faultOf: (trialIndex: number) => 'trainable' | 'worker' | 'neighbour',
    error: ErrorRecord,
  ): ExecutorMessage[] {
    const index = this.#shared.indexOf(slot)
    if (index !== -1) this.#shared[index] = undefined
    const messages: ExecutorMessage[] = []
    for (const [trialIndex, attempt] of slot.trials) {
      if (this.#aboard.get(trialIndex) === slot) this.#aboard.delete(trialIndex)
      messages.push({ type: 'failed', trialIndex, attempt, fault: faultOf(trialIndex), error })
    }
    slot.trials.clear()
    return messages
  }

  /** A worker's task has settled: by itself after `close`, or because its thread died with trials aboard. */
  #left(slot: Slot, error: unknown): void {
    const wasOpen = this.#slots.delete(slot)
    const index = this.#shared.indexOf(slot)
    if (index !== -1) this.#shared[index] = undefined
    slot.port.close()
    // a worker that ended by itself has said why
    if (error === undefined || !wasOpen || this.#isClosing || slot.trials.size === 0) return
    this.#options.onMessages(this.#evict(slot, () => 'worker', toWorkerError(error)))
  }

  #post(trialIndex: number, command: WorkerCommand): void {
    const slot = this.#aboard.get(trialIndex)
    if (slot) post(slot, command)
  }
}

function post(slot: Slot, command: WorkerCommand): void {
  slot.port.postMessage(command)
}

function toWorkerError(cause: unknown): ErrorRecord {
  const { code, message } = toErrorRecord(cause)
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return toErrorRecord(
      new TuneError(
        'WORKER_OUT_OF_MEMORY',
        'the worker thread ran out of memory: make the trial smaller (batch size, model), or raise resourceLimits.maxOldGenerationSizeMb',
        { cause },
      ),
    )
  }
  return toErrorRecord(
    new TuneError(
      'WORKER_EXITED',
      `the worker thread ended while it ran the trial: ${message}. Look for process.exit and native crashes in the trainable`,
      {
        cause,
      },
    ),
  )
}

/** The compiled entry of a worker: Node can't start a thread from TypeScript, so sources run with the build beside them. */
function workerFile(): string {
  const beside = fileURLToPath(new URL('./worker.js', import.meta.url))
  if (existsSync(beside)) return beside
  const built = fileURLToPath(new URL('../../../dist/src/executors/threads/worker.js', import.meta.url))
  if (existsSync(built)) return built
  throw new TuneError('DEPENDENCY_MISSING', `the compiled worker ${beside} is missing: run \`npm run build\``)
}
