import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Rng } from '../../src/rng.js'
import { parseIdx } from '../../trainables/data/idx.js'
import {
  augmentation,
  batchesOf,
  foldImages,
  type ImageSet,
  loadCifar10,
  loadFashionMnist,
  loadMnist,
  selectImages,
  splitImages,
} from '../../trainables/index.js'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'data-'))
})
afterEach(() => rm(folder, { recursive: true }))

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
  })
})

describe('CIFAR-10', () => {
  const files = [...[1, 2, 3, 4, 5].map(number => `data_batch_${number}.bin`), 'test_batch.bin']
  const record = (label: number, red: number, green: number, blue: number): number[] => [
    label,
    ...[red, green, blue].flatMap(colour => Array.from({ length: 1024 }, (_, at) => (at === 33 ? colour + 1 : colour))),
  ]

  it('is read from its binary files, with the colours of each pixel side by side', async () => {
    for (const [index, file] of files.entries()) {
      await writeFile(join(folder, file), Uint8Array.from([...record(index, 10, 20, 30), ...record(9, 40, 50, 60)]))
    }
    const { train, test } = await loadCifar10(folder)
    expect([train.count, train.height, train.width, train.channels, train.classes]).toEqual([10, 32, 32, 3, 10])
    expect([...train.labels]).toEqual([0, 9, 1, 9, 2, 9, 3, 9, 4, 9])
    expect([...test.labels]).toEqual([5, 9])
    expect([...train.pixels.subarray(0, 6)]).toEqual([10, 20, 30, 10, 20, 30])
    // row 1, column 1
    expect([...train.pixels.subarray(99, 102)]).toEqual([11, 21, 31])
  })

  it('says where to get the files', async () => {
    const advice = /download https:\/\/www.cs.toronto.edu\/~kriz\/cifar-10-binary.tar.gz .* cifar-10-batches-bin/i
    await expect(loadCifar10(undefined)).rejects.toMatchObject({ message: expect.stringMatching(advice) })
    await expect(loadCifar10(folder)).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      message: expect.stringMatching(advice),
    })
  })

  it.each([
    ['a label is 77', record(77, 1, 2, 3)],
    ['3072 bytes are no whole number of images', record(1, 1, 2, 3).slice(1)],
  ])('refuses a file in which %s', async (what, bytes) => {
    for (const file of files) await writeFile(join(folder, file), Uint8Array.from(bytes))
    await expect(loadCifar10(folder)).rejects.toMatchObject({ message: expect.stringContaining(what) })
  })
})

