import {
  KEEP_GOING,
  type Searcher,
  type SearcherContext,
  type Stopper,
  type StopVerdict,
  type Suggestion,
  type SuggestRequest,
  type Trial,
  type TrialReport,
} from '../../src/index.js'
import { checkThat } from '../statistics/check.js'
import type { Budget as BudgetOptions } from './problem.js'

/** @throws `TuneError` `INVALID_OPTION` for a budget without any limit, or with one that is out of range */
export function checkBudget(budget: number | BudgetOptions): BudgetOptions {
  const limits: BudgetOptions = typeof budget === 'number' ? { trials: budget } : budget
  const { trials, iterations, seconds } = limits
  const isCount = (value: number) => Number.isSafeInteger(value) && value >= 1
  const isLimited = trials !== undefined || iterations !== undefined || seconds !== undefined
  checkThat(isLimited, 'compareStrategies: budget', budget, 'trials, iterations or seconds that each study may spend')
  for (const [name, count] of Object.entries({ trials, iterations }))
    checkThat(count === undefined || isCount(count), `compareStrategies: budget.${name}`, count, 'an integer from 1')
  const isTime = seconds === undefined || (seconds > 0 && Number.isFinite(seconds))
  checkThat(isTime, 'compareStrategies: budget.seconds', seconds, 'a positive number')
  return limits
}

/** Ends the study after so many reports of all trials together. */
export class IterationBudget implements Stopper {
  readonly name = 'iteration-budget'
  readonly options
  #left: number

  constructor(iterations: number) {
    this.options = { iterations }
    this.#left = iterations
  }

  onReport(): StopVerdict {
    this.#left -= 1
    return this.#left > 0 ? KEEP_GOING : { type: 'stop-study', reason: 'all iterations of the budget are spent' }
  }

  grant(): number {
    // what is run past the end is discarded: better than to wait at each report
    return Number.POSITIVE_INFINITY
  }
}

/** Ends the study at the first report past so many virtual seconds. */
export class VirtualTimeBudget implements Stopper {
  readonly name = 'virtual-time-budget'
  readonly options
  readonly #seconds: number

  constructor(seconds: number) {
    this.options = { seconds }
    this.#seconds = seconds
  }

  onReport(_trial: Trial, { timing }: TrialReport): StopVerdict {
    if (timing.timestampMs < 1000 * this.#seconds) return KEEP_GOING
    return { type: 'stop-study', reason: 'all virtual seconds of the budget are spent' }
  }

  grant(): number {
    return Number.POSITIVE_INFINITY
  }
}

/** A searcher that ends after so many trials, where one sample of it may be a whole grid of them. */
export class CappedSearcher implements Searcher {
  readonly name: string
  readonly #searcher: Searcher
  readonly #trials: number

  constructor(searcher: Searcher, trials: number) {
    this.name = searcher.name
    this.#searcher = searcher
    this.#trials = trials
  }

  get options() {
    return this.#searcher.options
  }

  setUp(context: SearcherContext): void {
    this.#searcher.setUp(context)
  }

  total(): number {
    return Math.min(this.#trials, this.#searcher.total?.() ?? this.#trials)
  }

  suggest(request: SuggestRequest): Suggestion {
    return request.trialIndex < this.total() ? this.#searcher.suggest(request) : { type: 'finished' }
  }

  onReport(trial: Trial, report: TrialReport): void {
    this.#searcher.onReport?.(trial, report)
  }

  observe(trial: Trial): void {
    this.#searcher.observe?.(trial)
  }
}
