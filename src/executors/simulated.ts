import type { Clock } from '../clock.js'
import { show, TuneError } from '../errors.js'
import type { JsonObject } from '../json.js'
import { IndexedHeap } from '../math/indexed-heap.js'
import type { TrainableDefinition } from '../trainable/trainable.js'
import type { Executor, ExecutorOptions } from './executor.js'
import { HostedExecutor } from './hosted-executor.js'
import { TimerWatch } from './step-watch.js'
import { type PacedStep, TrialHost } from './trial-host.js'

/** What a simulated machine is like. */
export interface SimulationOptions {
  /** How many virtual workers step trials at the same time: an integer from 1. */
  readonly workers: number
  /** Virtual seconds that an iteration takes, at least 0. @defaultValue 1 */
  readonly stepSeconds?: number | ((step: SimulatedStep) => number)
  /** Virtual seconds that each start of a trial takes, the first one and those from a checkpoint. @defaultValue 0 */
  readonly startSeconds?: number
  /** Virtual seconds that it takes to save a checkpoint with a report. @defaultValue 0 */
  readonly checkpointSeconds?: number
  /** Injects a failure at the end of an iteration: `trainable` as if the user's code had thrown, `worker` as if its worker had died. @defaultValue none */
  readonly fault?: (step: SimulatedStep) => 'trainable' | 'worker' | undefined
}

/** An iteration of a simulated trial. */
export interface SimulatedStep {
  /** The index of the trial whose step it is. */
  readonly trialIndex: number
  /** How often the trial was started before. */
  readonly attempt: number
  /** The trial's config. */
  readonly config: JsonObject
  /** The number of the report that it ends with, from 1. */
  readonly iteration: number
  /** What it reports. */
  readonly metrics: JsonObject
}

/** What a {@link Simulation} needs of a trainable. */
export interface SimulatedRun extends ExecutorOptions {
  /** Its name in messages, and the function or class; undefined for one that is known by its module alone, which is refused. */
  readonly trainable: { readonly name: string; readonly definition: TrainableDefinition | undefined }
}

/**
 * A machine in virtual time: trials really run, in this thread and as fast as they can, but the time that their iterations take is what it is
 * told. Whole studies of strategies that would take days run in moments, on as many workers as you like, and are the same each time.
 *
 * ```ts
 * const machine = new Simulation({ workers: 16, stepSeconds: ({ config }) => config.units / 100 })
 * const runConfig = { executor: machine.executor, storagePath: false }
 * ```
 *
 * @see Syne Tune's simulator back end
 */
export class Simulation {
  readonly #options: Required<SimulationOptions>
  readonly #time = new VirtualTime()
  #busySeconds = 0

  /** @throws `TuneError` `INVALID_OPTION` */
  constructor(options: SimulationOptions) {
    const { workers, stepSeconds = 1, startSeconds = 0, checkpointSeconds = 0, fault = () => undefined } = options
    if (!Number.isSafeInteger(workers) || workers < 1) throw invalid('workers', workers, 'an integer from 1')
    if (typeof stepSeconds !== 'function') checkSeconds('stepSeconds', stepSeconds)
    checkSeconds('startSeconds', startSeconds)
    checkSeconds('checkpointSeconds', checkpointSeconds)
    this.#options = { workers, stepSeconds, startSeconds, checkpointSeconds, fault }
  }

  /** Virtual seconds since the first trial was started. */
  get seconds(): number {
    return this.#time.nowMs / 1000
  }

  /** Virtual seconds for which workers stepped trials, all of them together. */
  get busySeconds(): number {
    return this.#busySeconds
  }

  /** The share of the workers' time that went into trials, in [0, 1]. */
  get utilisation(): number {
    return this.seconds === 0 ? 0 : this.#busySeconds / (this.seconds * this.#options.workers)
  }

