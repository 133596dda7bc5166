import { describe, expect, it } from 'vitest'
import { systemClock } from '../src/clock.js'
import { type Patience, waitForRoom } from '../src/disk-full.js'
import { TuneError } from '../src/errors.js'
import { type Journal, MemoryJournal } from '../src/study/journal.js'

/** A journal whose disk refuses the first flushes. */
class FullJournal extends MemoryJournal implements Journal {
  #refusals: number
  readonly #code: string

  constructor(refusals: number, code = 'ENOSPC') {
    super(systemClock)
    this.#refusals = refusals
    this.#code = code
  }

  override flush(): Promise<void> {
    this.#refusals -= 1
    if (this.#refusals < 0) return Promise.resolve()
    const cause = Object.assign(new Error('no space left on device'), { code: this.#code })
    return Promise.reject(new TuneError('STORAGE_UNAVAILABLE', 'the journal can’t be written', { cause }))
  }
}

const flush = (journal: Journal, patience: Patience) => waitForRoom(() => journal.flush(), patience)

describe('making a journal durable', () => {
  let log: string[]
  const patience = (turns = Number.POSITIVE_INFINITY) => {
    log = []
    let waited = 0
    return {
      onFull: () => void log.push('full'),
      onRoom: () => void log.push('room'),
      isOver: () => waited >= turns,
      wait: () => Promise.resolve(log.push(`wait ${++waited}`)),
    }
  }
  const unavailable = expect.objectContaining({ code: 'STORAGE_UNAVAILABLE' })

  it('says nothing when there is room', async () => {
    await flush(new FullJournal(0), patience())
    expect(log).toEqual([])
  })

  it.each(['ENOSPC', 'EDQUOT'])('waits out a full disk (%s), and tells of it once', async code => {
    await flush(new FullJournal(3, code), patience())
    expect(log).toEqual(['full', 'wait 1', 'wait 2', 'wait 3', 'room'])
  })

  it('waits no longer than it is to', async () => {
    await expect(flush(new FullJournal(9), patience(2))).rejects.toThrow(unavailable)
    expect(log).toEqual(['full', 'wait 1', 'wait 2'])
  })

  it('does not wait for what waiting does not mend', async () => {
    await expect(flush(new FullJournal(9, 'EIO'), patience())).rejects.toThrow(unavailable)
    expect(log).toEqual([])
  })
})
