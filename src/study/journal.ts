import type { Clock } from '../clock.js'
import type { JournalEntry, StudyEvent } from './events.js'

/** Where a study's events go, in order. */
export interface Journal {
  /** Takes an event; it counts as committed, and may be acted on, once `flush` has resolved. */
  append(event: StudyEvent): void
  /** Makes all that was appended durable. @throws `TuneError` `STORAGE_UNAVAILABLE` */
  flush(): Promise<void>
  /**
   * All flushed entries from the beginning.
   *
   * @param ofTrials - entries of other trials may be left out, which saves most of the time that it takes
   */
  entries(ofTrials?: (trialIndex: number) => boolean): Iterable<JournalEntry>
  /** Flushes and lets go of the file. */
  close(): Promise<void>
}

/** A journal in memory, for studies that need not outlive their process. */
export class MemoryJournal implements Journal {
  readonly #clock: Clock
  readonly #entries: JournalEntry[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  append(event: StudyEvent): void {
    this.#entries.push({ n: this.#entries.length, at: this.#clock.now(), event })
  }

  flush(): Promise<void> {
    return Promise.resolve()
  }

  entries(): Iterable<JournalEntry> {
    return this.#entries
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}
