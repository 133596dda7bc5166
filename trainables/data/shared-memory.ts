/// <reference lib="es2024.sharedmemory" />
import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { getEnvironmentData, isMainThread, setEnvironmentData } from 'node:worker_threads'

/** Bytes with a note on what they are. */
export interface SharedEntry {
  /** Says how to read the bytes; becomes JSON. */
  readonly note: unknown
  readonly bytes: Uint8Array
}

/**
 * Memory that all threads of a process see: what one of them loads, the others find there.
 *
 * It is one growable `SharedArrayBuffer`, which takes no memory before it grows. The main thread hands it to the threads that it starts as
 * environment data; nobody has to wait for a message, which a thread that computes would be slow to answer. The buffer starts with a lock,
 * the number of bytes in use, and a table of what lies where.
 */
export class SharedMemory {
  readonly #buffer: SharedArrayBuffer
  readonly #patienceMs: number

  /**
   * @param buffer - growable; all zero at first
   * @param options - `patienceMs`: how long a thread waits for another one's loading before it loads by itself (as the other may have been ended)
   */
  constructor(buffer: SharedArrayBuffer, options: { readonly patienceMs?: number } = {}) {
    this.#buffer = buffer
    this.#patienceMs = options.patienceMs ?? 60_000
    if (buffer.byteLength < tableEnd) buffer.grow(tableEnd)
  }

  /**
   * Finds the entries of a key, or loads and keeps them. Of several threads that ask at the same time one loads and the others wait. When
   * there is no room left, the caller gets its own copy.
   */
  async entries(key: string, load: () => Promise<readonly SharedEntry[]>): Promise<readonly SharedEntry[]> {
    const slot = this.#slotOf(createHash('sha256').update(key).digest())
    if (slot === undefined) return load()
    if (Atomics.compareExchange(slot, field.state, state.free, state.loading) === state.free) {
      try {
        const entries = await load()
        return this.#keep(slot, entries) ? this.#read(slot) : entries
      } catch (error) {
        Atomics.store(slot, field.state, state.free)
        throw error
      }
    }
    const end = performance.now() + this.#patienceMs
    while (Atomics.load(slot, field.state) === state.loading && performance.now() < end) await delay(5)
    const found = Atomics.load(slot, field.state)
    // whoever was loading has failed: one of those who wait is next
    if (found === state.free) return this.entries(key, load)
    return found === state.ready ? this.#read(slot) : load()
  }

  /** Finds a key's place in the table, or takes one; undefined when the table is full. */
  #slotOf(digest: Uint8Array): Int32Array | undefined {
    const name = new Int32Array(digest.slice().buffer)
    return this.#locked(() => {
      for (let index = 0; index < slots; index++) {
        const slot = new Int32Array(this.#buffer, headerBytes + index * slotBytes, slotBytes / 4)
        const held = slot.subarray(field.name, field.name + name.length)
        if (held.every(word => word === 0)) held.set(name)
        if (held.every((word, at) => word === name[at])) return slot
      }
      return undefined
    })
  }

  /** Copies entries into the buffer: the length of their notes, the notes, then the bytes. False when they don't fit. */
  #keep(slot: Int32Array, entries: readonly SharedEntry[]): boolean {
    const notes = new TextEncoder().encode(
      JSON.stringify(entries.map(({ note, bytes }) => ({ note, length: bytes.length }))),
    )
    const length = entries.reduce((sum, { bytes }) => sum + bytes.length, notes.length)
    const start = this.#locked(() => {
      const header = new Int32Array(this.#buffer, 0, headerBytes / 4)
      const from = Math.max(header[1] ?? 0, tableEnd)
      const to = Math.ceil((from + length) / 8) * 8
      if (to > this.#buffer.maxByteLength) return undefined
      if (to > this.#buffer.byteLength) this.#buffer.grow(to)
      header[1] = to
      return from
    })
    if (start === undefined) {
      Atomics.store(slot, field.state, state.refused)
      return false
    }
    const target = new Uint8Array(this.#buffer, start, length)
    target.set(notes)
    let position = notes.length
    for (const { bytes } of entries) {
      target.set(bytes, position)
      position += bytes.length
    }
    slot[field.start] = start
    slot[field.notes] = notes.length
    Atomics.store(slot, field.state, state.ready)
    return true
  }

  #read(slot: Int32Array): SharedEntry[] {
    const start = slot[field.start] ?? 0
    const notesLength = slot[field.notes] ?? 0
    const notes: { readonly note: unknown; readonly length: number }[] = JSON.parse(
      new TextDecoder().decode(new Uint8Array(this.#buffer, start, notesLength).slice()),
    )
    let position = start + notesLength
    return notes.map(({ note, length }) => {
      const bytes = new Uint8Array(this.#buffer, position, length)
      position += length
      return { note, bytes }
    })
  }

  /** Runs a few instructions while no other thread does; without the lock when its holder has been ended meanwhile. */
  #locked<T>(action: () => T): T {
    const header = new Int32Array(this.#buffer, 0, headerBytes / 4)
    const end = performance.now() + 1000
    while (Atomics.compareExchange(header, 0, 0, 1) !== 0 && performance.now() < end);
    try {
      return action()
    } finally {
      Atomics.store(header, 0, 0)
    }
  }
}

const state = { free: 0, loading: 1, ready: 2, refused: 3 } as const
/** Where things are in a slot, in words. */
const field = { state: 0, start: 1, notes: 2, name: 8 } as const
const headerBytes = 64
const slotBytes = 64
const slots = 62
const tableEnd = headerBytes + slots * slotBytes

const environmentKey = 'tunewright.datasets'
/** Room for all data sets of the course models several times over; address space, not memory. */
const maximumBytes = 2 ** 30

/** The memory of this process; undefined in a thread that was started by a main thread which has not imported this module. */
export const processMemory: SharedMemory | undefined = attach()

function attach(): SharedMemory | undefined {
  const inherited = getEnvironmentData(environmentKey)
  if (inherited instanceof SharedArrayBuffer) return new SharedMemory(inherited)
  if (!isMainThread) return undefined
  try {
    const buffer = new SharedArrayBuffer(tableEnd, { maxByteLength: maximumBytes })
    setEnvironmentData(environmentKey, buffer)
    return new SharedMemory(buffer)
  } catch {
    // no address space: each thread has its own copies
    return undefined
  }
}
