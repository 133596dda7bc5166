import { IndexedHeap } from '../math/indexed-heap.js'
import type { CommitOrder } from './events.js'

/**
 * Decides which of the messages that have come in is committed next.
 *
 * A trial is opened when it takes a place and closed when it gives it up; its own messages stay in their order.
 */
export interface MessageOrder<T> {
  /** @param clock - the trial's logical clock as it takes its place */
  open(trialIndex: number, clock: number): void
  close(trialIndex: number): void
  /** Takes a message in; of a trial that is closed it is dropped. */
  offer(trialIndex: number, message: T): void
  /** The next message to commit, if it is certain which one that is. */
  take(): { readonly trialIndex: number; readonly message: T } | undefined
}

/** Makes the order that a study is defined with. @param timeOf - the logical time of a trial's next message */
export function createOrder<T>(kind: CommitOrder, timeOf: (trialIndex: number, message: T) => number): MessageOrder<T> {
  return kind === 'logical' ? new LogicalOrder(timeOf) : new ArrivalOrder()
}

/** A trial's messages that wait, and the time of the one that was committed last. */
interface Lane<T> {
  readonly waiting: T[]
  clock: number
}

/** Of one logical time, reports come first, and then what takes no time: ends, failures, and reports that didn't move the clock. */
const report = 0
const timeless = 1

/**
 * Commits in the order of (logical time, reports before ends, trial index), whatever the order of arrival.
 *
 * Each open trial has a place in a heap: that of its first waiting message or, if none waits, the earliest that its next one can have,
 * an end at its own clock. So when the least of them has a message, no other can come in front of it; and when it has none, it is the
 * one to wait for. That ends come last keeps a trial from holding up the others' reports of the same time until its next step is done.
 * Each operation is O(log n) in the number of open trials.
 */
class LogicalOrder<T> implements MessageOrder<T> {
  readonly #timeOf: (trialIndex: number, message: T) => number
  readonly #lanes = new Map<number, Lane<T>>()
  readonly #heap = new IndexedHeap()
  /** The trial whose message was taken last; once that is committed, the time of the one behind it is known. */
  #taken: number | undefined

  constructor(timeOf: (trialIndex: number, message: T) => number) {
    this.#timeOf = timeOf
  }

  open(trialIndex: number, clock: number): void {
    this.#lanes.set(trialIndex, { waiting: [], clock })
    this.#heap.set(trialIndex, clock, timeless)
  }

  close(trialIndex: number): void {
    this.#lanes.delete(trialIndex)
    this.#heap.delete(trialIndex)
  }

  offer(trialIndex: number, message: T): void {
    const lane = this.#lanes.get(trialIndex)
    if (lane === undefined) return
    lane.waiting.push(message)
    if (lane.waiting.length === 1 && trialIndex !== this.#taken) this.#place(trialIndex, lane, message)
  }

  take(): { readonly trialIndex: number; readonly message: T } | undefined {
    this.#settle()
    const first = this.#heap.peek()
    const lane = first && this.#lanes.get(first.id)
    const message = lane?.waiting.shift()
    if (first === undefined || lane === undefined || message === undefined) return undefined
    lane.clock = first.key
    this.#heap.set(first.id, first.key, timeless)
    this.#taken = first.id
    return { trialIndex: first.id, message }
  }

  #settle(): void {
    const trialIndex = this.#taken
    this.#taken = undefined
    const lane = trialIndex === undefined ? undefined : this.#lanes.get(trialIndex)
    const [next] = lane?.waiting ?? []
    if (trialIndex !== undefined && lane !== undefined && next !== undefined) this.#place(trialIndex, lane, next)
  }

  #place(trialIndex: number, lane: Lane<T>, message: T): void {
    const time = this.#timeOf(trialIndex, message)
    this.#heap.set(trialIndex, time, time > lane.clock ? report : timeless)
  }
}

/** Commits as messages come in. */
class ArrivalOrder<T> implements MessageOrder<T> {
  readonly #open = new Set<number>()
  #queue: { readonly trialIndex: number; readonly message: T }[] = []
  #first = 0

  open(trialIndex: number): void {
    this.#open.add(trialIndex)
  }

  close(trialIndex: number): void {
    this.#open.delete(trialIndex)
  }

  offer(trialIndex: number, message: T): void {
    if (this.#open.has(trialIndex)) this.#queue.push({ trialIndex, message })
  }

  take(): { readonly trialIndex: number; readonly message: T } | undefined {
    while (this.#first < this.#queue.length) {
      const next = this.#queue[this.#first]
      this.#first += 1
      if (next !== undefined && this.#open.has(next.trialIndex)) return next
    }
    this.#queue = []
    this.#first = 0
    return undefined
  }
}
