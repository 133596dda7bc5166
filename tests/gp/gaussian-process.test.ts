import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GaussianProcess, type GaussianProcessOptions, type GpDimension } from '../../src/gp/gaussian-process.js'
import { Rng } from '../../src/rng.js'

const numeric: GpDimension = { type: 'numeric' }
const plane: GaussianProcessOptions = { dimensions: [numeric, numeric] }
const mixed: GaussianProcessOptions = { dimensions: [numeric, { type: 'categorical', size: 3 }] }
const fixed = { outputScale: 1.5, noise: 0.01, mean: 0.2 }
const y5 = Float64Array.of(1, -2, 0.5, 3, -1)
const x5 = Float64Array.of(0.1, 0.2, 0.4, 0.9, 0.8, 0.3, 0.5, 0.5, 0.95, 0.85)
const inactive = Number.NaN

/** Observations of numbers, categories and inactive coordinates. */
const observations = fc
  .array(
    fc.tuple(
      fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined }),
      fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
      fc.integer({ min: -9, max: 9 }),
    ),
    { minLength: 2, maxLength: 15 },
  )
  .map(rows => ({
    n: rows.length,
    x: Float64Array.from(rows.flatMap(([a, b]) => [a === undefined ? inactive : a / 20, b ?? inactive])),
    y: Float64Array.from(rows, ([, , result]) => result),
  }))

function samples(n: number, d: number, f: (point: Float64Array) => number): { x: Float64Array; y: Float64Array } {
  const rng = Rng.from('samples')
  const x = Float64Array.from({ length: n * d }, () => rng.uniform())
  return { x, y: Float64Array.from({ length: n }, (_, i) => f(x.subarray(i * d, i * d + d))) }
}

function wave([a = 0, b = 0]: Float64Array): number {
  return Math.sin(6 * a) + b * b
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-12): void {
  const rounded = (values: ArrayLike<number>) =>
    Array.from(values, (value, i) => {
      const other = expected[i] ?? Number.NaN
      return Math.abs(value - other) <= tolerance * Math.max(1, Math.abs(other)) ? other : value
    })
  expect(rounded(actual)).toEqual(Array.from(expected))
}

/** Two processes that know the same. */
function expectAlike(
  actual: GaussianProcess,
  expected: GaussianProcess,
  points: Float64Array,
  tolerance: number,
): void {
  const count = points.length / 2
  expect(actual.size).toBe(expected.size)
  expectClose(actual.predict(points, count).mean, expected.predict(points, count).mean, tolerance)
  expectClose(actual.covariance(points, count), expected.covariance(points, count), tolerance)
}

