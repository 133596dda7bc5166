import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { greedyHypervolumeSubset, hypervolume, hypervolumeContributions } from '../../src/math/hypervolume.js'
import { Rng } from '../../src/rng.js'

const side = 5

/** Points on a small lattice, whose hypervolume is a number of lattice cells. */
const lattice = (objectives: number) =>
  fc
    .array(fc.array(fc.integer({ min: 0, max: side }), { minLength: objectives, maxLength: objectives }), {
      maxLength: 9,
    })
    .map(rows => ({ rows, flat: Float64Array.from(rows.flat()), reference: new Float64Array(objectives).fill(side) }))

/** Counts the cells whose lower corner some point is no worse than. */
function countCells(rows: readonly (readonly number[])[], objectives: number): number {
  let count = 0
  for (let cell = 0; cell < side ** objectives; cell++) {
    const corner = Array.from({ length: objectives }, (_, k) => Math.floor(cell / side ** k) % side)
    if (rows.some(row => row.every((x, k) => x <= (corner[k] ?? 0)))) count += 1
  }
  return count
}

describe('hypervolume', () => {
  it('adds up rectangles for two objectives', () => {
    // by hand, up to (5, 5): 4·1 + 3·2 + 1·1 for (1,4) (2,2) (4,1); (3,3) is dominated and (0,6) outside
    const flat = Float64Array.of(1, 4, 4, 1, 3, 3, 2, 2, 0, 6)
    expect(hypervolume(flat, 5, Float64Array.of(5, 5))).toBe(11)
  })

  it('adds and takes off boxes for three and four objectives', () => {
    // by inclusion and exclusion: three boxes of 1·2·2, each two share 1·1·2, all three 1
    const three = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1)
    expect(hypervolume(three, 3, Float64Array.of(2, 2, 2))).toBe(3 * 4 - 3 * 2 + 1)
    // four boxes of 1·2·2·2, two share 4, three 2, all 1
    const four = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1)
    expect(hypervolume(four, 4, Float64Array.of(2, 2, 2, 2))).toBe(32 - 24 + 8 - 1)
  })

  it('is 0 without points below the reference', () => {
    expect(hypervolume(Float64Array.of(1, 1, 0, 3), 2, Float64Array.of(1, 2))).toBe(0)
    expect(hypervolume(new Float64Array(), 0, Float64Array.of(1, 1, 1, 1))).toBe(0)
  })

  it.each([1, 2, 3, 4, 5])('counts the cells of a lattice with %i objectives', objectives => {
    fc.assert(
      fc.property(lattice(objectives), ({ rows, flat, reference }) => {
        expect(hypervolume(flat, rows.length, reference)).toBe(countCells(rows, objectives))
      }),
      { numRuns: objectives > 4 ? 30 : 100 },
    )
  })

  it.each([3, 4, 6])('agrees with sampling for %i objectives', objectives => {
    const rng = Rng.from(objectives)
    const count = 30
    const flat = Float64Array.from({ length: count * objectives }, () => rng.uniform())
    const reference = new Float64Array(objectives).fill(0.9)
    const samples = 20_000
    let hits = 0
    for (let s = 0; s < samples; s++) {
      const x = Array.from({ length: objectives }, () => 0.9 * rng.uniform())
      for (let i = 0; i < count; i++) {
        if (x.every((value, k) => (flat[i * objectives + k] ?? 0) <= value)) {
          hits += 1
          break
        }
      }
    }
    const share = hits / samples
    const error = Math.sqrt((share * (1 - share)) / samples)
    expect(Math.abs(hypervolume(flat, count, reference) / 0.9 ** objectives - share)).toBeLessThan(4 * error)
  })
})

describe('hypervolumeContributions', () => {
  it('says by how much the volume falls without each point', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }).chain(m => lattice(m)),
        ({ rows, flat, reference }) => {
          const whole = hypervolume(flat, rows.length, reference)
          const losses = rows.map((_, i) => {
            const others = Float64Array.from(rows.filter((_, j) => j !== i).flat())
            return whole - hypervolume(others, rows.length - 1, reference)
          })
          expect([...hypervolumeContributions(flat, rows.length, reference)]).toEqual(losses)
        },
      ),
      { numRuns: 100 },
    )
  })
})

describe('greedyHypervolumeSubset', () => {
  it('takes the point that adds most each time, the first of several', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }).chain(m => lattice(m)),
        fc.integer({ min: 0, max: 10 }),
        ({ rows, flat, reference }, size) => {
          const expected: number[] = []
          while (expected.length < Math.min(size, rows.length)) {
            let best = -1
            let bestVolume = -1
            for (let i = 0; i < rows.length; i++) {
              if (expected.includes(i)) continue
              const candidate = [...expected, i]
              const volume = hypervolume(
                Float64Array.from(candidate.flatMap(j => rows[j] ?? [])),
                candidate.length,
                reference,
              )
              if (volume > bestVolume) [best, bestVolume] = [i, volume]
            }
            expected.push(best)
          }
          expect([...greedyHypervolumeSubset(flat, rows.length, reference, size)]).toEqual(expected)
        },
      ),
      { numRuns: 100 },
    )
  })
})
