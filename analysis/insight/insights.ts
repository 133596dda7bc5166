import type { JsonObject } from '../../src/json.js'
import { Rng } from '../../src/rng.js'
import type { Objective } from '../../src/trial.js'
import { toPlain } from '../compare/json.js'
import { type Advice, type Findings, sortAdvice } from './advice.js'
import { adviseOnSpace } from './advice-on-space.js'
import { adviseOnTrials } from './advice-on-trials.js'
import { type Correlations, correlationsOf } from './correlations.js'
import { type Duplicates, duplicatesOf } from './duplicates.js'
import { type LateProgress, lateProgressOf } from './progress.js'
import { type Sensitivity, sensitivities } from './sensitivity.js'
import { ranking, readFacts, type StudyOptions, type StudySource } from './study-facts.js'
import { makeModel, type NextTrials, nextOf } from './suggest-next.js'
import { sectionsOf, toMarkdown, toText } from './text.js'
import { type TroubledRegions, troublesOf } from './troubled-regions.js'

/** How {@link insights} is set. */
export interface InsightOptions extends StudyOptions {
  /** The seed of all that is drawn: the same study gives the same insights. @defaultValue 0 */
  readonly seed?: number
  /** How likely at most any region of a kind of trouble is named where there is none; in (0, 1). @defaultValue 0.05 */
  readonly alpha?: number
  /** By how much numbers may differ and count as the same config, as a share of their range; in [0, 1). @defaultValue 0 */
  readonly tolerance?: number
  /** How many configs to suggest, an integer from 1 to 20. @defaultValue 3 */
  readonly suggestions?: number
  /** The most trials that the model is made of, an integer from 20. @defaultValue 200 */
  readonly maxObservations?: number
}

/** What a study tells about its parameters, its trials, and what to do next. */
export class Insights {
  readonly objective: Objective
  /** How many trials ended, and how many of them have a finite value of the metric. */
  readonly trials: number
  readonly scored: number
  /** The best trial and its value; undefined where none has one. */
  readonly best: { readonly trial: number; readonly value: number } | undefined
  readonly correlations: Correlations
  readonly duplicates: Duplicates
  readonly troubles: TroubledRegions
  /** How much each parameter matters with all its interactions, by the model; the most first, empty without one. */
  readonly sensitivities: readonly Sensitivity[]
  /** Whether the best trials were still getting better when they ended; undefined where reports are too few to tell. */
  readonly progress: LateProgress | undefined
  readonly next: NextTrials
  /** What to do, the most important first. */
  readonly advice: readonly Advice[]

  constructor(findings: Findings) {
    const { facts } = findings
    const ranked = ranking(facts)
    const [first] = ranked
    this.objective = facts.objective
    this.trials = facts.trials.length
    this.scored = ranked.length
    this.best =
      first === undefined
        ? undefined
        : { trial: facts.trials[first]?.index ?? first, value: facts.scores[first] ?? Number.NaN }
    this.correlations = findings.correlations
    this.duplicates = findings.duplicates
    this.troubles = findings.troubles
    this.sensitivities = findings.sensitivities
    this.progress = findings.progress
    this.next = findings.next
    this.advice = sortAdvice([...adviseOnSpace(findings), ...adviseOnTrials(findings)])
  }

  /** Plain sentences for people. */
  toString(): string {
    return toText(sectionsOf(this))
  }

  /** The same as Markdown. */
  toMarkdown(): string {
    return toMarkdown(sectionsOf(this))
  }

  /** All of it as plain JSON, for programs; `format` counts up when its shape changes. */
  toJson(): JsonObject {
    const { objective, trials, scored, best, correlations, duplicates, troubles, progress, next, advice } = this
    const plain = {
      format: 1,
      objective,
      trials,
      scored,
      best,
      correlations,
      duplicates,
      troubles,
      progress,
      next,
      advice,
    }
    return toPlain({ ...plain, sensitivities: this.sensitivities }) as JsonObject
  }
}

/**
 * What there is to learn from a study: which parameters go with the metric, how noisy it is, where trials get into trouble, where none has been, and
 * what to do next, each with the numbers it rests on. The same study gives the same insights; 10,000 trials take seconds.
 *
 * ```ts
 * const grid = await tuner.fit()
 * console.log(String(insights(grid)))
 * ```
 *
 * @param source - a study's results, or its view while it runs
 * @throws `TuneError` `INVALID_OPTION`
 */
export function insights(source: StudySource, options: InsightOptions = {}): Insights {
  const facts = readFacts(source, options, 'insights')
  const model = makeModel(facts, options)
  const rng = Rng.from(options.seed ?? 0).fork('insight', 'sensitivity')
  return new Insights({
    facts,
    correlations: correlationsOf(facts, options),
    duplicates: duplicatesOf(facts, options),
    troubles: troublesOf(facts, options),
    next: nextOf(facts, model, options),
    sensitivities: model ? sensitivities(model, rng).sort((a, b) => b.totalEffect - a.totalEffect) : [],
    progress: lateProgressOf(facts),
  })
}
