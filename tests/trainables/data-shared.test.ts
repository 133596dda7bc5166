import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { type SharedEntry, SharedMemory } from '../../trainables/data/shared-memory.js'
import { loadMnist } from '../../trainables/index.js'

const growable = (maxByteLength = 1 << 20): SharedArrayBuffer =>
  new SharedArrayBuffer(0, { maxByteLength } as unknown as undefined)

const entry = (note: string, ...bytes: number[]): SharedEntry => ({ note, bytes: Uint8Array.from(bytes) })

describe('memory that threads share', () => {
  it('is loaded into once, by whoever comes first', async () => {
    const buffer = growable()
    const [one, other] = [new SharedMemory(buffer), new SharedMemory(buffer)]
    let loads = 0
    const load = async () => {
      loads++
      await new Promise(resolve => setTimeout(resolve, 20))
      return [entry('a', 1, 2, 3), entry('b', 4)]
    }
    const [first, second] = await Promise.all([one.entries('key', load), other.entries('key', load)])
    expect(loads).toBe(1)
    expect(first).toEqual([entry('a', 1, 2, 3), entry('b', 4)])
    expect(second).toEqual(first)
    expect(second[0]?.bytes.buffer).toBe(buffer)
  })

  it('keeps keys apart', async () => {
    const memory = new SharedMemory(growable())
    for (let key = 0; key < 70; key++) {
      // the table holds 62; the others get their own copies
      expect(await memory.entries(`key ${key}`, async () => [entry('n', key)])).toEqual([entry('n', key)])
    }
    expect(await memory.entries('key 3', async () => [])).toEqual([entry('n', 3)])
  })

  it('lets another load when the first has failed', async () => {
    const buffer = growable()
    const failure = new SharedMemory(buffer).entries('key', async () => {
      await new Promise(resolve => setTimeout(resolve, 20))
      throw new Error('no file')
    })
    const success = new SharedMemory(buffer).entries('key', async () => [entry('a', 7)])
    await expect(failure).rejects.toThrow('no file')
    expect(await success).toEqual([entry('a', 7)])
  })

  it('gives the caller its own copy when there is no room, or a loading thread is gone', async () => {
    const small = new SharedMemory(growable(4200))
    expect(await small.entries('key', async () => [entry('a', ...new Uint8Array(500))])).toHaveLength(1)
    expect(await small.entries('key', async () => [entry('again', 1)])).toEqual([entry('again', 1)])

    const buffer = growable()
    void new SharedMemory(buffer).entries('key', () => new Promise(() => undefined))
    const impatient = new SharedMemory(buffer, { patienceMs: 20 })
    expect(await impatient.entries('key', async () => [entry('own', 1)])).toEqual([entry('own', 1)])
  })
})

it('threads find MNIST where the first of them has put it', async () => {
  const module = new URL('../../trainables/data/mnist.ts', import.meta.url).href
  const code = `
    const { parentPort } = require('node:worker_threads')
    import('tsx/esm/api').then(api => api.register()).then(() => import(${JSON.stringify(module)})).then(async ({ loadMnist }) => {
      const { train } = await loadMnist()
      parentPort.postMessage({ buffer: train.pixels.buffer, offset: train.pixels.byteOffset, labels: [...train.labels.slice(0, 3)] })
    })`
  const inThread = (): Promise<{ buffer: SharedArrayBuffer; offset: number; labels: number[] }> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(code, { eval: true })
      worker.once('message', message => worker.terminate().then(() => resolve(message), reject))
      worker.once('error', reject)
    })
  const [one, other] = await Promise.all([inThread(), inThread()])
  expect([one.labels, other.offset]).toEqual([[5, 0, 4], one.offset])
  const { train } = await loadMnist()
  expect(train.pixels.byteOffset).toBe(one.offset)
  // the same memory: what a thread sent back is where this thread reads
  const view = new Uint8Array(one.buffer, one.offset, train.pixels.length)
  const held = view[0] ?? 0
  view[0] = held + 1
  expect(train.pixels[0]).toBe(held + 1)
  view[0] = held
})
