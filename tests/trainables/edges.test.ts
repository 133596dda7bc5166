import { describe, expect, it } from 'vitest'
import { Rng } from '../../src/rng.js'
import {
  buildEdgeNetwork,
  type EdgeDetectionConfig,
  edgeClasses,
  edgeDetection,
  edgeDetectionSettings,
  edgeImageSide,
  edgeImages,
  edgeNetworkNames,
  edgeShifts,
  fixedPixelOrder,
  loadTensorFlow,
  Network,
  permutePixels,
} from '../../trainables/index.js'
import { contextOf, describeGoodCitizen, lastReport } from './good-citizen.js'

const tiny: EdgeDetectionConfig = {
  network: 'mlp',
  shift: 'positions',
  trainImages: 30,
  testImages: 30,
  steps: 12,
  reports: 3,
}
describeGoodCitizen(edgeDetection, tiny, [
  [{ network: 'rnn' as 'cnn' }, /network is "rnn": it must be one of cnn, mlp/],
  [{ shift: 'colours' as 'none' }, /shift is "colours": it must be one of none, positions, widths/],
  [{ filters: [] }, /filters is \[\]: it must be one or more integers/],
  [{ trainImages: 2 }, /trainImages is 2: it must be an integer, 3 or more/],
  [{ noise: -1 }, /noise is -1/],
  [{ reports: 13 }, /reports is 13: it must be at most steps/],
])

describe('images of edges', () => {
  const { trained, shifted } = edgeShifts.positions
  /** Along the rows and along the columns: where the lines of pixels are that differ from grey. */
  const linesOf = (pixels: Uint8Array) => {
    const side = Array.from({ length: edgeImageSide }, (_, i) => i)
    const isLine = (at: (k: number) => number) => side.every(k => pixels[at(k)] !== 128)
    return {
      rows: side.filter(row => isLine(k => row * edgeImageSide + k)),
      columns: side.filter(column => isLine(k => k * edgeImageSide + column)),
    }
  }

  it.each([
    ['upper and left', trained, 0, 13],
    ['lower and right', shifted, 14, 27],
  ] as const)('have one bar each in their class’s direction, in the %s half', (_, domain, first, last) => {
    const images = edgeImages(90, domain, 0, Rng.from(1))
    const widths = new Set<number>()
    for (let image = 0; image < images.count; image++) {
      const { rows, columns } = linesOf(images.pixels.subarray(image * 784, (image + 1) * 784))
      const [bar, other] = image % 3 === 0 ? [columns, rows] : [rows, columns]
      expect(other).toEqual([])
      if (edgeClasses[images.labels[image] ?? 0] === 'none') expect(bar).toEqual([])
      else {
        widths.add(bar.length)
        expect(bar).toEqual(bar.map((_, i) => (bar[0] ?? 0) + i))
        expect(Math.min(...bar)).toBeGreaterThanOrEqual(first)
        expect(Math.max(...bar)).toBeLessThanOrEqual(last)
      }
    }
    expect([...widths].sort()).toEqual([1, 2, 3, 4, 5])
  })

  it('are as bright in each class as in the others, with noise of the size that was asked for', () => {
    const { pixels, labels } = edgeImages(600, edgeShifts.none.trained, 0.1, Rng.from(2))
    const bytes = edgeClasses.map((_, label) => [...pixels].filter((__, i) => labels[Math.floor(i / 784)] === label))
    const means = bytes.map(own => own.reduce((sum, byte) => sum + byte / 255, 0) / own.length)
    for (const mean of means) expect(mean).toBeCloseTo(0.5, 1)
    const noise = bytes[2] ?? []
    const variance = noise.reduce((sum, byte) => sum + (byte / 255 - (means[2] ?? 0)) ** 2, 0) / noise.length
    expect(Math.sqrt(variance)).toBeCloseTo(0.1, 2)
  })

  it('begin alike however many are drawn', () => {
    const [few, many] = [30, 60].map(count => edgeImages(count, trained, 0.1, Rng.from(3)))
    expect(many?.pixels.subarray(0, 30 * 784)).toEqual(few?.pixels)
  })

  it('are permuted all in the same way', () => {
    const images = edgeImages(9, trained, 0.1, Rng.from(4))
    const permuted = permutePixels(images)
    const order = fixedPixelOrder(784)
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 784 }, (_, i) => i))
    const restored = new Uint8Array(images.pixels.length)
    for (let i = 0; i < restored.length; i++) restored[i - (i % 784) + (order[i % 784] ?? 0)] = permuted.pixels[i] ?? 0
    expect(restored).toEqual(images.pixels)
    expect(permuted.labels).toEqual(images.labels)
  })
})

describe('a CNN and an MLP that detect edges', () => {
  it('have about the same number of parameters', async () => {
    const { tf } = await loadTensorFlow({ backend: 'wasm' })
    const images = edgeImages(3, edgeShifts.none.trained, 0, Rng.from(1))
    const counts = edgeNetworkNames.map(name => {
      const network = new Network(tf, { rng: Rng.from(1), initializer: 'heNormal' })
      buildEdgeNetwork(network, images, edgeDetectionSettings({ network: name }))
      const count = network.parameterCount
      network.dispose()
      return count
    })
    expect(counts).toEqual([7_891, 7_883])
  })

  it('learn: from few images the CNN knows edges in other places, the MLP those that it has seen', async () => {
    const config = { shift: 'positions', trainImages: 300, testImages: 300 } as const
    const cnn = await lastReport(edgeDetection, { ...config, network: 'cnn', steps: 120 })
    const mlp = await lastReport(edgeDetection, { ...config, network: 'mlp', steps: 300 })
    expect(cnn.testAccuracy).toBeGreaterThan(0.85)
    expect(cnn.shiftedAccuracy).toBeGreaterThan(0.75)
    expect(mlp.testAccuracy).toBeGreaterThan(0.65)
    expect(mlp.shiftedAccuracy).toBeLessThan(0.5)
  })

  it('free their tensors when they end or are stopped at a report', async () => {
    const { tf } = await loadTensorFlow({ backend: 'wasm' })
    const before = tf.memory().numTensors
    await lastReport(edgeDetection, { ...tiny, network: 'cnn' })
    for await (const _ of edgeDetection(tiny, contextOf())) break
    expect(tf.memory().numTensors).toBe(before)
  })
})
