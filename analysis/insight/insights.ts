import type { JsonObject } from '../../src/json.js'
import { Rng } from '../../src/rng.js'
import type { Objective } from '../../src/trial.js'
import { toPlain } from '../compare/plain.js'
import { type Advice, type Findings, sortAdvice } from './advice.js'
import { adviseOnSpace } from './advice-on-space.js'
import { adviseOnTrials } from './advice-on-trials.js'
import { type Correlations, correlationsOf } from './correlations.js'
import { type Duplicates, duplicatesOf } from './duplicates.js'
import { type LateProgress, lateProgressOf } from './progress.js'
import { type Sensitivity, sensitivities } from './sensitivity.js'
import { ranking, readFacts, type StudyFacts, type StudyOptions, type StudySource } from './study-facts.js'
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

/** What {@link insights} found. */
export interface InsightParts {
  /** The metric that all of it is about. */
  readonly objective: Objective
  /** How many trials ended. */
  readonly trials: number
  /** How many trials have a finite value of it. */
  readonly scored: number
  /** The best trial and its value; undefined where none has one. */
  readonly best: { readonly trial: number; readonly value: number } | undefined
  /** What goes with the metric. */
  readonly correlations: Correlations
  /** Configs that were tried more than once, and how noisy results are by them. */
  readonly duplicates: Duplicates
  /** Where trials get into trouble, and where none has been. */
  readonly troubles: TroubledRegions
  /** How much each parameter matters with all its interactions, by the model; the most first, empty without one. */
  readonly sensitivities: readonly Sensitivity[]
  /** Whether the best trials were still getting better when they ended; undefined where reports are too few to tell. */
  readonly progress: LateProgress | undefined
  /** Configs that are worth a trial. */
  readonly next: NextTrials
  /** What to do, the most important first. */
  readonly advice: readonly Advice[]
}

/** What a study tells about its parameters, its trials, and what to do next. */
export class Insights implements InsightParts {
  readonly objective
  readonly trials
  readonly scored
  readonly best
  readonly correlations
  readonly duplicates
  readonly troubles
  readonly sensitivities
  readonly progress
  readonly next
  readonly advice

  constructor(parts: InsightParts) {
    this.objective = parts.objective
    this.trials = parts.trials
    this.scored = parts.scored
    this.best = parts.best
    this.correlations = parts.correlations
    this.duplicates = parts.duplicates
    this.troubles = parts.troubles
    this.sensitivities = parts.sensitivities
    this.progress = parts.progress
    this.next = parts.next
    this.advice = parts.advice
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
    return toPlain({ format: 1, ...this }) as JsonObject
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
  const troubles = troublesOf(facts, options)
  const findings: Findings = {
    facts,
    correlations: correlationsOf(facts, options),
    duplicates: duplicatesOf(facts, options),
    troubles,
    next: nextOf(facts, model, options, troubles.regions),
    sensitivities: model ? sensitivities(model, rng).sort((a, b) => b.totalEffect - a.totalEffect) : [],
    progress: lateProgressOf(facts),
  }
  const { facts: _, ...parts } = findings
  const ranked = ranking(facts)
  return new Insights({
    ...parts,
    objective: facts.objective,
    trials: facts.trials.length,
    scored: ranked.length,
    best: bestOf(facts, ranked),
    advice: sortAdvice([...adviseOnSpace(findings), ...adviseOnTrials(findings)]),
  })
}

function bestOf({ trials, scores }: StudyFacts, [first]: readonly number[]): InsightParts['best'] {
  if (first === undefined) return undefined
  return { trial: trials[first]?.index ?? first, value: scores[first] ?? Number.NaN }
}
