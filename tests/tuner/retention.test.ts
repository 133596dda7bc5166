import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CheckpointRecord } from '../../src/trial.js'
import { checkpointsToDrop, type RetentionRule } from '../../src/tuner/retention.js'

/** Checkpoints by their scores, oldest first, called by their place. */
function scored(...scores: readonly (number | undefined)[]): CheckpointRecord[] {
  return scores.map((score, i) => ({ name: `c${i}`, iteration: i + 1, ...(score !== undefined && { score }) }))
}

const max = (numToKeep: number): RetentionRule => ({ numToKeep, scoreOrder: 'max' })

/** The names of those that stay. */
function kept(checkpoints: readonly CheckpointRecord[], rule: RetentionRule): string[] {
  const dropped = checkpointsToDrop(checkpoints, rule)
  return checkpoints.map(({ name }) => name).filter(name => !dropped.includes(name))
}

describe('retention of checkpoints', () => {
  it('keeps all unless it is told how many', () => {
    expect(checkpointsToDrop(scored(1, 2, 3), { numToKeep: undefined, scoreOrder: 'max' })).toEqual([])
    expect(checkpointsToDrop(scored(1, 2, 3), max(3))).toEqual([])
    expect(checkpointsToDrop([], max(1))).toEqual([])
  })

  it('keeps the latest, however bad it is', () => {
    expect(kept(scored(9, 8, 7, 1), max(2))).toEqual(['c0', 'c1', 'c3'])
    expect(kept(scored(9, 8, Number.NaN), max(1))).toEqual(['c0', 'c2'])
    expect(kept(scored(9, 8, undefined), max(1))).toEqual(['c0', 'c2'])
  })

  it('keeps the high scores, or the low ones', () => {
    expect(kept(scored(3, 9, 1, 5, 4), max(3))).toEqual(['c1', 'c3', 'c4'])
    expect(kept(scored(3, 9, 1, 5, 4), { numToKeep: 3, scoreOrder: 'min' })).toEqual(['c0', 'c2', 'c4'])
  })

  it('keeps the later ones where there are no scores', () => {
    expect(kept(scored(undefined, undefined, undefined, undefined), max(2))).toEqual(['c2', 'c3'])
  })

  // Ray Tune 2.58, train/_internal/checkpoint_manager.py: NaN below −inf, ties: the later one wins
  it('keeps the later one of two that score the same', () => {
    expect(kept(scored(5, 5, 1, 0), max(1))).toEqual(['c1', 'c3'])
    expect(kept(scored(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0), max(1))).toEqual(['c1', 'c2'])
    expect(kept(scored(0, -0, 0, -1), max(1))).toEqual(['c2', 'c3'])
  })

  it.each(['min', 'max'] as const)('ranks NaN below every number, and no score below NaN (%s)', scoreOrder => {
    const worst = scoreOrder === 'max' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
    expect(kept(scored(worst, Number.NaN, undefined, 0), { numToKeep: 2, scoreOrder })).toEqual(['c0', 'c3'])
    expect(kept(scored(Number.NaN, undefined, undefined, 0), { numToKeep: 2, scoreOrder })).toEqual(['c0', 'c3'])
  })

  it('drops no more than it has to, never the latest, and none that ranks above one that stays', () => {
    const score = fc.oneof(
      fc.integer({ min: -2, max: 2 }),
      fc.constantFrom(Number.NaN, undefined, Number.NEGATIVE_INFINITY),
    )
    fc.assert(
      fc.property(
        fc.array(score, { minLength: 1, maxLength: 10 }),
        fc.integer({ min: 1, max: 12 }),
        (scores, numToKeep) => {
          const checkpoints = scored(...scores)
          const names = kept(checkpoints, max(numToKeep))
          // the latest stays beside the best where it isn't one of them
          const most = Math.min(numToKeep, checkpoints.length)
          expect([most, most + 1]).toContain(names.length)
          expect(names.at(-1)).toBe(checkpoints.at(-1)?.name)
          const rank = ({ score, iteration }: CheckpointRecord): number[] =>
            score === undefined ? [0, 0, iteration] : Number.isNaN(score) ? [1, 0, iteration] : [2, score, iteration]
          const isAbove = (a: CheckpointRecord, b: CheckpointRecord): boolean => {
            const [ranksA, ranksB] = [rank(a), rank(b)]
            const at = ranksA.findIndex((value, i) => value !== ranksB[i])
            return (ranksA[at] ?? 0) > (ranksB[at] ?? 0)
          }
          const others = checkpoints.slice(0, -1)
          const stays = others.filter(({ name }) => names.includes(name))
          const goes = others.filter(({ name }) => !names.includes(name))
          expect(goes.filter(gone => stays.some(stay => isAbove(gone, stay)))).toEqual([])
        },
      ),
    )
  })
})
