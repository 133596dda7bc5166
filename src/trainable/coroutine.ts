import { show, TuneError } from '../errors.js'
import { assertJson, isPlainObject, type JsonObject } from '../json.js'
import {
  type ClassTrainable,
  Report,
  type ReportingContext,
  type SaveCheckpoint,
  type TrainableDefinition,
  type TrainableInstance,
  type TrialContext,
} from './trainable.js'

/** What one step of a trial brought. */
export type Step =
  | { readonly type: 'report'; readonly metrics: JsonObject; readonly save: SaveCheckpoint | undefined }
  | { readonly type: 'end' }

/** A trial that runs step by step, whatever kind of trainable it is of. Steps don't overlap. */
export interface Coroutine {
  /** Runs to the next report or to the end. */
  next(): Promise<Step>
  /** Ends it between steps: runs `finally` blocks and `cleanup`. Safe to call at any time and more than once. */
  stop(): Promise<void>
  /** Gives the instance of a class trainable up for another trial, where it can take one over. */
  readonly instance: TrainableInstance | undefined
  /** Whether it is a class trainable, whose end is checkpointed unless the user says otherwise. */
  readonly isClass: boolean
}

/** What a coroutine needs beside its context. */
export interface CoroutineInput {
  readonly definition: TrainableDefinition
  readonly config: JsonObject
  readonly context: TrialContext
  /** An instance of a class trainable whose trial has ended. */
  readonly previous?: TrainableInstance | undefined
}

/** Makes a coroutine of a trainable; nothing of the user's code runs before its first `next`. */
export function toCoroutine(input: CoroutineInput): Coroutine {
  return isClass(input.definition) ? new InstanceCoroutine(input.definition, input) : new FunctionCoroutine(input)
}

/** Whether a trainable is a class rather than a function. */
export function isClass(definition: TrainableDefinition): definition is ClassTrainable {
  return typeof definition.prototype?.step === 'function'
}

/**
 * Checks what a trainable reported or returned.
 *
 * @throws `TuneError` `INVALID_REPORT`
 */
export function toReport(value: unknown, trialIndex: number): Report<JsonObject> {
  const isReport = value instanceof Report || isForeignReport(value)
  const metrics: unknown = isReport ? value.metrics : value
  const what = `a report of trial ${trialIndex}`
  if (!isPlainObject(metrics)) {
    throw new TuneError(
      'INVALID_REPORT',
      `${what} is ${show(metrics)}, not a plain object: report metrics by name, such as { loss: 0.1 }`,
    )
  }
  assertJson(metrics, 'INVALID_REPORT', what)
  return new Report<JsonObject>(
    metrics as JsonObject,
    isReport && value.checkpoint ? { checkpoint: value.checkpoint } : {},
  )
}

/** A report made by another copy of this package. */
function isForeignReport(value: unknown): value is Report {
  return (
    typeof value === 'object' &&
    value !== null &&
    value.constructor?.name === 'Report' &&
    'metrics' in value &&
    'checkpoint' in value
  )
}

/** Runs a class trainable: set up (or taken over) at its first step, cleaned up when it ends. */
class InstanceCoroutine implements Coroutine {
  readonly isClass = true
  readonly #trainable: ClassTrainable
  readonly #input: CoroutineInput
  #instance: TrainableInstance | undefined
  #isClean = false

  constructor(trainable: ClassTrainable, input: CoroutineInput) {
    this.#trainable = trainable
    this.#input = input
  }

  get instance(): TrainableInstance | undefined {
    return this.#instance?.reset ? this.#instance : undefined
  }

  async next(): Promise<Step> {
    this.#instance ??= await this.#open()
    const instance = this.#instance
    const { metrics } = toReport(await instance.step(), this.#input.context.trialIndex)
    return { type: 'report', metrics, save: instance.save && (directory => instance.save?.(directory)) }
  }

  async stop(): Promise<void> {
    // an instance that can be reset is cleaned up by whoever gives it up for good
    if (this.#isClean) return
    this.#isClean = true
    // one that was to be taken over by a trial which never began
    if (this.#instance === undefined) await this.#input.previous?.cleanup?.()
    else if (!this.#instance.reset) await this.#instance.cleanup?.()
  }

  async #open(): Promise<TrainableInstance> {
    const { context, previous } = this.#input
    // a class's config type is its own business: the space was checked against it when the tuner was made
    const config = this.#input.config as never
    if (previous !== undefined) {
      if (await previous.reset?.(config, context)) return this.#load(previous)
      await previous.cleanup?.()
    }
    const Trainable = this.#trainable
    const instance = new Trainable()
    // from here on it is cleaned up, whatever its own code throws
    this.#instance = instance
    await instance.setup?.(config, context)
    return this.#load(instance)
  }

  async #load(instance: TrainableInstance): Promise<TrainableInstance> {
    const { checkpoint, trialIndex } = this.#input.context
    if (checkpoint === undefined) return instance
    if (!instance.load) {
      throw new TuneError(
        'INVALID_TRAINABLE',
        `trial ${trialIndex} has a checkpoint to go on from, but its class has no load(): add one beside save()`,
      )
    }
    await instance.load(checkpoint.directory)
    return instance
  }
}

/** Runs a function: one that returns a generator is stepped, one that calls `context.report` is held there between steps. */
class FunctionCoroutine implements Coroutine {
  readonly isClass = false
  readonly instance = undefined
  readonly #input: CoroutineInput
  #generator: AsyncIterator<unknown, unknown> | Iterator<unknown, unknown> | undefined
  /** Settles when the function that reports by calling has returned. */
  #finished: Promise<Step> | undefined
  /** What it returned, or that it returned, has been handed out. */
  #isOver = false
  #isStopped = false
  #hasRefused = false
  /** Lets the function go on from the reports it waits at. */
  #waiting: { resolve: () => void; reject: (reason: unknown) => void }[] = []
  /** Hands the next report to the step that waits for it. */
  #deliver: ((outcome: Outcome) => void) | undefined
  /** Reports that nobody has waited for yet, from a function that doesn't await its own. */
  readonly #early: Outcome[] = []
  /** Settles when the function goes on reporting after it was told to end. */
  readonly #ignoresStop: Promise<void>
  #noteIgnored: () => void = () => undefined

  constructor(input: CoroutineInput) {
    this.#input = input
    this.#ignoresStop = new Promise(resolve => {
      this.#noteIgnored = resolve
    })
  }