describe('a Gaussian process with given hyperparameters', () => {
  // from NumPy 2.4 and SciPy 1.17: the textbook formulas with the kernel written out
  it('predicts what the formulas give', () => {
    const gp = GaussianProcess.fit(x5, y5, { ...plane, hyperparameters: { ...fixed, lengthScales: [0.3, 0.7] } })
    const points = Float64Array.of(0.3, 0.3, 0.6, 0.75, 0, 1)
    const { mean, variance } = gp.predict(points, 3)
    expectClose(mean, [2.0665837040065416, 0.9527938097373116, -0.8124902175195114])
    expectClose(variance, [1.083630800540943, 0.9533425017435504, 3.328298242051565])
    expectClose(
      gp.covariance(points, 3),
      [
        1.083630800540943, -0.3886671335191542, -0.06735825773788504, -0.38866713351915455, 0.9533425017435504,
        -0.11698880312034969, -0.06735825773788504, -0.11698880312034969, 3.328298242051565,
      ],
    )
    expect(gp.logMarginalLikelihood).toBeCloseTo(-10.919745199675248, 12)
  })

  // from NumPy 2.4: categories as corners of a simplex, an inactive number at ½ and √¾ aside
  it('predicts what the formulas give for categories and inactive parameters', () => {
    const x = Float64Array.of(0.1, 0, inactive, 1, 0.8, 2, inactive, inactive, 0.6, 1)
    const gp = GaussianProcess.fit(x, y5, { ...mixed, hyperparameters: { ...fixed, lengthScales: [0.4, 0.9] } })
    const points = Float64Array.of(0.3, 1, inactive, 0, 0.5, inactive)
    expectClose(gp.predict(points, 3).mean, [-0.34890652131279104, 0.569369698228245, 0.36756507740614736])
    expectClose(
      gp.covariance(points, 3),
      [
        2.100989788786668, -0.026122979830226656, 0.29903424805777096, -0.026122979830226656, 3.139490316640993,
        -0.01073382343105111, 0.29903424805777096, -0.01073382343105107, 3.2399077053037346,
      ],
    )
  })

  it('takes an inactive coordinate at a point though all observations are active', () => {
    const hyperparameters = { ...fixed, lengthScales: [0.4, 0.9] }
    const known = GaussianProcess.fit(Float64Array.of(0.5, 0), Float64Array.of(1), { ...mixed, hyperparameters })
    const with2 = GaussianProcess.fit(Float64Array.of(0.5, 0, inactive, 2), Float64Array.of(1, 1), {
      ...mixed,
      hyperparameters,
      standardize: false,
    })
    const at = Float64Array.of(inactive, 0)
    const covariance = with2.covariance(Float64Array.of(0.5, 0, inactive, 0), 2)[1]
    expect(known.predictOne(at).variance).toBeGreaterThan(0)
    expect(covariance).toBeGreaterThan(0)
  })

  it('predicts the same one at a time, many at a time and with gradients', () => {
    fc.assert(
      fc.property(observations, observations, (known, asked) => {
        const gp = GaussianProcess.fit(known.x, known.y, { ...mixed, maxIterations: 3 })
        const { mean, variance } = gp.predict(asked.x, asked.n)
        const gradient = new Float64Array(2)
        for (let i = 0; i < asked.n; i++) {
          const point = asked.x.subarray(2 * i, 2 * i + 2)
          const one = gp.predictOne(point)
          expect(gp.predictWithGradient(point, gradient, gradient)).toEqual(one)
          expectClose([mean[i] ?? 0, variance[i] ?? 0], [one.mean, one.variance], 1e-9)
        }
      }),
    )
  })

  it('gives the derivatives that finite differences give, and 0 where there is none', () => {
    const { x, y } = samples(20, 2, wave)
    const withMore = Float64Array.from({ length: 80 }, (_, place) => {
      const i = place >> 2
      return [x[2 * i] ?? 0, i % 3, i % 4 === 0 ? inactive : (x[2 * i + 1] ?? 0), 1][place & 3] ?? 0
    })
    const categorical: GpDimension = { type: 'categorical', size: 3 }
    const gp = GaussianProcess.fit(withMore, y, { dimensions: [numeric, categorical, numeric, categorical] })
    const meanGradient = new Float64Array(4).fill(9)
    const varianceGradient = new Float64Array(4).fill(9)
    for (const place of [
      [0.3, 1, 0.6, 1],
      [0.9, 2, inactive, 0],
      [inactive, 0, 0.1, 1],
      [1.2, inactive, -0.3, 1],
    ]) {
      const point = Float64Array.from(place)
      gp.predictWithGradient(point, meanGradient, varianceGradient)
      const differences = place.map((value, j) => {
        if (j % 2 === 1 || Number.isNaN(value)) return { mean: 0, variance: 0 }
        const above = gp.predictOne(point.with(j, value + 1e-5))
        const below = gp.predictOne(point.with(j, value - 1e-5))
        return { mean: (above.mean - below.mean) / 2e-5, variance: (above.variance - below.variance) / 2e-5 }
      })
      expectClose(
        meanGradient,
        differences.map(({ mean }) => mean),
        1e-6,
      )
      expectClose(
        varianceGradient,
        differences.map(({ variance }) => variance),
        1e-6,
      )
    }
  })

  it('knows as much after being told more as if it had known it before', () => {
    fc.assert(
      fc.property(observations, observations, (first, second) => {
        const options = {
          ...mixed,
          hyperparameters: { lengthScales: [0.4, 0.9], outputScale: 20, noise: 0.1, mean: 1 },
          standardize: false,
        }
        const x = Float64Array.of(...first.x, ...second.x)
        const y = Float64Array.of(...first.y, ...second.y)
        const told = GaussianProcess.fit(first.x, first.y, options).condition(second.x, second.y)
        const points = Float64Array.of(0.3, 1, inactive, 0, 0.5, inactive, 0.7, 2)
        expectAlike(told, GaussianProcess.fit(x, y, options), points, 1e-8)
      }),
    )
  })
})

