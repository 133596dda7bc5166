import { CONTINUE, type Scheduler } from '../scheduler.js'
import type { Searcher } from '../searcher.js'
import { Space } from '../space/space.js'
import { soleObjective, type Trial, type TrialStatus } from '../trial.js'
import { placeFault } from './check-event.js'
import type { JournalEntry, StudyDefinition } from './events.js'
import { StudyFold } from './fold.js'
import type { StudyParts } from './study-parts.js'
import { TrialTable } from './trial-table.js'

/**
 * A study as its journal tells it, without the code of its searcher, scheduler, stoppers and trainable: recorded decisions are followed,
 * none is made. What it shows is what the study itself would show.
 */
export class RecordedStudy {
  readonly #trials: TrialTable
  readonly #fold: StudyFold
  #definition: StudyDefinition

  /** @param definition - what the study is made with by now, all changes included */
  constructor(definition: StudyDefinition) {
    this.#definition = definition
    this.#trials = new TrialTable(soleObjective(definition.objectives))
    this.#fold = new StudyFold(definition, silentParts(definition), this.#trials, { followsRecord: true })
  }

  /** What the study is made with by now. */
  get definition(): StudyDefinition {
    return this.#definition
  }

  get trials(): readonly Trial[] {
    return this.#trials.all
  }

  get counts(): Readonly<Record<TrialStatus, number>> {
    return this.#trials.counts
  }

  get best(): Trial | undefined {
    return this.#trials.best
  }

  /** How many trials there were, once the study has ended; before that, as many samples as were asked for, which a grid multiplies. */
  get totalTrials(): number {
    const made = this.#trials.all.length
    if (this.isFinished || this.haltReason !== undefined) return made
    return Math.max(made, this.#definition.numSamples ?? Number.POSITIVE_INFINITY)
  }

  /** A journal has no line on a scheduler's state. */
  get schedulerState(): undefined {
    return undefined
  }

  get haltReason(): string | undefined {
    return this.#fold.haltReason
  }

  get isFinished(): boolean {
    return this.#fold.isFinished
  }

  /** Takes in the next entry. @returns why it can't come where it stands, if it can't */
  replay({ n, event }: JournalEntry): string | undefined {
    if ((event.event === 'study') !== (n === 0))
      return n === 0 ? 'it is no header, which a journal begins with' : 'it is a second header'
    const fault = placeFault(event, this.#trials)
    if (fault !== undefined) return fault
    if (event.event === 'report') this.#fold.applyReport(event)
    else this.#fold.apply(event)
    if (event.event === 'extend') this.#definition = { ...this.#definition, ...event.changes }
    return undefined
  }
}

/** Strategies of the same names that say nothing. */
function silentParts({ searcher, scheduler }: StudyDefinition): StudyParts {
  const silentSearcher: Searcher = { ...searcher, setUp: () => undefined, suggest: () => ({ type: 'finished' }) }
  const silentScheduler: Scheduler = {
    ...scheduler,
    timeAttr: '',
    setUp: () => undefined,
    onReport: () => CONTINUE,
  }
  return { space: Space.of({}), searcher: silentSearcher, scheduler: silentScheduler, stoppers: [] }
}
