import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseIdx } from '../../trainables/data/idx.js'
import { batchesOf, type ImageSet, loadMnist, selectImages, splitImages } from '../../trainables/index.js'

const images: ImageSet = {
  count: 3,
  height: 1,
  width: 2,
  channels: 1,
  classes: 10,
  pixels: Uint8Array.of(0, 255, 51, 102, 204, 0),
  labels: Uint8Array.of(7, 8, 9),
}

describe('an IDX file', () => {
  it('is read with its shape', () => {
    const bytes = Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6)
    expect(parseIdx(bytes, 'file', 2)).toEqual({ shape: [2, 3], values: Uint8Array.of(1, 2, 3, 4, 5, 6) })
  })

  it.each([
    ['has no header', [0, 0, 8], /3 bytes/],
    ['is of another type', [0, 0, 9, 1, 0, 0, 0, 1, 5], /starts with 0x901/],
    ['is cut off', [0, 0, 8, 1, 0, 0, 0, 3, 5, 6], /it has 2 values, its header says \[3\]/],
  ])('is refused when it %s', (_, bytes, message) => {
    expect(() => parseIdx(Uint8Array.from(bytes), 'file', 1)).toThrow(
      expect.objectContaining({ code: 'STORAGE_UNAVAILABLE', message: expect.stringMatching(message) }),
    )
  })
})

describe('MNIST', () => {
  it('is read whole from its package, once', async () => {
    const { train, test } = await loadMnist()
    expect([train.count, test.count, train.height, train.width]).toEqual([60_000, 10_000, 28, 28])
    // the first digits of the two files
    expect([...train.labels.slice(0, 5), ...test.labels.slice(0, 5)]).toEqual([5, 0, 4, 1, 9, 7, 2, 1, 0, 4])
    expect((await loadMnist()).train).toBe(train)
  })

  it('says which file is missing or damaged', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mnist-'))
    await expect(loadMnist(folder)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
    await Promise.all(
      ['train', 't10k'].flatMap(prefix =>
        ['images-idx3', 'labels-idx1'].map(name =>
          writeFile(join(folder, `${prefix}-${name}-ubyte`), 'nonsense'.repeat(9)),
        ),
      ),
    )
    await expect(loadMnist(folder)).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      message: expect.stringContaining('damaged'),
    })
    await rm(folder, { recursive: true })
  })
})

describe('a split', () => {
  it('has no image twice, and keeps its validation images when it grows', () => {
    const many = { ...images, count: 1000 }
    const small = splitImages(many, { train: 100, validation: 50 }, 3)
    const large = splitImages(many, { train: 900, validation: 50 }, 3)
    expect(new Set([...large.train.indices, ...large.validation.indices]).size).toBe(950)
    expect(large.validation.indices).toEqual(small.validation.indices)
    expect(large.train.indices.slice(0, 100)).toEqual(small.train.indices)
    expect(splitImages(many, { train: 100, validation: 50 }, 4).train.indices).not.toEqual(small.train.indices)
  })
})

it('batches hold normalized pixels in the order of the selection', () => {
  const batches = [...batchesOf(selectImages(images, 1, 2), 1, { mean: 0.2, deviation: 0.5 })]
  expect(batches.map(({ labels }) => [...labels])).toEqual([[8], [9]])
  expect(batches.flatMap(({ inputs }) => [...inputs].map(value => Number(value.toFixed(5))))).toEqual([
    0, 0.4, 1.2, -0.4,
  ])
  const [all, ...none] = batchesOf(selectImages(images, 0, 3), 64, { mean: 0, deviation: 1 })
  expect([all?.count, none.length]).toEqual([3, 0])
})
