import { CONTINUE, type Scheduler } from '../scheduler.js'
import type { Searcher } from '../searcher.js'
import { Space } from '../space/space.js'
import { soleObjective, type Trial, type TrialStatus } from '../trial.js'
import { placeFault } from './check-event.js'
import type { ExploitRecord, JournalEntry, StudyDefinition, StudyEvent } from './events.js'
import { StudyFold } from './fold.js'
import type { StudyParts } from './study-parts.js'
import { TrialTable } from './trial-table.js'

/** Stands where a study's stoppers would: under others than it was made with, a fold takes each decision as it was recorded. */
const recordedStopper = { name: 'as recorded', options: {} }

/**
 * A study as its journal tells it, without the code of its searcher, scheduler, stoppers and trainable: recorded decisions are followed,
 * none is made. What it shows is what the study itself would show.
 */
export class RecordedStudy {
  readonly #trials: TrialTable
  readonly #fold: StudyFold
  #definition: StudyDefinition

  /** @param definition - that of the journal's header */
  constructor(definition: StudyDefinition) {
    this.#definition = definition
    this.#trials = new TrialTable(soleObjective(definition.objectives))
    const stoppers = [...definition.stoppers, recordedStopper]
    this.#fold = new StudyFold({ ...definition, stoppers }, silentParts(definition), this.#trials)
  }

  /** What the study is made with now: the header's, as far as no extension changed it. */
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
    const fault = ownFault(event, this.#trials) ?? placeFault(event, this.#trials) ?? groupFault(event, this.#trials)
    if (fault !== undefined) return fault
    if (event.event === 'report') this.#fold.applyReport(event)
    else this.#fold.apply(event)
    if (event.event === 'extend') this.#definition = { ...this.#definition, ...event.changes }
    return undefined
  }
}

function ownFault(event: StudyEvent, { all }: TrialTable): string | undefined {
  if (!('trial' in event) || event.event === 'trial' || all[event.trial] !== undefined) return undefined
  return `it has a ${event.event} of trial ${event.trial}, and there are ${all.length} trials`
}

/** Why the trials that an event names beside its own can't be those, if they can't. */
function groupFault(event: StudyEvent, { all }: TrialTable): string | undefined {
  const { trials, areOpen } = namedTrials(event)
  const missing = trials.find(index => all[index] === undefined)
  if (missing !== undefined) return `it names trial ${missing}, and there are ${all.length} trials`
  if (areOpen === undefined) return undefined
  if (new Set(trials).size < trials.length) return 'it names a trial twice'
  const odd = trials.find(index => all[index]?.hasEnded === areOpen)
  return odd === undefined ? undefined : `it names trial ${odd}, which is ${all[odd]?.status}`
}

/** The trials that an event names beside its own, and whether they have to be open, or ended. */
function namedTrials(event: StudyEvent): { readonly trials: readonly number[]; readonly areOpen?: boolean } {
  switch (event.event) {
    case 'halt':
      return { trials: event.trials, areOpen: true }
    case 'extend':
      return { trials: event.reopened, areOpen: false }
    case 'report':
      return { trials: exploited(event.decision?.exploit) }
    case 'resume':
      return { trials: exploited(event.exploit) }
    default:
      return { trials: [] }
  }
}

function exploited(exploit: ExploitRecord | undefined): readonly number[] {
  return exploit === undefined ? [] : [exploit.donor, exploit.source]
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
