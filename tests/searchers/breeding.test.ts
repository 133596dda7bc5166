import { describe, expect, it } from 'vitest'
import { type Breeding, breed, checkBreeding } from '../../searchers/kit/breeding.js'
import { OptionChecks } from '../../src/option-checks.js'
import { Rng } from '../../src/rng.js'
import { Space, uniform } from '../../src/space/index.js'

const space = Space.of({ x: uniform(0, 1), y: uniform(0, 1) })
/** Swaps nothing and changes nothing, so that a child shows its parents. */
const plain: Breeding = {
  crossover: { type: 'uniform', swapProbability: 0 },
  crossoverProbability: 1,
  mutation: { eta: 5, probability: 0 },
}
const ranked = [0.1, 0.5, 0.9].map(place => ({ units: Float64Array.of(place, place) }))

describe('breeding', () => {
  it('takes two of a population, never the same one twice', () => {
    const counts: number[] = []
    const first = (count: number) => {
      counts.push(count)
      return 0
    }
    const swapping: Breeding = { ...plain, crossover: { type: 'uniform', swapProbability: 1 } }
    expect(breed(ranked, first, plain, space, Rng.from(1))).toEqual(Float64Array.of(0.1, 0.1))
    expect(breed(ranked, first, swapping, space, Rng.from(1))).toEqual(Float64Array.of(0.5, 0.5))
    expect(counts).toEqual([3, 2, 3, 2])
  })

  it('copies one as often as it is told', () => {
    const last = (count: number) => count - 1
    const copying: Breeding = { ...plain, crossoverProbability: 0 }
    const child = breed(ranked, last, copying, space, Rng.from(1))
    expect(child).toEqual(Float64Array.of(0.9, 0.9))
    expect(child).not.toBe(ranked[2]?.units)
  })

  it('makes no child of fewer than two', () => {
    expect(breed(ranked.slice(0, 1), () => 0, plain, space, Rng.from(1))).toBeUndefined()
    expect(breed([], () => 0, plain, space, Rng.from(1))).toBeUndefined()
  })

  it.each<[Partial<Breeding>, string]>([
    [{ crossoverProbability: 1.2 }, 'crossoverProbability is 1.2; give a number from 0 to 1'],
    [{ crossover: { type: 'sbx', eta: -1 } }, 'crossover.eta is -1; give a number above 0'],
    [{ mutation: { eta: 1, probability: 2 } }, 'mutationProbability is 2; give a number from 0 to 1'],
  ])('refuses %j', (part, message) => {
    expect(() => checkBreeding(new OptionChecks('Breeder'), { ...plain, ...part })).toThrowError(
      expect.objectContaining({ code: 'INVALID_OPTION', message: `Breeder: ${message}` }),
    )
  })
})