describe('Fashion-MNIST', () => {
  const image = (value: number): number[] => Array.from({ length: 784 }, (_, at) => (at === 28 ? 255 : value))
  const write = async (textOf: (label: number) => string): Promise<void> => {
    for (let label = 0; label < 10; label++) await writeFile(join(folder, `${label}.json`), textOf(label))
  }

  it('is read from JSON files, one a class, whose first seventh is for tests', async () => {
    // as in the package, with empty lists between the images
    await write(label => JSON.stringify({ data: [...[0, 1, 2, 3, 4, 5, 6].map(n => image(label * 10 + n)), []] }))
    const { train, test } = await loadFashionMnist(folder)
    expect([train.count, test.count, train.height, train.channels]).toEqual([60, 10, 28, 1])
    expect([...test.labels]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect([...train.labels.subarray(0, 11)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0])
    expect([...test.pixels.subarray(3 * 784, 3 * 784 + 29)]).toEqual([...Array(28).fill(30), 255])
    expect(train.pixels[11 * 784]).toBe(12)
  })

  it('is read whole from its package, balanced', async ({ skip }) => {
    const reading = loadFashionMnist()
    const { train, test } = await reading.catch(error => skip(error.message))
    for (const [images, each] of [
      [train, 6000],
      [test, 1000],
    ] as const) {
      const counts = new Uint32Array(10)
      for (const label of images.labels) counts[label] = (counts[label] ?? 0) + 1
      expect([...counts]).toEqual(Array(10).fill(each))
    }
    // the published mean and deviation of the pixels are 0.2860 and 0.3530
    let [sum, squares] = [0, 0]
    for (const pixel of train.pixels) {
      sum += pixel / 255
      squares += (pixel / 255) ** 2
    }
    const mean = sum / train.pixels.length
    expect(mean).toBeCloseTo(0.286, 3)
    expect(Math.sqrt(squares / train.pixels.length - mean ** 2)).toBeCloseTo(0.353, 3)
  })

  it.each([
    ['a short image', '{"data":[[1,2,3]]}', /its image 0 has 3 pixels, not 784/],
    ['a number that is no pixel', '{"data":[[1,256]]}', /no pixel from 0 to 255 at byte 14/],
    ['something else than numbers', '{"data":[[1,-2]]}', /there is "-" at byte 12/],
    ['another format', '[[1,2]]', /does not start with/],
    ['no end', JSON.stringify({ data: [image(1)] }).slice(0, -2), /cut off/],
    ['no images', '{"data":[[]]}', /no images/],
  ])('refuses a file with %s', async (_, text, message) => {
    await write(() => text)
    await expect(loadFashionMnist(folder)).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      message: expect.stringMatching(message),
    })
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

it('batches can grow as images are given out', () => {
  const many = { ...images, count: 20, pixels: new Uint8Array(40), labels: new Uint8Array(20) }
  const batches = batchesOf(selectImages(many, 0, 20), done => (done < 6 ? 3 : 8), { mean: 0, deviation: 1 })
  expect([...batches].map(({ count }) => count)).toEqual([3, 3, 8, 6])
})

it('each colour is normalized by its own mean and deviation', () => {
  const coloured = {
    ...images,
    count: 1,
    height: 1,
    width: 2,
    channels: 3,
    pixels: Uint8Array.of(0, 51, 102, 255, 51, 0),
  }
  const normalization = { mean: [0, 0.2, 0.4], deviation: [1, 0.5, 0.1] }
  const [batch] = [...batchesOf(selectImages(coloured, 0, 1), 1, normalization)]
  expect(Array.from(batch?.inputs ?? [], value => Number(value.toFixed(5)) + 0)).toEqual([0, 0, 0, 1, 0, -4])
})

describe('augmentation', () => {
  const square: ImageSet = {
    ...images,
    ...{ count: 1, height: 3, width: 3, channels: 1, labels: Uint8Array.of(0) },
    pixels: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9),
  }
  const bytes = { mean: 0, deviation: 1 / 255 }
  const changed = (change: { down: number; right: number; isFlipped: boolean }): number[] => {
    const [batch] = [...batchesOf(selectImages(square, 0, 1), 1, bytes, () => change)]
    return Array.from(batch?.inputs ?? [], Math.round)
  }

  it('moves and flips images, with black coming in', () => {
    expect(changed({ down: 0, right: 0, isFlipped: false })).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(changed({ down: 1, right: 0, isFlipped: false })).toEqual([0, 0, 0, 1, 2, 3, 4, 5, 6])
    expect(changed({ down: 0, right: -1, isFlipped: false })).toEqual([2, 3, 0, 5, 6, 0, 8, 9, 0])
    expect(changed({ down: 0, right: 0, isFlipped: true })).toEqual([3, 2, 1, 6, 5, 4, 9, 8, 7])
    // moved, then flipped
    expect(changed({ down: 0, right: 1, isFlipped: true })).toEqual([2, 1, 0, 5, 4, 0, 8, 7, 0])
  })

  it('draws every crop about as often, half of them flipped, from its stream alone', () => {
    const draw = (seed: number) => {
      const next = augmentation({ crop: 1, flip: true }, Rng.from(seed))
      return Array.from({ length: 1800 }, next)
    }
    const counts = new Map<string, number>()
    for (const change of draw(1)) counts.set(JSON.stringify(change), (counts.get(JSON.stringify(change)) ?? 0) + 1)
    expect(counts.size).toBe(18)
    // 100 each, with a standard deviation of 10
    expect([...counts.values()].every(count => count > 60 && count < 140)).toBe(true)
    expect(draw(1)).toEqual(draw(1))
    expect(draw(2)).not.toEqual(draw(1))
  })

  it('does nothing when nothing is asked for', () => {
    expect(augmentation({}, Rng.from(1))()).toEqual({ down: 0, right: 0, isFlipped: false })
  })
})

describe('folds', () => {
  const many = { ...images, count: 103 }

  it('each validate once, and are trained on otherwise', () => {
    const folds = Array.from({ length: 5 }, (_, index) => foldImages(many, { index, of: 5 }, { seed: 3 }))
    expect(folds.map(({ validation }) => validation.indices.length).sort()).toEqual([20, 20, 21, 21, 21])
    const validated = folds.flatMap(({ validation }) => [...validation.indices])
    expect(new Set(validated).size).toBe(103)
    for (const { train, validation } of folds) {
      expect(new Set([...train.indices, ...validation.indices]).size).toBe(103)
    }
    const small = foldImages(many, { index: 1, of: 2 }, { seed: 3, count: 10 })
    expect([small.train.indices.length, small.validation.indices.length]).toEqual([5, 5])
  })

  it.each([
    [{ index: 5, of: 5 }, /fold 5 of 5/],
    [{ index: 0, of: 1 }, /fold 0 of 1/],
    [{ index: 0, of: 104 }, /from 2 to 103 folds/],
  ])('refuse %j', (fold, message) => {
    expect(() => foldImages(many, fold, { seed: 1 })).toThrow(
      expect.objectContaining({ code: 'INVALID_CONFIG', message: expect.stringMatching(message) }),
    )
  })
})
