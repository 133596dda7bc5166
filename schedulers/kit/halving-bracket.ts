import { compareEntries, type RungEntry } from './ranking.js'

/** What lays out one bracket of synchronous successive halving. */
export interface BracketPlan {
  /** How many trials it takes in; whole, from 1. */
  readonly size: number
  /** The times at which its rounds end, ascending; at least one. */
  readonly levels: readonly number[]
  /** How many of the `present` trials of a round go on to the next; from 1 to `present`. */
  readonly keep: (present: number) => number
  /** Whether a trial is done at the last level; else it runs until it ends by itself. */
  readonly stopsAtLast: boolean
}

/** A trial's result at the end of a round. */
export interface Arrival extends RungEntry {
  readonly time: number
  /** The metric as reported. */
  readonly value: number
}

/** What a bracket says of a trial once its round is decided. */
export type Verdict =
  /** It goes on to the next level. */
  | { readonly type: 'promoted'; readonly arrival: Arrival }
  /** It is not among those that go on. */
  | {
      readonly type: 'cut'
      readonly arrival: Arrival
      readonly level: number
      /** From 1, the best. */
      readonly rank: number
      readonly present: number
      readonly kept: number
    }
  /** It has reached the last level. */
  | { readonly type: 'finished'; readonly arrival: Arrival; readonly level: number }

/** Where a bracket stands. */
export interface BracketProgress {
  /** How many trials it takes. */
  readonly size: number
  /** The time at which its round ends. */
  readonly level: number
  /** How many trials of the round have not come to its end. */
  readonly racing: number
  /** How many trials wait at the end of the round. */
  readonly waiting: number
  /** Whether it still takes trials in. */
  readonly isOpen: boolean
}

/**
 * One bracket of synchronous successive halving: in each round all its trials run up to the same level, the best go on together, the
 * others are cut.
 *
 * A round is decided once the bracket takes no more trials in and each of those that are left has arrived. Trials that end otherwise
 * leave it, so that nothing waits for them; those that fail while it is open make room for others. Results that are not finite never go
 * on; ties are settled by trial index. A trial that has run past the next level before it was promoted counts as having arrived there with
 * the same result.
 */
export class HalvingBracket {
  readonly #plan: BracketPlan
  #isOpen = true
  /** How many trials have joined and not made room for others. */
  #taken = 0
  #round = 0
  readonly #racing = new Set<number>()
  readonly #waiting = new Map<number, Arrival>()

  constructor(plan: BracketPlan) {
    this.#plan = plan
  }

  /** Whether it takes trials in. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Whether nothing can happen here until a trial joins or the bracket is closed. */
  get isStuck(): boolean {
    return this.#isOpen && this.#racing.size === 0 && this.#waiting.size > 0
  }

  /** Whether no trial is left and none will come. */
  get isOver(): boolean {
    return !this.#isOpen && this.#racing.size + this.#waiting.size === 0
  }

  /** The time at which its round ends; Infinity in a last round without an end. */
  get level(): number {
    const { levels, stopsAtLast } = this.#plan
    if (!stopsAtLast && this.#round === levels.length - 1) return Number.POSITIVE_INFINITY
    return levels[this.#round] ?? Number.POSITIVE_INFINITY
  }

  get progress(): BracketProgress {
    const [racing, waiting] = [this.#racing.size, this.#waiting.size]
    return { size: this.#plan.size, level: this.level, racing, waiting, isOpen: this.#isOpen }
  }

  /** How many trials go on from the round when all that it may have arrive. */
  get keeps(): number {
    return this.#plan.keep(this.#isOpen ? this.#plan.size : this.#racing.size + this.#waiting.size)
  }

  /** Takes in a trial; the last one for which there is room closes the bracket. */
  join(trialIndex: number): void {
    this.#racing.add(trialIndex)
    if (++this.#taken >= this.#plan.size) this.#isOpen = false
  }

  /** Whether a trial waits at the end of the round. */
  isWaiting(trialIndex: number): boolean {
    return this.#waiting.has(trialIndex)
  }

  /** Notes a trial's first result at the level or past it; one verdict may be about itself. */
  arrive(arrival: Arrival): Verdict[] {
    if (!this.#racing.delete(arrival.trialIndex)) return []
    this.#waiting.set(arrival.trialIndex, arrival)
    return this.#settle()
  }

  /** Forgets a trial that has ended. @param makesRoom - whether another may join in its stead while the bracket is open */
  leave(trialIndex: number, makesRoom: boolean): Verdict[] {
    if (!this.#racing.delete(trialIndex) && !this.#waiting.delete(trialIndex)) return []
    if (makesRoom) this.#taken--
    return this.#settle()
  }

  /** Takes no more trials in, so that the round is decided among those that are there. */
  close(): Verdict[] {
    this.#isOpen = false
    return this.#settle()
  }

  /** What {@link close} would say, while nothing changes; O(n log n) in the number of trials that wait. */
  foresee(): Verdict[] {
    const copy = new HalvingBracket(this.#plan)
    copy.#round = this.#round
    for (const trialIndex of this.#racing) copy.#racing.add(trialIndex)
    for (const [trialIndex, arrival] of this.#waiting) copy.#waiting.set(trialIndex, arrival)
    return copy.close()
  }

  /** Decides rounds for as long as one is complete; a trial's last verdict is the one that counts. */
  #settle(): Verdict[] {
    const verdicts = new Map<number, Verdict>()
    const { levels, stopsAtLast } = this.#plan
    for (;;) {
      const isLast = this.#round === levels.length - 1
      const level = levels[this.#round] ?? Number.NaN
      if (isLast && stopsAtLast) {
        // nobody has to wait for the others there
        for (const arrival of this.#waiting.values())
          verdicts.set(arrival.trialIndex, { type: 'finished', arrival, level })
        this.#waiting.clear()
      }
      if (isLast || this.#isOpen || this.#racing.size > 0 || this.#waiting.size === 0) return [...verdicts.values()]
      for (const verdict of this.#decide(level)) verdicts.set(verdict.arrival.trialIndex, verdict)
    }
  }

  /** Decides a round and goes on to the next one. @returns what is said of its trials, the best first */
  #decide(level: number): Verdict[] {
    const ranked = [...this.#waiting.values()].sort(compareEntries)
    const present = ranked.length
    const kept = this.#plan.keep(present)
    const verdicts: Verdict[] = []
    this.#waiting.clear()
    this.#round++
    for (const [index, arrival] of ranked.entries()) {
      if (index >= kept || !Number.isFinite(arrival.score)) {
        verdicts.push({ type: 'cut', arrival, level, rank: index + 1, present, kept })
      } else if (arrival.time >= this.level) {
        this.#waiting.set(arrival.trialIndex, arrival)
      } else {
        this.#racing.add(arrival.trialIndex)
        verdicts.push({ type: 'promoted', arrival })
      }
    }
    return verdicts
  }
}
