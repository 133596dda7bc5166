import { describe, expect, it } from 'vitest'
import { cifarResidual, type TrainingMemoryConfig, trainingMemory } from '../../trainables/index.js'
import { lastReport, reportsOf } from './good-citizen.js'

const config: TrainingMemoryConfig = {
  ...{ model: { ...cifarResidual(1), channels: [4, 8, 16] }, batchSize: 2, imageSize: 16, classes: 10 },
  backend: 'wasm',
}

describe('the memory of a training step', () => {
  it('is that of the parameters, of the optimizer, and of the step', async () => {
    const { parameterBytes, optimizerBytes, stepBytes, peakBytes } = await lastReport(trainingMemory, config)
    // seven convolutions, 3·3·(3·4 + 2·4·4 + 4·8 + 8·8 + 8·16 + 16·16), batch normalization's four numbers a channel, the output's 170
    expect(parameterBytes).toBe(4 * (9 * (12 + 32 + 32 + 64 + 128 + 256) + 4 * (3 * 4 + 2 * 8 + 2 * 16) + 170))
    expect(optimizerBytes).toBe(0)
    expect(peakBytes).toBe(parameterBytes + optimizerBytes + stepBytes)
  })

  it('grows with the batch size', async () => {
    const peaks: number[] = []
    for (const batchSize of [4, 8, 16])
      peaks.push((await lastReport(trainingMemory, { ...config, batchSize })).peakBytes)
    const [four = 0, eight = 0, sixteen = 0] = peaks
    // in proportion, as nearly all of it is activations
    expect((sixteen - eight) / (eight - four)).toBeCloseTo(2, 1)
    expect(eight).toBeGreaterThan(1.5 * four)
  })

  it('grows with what the optimizer keeps: nothing, one number for each that is trained, two', async () => {
    const kept: number[] = []
    for (const optimizer of ['sgd', 'momentum', 'adam'] as const)
      kept.push((await lastReport(trainingMemory, { ...config, optimizer })).optimizerBytes)
    const [none, one = 0, two] = kept
    expect([none, two]).toEqual([0, 2 * one])
    expect(one).toBeGreaterThan(0)
  })

  it('is less when the last layer alone is trained', async () => {
    const whole = await lastReport(trainingMemory, { ...config, batchSize: 8, optimizer: 'adam' })
    const last = await lastReport(trainingMemory, { ...config, batchSize: 8, optimizer: 'adam', isBodyFrozen: true })
    expect(last.stepBytes).toBeLessThan(whole.stepBytes / 2)
    // two numbers for each of 16 × 10 weights and 10 biases
    expect(last.optimizerBytes).toBe(2 * 4 * 170)
  })

  it.each([
    [{ batchSize: 0 }, /batchSize is 0/],
    [{ classes: 1 }, /classes is 1/],
    [{ model: 'vgg' as 'resnet18' }, /model is "vgg"/],
  ])('is refused for %j', async (change, message) => {
    await expect(reportsOf(trainingMemory, { ...config, ...change })).rejects.toThrow(message)
  })
})
