import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Rng } from '../../src/rng.js'
import { createOrder, type MessageOrder } from '../../src/study/order.js'

/** A trial's messages: how far each moves its clock, and which of them is its last, pauses it or has it stopped. */
interface Script {
  readonly costs: readonly number[]
  /** The message after which it gives its place back until a place is free, if any. */
  readonly pauseAfter: number | undefined
  /** The message after which it is stopped, though its worker goes on, if any. */
  readonly stopAfter: number | undefined
}

type Committed = readonly [time: number, trial: number, message: number]

/** Trials that take places, as a study gives them out: those that paused go on once no new one is left. */
class Places {
  readonly clocks: number[]
  /** How many messages of each trial are committed. */
  readonly committed: number[]
  readonly open = new Set<number>()
  readonly #paused: number[] = []
  readonly #scripts: readonly Script[]
  #made = 0

  constructor(scripts: readonly Script[]) {
    this.#scripts = scripts
    this.clocks = scripts.map(() => 0)
    this.committed = scripts.map(() => 0)
  }

  /** Gives a free place away at the time of the event that freed it. */
  fill(clock: number): number | undefined {
    const trial = this.#made < this.#scripts.length ? this.#made++ : this.#paused.shift()
    if (trial === undefined) return undefined
    this.clocks[trial] = clock
    this.open.add(trial)
    return trial
  }

  timeOf(trial: number, message: number): number {
    return (this.clocks[trial] ?? 0) + (this.#scripts[trial]?.costs[message] ?? 0)
  }

  /** Commits a trial's next message; whether it gives its place up. */
  commit(trial: number, message: number): boolean {
    this.clocks[trial] = this.timeOf(trial, message)
    this.committed[trial] = message + 1
    const script = this.#scripts[trial]
    const isLast = message + 1 === script?.costs.length || message === script?.stopAfter
    const isPause = !isLast && message === script?.pauseAfter
    if (isPause) this.#paused.push(trial)
    if (isLast || isPause) this.open.delete(trial)
    return isLast || isPause
  }
}

/** What must come out, by one who knows every message beforehand. */
function foresee(scripts: readonly Script[], concurrency: number): Committed[] {
  const places = new Places(scripts)
  const result: Committed[] = []
  for (let i = 0; i < concurrency; i++) places.fill(0)
  while (places.open.size > 0) {
    const [first] = [...places.open]
      .map(trial => {
        const time = places.timeOf(trial, places.committed[trial] ?? 0)
        // of one time, what moves its trial's clock comes before what doesn't
        return { trial, time, rank: time > (places.clocks[trial] ?? 0) ? 0 : 1 }
      })
      .sort((a, b) => a.time - b.time || a.rank - b.rank || a.trial - b.trial)
    if (first === undefined) break
    const message = places.committed[first.trial] ?? 0
    result.push([first.time, first.trial, message])
    if (places.commit(first.trial, message)) places.fill(first.time)
  }
  return result
}

/** Lets messages arrive one by one from whichever trial, and commits what the order gives out. */
function run(scripts: readonly Script[], concurrency: number, rng: Rng): Committed[] {
  const places = new Places(scripts)
  const order: MessageOrder<number> = createOrder('logical', (trial, message) => places.timeOf(trial, message))
  const sent = scripts.map(() => 0)
  const result: Committed[] = []
  const fill = (clock: number) => {
    const trial = places.fill(clock)
    if (trial !== undefined) order.open(trial, clock)
  }
  for (let i = 0; i < concurrency; i++) fill(0)
  for (;;) {
    const senders = scripts.flatMap(({ costs, pauseAfter, stopAfter }, trial) => {
      const next = sent[trial] ?? 0
      const isStarted = places.open.has(trial) || (places.committed[trial] ?? 0) > 0
      // one that is to pause waits there; one that was stopped goes on until it hears of it
      const waits = pauseAfter !== undefined && pauseAfter !== stopAfter && next === pauseAfter + 1
      const isFree = !waits || (places.open.has(trial) && (places.committed[trial] ?? 0) > pauseAfter)
      return isStarted && isFree && next < costs.length ? [trial] : []
    })
    if (senders.length === 0) return result
    const trial = senders[rng.integer(0, senders.length)] ?? 0
    order.offer(trial, sent[trial] ?? 0)
    sent[trial] = (sent[trial] ?? 0) + 1
    for (let next = order.take(); next; next = order.take()) {
      const time = places.timeOf(next.trialIndex, next.message)
      result.push([time, next.trialIndex, next.message])
      if (!places.commit(next.trialIndex, next.message)) continue
      order.close(next.trialIndex)
      fill(time)
    }
  }
}

const script = fc
  .record({
    // equal times are what an order is easily wrong about, so costs are few and often zero
    costs: fc.array(fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom(0, 0.5)), { minLength: 1, maxLength: 8 }),
    pauseAfter: fc.option(fc.nat({ max: 6 }), { nil: undefined }),
    stopAfter: fc.option(fc.nat({ max: 7 }), { nil: undefined }),
  })
  .map((made): Script => {
    const { pauseAfter, stopAfter } = made
    return pauseAfter !== undefined && stopAfter !== undefined && stopAfter <= pauseAfter
      ? { ...made, pauseAfter: undefined }
      : made
  })

