import type { Correlations } from './correlations.js'
import type { Duplicates } from './duplicates.js'
import type { LateProgress } from './progress.js'
import type { Sensitivity } from './sensitivity.js'
import type { StudyFacts } from './study-facts.js'
import type { NextTrials } from './suggest-next.js'
import type { TroubledRegions } from './troubled-regions.js'

/** What an advice is about. */
export type AdviceKind =
  | 'avoid'
  | 'look-at-errors'
  | 'widen'
  | 'train-longer'
  | 'try'
  | 'repeat'
  | 'stop'
  | 'freeze'
  | 'explore'
  | 'vary-apart'
  | 'distrust-model'
  | 'more-trials'

/** Something to do, and why. */
export interface Advice {
  /** What it is about. */
  readonly kind: AdviceKind
  /** How much depends on it. */
  readonly priority: 'high' | 'medium' | 'low'
  /** What to do, a plain sentence. */
  readonly text: string
  /** The numbers it rests on, plain sentences. */
  readonly evidence: string
}

/** All that advice is drawn from. */
export interface Findings {
  readonly facts: StudyFacts
  readonly correlations: Correlations
  readonly duplicates: Duplicates
  readonly troubles: TroubledRegions
  readonly next: NextTrials
  /** The most sensitive first; empty without a model. */
  readonly sensitivities: readonly Sensitivity[]
  readonly progress: LateProgress | undefined
}

/** How far predictions of trials that a model was not told of must go with the results for it to be gone by. */
export const trustedCorrelation = 0.5

/** The most important first. */
export function sortAdvice(advice: readonly Advice[]): Advice[] {
  const order = ['high', 'medium', 'low']
  return advice.toSorted((a, b) => order.indexOf(a.priority) - order.indexOf(b.priority))
}

/** Whether a model predicts well enough to be gone by. */
export function isTrusted({ model }: NextTrials): boolean {
  return (model?.quality.rankCorrelation ?? 0) >= trustedCorrelation
}
