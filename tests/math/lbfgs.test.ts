import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TuneError } from '../../src/errors.js'
import { minimize, type Objective } from '../../src/math/lbfgs.js'

const rosenbrock: Objective = (x, gradient) => {
  gradient.fill(0)
  let value = 0
  for (let i = 0; i + 1 < x.length; i++) {
    const [a = 0, b = 0] = x.subarray(i)
    value += 100 * (b - a * a) ** 2 + (1 - a) ** 2
    gradient[i] = (gradient[i] ?? 0) - 400 * a * (b - a * a) - 2 * (1 - a)
    gradient[i + 1] = 200 * (b - a * a)
  }
  return value
}

/** ½·xᵀHx − bᵀx of the Hilbert matrix: convex, with a condition number of 1.5·10⁷ for 6 variables. */
function hilbert(b: readonly number[]): Objective {
  return (x, gradient) => {
    let value = 0
    for (let i = 0; i < x.length; i++) {
      let sum = 0
      for (let k = 0; k < x.length; k++) sum += (x[k] ?? 0) / (i + k + 1)
      gradient[i] = sum - (b[i] ?? 0)
      value += (x[i] ?? 0) * (0.5 * sum - (b[i] ?? 0))
    }
    return value
  }
}

/** Fills in the gradient of a function by central differences. */
function numerically(f: (x: Float64Array) => number): Objective {
  return (x, gradient) => {
    for (let i = 0; i < x.length; i++) {
      const above = x.with(i, (x[i] ?? 0) + 1e-6)
      const below = x.with(i, (x[i] ?? 0) - 1e-6)
      gradient[i] = (f(above) - f(below)) / 2e-6
    }
    return f(x)
  }
}

function expectClose(actual: Float64Array, expected: readonly number[], tolerance: number): void {
  const far = expected.filter((value, i) => !(Math.abs(value - (actual[i] ?? Number.NaN)) <= tolerance))
  expect(far, `${actual} is not ${expected}`).toEqual([])
}

const tight = { gradientTolerance: 1e-8, valueTolerance: 0, maxIterations: 1000 }

