/** One of HyperBand's brackets. */
export interface BracketLayout {
  /** How often its trials are cut: its number in HyperBand's tables. */
  readonly s: number
  /** How many trials run up to which time, round by round. */
  readonly rounds: readonly { readonly trials: number; readonly level: number }[]
}

/** How far a quotient of rounded powers may fall short of a whole number and still be meant to reach it. */
const tolerance = 1e-12

/**
 * Lays out the brackets of one band: for each s from 0 to about log(maxT), ⌈(sMax + 1) / (s + 1) · η^s⌉ trials that start with
 * ⌊maxT / η^s⌋; a round keeps ⌈n / η⌉ of n trials and is η times as long, at most `maxT`.
 *
 * The tables are Ray Tune's, but that its powers are rounded: it loses the longest bracket of maxT 729 and η 3, whose trials start with 1.
 *
 * @param maxT - at least 1
 * @param reductionFactor - η, above 1
 * @returns the brackets by s, ascending, which is by size; those whose trials would start with 0 are left out
 * @see Li et al. 2018, "Hyperband: A Novel Bandit-Based Approach to Hyperparameter Optimization", Algorithm 1, whose sizes Ray Tune rounds
 * up
 */
export function layOutBand(maxT: number, reductionFactor: number): BracketLayout[] {
  const count = roundHalfToEven(Math.log(maxT) / Math.log(reductionFactor)) + 1
  const brackets: BracketLayout[] = []
  let power = 1
  for (let s = 0; s < count; s++) {
    let trials = Math.ceil((count / (s + 1)) * power)
    let level = Math.floor((maxT / power) * (1 + tolerance))
    if (level === 0) break
    const rounds = [{ trials, level }]
    for (let round = 0; round < s; round++) {
      trials = Math.ceil(trials / reductionFactor)
      level = Math.floor(Math.min(level * reductionFactor, maxT))
      rounds.push({ trials, level })
    }
    brackets.push({ s, rounds })
    power *= reductionFactor
  }
  return brackets
}

/** As numpy rounds: maxT 8 and η 4 give 1.5, and so 3 brackets; maxT 32 gives 2.5, and so 3 as well. */
function roundHalfToEven(x: number): number {
  const low = Math.floor(x)
  const rest = x - low
  if (rest === 0.5) return low % 2 === 0 ? low : low + 1
  return rest < 0.5 ? low : low + 1
}
