import type { ImageSet } from './images.js'
import { processMemory } from './shared-memory.js'

/** Images to learn from, and others to judge by. */
export interface ImageDataset {
  /** The images to train and validate on. */
  readonly train: ImageSet
  /** Those that nothing is chosen by. */
  readonly test: ImageSet
}

const loaded = new Map<string, Promise<ImageDataset>>()

/**
 * Loads a data set once a process: threads share its bytes.
 *
 * (Threads that were started before the main thread imported this package load their own.)
 *
 * @param key - tells data sets apart: what they are and where they come from
 */
export function shareDataset(key: string, load: () => Promise<ImageDataset>): Promise<ImageDataset> {
  const held = loaded.get(key)
  if (held !== undefined) return held
  const loading = processMemory === undefined ? load() : throughMemory(key, load)
  loaded.set(key, loading)
  // a failure isn't kept, so that what was missing can be put right
  loading.catch(() => loaded.delete(key))
  return loading
}

type Sizes = Omit<ImageSet, 'pixels' | 'labels'>

async function throughMemory(key: string, load: () => Promise<ImageDataset>): Promise<ImageDataset> {
  if (processMemory === undefined) return load()
  const entries = await processMemory.entries(key, async () => {
    const { train, test } = await load()
    return [train, test].flatMap(({ pixels, labels, ...sizes }) => [
      { note: sizes satisfies Sizes, bytes: pixels },
      { note: null, bytes: labels },
    ])
  })
  const [train, test] = [entries.slice(0, 2), entries.slice(2, 4)].map(
    ([pixels, labels]): ImageSet => ({
      ...(pixels?.note as Sizes),
      pixels: pixels?.bytes ?? new Uint8Array(),
      labels: labels?.bytes ?? new Uint8Array(),
    }),
  )
  if (train === undefined || test === undefined) throw new Error(`the shared data set ${key} has lost its parts`)
  return { train, test }
}
