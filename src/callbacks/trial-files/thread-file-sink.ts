import { Worker } from 'node:worker_threads'
import { type ErrorRecord, toErrorRecord } from '../../errors.js'
import type { FileFailure } from '../file-failures.js'
import { type CreateFileSink, type FileOperation, type FileSink, InlineFileSink } from './file-sink.js'
import type { WriterReply, WriterRequest } from './writer-protocol.js'

/** Characters that may wait to be written before the caller is made to wait, too. */
const maxWaiting = 64 * 2 ** 20
/** How long the caller waits at most, each time, should the thread be stuck. */
const maxWaitMs = 2000

/** A batch that was sent. */
interface Batch {
  readonly paths: readonly string[]
  readonly size: number
}

/**
 * Writes in a thread of its own, so that files cost the caller no more than a message a batch. The thread starts with the first batch
 * and never keeps the process alive, but for a flush. If it dies, what it had not done is reported as failed and the rest is written
 * in the caller's thread.
 */
export class ThreadFileSink implements FileSink {
  readonly #onFailure: (failure: FileFailure) => void
  readonly #entry: URL
  /** How many batches the thread has done. */
  readonly #done = new Int32Array(new SharedArrayBuffer(4))
  readonly #sent: Batch[] = []
  /** How many batches have left {@link ThreadFileSink.#sent} as done; wraps around as the thread's own count does. */
  #settled = 0
  #waiting = 0
  #worker: Worker | undefined
  #fallback: InlineFileSink | undefined
  #flushes: (() => void)[] = []

  constructor(onFailure: (failure: FileFailure) => void, entry = new URL('./writer-thread.js', import.meta.url)) {
    this.#onFailure = onFailure
    this.#entry = entry
  }

  submit(operations: readonly FileOperation[]): void {
    if (operations.length === 0) return
    const worker = this.#start()
    if (worker === undefined) {
      this.#fallback?.submit(operations)
      return
    }
    let size = 0
    for (const operation of operations) size += operation.type === 'widen' ? 0 : operation.text.length
    this.#sent.push({ paths: operations.map(({ path }) => path), size })
    this.#waiting += size
    this.#post(worker, { type: 'batch', operations })
    this.#settle()
    this.#awaitRoom()
  }

  flush(): Promise<void> {
    const worker = this.#worker
    if (worker === undefined) return Promise.resolve()
    worker.ref()
    return new Promise(resolve => {
      this.#flushes.push(resolve)
      this.#post(worker, { type: 'flush' })
    })
  }

  async close(): Promise<void> {
    const worker = this.#worker
    this.#worker = undefined
    await worker?.terminate()
  }

  #post(worker: Worker, request: WriterRequest): void {
    worker.postMessage(request)
  }

  #start(): Worker | undefined {
    if (this.#worker !== undefined || this.#fallback !== undefined) return this.#worker
    let worker: Worker
    try {
      worker = new Worker(this.#entry, { workerData: this.#done, name: 'tunewright-files' })
    } catch {
      this.#fallback = new InlineFileSink(this.#onFailure)
      return undefined
    }
    worker.unref()
    worker.on('message', (reply: WriterReply) => this.#receive(reply))
    worker.on('error', error => this.#bury(worker, toErrorRecord(error)))
    worker.on('exit', code =>
      this.#bury(worker, { name: 'Error', message: `the writer thread ended with code ${code}` }),
    )
    this.#worker = worker
    return worker
  }

  #receive(reply: WriterReply): void {
    switch (reply.type) {
      case 'failures':
        for (const failure of reply.failures) this.#onFailure(failure)
        return
      case 'flushed':
        this.#settle()
        this.#flushes.shift()?.()
        if (this.#flushes.length === 0) this.#worker?.unref()
        return
      default:
        reply satisfies never
    }
  }

  /** Forgets batches that are done. */
  #settle(): void {
    let count = (Atomics.load(this.#done, 0) - this.#settled) | 0
    this.#settled = (this.#settled + count) | 0
    for (; count > 0; count--) this.#waiting -= this.#sent.shift()?.size ?? 0
  }

  #awaitRoom(): void {
    while (this.#waiting > maxWaiting) {
      const seen = this.#settled
      if (Atomics.wait(this.#done, 0, seen, maxWaitMs) === 'timed-out') return
      this.#settle()
    }
  }

  #bury(worker: Worker, error: ErrorRecord): void {
    if (this.#worker !== worker) return
    this.#worker = undefined
    this.#fallback = new InlineFileSink(this.#onFailure)
    this.#settle()
    const lost = new Set(this.#sent.flatMap(({ paths }) => paths))
    this.#sent.length = 0
    this.#waiting = 0
    for (const path of lost) this.#onFailure({ path, error })
    for (const resolve of this.#flushes.splice(0)) resolve()
  }
}

/** Writes in a thread where this module is compiled; run from its source (by vitest or tsx), in the caller's. */
export const createFileSink: CreateFileSink = onFailure =>
  import.meta.url.endsWith('.ts') ? new InlineFileSink(onFailure) : new ThreadFileSink(onFailure)
