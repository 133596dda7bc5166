import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareEntries, Heap, RankedSplit } from '../../../schedulers/kit/ranking.js'

const entries = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.double({ noNaN: true })), { maxLength: 60 })
  .map(scores => scores.map((score, trialIndex) => ({ trialIndex, score })))

describe('Heap', () => {
  it('gives back what was pushed, in order', () => {
    fc.assert(
      fc.property(entries, all => {
        const heap = new Heap(compareEntries)
        for (const entry of all) heap.push(entry)
        const popped = Array.from(all, () => heap.pop())
        expect(popped).toEqual(all.toSorted(compareEntries))
        expect([heap.size, heap.peek(), heap.pop()]).toEqual([0, undefined, undefined])
      }),
    )
  })
})

describe('RankedSplit', () => {
  it('knows the entries on both sides of its line after each addition', () => {
    fc.assert(
      fc.property(entries, fc.double({ min: 0, max: 1, noNaN: true }), (all, share) => {
        const split = new RankedSplit()
        for (const [n, entry] of all.entries()) {
          const topSize = Math.floor((n + 1) * share)
          split.add(entry, topSize)
          const sorted = all.slice(0, n + 1).toSorted(compareEntries)
          expect(split.size).toBe(n + 1)
          expect(split.worstOfTop).toEqual(topSize === 0 ? undefined : sorted[topSize - 1])
          expect(split.bestOfRest).toEqual(sorted[topSize])
          expect(all.slice(0, n + 1).filter(each => split.isTop(each))).toHaveLength(topSize)
        }
      }),
    )
  })

  it('settles ties by trial index', () => {
    const split = new RankedSplit()
    for (const trialIndex of [2, 0, 1]) split.add({ trialIndex, score: 1 }, 1)
    expect([split.worstOfTop?.trialIndex, split.bestOfRest?.trialIndex]).toEqual([0, 1])
  })
})
