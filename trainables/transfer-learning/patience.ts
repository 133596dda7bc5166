/** What of the network is trained: the last layer alone, or all of it. */
export type Phase = 'head' | 'whole'

/** An epoch that has been judged. */
export interface JudgedEpoch {
  /** What was trained in it. */
  readonly phase: Phase
  /** The validation loss after it, in nats; NaN counts as worse than any other. */
  readonly valLoss: number
}

/** How long each phase may last. */
export interface PhasePlan {
  /** The most epochs of the last layer alone. */
  readonly frozenEpochs: number
  /** The most epochs of the whole network. */
  readonly fineTuneEpochs: number
  /** A phase ends after so many epochs without a validation loss below its lowest. */
  readonly patience: number
}

/** What is trained in the next epoch; undefined when the run is over. */
export function nextPhase(
  epochs: readonly JudgedEpoch[],
  { frozenEpochs, fineTuneEpochs, patience }: PhasePlan,
): Phase | undefined {
  const goesOn = (phase: Phase, most: number): boolean => {
    const losses = epochs.filter(epoch => epoch.phase === phase).map(({ valLoss }) => valLoss)
    return losses.length < most && epochsSinceBest(losses) < patience
  }
  if (goesOn('head', frozenEpochs) && epochs.every(({ phase }) => phase === 'head')) return 'head'
  return goesOn('whole', fineTuneEpochs) ? 'whole' : undefined
}

/** How many losses came after the lowest, the first of equals; all of them when there is none. */
export function epochsSinceBest(losses: readonly number[]): number {
  let best = Number.POSITIVE_INFINITY
  let since = 0
  for (const loss of losses) {
    if (loss < best) {
      best = loss
      since = 0
    } else since++
  }
  return since
}
