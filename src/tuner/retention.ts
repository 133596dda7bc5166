import type { CheckpointRecord, Mode } from '../trial.js'

/** Which checkpoints of a trial are kept. */
export interface RetentionRule {
  /** How many at most, the latest included; undefined for all. */
  readonly numToKeep: number | undefined
  /** Whether high or low scores are kept; without scores, later ones are. */
  readonly scoreOrder: Mode
}

/**
 * Which checkpoints may go: all but the best by score and the latest (Ray Tune's rule: NaN ranks below everything, a missing score
 * below that, and of equal scores the later one is kept).
 */
export function checkpointsToDrop(checkpoints: readonly CheckpointRecord[], rule: RetentionRule): readonly string[] {
  const { numToKeep, scoreOrder } = rule
  if (numToKeep === undefined || checkpoints.length <= numToKeep) return []
  const latest = checkpoints.at(-1)
  const sign = scoreOrder === 'max' ? 1 : -1
  const rank = ({ score }: CheckpointRecord): readonly [number, number] =>
    score === undefined ? [0, 0] : Number.isNaN(score) ? [1, 0] : [2, sign * score]
  const ordered = checkpoints
    .filter(checkpoint => checkpoint !== latest)
    .sort((a, b) => {
      const [classA, valueA] = rank(a)
      const [classB, valueB] = rank(b)
      return classB - classA || (valueA === valueB ? 0 : valueB - valueA) || b.iteration - a.iteration
    })
  return ordered.slice(Math.max(0, numToKeep - 1)).map(({ name }) => name)
}