describe('logical order', () => {
  it('commits by (logical time, reports before ends, trial index) however messages arrive', () => {
    fc.assert(
      fc.property(
        fc.array(script, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 4 }),
        fc.nat(),
        (scripts, concurrency, seed) => {
          const foreseen = foresee(scripts, concurrency)
          for (let arrival = 0; arrival < 3; arrival++) {
            expect(run(scripts, concurrency, Rng.from(seed).fork(arrival))).toEqual(foreseen)
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  it('never goes back in time', () => {
    fc.assert(
      fc.property(fc.array(script, { minLength: 1, maxLength: 8 }), fc.nat(), (scripts, seed) => {
        const times = run(scripts, 3, Rng.from(seed)).map(([time]) => time)
        expect(times).toEqual(times.toSorted((a, b) => a - b))
      }),
    )
  })

  /** An order over messages that are their own times. */
  const byTime = () => createOrder<number>('logical', (_trial, time) => time)

  it('waits for a trial that may still come in front', () => {
    const order = byTime()
    order.open(0, 0)
    order.open(1, 0)
    order.offer(1, 1)
    expect(order.take()).toBeUndefined()
    order.offer(0, 2)
    expect([order.take(), order.take()]).toEqual([{ trialIndex: 1, message: 1 }, undefined])
  })

  it('waits for the report of the lower index at the same time', () => {
    const order = byTime()
    order.open(0, 0)
    order.open(1, 0)
    order.offer(1, 3)
    expect(order.take()).toBeUndefined()
    order.offer(0, 3)
    expect([order.take(), order.take()]).toEqual([
      { trialIndex: 0, message: 3 },
      { trialIndex: 1, message: 3 },
    ])
  })

  it('commits the reports of a time without waiting for the ends that may follow', () => {
    const order = byTime()
    order.open(0, 0)
    order.open(1, 0)
    order.offer(0, 3)
    order.offer(0, 3)
    order.offer(1, 3)
    // the second message of trial 0 takes no time, so it stands behind every report of time 3
    expect([order.take(), order.take()]).toEqual([
      { trialIndex: 0, message: 3 },
      { trialIndex: 1, message: 3 },
    ])
    expect(order.take()).toEqual({ trialIndex: 0, message: 3 })
    expect(order.take()).toBeUndefined()
  })

  it('commits the ends of a time by trial index', () => {
    const order = byTime()
    order.open(0, 3)
    order.open(1, 3)
    order.offer(1, 3)
    expect(order.take()).toBeUndefined()
    order.offer(0, 3)
    expect(order.take()).toEqual({ trialIndex: 0, message: 3 })
    // the next one of trial 0 may take no time either, and would then be first again
    expect(order.take()).toBeUndefined()
    order.offer(0, 4)
    expect(order.take()).toEqual({ trialIndex: 1, message: 3 })
  })

  it('waits for nobody whose clock is past the message', () => {
    const order = byTime()
    order.open(0, 5)
    order.open(1, 0)
    order.offer(1, 4)
    expect(order.take()).toEqual({ trialIndex: 1, message: 4 })
  })

  it('goes on at once when the trial that it waited for is closed', () => {
    const order = byTime()
    order.open(0, 0)
    order.open(1, 0)
    order.offer(1, 1)
    order.close(0)
    expect(order.take()).toEqual({ trialIndex: 1, message: 1 })
  })

  it('drops what a closed trial sends and what it had sent', () => {
    const order = byTime()
    order.open(0, 0)
    order.offer(0, 1)
    order.offer(0, 2)
    expect(order.take()).toEqual({ trialIndex: 0, message: 1 })
    order.close(0)
    order.offer(0, 3)
    expect(order.take()).toBeUndefined()
    order.open(0, 9)
    expect(order.take()).toBeUndefined()
    order.offer(0, 10)
    expect(order.take()).toEqual({ trialIndex: 0, message: 10 })
  })

  it('has nothing to give while no trial is open', () => {
    const order = byTime()
    order.offer(0, 1)
    expect(order.take()).toBeUndefined()
  })
})

describe('arrival order', () => {
  const open = (...trials: number[]) => {
    const order = createOrder<string>('arrival', () => {
      throw new Error('it asks for no times')
    })
    for (const trial of trials) order.open(trial, 0)
    return order
  }

  const drain = (order: MessageOrder<string>) => {
    const taken: string[] = []
    for (let next = order.take(); next; next = order.take()) taken.push(`${next.trialIndex}${next.message}`)
    return taken
  }

  it('commits first in, first out', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 3 })), fc.nat({ max: 20 }), (senders, pauseAt) => {
        const order = open(0, 1, 2, 3)
        const taken: string[] = []
        for (const [i, trial] of senders.entries()) {
          order.offer(trial, `m${i}`)
          if (i === pauseAt) taken.push(...drain(order))
        }
        taken.push(...drain(order))
        expect(taken).toEqual(senders.map((trial, i) => `${trial}m${i}`))
      }),
    )
  })

  it('drops what trials sent that were closed, and what they still send', () => {
    const order = open(0, 1)
    order.offer(0, 'a')
    order.offer(1, 'b')
    order.offer(0, 'c')
    order.close(0)
    order.offer(0, 'd')
    expect(drain(order)).toEqual(['1b'])
    order.open(0, 0)
    order.offer(0, 'e')
    expect(drain(order)).toEqual(['0e'])
  })
})
