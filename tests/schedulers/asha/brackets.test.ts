import { describe, expect, it } from 'vitest'
import { bracketProbabilities, pickBracket } from '../../../schedulers/asha/brackets.js'

describe('brackets', () => {
  it('are drawn in proportion to e^rungs', () => {
    const probabilities = bracketProbabilities([3, 2, 0])
    const [a = 0, b = 0, c = 0] = probabilities
    expect(a + b + c).toBeCloseTo(1, 15)
    expect(a / b).toBeCloseTo(Math.E, 12)
    expect(b / c).toBeCloseTo(Math.E ** 2, 12)
    expect([0, a - 1e-9, a, a + b, 1 - 2 ** -53].map(u => pickBracket(probabilities, u))).toEqual([0, 0, 1, 2, 2])
  })
})