describe('minimize', () => {
  it.each([2, 5, 10, 50])('finds the minimum of Rosenbrock’s function of %d variables', n => {
    const { x, value, reason } = minimize(rosenbrock, new Float64Array(n).fill(-1.2), tight)
    expect(reason).not.toBe('iterations')
    expect(value).toBeLessThan(1e-12)
    expectClose(x, Array(n).fill(1), 1e-5)
  })

  it('calls the function about as often as SciPy does', () => {
    // SciPy 1.17's L-BFGS-B calls it 84 times until no component of the gradient exceeds 1e-5
    const { evaluations } = minimize(rosenbrock, new Float64Array(10).fill(-1.2), { valueTolerance: 0 })
    expect(evaluations).toBeLessThan(110)
  })

  // minima from SciPy 1.17, scipy.optimize.minimize(method='L-BFGS-B')
  it('stays within bounds and finds the minimum there', () => {
    const found = minimize(rosenbrock, new Float64Array(5).fill(-1.2), {
      ...tight,
      lower: new Float64Array(5).fill(-2),
      upper: new Float64Array(5).fill(0.5),
    })
    expect(found.value).toBeCloseTo(2.645665887626858, 12)
    expectClose(
      found.x,
      [0.5, 0.2630373793496009, 0.0799623278446919, 0.016231657296933027, 0.00026346667321911166],
      1e-7,
    )
  })

  it('finds minima at several bounds of an ill-conditioned function', () => {
    const found = minimize(hilbert([1, -1, 2, -2, 3, -3]), new Float64Array(6).fill(0.5), {
      ...tight,
      lower: new Float64Array(6),
      upper: new Float64Array(6).fill(10),
    })
    expect(found.value).toBeCloseTo(-25.260770975056687, 10)
    expectClose(found.x, [0, 0, 2.857142857142861, 0, 10, 0], 1e-6)
  })

  it('takes bounds on one side', () => {
    const f = numerically(([a = 0, b = 0, c = 0]) => (a - 1) ** 4 + Math.exp(b) + (c - b) ** 2 + (a * c - 3) ** 2)
    const { value, x } = minimize(f, new Float64Array(3), {
      lower: Float64Array.of(Number.NEGATIVE_INFINITY, -1, -5),
      upper: Float64Array.of(1.5, Number.POSITIVE_INFINITY, 5),
    })
    expect(value).toBeCloseTo(3.239445786466036, 8)
    expectClose(x, [1.5, 0.6359099613689377, 1.5802799805455132], 1e-4)
  })

  it('follows a curved valley to a bound', () => {
    const beale = numerically(
      ([a = 0, b = 0]) => (1.5 - a + a * b) ** 2 + (2.25 - a + a * b * b) ** 2 + (2.625 - a + a * b ** 3) ** 2,
    )
    const { value, x } = minimize(beale, Float64Array.of(1, 1), {
      lower: Float64Array.of(-4.5, -4.5),
      upper: Float64Array.of(2.5, 4.5),
    })
    expect(value).toBeCloseTo(0.07270005065353374, 8)
    expectClose(x, [2.5, 0.35006349417635996], 1e-4)
  })

  it('ends where no move within the bounds goes down, from anywhere', () => {
    const box = fc.integer({ min: 1, max: 6 }).chain(n => {
      const vector = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: n, maxLength: n })
      return fc.record({ start: vector, one: vector, other: vector, b: vector })
    })
    fc.assert(
      fc.property(box, ({ start, one, other, b }) => {
        const lower = Float64Array.from(one, (value, i) => Math.min(value, other[i] ?? 0))
        const upper = Float64Array.from(one, (value, i) => Math.max(value, other[i] ?? 0))
        const options = { lower, upper, gradientTolerance: 1e-7, valueTolerance: 0, maxIterations: 2000 }
        const { x, gradient } = minimize(hilbert(b), Float64Array.from(start), options)
        for (let i = 0; i < x.length; i++) {
          const [at = 0, g = 0, least = 0, greatest = 0] = [x[i], gradient[i], lower[i], upper[i]]
          expect(at >= least && at <= greatest).toBe(true)
          expect(Math.abs(Math.min(Math.max(at - g, least), greatest) - at)).toBeLessThan(1e-6)
        }
      }),
    )
  })

  it('goes round values that are not finite', () => {
    // a barrier at 0: the first steps of a method that trusts its model land behind it
    const barrier: Objective = (x, gradient) => {
      const [a = 0] = x
      gradient[0] = 1 - 1e-6 / a
      return a > 0 ? a - 1e-6 * Math.log(a) : Number.NaN
    }
    expectClose(minimize(barrier, Float64Array.of(5), tight).x, [1e-6], 1e-10)
  })

  it('takes fewer steps with what is known of the Hessian', () => {
    // the diagonal of an otherwise hopelessly scaled bowl
    const scales = Float64Array.from({ length: 8 }, (_, i) => 10 ** i)
    const bowl: Objective = (x, gradient) => {
      let value = 0
      for (const [i, scale] of scales.entries()) {
        const off = (x[i] ?? 0) - 1
        gradient[i] = scale * off * (1 + off * off)
        value += scale * (off ** 2 / 2 + off ** 4 / 4)
      }
      return value
    }
    const precondition = (vector: Float64Array) => {
      for (const [i, scale] of scales.entries()) vector[i] = (vector[i] ?? 0) / scale
    }
    const upper = Float64Array.of(0.5, 9, 9, 9, 9, 9, 9, 9)
    const plain = minimize(bowl, new Float64Array(8), { ...tight, upper })
    const told = minimize(bowl, new Float64Array(8), { ...tight, upper, precondition })
    expectClose(told.x, [0.5, 1, 1, 1, 1, 1, 1, 1], 1e-8)
    expect(told.evaluations).toBeLessThan(plain.evaluations / 2)
  })

  it('moves no variable further in a step than it may', () => {
    const places: number[] = []
    const slide: Objective = (x, gradient) => {
      places.push(x[0] ?? 0)
      gradient[0] = 2 * ((x[0] ?? 0) - 10)
      return ((x[0] ?? 0) - 10) ** 2
    }
    expectClose(minimize(slide, Float64Array.of(0), { maxStep: Float64Array.of(3) }).x, [10], 1e-5)
    const steps = places.slice(1).map((place, i) => Math.abs(place - (places[i] ?? 0)))
    expect(Math.max(...steps)).toBeLessThanOrEqual(3)
  })

  it('says at once that it stands at a minimum', () => {
    const found = minimize(rosenbrock, Float64Array.of(1, 1))
    expect(found).toMatchObject({ value: 0, iterations: 0, evaluations: 1, reason: 'converged' })
  })

  it('moves a start into the bounds, and keeps what it was given', () => {
    const start = Float64Array.of(9, 9)
    const found = minimize(rosenbrock, start, { upper: Float64Array.of(1, 1), maxIterations: 0 })
    expect([...start, ...found.x]).toEqual([9, 9, 1, 1])
  })

  it('stops after as many steps as it may take', () => {
    expect(minimize(rosenbrock, Float64Array.of(-1.2, 1), { maxIterations: 3 })).toMatchObject({
      iterations: 3,
      reason: 'iterations',
    })
  })

  it('says that it is stuck where the gradient is wrong', () => {
    const wrong: Objective = (x, gradient) => {
      gradient[0] = 1
      return -(x[0] ?? 0)
    }
    expect(minimize(wrong, Float64Array.of(2))).toMatchObject({ value: -2, reason: 'stuck' })
  })

  it('refuses bounds of another length and a start without a value', () => {
    expect(() => minimize(rosenbrock, Float64Array.of(0, 0), { lower: Float64Array.of(0) })).toThrow(TuneError)
    expect(() => minimize(() => Number.NaN, Float64Array.of(0))).toThrow(/NaN at its start/)
  })
})