describe('a fitted Gaussian process', () => {
  it('passes through the observations of a function without noise', () => {
    const { x, y } = samples(30, 2, wave)
    const gp = GaussianProcess.fit(x, y, { ...plane, noise: 0 })
    const { mean, variance } = gp.predict(x, 30)
    expectClose(mean, y, 1e-6)
    expect(Math.max(...variance)).toBeLessThan(1e-6)
    expect(gp.hyperparameters.noise).toBe(0)
  })

  it('predicts a smooth function between its observations, and knows how well', () => {
    const { x, y } = samples(40, 2, wave)
    const gp = GaussianProcess.fit(x, y, plane)
    for (const point of [Float64Array.of(0.33, 0.5), Float64Array.of(0.7, 0.2), Float64Array.of(0.5, 0.9)]) {
      const { mean, variance } = gp.predictOne(point)
      expect(Math.abs(mean - wave(point))).toBeLessThan(0.02)
      expect(Math.abs(mean - wave(point))).toBeLessThan(5 * Math.sqrt(variance) + 1e-6)
    }
  })

  it('learns that a dimension does not matter', () => {
    const { x, y } = samples(40, 2, ([a = 0]) => Math.sin(6 * a))
    const { lengthScales } = GaussianProcess.fit(x, y, plane).hyperparameters
    expect(lengthScales[1]).toBeGreaterThan(3 * (lengthScales[0] ?? 0))
  })

  it('learns how noisy results are', () => {
    const noise = Rng.from('noise')
    const { x, y } = samples(80, 2, point => wave(point) + 0.3 * noise.normal())
    const gp = GaussianProcess.fit(x, y, plane)
    const variance =
      y.reduce((sum, value) => sum + value ** 2, 0) / 80 - (y.reduce((sum, value) => sum + value, 0) / 80) ** 2
    const deviation = Math.sqrt(gp.hyperparameters.noise * variance)
    expect(deviation).toBeGreaterThan(0.2)
    expect(deviation).toBeLessThan(0.4)
  })

  it('learns which categories differ', () => {
    const { x, y } = samples(30, 2, ([a = 0, b = 0]) => a + (b < 0.5 ? 2 : 0))
    const categories = x.map((value, place) => (place % 2 === 1 ? (value < 0.5 ? 0 : 1) : value))
    const gp = GaussianProcess.fit(categories, y, mixed)
    expect(gp.predictOne(Float64Array.of(0.5, 0)).mean).toBeCloseTo(2.5, 1)
    expect(gp.predictOne(Float64Array.of(0.5, 1)).mean).toBeCloseTo(0.5, 1)
    // of a third category it knows little
    expect(gp.predictOne(Float64Array.of(0.5, 2)).variance).toBeGreaterThan(0.1)
  })

  it('has hyperparameters that it finds again from any start', () => {
    const { x, y } = samples(30, 2, wave)
    const cold = GaussianProcess.fit(x, y, plane)
    const initial = { lengthScales: [3, 0.1], outputScale: 5, noise: 0.1, mean: 0 }
    const warm = GaussianProcess.fit(x, y, { ...plane, initial, restarts: 0 })
    expect(warm.logMarginalLikelihood).toBeCloseTo(cold.logMarginalLikelihood, 0)
  })

  it('predicts in the units of y, whatever they are', () => {
    const { x, y } = samples(25, 2, wave)
    const point = Float64Array.of(0.4, 0.6)
    const plain = GaussianProcess.fit(x, y, plane).predictOne(point)
    const scaled = GaussianProcess.fit(
      x,
      y.map(value => 1e6 + 1000 * value),
      plane,
    ).predictOne(point)
    expect((scaled.mean - 1e6) / 1000).toBeCloseTo(plain.mean, 4)
    expect(scaled.variance / 1e6).toBeCloseTo(plain.variance, 5)
  })

  it('is the same each time', () => {
    const { x, y } = samples(25, 2, wave)
    expect(GaussianProcess.fit(x, y, plane).hyperparameters).toEqual(GaussianProcess.fit(x, y, plane).hyperparameters)
  })

  it('is not changed by what becomes of the arrays it was given', () => {
    const { x, y } = samples(10, 2, wave)
    const gp = GaussianProcess.fit(x, y, plane)
    const point = Float64Array.of(0.4, 0.6)
    const before = gp.predictOne(point)
    x.fill(0)
    y.fill(0)
    expect(gp.predictOne(point)).toEqual(before)
    gp.condition(point, Float64Array.of(5))
    expect(gp.predictOne(point)).toEqual(before)
  })
})

