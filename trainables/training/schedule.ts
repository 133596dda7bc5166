/** How the learning rate falls over a run. */
export const decayNames = ['none', 'linear', 'cosine'] as const

/** The name of a decay. */
export type DecayName = (typeof decayNames)[number]

/**
 * The factor by which a decay has lowered the learning rate: 1 at the start, near 0 at the end.
 *
 * @param progress - the part of the run that is done, in [0, 1]
 */
export function decayFactor(name: DecayName, progress: number): number {
  const left = 1 - Math.min(Math.max(progress, 0), 1)
  switch (name) {
    case 'none':
      return 1
    case 'linear':
      return left
    case 'cosine':
      return (1 - Math.cos(Math.PI * left)) / 2
  }
}