  /** What goes into `runConfig.executor`. */
  readonly executor = (options: SimulatedRun): Executor => {
    const { definition, name } = options.trainable
    if (definition === undefined)
      throw new TuneError(
        'INVALID_TRAINABLE',
        `the trainable '${name}' is only known by its module: hand the simulation the function or class itself`,
      )
    const pace = (step: PacedStep) => this.#pace(step)
    return new SimulatedExecutor({ ...options, definition, pace, time: this.#time, workers: this.#options.workers })
  }

  #pace(step: PacedStep): Pace {
    const { stepSeconds, startSeconds, checkpointSeconds, fault } = this.#options
    const work = typeof stepSeconds === 'function' ? stepSeconds(step) : stepSeconds
    checkSeconds(`stepSeconds of trial ${step.trialIndex}, iteration ${step.iteration},`, work)
    const seconds = work + (step.isFirst ? startSeconds : 0) + (step.isSaved ? checkpointSeconds : 0)
    this.#busySeconds += seconds
    return { seconds, fault: fault(step) }
  }
}

/** How long a step takes, and how it ends. */
interface Pace {
  readonly seconds: number
  readonly fault: 'trainable' | 'worker' | undefined
}

interface SimulatedExecutorOptions extends ExecutorOptions {
  readonly definition: TrainableDefinition
  readonly workers: number
  readonly time: VirtualTime
  readonly pace: (step: PacedStep) => Pace
}

/** Runs trials in this thread; the clock moves only when the driver has acted on all that was reported. */
class SimulatedExecutor extends HostedExecutor implements Executor {
  readonly name = 'simulated'
  readonly parallelism: number
  protected override readonly host: TrialHost
  readonly #time: VirtualTime
  #isDriverIdle = false

  constructor({ workers, time, pace, ...options }: SimulatedExecutorOptions) {
    super()
    this.parallelism = workers
    this.#time = time
    this.host = new TrialHost({
      ...options,
      clock: time,
      concurrency: workers,
      watch: new TimerWatch(step => this.host.abandon(step)),
      pace: async step => {
        const { seconds, fault } = pace(step)
        await time.sleep(seconds * 1000)
        return fault
      },
      onQuiet: () => this.#goOn(),
      send: messages => {
        this.#isDriverIdle = false
        options.onMessages(messages)
      },
    })
  }

  defer(ms: number, action: () => void): () => void {
    let isOff = false
    void this.#time.sleep(ms).then(() => {
      if (!isOff) action()
    })
    return () => {
      isOff = true
    }
  }

  onIdle(): void {
    this.#isDriverIdle = true
    // what the driver has just asked for begins in microtasks
    queueMicrotask(() => this.#goOn())
  }

  async close(): Promise<void> {
    const closed = this.host.close()
    this.#time.finish()
    await closed
  }

  #goOn(): void {
    if (this.host.isActive) return
    this.host.flush()
    if (this.#isDriverIdle) this.#time.advance(() => this.#goOn())
  }
}

/** For how long the thread's event loop may wait for a turn, in milliseconds. */
const turnMs = 30

/** A clock that stands still until it is told to move on to whatever is due next. */
class VirtualTime implements Clock {
  nowMs = 0
  readonly #due = new IndexedHeap()
  readonly #sleepers = new Map<number, () => void>()
  #count = 0
  #turnedAt = performance.now()
  #isTurning = false
  #isFinished = false

  now(): number {
    return this.nowMs
  }

  monotonic(): number {
    return this.nowMs
  }

  sleep(ms: number): Promise<void> {
    if (this.#isFinished) return Promise.resolve()
    return new Promise(resolve => {
      const id = this.#count++
      this.#sleepers.set(id, resolve)
      this.#due.set(id, this.nowMs + ms)
    })
  }

  /** Moves on to the next time at which something is due, and wakes all that is due then. @param retry - called if the thread needs a turn first */
  advance(retry: () => void): void {
    if (this.#isTurning) return
    if (performance.now() - this.#turnedAt > turnMs) {
      this.#isTurning = true
      setImmediate(() => {
        this.#turnedAt = performance.now()
        this.#isTurning = false
        retry()
      })
      return
    }
    const first = this.#due.peek()
    if (first === undefined) return
    this.nowMs = first.key
    for (let next = this.#due.peek(); next?.key === this.nowMs; next = this.#due.peek()) this.#wake(next.id)
  }

  /** Lets nobody sleep any more. */
  finish(): void {
    this.#isFinished = true
    for (const id of [...this.#sleepers.keys()]) this.#wake(id)
  }

  #wake(id: number): void {
    this.#due.delete(id)
    const resolve = this.#sleepers.get(id)
    this.#sleepers.delete(id)
    resolve?.()
  }
}

function checkSeconds(name: string, seconds: unknown): void {
  if (typeof seconds !== 'number' || !(seconds >= 0) || seconds === Number.POSITIVE_INFINITY)
    throw invalid(name, seconds, 'a number of seconds from 0')
}

function invalid(name: string, value: unknown, expected: string): TuneError {
  return new TuneError('INVALID_OPTION', `Simulation: ${name} is ${show(value)}: give ${expected}`)
}