  async next(): Promise<Step> {
    if (this.#generator === undefined && this.#finished === undefined) this.#begin()
    const early = this.#early.shift()
    if (early) return open(early)
    if (this.#isOver) return { type: 'end' }
    if (this.#generator !== undefined) return this.#fromGenerator(this.#generator)
    const delivered = new Promise<Outcome>(resolve => {
      this.#deliver = resolve
    })
    for (const { resolve } of this.#waiting.splice(0)) resolve()
    const returned = (this.#finished ?? Promise.resolve<Step>({ type: 'end' })).then(step => ({ step, isLast: true }))
    const { step, isLast } = await Promise.race([
      delivered.then(outcome => ({ step: open(outcome), isLast: false })),
      returned,
    ])
    if (isLast) this.#isOver = true
    return step
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return
    this.#isStopped = true
    if (this.#generator) {
      // a generator may yield on its way out: that is gone over
      let result = await this.#generator.return?.()
      while (result && !result.done) result = await this.#generator.next()
      return
    }
    for (const { reject } of this.#waiting.splice(0)) reject(abortError())
    try {
      await Promise.race([this.#finished, this.#ignoresStop])
    } catch {
      // the trial's outcome is settled: what its clean-up throws changes nothing, an AbortError least of all
    }
  }

  #begin(): void {
    const { definition, config, context } = this.#input
    const reporting: ReportingContext = {
      ...context,
      report: (metrics, options) => {
        const reported = this.#report(metrics, options)
        // a function that doesn't await its reports must not take the process down with them
        reported.catch(() => undefined)
        return reported
      },
    }
    // the config's type was checked against the space when the tuner was made
    const run = definition as (config: JsonObject, context: ReportingContext) => unknown
    let returned: unknown
    try {
      returned = run(config, reporting)
    } catch (error) {
      returned = Promise.reject(error)
    }
    if (isIterator(returned)) {
      this.#generator = returned
      return
    }
    this.#finished = Promise.resolve(returned).then(value => this.#toLast(value))
    // whoever awaits the step hears of a rejection; this only keeps it from being called unhandled in between
    this.#finished.catch(() => undefined)
  }

  async #fromGenerator(generator: AsyncIterator<unknown, unknown> | Iterator<unknown, unknown>): Promise<Step> {
    const { done, value } = await generator.next()
    if (!done) return this.#toStep(value)
    this.#isOver = true
    return this.#toLast(value)
  }

  #toLast(returned: unknown): Step {
    return returned === undefined || returned === null ? { type: 'end' } : this.#toStep(returned)
  }

  #toStep(value: unknown): Step {
    const { metrics, checkpoint } = toReport(value, this.#input.context.trialIndex)
    return { type: 'report', metrics, save: checkpoint }
  }

  #report(metrics: unknown, options: { checkpoint?: SaveCheckpoint } = {}): Promise<void> {
    if (this.#isStopped) {
      if (!this.#hasRefused) return this.#refuse()
      this.#noteIgnored()
      return new Promise(() => undefined)
    }
    const outcome = this.#check(metrics, options)
    if (this.#deliver) {
      this.#deliver(outcome)
      this.#deliver = undefined
    } else {
      this.#early.push(outcome)
    }
    if (outcome.type === 'fault') return Promise.reject(outcome.error)
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
    })
  }

  #check(metrics: unknown, options: { checkpoint?: SaveCheckpoint }): Outcome {
    try {
      if (this.#generator) {
        throw new TuneError(
          'INVALID_TRAINABLE',
          'a generator reports by yielding: write `yield metrics` instead of `context.report(metrics)`',
        )
      }
      const { trialIndex } = this.#input.context
      return { type: 'report', metrics: toReport(metrics, trialIndex).metrics, save: options.checkpoint }
    } catch (error) {
      return { type: 'fault', error }
    }
  }

  /** The first report after the end is refused; one that catches that and reports again waits for ever, rather than spin. */
  #refuse(): Promise<void> {
    this.#hasRefused = true
    return Promise.reject(abortError())
  }
}

/** A step, or what was wrong with it. */
type Outcome = Step | { readonly type: 'fault'; readonly error: unknown }

function open(outcome: Outcome): Step {
  if (outcome.type === 'fault') throw outcome.error
  return outcome
}

function isIterator(value: unknown): value is AsyncIterator<unknown, unknown> | Iterator<unknown, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'next' in value &&
    typeof value.next === 'function' &&
    (Symbol.asyncIterator in value || Symbol.iterator in value)
  )
}

function abortError(): Error {
  return new DOMException('the trial was stopped', 'AbortError')
}
