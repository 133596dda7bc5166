import type { CheckpointRecord, Mode } from '../trial.js'

/** Which checkpoints of a trial are kept. */
export interface RetentionRule {
  /** How many of the best, beside the latest; undefined for all. */
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
  const sign = scoreOrder === 'max' ? 1 : -1
  const rank = ({ score }: CheckpointRecord): readonly [number, number] =>
    score === undefined ? [0, 0] : Number.isNaN(score) ? [1, 0] : [2, sign * score]
  const ordered = [...checkpoints].sort((a, b) => {
    const [classA, valueA] = rank(a)
    const [classB, valueB] = rank(b)
    return classB - classA || (valueA === valueB ? 0 : valueB - valueA) || b.iteration - a.iteration
  })
  const latest = checkpoints.at(-1)
  return ordered
    .slice(numToKeep)
    .filter(checkpoint => checkpoint !== latest)
    .map(({ name }) => name)
}
