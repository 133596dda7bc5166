import { TuneError } from '../errors.js'

/** How long trials may take before they are ended by force, in milliseconds; Infinity for no limit. */
export interface StepLimits {
  /** One iteration. */
  readonly stepMs: number
  /** All iterations of a trial, without the time that it waited. */
  readonly trialMs: number
}

/** A step that is under way. */
export interface WatchedStep {
  readonly trialIndex: number
  readonly attempt: number
  readonly limitMs: number
  /** Which of the limits it is. */
  readonly kind: 'step' | 'trial'
}

/** Told of each step as it begins and ends, where there is a limit. */
export interface StepWatch {
  begin(step: WatchedStep): void
  end(step: WatchedStep): void
}

/** The step of a trial that has worked for so long, if a limit holds for it. */
export function limitStep(
  { stepMs, trialMs }: StepLimits,
  trial: { readonly trialIndex: number; readonly attempt: number; readonly timeTotalS: number },
): WatchedStep | undefined {
  const left = Math.max(0, trialMs - trial.timeTotalS * 1000)
  const limitMs = Math.min(stepMs, left)
  if (limitMs === Number.POSITIVE_INFINITY) return undefined
  const { trialIndex, attempt } = trial
  return { trialIndex, attempt, limitMs, kind: left < stepMs ? 'trial' : 'step' }
}

/** What a trial fails with that took too long. */
export function timeoutError({ kind }: Pick<WatchedStep, 'kind'>, { stepMs, trialMs }: StepLimits): TuneError {
  const [what, limit, option] =
    kind === 'step' ? ['an iteration', stepMs, 'stepTimeoutS'] : ['its iterations together', trialMs, 'trialTimeoutS']
  const error = new TuneError(
    'TRIAL_TIMEOUT',
    `the trial was ended by force, since ${what} took longer than ${limit / 1000} s: make it faster, or raise failureConfig.${option}`,
  )
  // the stack would show the engine's own inside, which helps nobody
  delete error.stack
  return error
}

/** Watches steps by timers of this thread: it sees a step that waits for ever, not one that computes for ever. */
export class TimerWatch implements StepWatch {
  readonly #onTimeout: (step: WatchedStep) => void
  readonly #timers = new Map<WatchedStep, NodeJS.Timeout>()

  constructor(onTimeout: (step: WatchedStep) => void) {
    this.#onTimeout = onTimeout
  }

  begin(step: WatchedStep): void {
    // a timer can't hold more, and nobody waits for that
    const ms = Math.min(step.limitMs, 2 ** 31 - 1)
    this.#timers.set(
      step,
      setTimeout(() => this.#onTimeout(step), ms),
    )
  }

  end(step: WatchedStep): void {
    clearTimeout(this.#timers.get(step))
    this.#timers.delete(step)
  }
}

const fields = { trialIndex: 0, attempt: 1, kind: 2, deadline: 3 } as const

/** Memory through which one thread sees which step another is at, even while that computes. */
export function createSharedWatch(): SharedArrayBuffer {
  return new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT * Object.keys(fields).length)
}

/** The watched thread's side, for steps one after the other. */
export class SharedWatch implements StepWatch {
  readonly #memory: BigInt64Array
  readonly #now: () => number

  /** @param now - wall-clock milliseconds, the same in both threads */
  constructor(memory: SharedArrayBuffer, now: () => number) {
    this.#memory = new BigInt64Array(memory)
    this.#now = now
  }

  begin({ trialIndex, attempt, limitMs, kind }: WatchedStep): void {
    Atomics.store(this.#memory, fields.trialIndex, BigInt(trialIndex))
    Atomics.store(this.#memory, fields.attempt, BigInt(attempt))
    Atomics.store(this.#memory, fields.kind, kind === 'step' ? 0n : 1n)
    Atomics.store(this.#memory, fields.deadline, BigInt(Math.ceil(this.#now() + Math.min(limitMs, 2 ** 52))))
  }

  end(): void {
    Atomics.store(this.#memory, fields.deadline, 0n)
  }
}

/** The watching thread's side: the step that is past its deadline, if one is. */
export function readOverdue(memory: SharedArrayBuffer, now: number): Omit<WatchedStep, 'limitMs'> | undefined {
  const view = new BigInt64Array(memory)
  const deadline = Atomics.load(view, fields.deadline)
  if (deadline === 0n || BigInt(Math.floor(now)) <= deadline) return undefined
  const trialIndex = Number(Atomics.load(view, fields.trialIndex))
  const attempt = Number(Atomics.load(view, fields.attempt))
  const kind = Atomics.load(view, fields.kind) === 0n ? 'step' : 'trial'
  // what was read belongs together unless another step has begun meanwhile
  return Atomics.load(view, fields.deadline) === deadline ? { trialIndex, attempt, kind } : undefined
}
