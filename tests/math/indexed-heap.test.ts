import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IndexedHeap } from '../../src/math/indexed-heap.js'

type Keys = Map<number, { readonly key: number; readonly rank: number }>

/** The least key by looking at all of them; ties go to the smaller rank, then to the smaller id. */
function least(keys: Keys): { id: number; key: number } | undefined {
  const [first] = [...keys].sort(([idA, a], [idB, b]) =>
    a.key === b.key ? a.rank - b.rank || idA - idB : a.key < b.key ? -1 : 1,
  )
  return first && { id: first[0], key: first[1].key }
}

const id = fc.nat({ max: 12 })
// few different keys, so that ties are common
const key = fc.oneof(fc.integer({ min: -2, max: 2 }), fc.constantFrom(Number.POSITIVE_INFINITY, 0.5))

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('set' as const), id, key, rank: fc.nat({ max: 2 }) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('delete' as const), id }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('pop' as const) }) },
)

describe('an indexed heap', () => {
  it('gives the least key after any sequence of changes', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), steps => {
        const heap = new IndexedHeap()
        const keys: Keys = new Map()
        for (const change of steps) {
          const gone = change.type === 'set' ? undefined : change.type === 'delete' ? change.id : least(keys)?.id
          if (change.type === 'set') {
            heap.set(change.id, change.key, change.rank)
            keys.set(change.id, change)
          } else if (gone !== undefined) {
            heap.delete(gone)
            keys.delete(gone)
          }
          expect({ first: heap.peek(), size: heap.size, has: [...keys.keys()].every(id => heap.has(id)) }).toEqual({
            first: least(keys),
            size: keys.size,
            has: true,
          })
        }
      }),
      { numRuns: 300 },
    )
  })

  it('sorts, the smaller id first where keys are equal', () => {
    fc.assert(
      fc.property(fc.array(key, { maxLength: 60 }), values => {
        const heap = new IndexedHeap()
        for (const [id, value] of values.entries()) heap.set(id, value)
        const drained: [number, number][] = []
        for (let first = heap.peek(); first; first = heap.peek()) {
          drained.push([first.key, first.id])
          heap.delete(first.id)
        }
        const sorted = values.map((value, id): [number, number] => [value, id])
        sorted.sort(([a, idA], [b, idB]) => (a === b ? idA - idB : a < b ? -1 : 1))
        expect(drained).toEqual(sorted)
        expect(heap.size).toBe(0)
      }),
    )
  })

  it('has nothing to give when it is empty, and forgets an id that is deleted', () => {
    const heap = new IndexedHeap()
    heap.delete(3)
    expect(heap.peek()).toBeUndefined()
    heap.set(3, 1)
    heap.delete(3)
    expect([heap.has(3), heap.size, heap.peek()]).toEqual([false, 0, undefined])
  })
})