describe('a Gaussian process with little or odd data', () => {
  it('expects the one result everywhere, and is less sure of it further off', () => {
    const gp = GaussianProcess.fit(Float64Array.of(0.5, 0.5), Float64Array.of(7), plane)
    const near = gp.predictOne(Float64Array.of(0.5, 0.51))
    const far = gp.predictOne(Float64Array.of(0, 0))
    expect([near.mean, far.mean]).toEqual([7, 7])
    expect(near.variance).toBeLessThan(far.variance)
  })

  it('takes constant results', () => {
    const { x } = samples(12, 2, wave)
    const { mean, variance } = GaussianProcess.fit(x, new Float64Array(12).fill(-3e5), plane).predict(x, 12)
    expectClose(mean, new Float64Array(12).fill(-3e5))
    expect([...variance].every(Number.isFinite)).toBe(true)
  })

  it('takes the mean of what was observed twice at a point', () => {
    const x = Float64Array.of(0.2, 0.2, 0.2, 0.2, 0.9, 0.9)
    for (const noise of ['learn', 0] as const) {
      const gp = GaussianProcess.fit(x, Float64Array.of(1, 3, 5), { ...plane, noise })
      expect(gp.predictOne(Float64Array.of(0.2, 0.2)).mean).toBeCloseTo(2, noise === 0 ? 5 : 0)
      const again = gp.condition(Float64Array.of(0.9, 0.9), Float64Array.of(5))
      expect(again.predictOne(Float64Array.of(0.9, 0.9)).mean).toBeCloseTo(5, noise === 0 ? 5 : 0)
    }
  })

  it('takes results of enormous and of tiny spread', () => {
    const { x, y } = samples(12, 2, wave)
    for (const scale of [1e150, 1e-150]) {
      const { mean } = GaussianProcess.fit(
        x,
        y.map(value => scale * value),
        plane,
      ).predict(x, 12)
      expectClose(
        mean.map(value => value / scale),
        y,
        0.1,
      )
    }
  })

  it('is told nothing more by no observations', () => {
    const gp = GaussianProcess.fit(x5, y5, plane)
    expectAlike(gp.condition(new Float64Array(0), new Float64Array(0)), gp, x5, 0)
  })

  it.each([
    ['no observations', [], [], /no observations; give one or more/],
    ['another number of coordinates', [0.1], [1], /x has 1 numbers for 1 results in 2 dimensions; give 2/],
    ['a result that is not a number', [0.1, 0.1], [Number.NaN], /y\[0\] is NaN; leave out/],
    ['an infinite result', [0.1, 0.1], [Number.POSITIVE_INFINITY], /y\[0\] is Infinity/],
    ['an infinite coordinate', [0.1, Number.NEGATIVE_INFINITY], [1], /x\[1\] is -Infinity/],
  ])('refuses %s', (_, x, y, message) => {
    const fit = () => GaussianProcess.fit(Float64Array.from(x), Float64Array.from(y), plane)
    expect(fit).toThrow(expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringMatching(message) }))
  })

  it('refuses results that are not finite as further observations, too', () => {
    const gp = GaussianProcess.fit(x5, y5, plane)
    expect(() => gp.condition(Float64Array.of(0.1, 0.1), Float64Array.of(Number.NaN))).toThrow(/y\[0\] is NaN/)
  })
})

describe('samples of a Gaussian process', () => {
  const gp = GaussianProcess.fit(x5, y5, { ...plane, hyperparameters: { ...fixed, lengthScales: [0.3, 0.7] } })
  const points = Float64Array.of(0.3, 0.3, 0.6, 0.75, 0, 1)

  it('have the posterior’s means and covariances', () => {
    const draws = 20_000
    const sample = gp.sample(points, 3, Rng.from(1), draws)
    const { mean } = gp.predict(points, 3)
    const means = [0, 1, 2].map(i => {
      let sum = 0
      for (let draw = 0; draw < draws; draw++) sum += (sample[3 * draw + i] ?? 0) / draws
      return sum
    })
    const covariances = Array.from({ length: 9 }, (_, place) => {
      const [i, k] = [Math.floor(place / 3), place % 3]
      let sum = 0
      for (let draw = 0; draw < draws; draw++) {
        sum += (((sample[3 * draw + i] ?? 0) - (mean[i] ?? 0)) * ((sample[3 * draw + k] ?? 0) - (mean[k] ?? 0))) / draws
      }
      return sum
    })
    // four standard errors of the widest
    expectClose(means, mean, 0.055)
    expectClose(covariances, gp.covariance(points, 3), 0.14)
  })

  it('go through the observations where there is no noise', () => {
    const exact = GaussianProcess.fit(x5, y5, { ...plane, noise: 0 })
    const sample = exact.sample(Float64Array.of(...x5, ...x5), 10, Rng.from(1), 1)
    expectClose(sample, Float64Array.of(...y5, ...y5), 1e-3)
  })

  it('are the same for the same stream', () => {
    expect(gp.sample(points, 3, Rng.from(5), 4)).toEqual(gp.sample(points, 3, Rng.from(5), 4))
  })
})
