import { describe, expect, it } from 'vitest'
import { FreshCurves } from '../../benchmarks/fidelity-curves.js'
import { compare } from '../../benchmarks/fidelity-figures.js'
import { strategies } from '../../benchmarks/fidelity-strategies.js'
import { runStudy, type Trace } from '../../benchmarks/fidelity-study.js'
import type { CurveTable } from '../../trainables/index.js'

/** Five configs of one hyperparameter, whose curves fall to 0.1, 0.2 and so on. */
const table: CurveTable = {
  name: 'small',
  hyperparameters: ['rate'],
  ranges: { rate: [1, 10_000] },
  size: 5,
  steps: 9,
  configs: Float64Array.of(1, 10, 100, 1000, 10_000),
  valid: Float32Array.from({ length: 45 }, (_, i) => (Math.floor(i / 9) + 1) / 10 + 1 / ((i % 9) + 1)),
  test: new Float32Array(45),
  bestFinalLoss: 0.1,
}

describe('the fidelity benchmark', () => {
  it('plays each recorded curve once while there are others', () => {
    const curves = new FreshCurves(table)
    const begin = (trialIndex: number, rate: number) => {
      const [first] = curves.play({ rate }, { trialIndex })
      return first?.validLoss.toFixed(1)
    }
    expect([begin(0, 90), begin(1, 90), begin(2, 110), begin(1, 90)]).toEqual(['1.3', '1.2', '1.4', '1.2'])
    expect([begin(3, 1), begin(4, 1), begin(5, 1)]).toEqual(['1.1', '1.5', '1.1'])
  })

  it('compares the best losses at shares of the epochs and of the time', () => {
    const trace = (best: readonly number[], secondsPerEpoch: number): Trace => ({
      best: Float64Array.from(best),
      seconds: Float64Array.from(best, (_, i) => (i + 1) * secondsPerEpoch),
      trials: 2,
      utilisation: 1,
    })
    const random = [trace([9, 8, 8, 8, 8, 8, 6, 6, 6, 4], 1), trace([9, 9, 9, 9, 9, 9, 6, 6, 6, 6], 1)]
    // one that takes twice as long, and one that ends after half of the epochs
    const others = [trace([9, 5, 5, 5, 5, 5, 5, 5, 5, 2], 2), trace([7, 7, 7, 5, 5], 2)]
    const figures = compare(others, random, 1, 10)
    expect(figures).toMatchObject({ epochsToRandom: 0.4, timeToRandom: 0.8, seconds: 15, trials: 2, utilisation: 1 })
    expect(figures.regret).toMatchObject({ '20%': 5, '50%': 4, '100%': 2.5 })
    expect(figures.medianRegret).toMatchObject({ '100%': 2.5 })
    expect(figures.regretAtTime).toMatchObject({ '20%': 7, '100%': 4 })
  })

  it('gives the same study for the same seed, within its epochs', async () => {
    const run = () =>
      runStudy(table, strategies['asha-bohb']?.create(9) ?? expect.fail(), { budget: 60, workers: 3, seed: 1 })
    const trace = await run()
    expect(trace.best).toHaveLength(60)
    expect(await run()).toEqual(trace)
  })
})
