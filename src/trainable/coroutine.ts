import { show, TuneError } from '../errors.js'
import { assertJson, isPlainObject, type JsonObject } from '../json.js'
import {
  type ClassTrainable,
  type Metrics,
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
    if (this.#isClean || this.#instance === undefined || this.#instance.reset) return
    this.#isClean = true
    await this.#instance.cleanup?.()
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
  #hasReturned = false
  #isStopped = false
  /** Lets the function go on from the report it waits at. */
  #goOn: { resolve: () => void; reject: (reason: unknown) => void } | undefined
  /** Hands the next report to the step that waits for it. */
  #deliver: ((step: Step) => void) | undefined
  #early: Step[] = []

  constructor(input: CoroutineInput) {
    this.#input = input
  }

  async next(): Promise<Step> {
    if (this.#hasReturned) return { type: 'end' }
    if (this.#generator === undefined && this.#finished === undefined) this.#begin()
    if (this.#generator !== undefined) return this.#fromGenerator(this.#generator)
    const early = this.#early.shift()
    if (early) return early
    const delivered = new Promise<Step>(resolve => {
      this.#deliver = resolve
    })
    this.#goOn?.resolve()
    this.#goOn = undefined
    return await Promise.race([delivered, this.#finished ?? delivered])
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return
    this.#isStopped = true
    if (this.#generator) {
      await this.#generator.return?.()
      return
    }
    this.#goOn?.reject(abortError())
    this.#goOn = undefined
    try {
      await this.#finished
    } catch {
      // the trial's outcome is settled: what its clean-up throws changes nothing, an AbortError least of all
    }
  }

  #begin(): void {
    const { definition, config, context } = this.#input
    const reporting: ReportingContext = Object.assign(Object.create(Object.getPrototypeOf(context)), context, {
      report: (metrics: Metrics, options?: { checkpoint?: SaveCheckpoint }) => this.#report(metrics, options),
    })
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
    this.#finished = Promise.resolve(returned).then(value => this.#end(value))
    // whoever awaits the step hears of a rejection; this only keeps it from being called unhandled in between
    this.#finished.catch(() => undefined)
  }

  async #fromGenerator(generator: AsyncIterator<unknown, unknown> | Iterator<unknown, unknown>): Promise<Step> {
    const { done, value } = await generator.next()
    return done ? this.#end(value) : this.#toStep(value)
  }

  #end(returned: unknown): Step {
    if (returned === undefined || returned === null) return { type: 'end' }
    this.#hasReturned = true
    return this.#toStep(returned)
  }

  #toStep(value: unknown): Step {
    const { metrics, checkpoint } = toReport(value, this.#input.context.trialIndex)
    return { type: 'report', metrics, save: checkpoint }
  }

  #report(metrics: unknown, options: { checkpoint?: SaveCheckpoint } = {}): Promise<void> {
    if (this.#generator) {
      return Promise.reject(
        new TuneError(
          'INVALID_TRAINABLE',
          'a generator reports by yielding: write `yield metrics` instead of `context.report(metrics)`',
        ),
      )
    }
    if (this.#isStopped) return Promise.reject(abortError())
    let step: Step
    try {
      step = {
        type: 'report',
        metrics: toReport(metrics, this.#input.context.trialIndex).metrics,
        save: options.checkpoint,
      }
    } catch (error) {
      return Promise.reject(error)
    }
    if (this.#deliver) {
      this.#deliver(step)
      this.#deliver = undefined
    } else {
      this.#early.push(step)
    }
    return new Promise((resolve, reject) => {
      const before = this.#goOn
      this.#goOn = {
        resolve: () => {
          before?.resolve()
          resolve()
        },
        reject: reason => {
          before?.reject(reason)
          reject(reason)
        },
      }
    })
  }
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
