import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crowdingDistance, dominates, nonDominated, nonDominatedRanks } from '../../src/math/pareto.js'

/** Points of few different values, so that equal ones and ties are common. */
const points = fc
  .integer({ min: 1, max: 5 })
  .chain(m =>
    fc
      .array(fc.array(fc.integer({ min: 0, max: 4 }), { minLength: m, maxLength: m }), { maxLength: 25 })
      .map(rows => ({ m, rows, flat: Float64Array.from(rows.flat()) })),
  )

/** Takes fronts off one by one, as the definition says. */
function peel(rows: readonly (readonly number[])[]): number[] {
  const ranks = rows.map(() => -1)
  for (let rank = 0; ranks.includes(-1); rank++) {
    const left = [...rows.keys()].filter(i => ranks[i] === -1)
    const front = left.filter(i => !left.some(j => dominates(rows[j] ?? [], rows[i] ?? [])))
    for (const i of front) ranks[i] = rank
  }
  return ranks
}

describe('dominates', () => {
  it('asks for no worse anywhere and better somewhere', () => {
    expect([
      dominates([1, 2], [1, 3]),
      dominates([1, 2], [1, 2]),
      dominates([1, 3], [2, 2]),
      dominates([Number.NEGATIVE_INFINITY, 0], [0, 0]),
    ]).toEqual([true, false, false, true])
  })
})

describe('nonDominatedRanks', () => {
  it('numbers the fronts', () => {
    // (1,5) (2,3) (4,1) are the front; (2,5) and (4,3) lie behind it; (5,5) behind those
    const rows = [5, 5, 1, 5, 2, 3, 4, 1, 2, 5, 4, 3]
    expect([...nonDominatedRanks(Float64Array.from(rows), 6, 2)]).toEqual([2, 0, 0, 0, 1, 1])
  })

  it('ranks one objective by its different values', () => {
    expect([...nonDominatedRanks(Float64Array.of(3, 1, 2, 1, 3), 5, 1)]).toEqual([2, 0, 1, 0, 2])
  })

  it('agrees with taking off one front after the other', () => {
    fc.assert(
      fc.property(points, ({ m, rows, flat }) => {
        expect([...nonDominatedRanks(flat, rows.length, m)]).toEqual(peel(rows))
      }),
      { numRuns: 300 },
    )
  })
})

describe('nonDominated', () => {
  it('lists the points of the first front, repeats too', () => {
    fc.assert(
      fc.property(points, ({ m, rows, flat }) => {
        const first = peel(rows).flatMap((rank, i) => (rank === 0 ? [i] : []))
        expect([...nonDominated(flat, rows.length, m)]).toEqual(first)
      }),
      { numRuns: 300 },
    )
  })
})

describe('crowdingDistance', () => {
  it('adds up the gaps between neighbours as parts of the range', () => {
    // by hand: x range 4, y range 10; the second: (2 - 0)/4 + (10 - 4)/10, the third: (4 - 1)/4 + (6 - 0)/10
    const flat = Float64Array.of(99, 99, 0, 10, 1, 6, 2, 4, 4, 0)
    const distances = crowdingDistance(flat, [1, 2, 3, 4], 2)
    expect(distances[0]).toBe(Number.POSITIVE_INFINITY)
    expect(distances[1]).toBeCloseTo(1.1, 14)
    expect(distances[2]).toBeCloseTo(1.35, 14)
    expect(distances[3]).toBe(Number.POSITIVE_INFINITY)
  })

  it('takes no notice of an objective that is the same for all, and takes huge values', () => {
    const flat = Float64Array.of(-1e308, 7, 0, 7, 1e308, 7)
    expect([...crowdingDistance(flat, [0, 1, 2], 2)]).toEqual([Number.POSITIVE_INFINITY, 1, Number.POSITIVE_INFINITY])
    expect([...crowdingDistance(Float64Array.of(1, 1, 1), [0, 1, 2], 1)]).toEqual([0, 0, 0])
    expect([...crowdingDistance(flat, [], 2)]).toEqual([])
  })
})
