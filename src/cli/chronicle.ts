import type { ExploitRecord, JournalEntry } from '../study/events.js'

/** A trial that went on from another's checkpoint. */
export interface ExploitStep extends Pick<ExploitRecord, 'donor'> {
  readonly trial: number
  readonly reason: string
}

/** How often somebody decided something. */
export interface DecisionCount {
  readonly type: 'pause' | 'stop' | 'exploit'
  readonly by: string
  count: number
}

/** How many of the last exploits are kept. */
const exploitsKept = 5

/** What a journal tells beside its study's state: how often, when and for how long. Its size does not grow with the journal's. */
export class Chronicle {
  entries = 0
  reports = 0
  checkpoints = 0
  /** Failures that trials survived or did not. */
  failures = 0
  sessions = 0
  extensions = 0
  exploits = 0
  /** Wall-clock milliseconds since 1970-01-01 UTC. */
  startedAt = Number.NaN
  lastAt = Number.NaN
  /** Milliseconds of running, over all sessions. */
  elapsedMs = 0
  /** The last of the trials that went on from another's checkpoint. */
  readonly lastExploits: ExploitStep[] = []
  /** Who halted the study last, and why, even if it was then extended. */
  halt: { readonly reason: string; readonly by: string } | undefined
  readonly #decisions = new Map<string, DecisionCount>()

  /** Decisions by who made them, the most frequent first. */
  get decisions(): readonly DecisionCount[] {
    return [...this.#decisions.values()].sort((a, b) => b.count - a.count)
  }

  add({ at, event }: JournalEntry): void {
    this.entries++
    if (this.entries === 1) this.startedAt = at
    else if (event.event !== 'session') this.elapsedMs += Math.max(0, at - this.lastAt) || 0
    this.lastAt = at
    switch (event.event) {
      case 'session':
        this.sessions++
        break
      case 'extend':
        this.extensions++
        break
      case 'checkpoint':
        this.checkpoints++
        break
      case 'failure':
        this.failures++
        break
      case 'halt':
        this.halt = { reason: event.reason, by: event.by }
        break
      case 'resume':
        if (event.exploit) this.#exploit({ trial: event.trial, ...event.exploit })
        break
      case 'report':
      case 'end': {
        if (event.event === 'report') {
          this.reports++
          if (event.checkpoint) this.checkpoints++
        }
        const { decision } = event
        if (decision === undefined) break
        this.#decide(decision.type, decision.by)
        if (decision.exploit) this.#exploit({ ...decision.exploit, trial: event.trial, reason: decision.reason })
        break
      }
      default:
    }
  }

  #exploit({ trial, donor, reason }: ExploitStep): void {
    this.exploits++
    this.lastExploits.push({ trial, donor, reason })
    if (this.lastExploits.length > exploitsKept) this.lastExploits.shift()
  }

  #decide(type: DecisionCount['type'], by: string): void {
    const held = this.#decisions.get(`${type} ${by}`)
    if (held === undefined) this.#decisions.set(`${type} ${by}`, { type, by, count: 1 })
    else held.count++
  }
}
