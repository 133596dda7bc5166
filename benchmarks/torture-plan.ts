import type { Rng } from '../src/index.js'
import { walkLength } from './torture-trainable.js'

/** At which call a process is to be killed. */
export interface KillPoint {
  readonly isInMain: boolean
  /** The function, as the fault module names it. */
  readonly call: string
  /** The how many-th call of it in its thread, from 1. */
  readonly count: number
  readonly when: 'before' | 'half' | 'after'
  /** How much of the data is written, if it is killed half-way through. */
  readonly share: number
}

/** What the fault module does to a process. */
export interface FaultPlan {
  readonly kill?: KillPoint
  /** Between these times, in milliseconds since 1970, the disk is full. */
  readonly full?: { readonly from: number; readonly until: number }
  /** Where to keep how often each function was called. */
  readonly countsFile?: string
}

/** How often a study that is left alone calls each function, in its main thread and in a worker. */
export interface CallCounts {
  readonly main: Readonly<Record<string, number>>
  readonly worker: Readonly<Record<string, number>>
}

/** What happens to one session of a study. */
export interface Disturbance {
  readonly kill: KillPoint | undefined
  /** A signal from outside, so many milliseconds after the start. */
  readonly signal: { readonly name: 'SIGKILL' | 'SIGINT'; readonly afterMs: number } | undefined
  readonly full: { readonly afterMs: number; readonly forMs: number } | undefined
  /** The trial and the step in which a worker ends, the first time. */
  readonly exit: { readonly trial: number; readonly step: number } | undefined
  /** How many bytes the journal loses at its end once the session has ended, and how many of no use it gets instead. */
  readonly tear: { readonly cut: number; readonly garbage: string } | undefined
  readonly workers: number
}

/** A session that is left alone. */
export const calm: Disturbance = {
  kill: undefined,
  signal: undefined,
  full: undefined,
  exit: undefined,
  tear: undefined,
  workers: 2,
}

/** Draws what happens to a session. @param lengthMs - how long the study takes that is left alone */
export function drawDisturbance(rng: Rng, counts: CallCounts, lengthMs: number): Disturbance {
  const chance = (share: number) => rng.uniform() < share
  const isAtCall = chance(0.55)
  return {
    kill: isAtCall ? drawKillPoint(rng, counts) : undefined,
    signal:
      !isAtCall || chance(0.2)
        ? { name: chance(0.25) ? 'SIGINT' : 'SIGKILL', afterMs: (0.1 + 0.8 * rng.uniform()) * lengthMs }
        : undefined,
    full: chance(0.12) ? { afterMs: rng.uniform() * lengthMs, forMs: 50 + rng.uniform() * 700 } : undefined,
    exit: chance(0.35) ? { trial: rng.integer(0, 8), step: rng.integer(1, walkLength + 1) } : undefined,
    tear: chance(0.4)
      ? {
          // mostly a torn line; now and then a few whole ones that a disk has lost
          cut: chance(0.5) ? rng.integer(0, 60) : chance(0.3) ? rng.integer(0, 700) : 0,
          garbage: chance(0.4) ? '{"n":12,"at":17\u0000ÿ'.slice(0, rng.integer(1, 17)) : '',
        }
      : undefined,
    workers: rng.integer(2, 5),
  }
}

function drawKillPoint(rng: Rng, counts: CallCounts): KillPoint {
  const isInMain = rng.uniform() < 0.6
  const calls = Object.entries(isInMain ? counts.main : counts.worker)
  const [call, most] = calls[rng.integer(0, calls.length)] ?? ['postMessage', 10]
  return {
    isInMain,
    call,
    // as many early as late, on a logarithmic scale or on a straight one
    count: rng.uniform() < 0.7 ? Math.max(1, Math.round(most ** rng.uniform())) : rng.integer(1, Math.max(2, most + 1)),
    when: (['before', 'half', 'after'] as const)[rng.integer(0, 3)] ?? 'before',
    share: rng.uniform(),
  }
}
