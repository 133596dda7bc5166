import { compareEntries } from '../kit/ranking.js'

/** The score of each trial at a rung, by trial index. */
export type RungScores = ReadonlyMap<number, number>

/**
 * Says whether two rungs rank the trials that are at both alike, where trials of the lower rung whose scores differ by `epsilon` at most
 * may change places.
 *
 * @see Bohdal et al. 2023, section 4.1
 */
export function ranksAgree(upper: RungScores, lower: RungScores, epsilon: number): boolean {
  const both = [...upper.keys()].filter(trialIndex => lower.has(trialIndex))
  const below = rank(both, lower)
  return rank(both, upper).every(({ trialIndex }, place) => {
    const score = scoreOf(lower, trialIndex)
    const held = below[place]?.score ?? score
    return score === held || Math.abs(score - held) <= epsilon
  })
}

/** Orders trials by their scores at a rung, the best first. */
function rank(trials: readonly number[], scores: RungScores) {
  return trials.map(trialIndex => ({ trialIndex, score: scoreOf(scores, trialIndex) })).sort(compareEntries)
}

function scoreOf(scores: RungScores, trialIndex: number): number {
  return scores.get(trialIndex) ?? Number.NEGATIVE_INFINITY
}
