import type { BracketProgress } from './halving-bracket.js'
import { formatNumber } from './reasons.js'

/** Says where a bracket stands, in a few words. */
export function describeBracket({ size, level, racing, waiting, isOpen }: BracketProgress): string {
  const towards = Number.isFinite(level)
    ? `rung ${formatNumber(level)}: ${waiting} of ${waiting + racing} there`
    : `${racing} run on`
  return isOpen ? `${towards}, room for ${size} in all` : towards
}
