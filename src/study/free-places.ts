import { TuneError } from '../errors.js'
import { assertJson } from '../json.js'
import type { Rng } from '../rng.js'
import type { NextAction } from '../scheduler.js'
import type { Trial } from '../trial.js'
import type { DecisionRecord, StudyDefinition, StudyEvent } from './events.js'
import { recordExploit } from './exploit.js'
import type { ReportEvent, StudyFold } from './fold.js'
import type { Ask, StudyParts, TrialNaming } from './study-parts.js'
import type { TrialState } from './trial-state.js'

/** The events that follow from a question, each to be committed before the next is asked for, and then the answer. */
export type Answering<A = Ask> = Generator<Exclude<StudyEvent, ReportEvent>, A, void>

const defaultNaming: TrialNaming = ({ index, id }) => ({
  name: id,
  directory: `trial_${String(index).padStart(5, '0')}`,
})

/** Finds what takes a place that is free: what the searcher and the scheduler want, as events. It reads the study's state and changes nothing in it. */
export class FreePlaces {
  readonly #definition: StudyDefinition
  readonly #parts: StudyParts
  readonly #fold: StudyFold
  readonly #rng: Rng
  readonly #idPrefix: string
  /** Whether the searcher said that it has no more configs. */
  #isExhausted = false

  /** @param rng - the study's own stream, from which the searcher's are forked */
  constructor(definition: StudyDefinition, parts: StudyParts, fold: StudyFold, rng: Rng) {
    this.#definition = definition
    this.#parts = parts
    this.#fold = fold
    this.#rng = rng
    // the same in each run of the same study, told apart from those of other seeds
    this.#idPrefix = rng.fork('id').seed().toString(16).padStart(8, '0').slice(0, 5)
  }

  /** How many trials there will be, Infinity if nobody knows an end. */
  get totalTrials(): number {
    return this.#parts.searcher.total?.() ?? this.#definition.numSamples ?? Number.POSITIVE_INFINITY
  }

  /**
   * Says what to do with a free place.
   *
   * @throws `TuneError` `PLUGIN_FAULT` if the searcher or the scheduler breaks its contract
   */
  *fill(): Answering {
    const { trials, clock } = this.#fold
    if (this.#fold.haltReason !== undefined || this.#fold.isFinished) return yield* this.#nothingNew()
    const [reopened] = this.#fold.reopened
    if (reopened !== undefined) {
      yield { event: 'resume', trial: reopened, clock }
      return { type: 'resume', trial: trials.get(reopened) }
    }
    let hasWaited = false
    let mayStart = !this.#isExhausted && trials.all.length < this.totalTrials
    for (;;) {
      const action = this.#nextAction(mayStart)
      switch (action.type) {
        case 'resume': {
          this.#requirePaused(action.trialIndex)
          const trial = trials.get(action.trialIndex)
          const exploit = action.exploit && {
            ...recordExploit(action.exploit, trial, trials),
            reason: action.exploit.reason,
          }
          yield { event: 'resume', trial: trial.index, clock, ...(exploit && { exploit }) }
          return { type: 'resume', trial }
        }
        case 'stop': {
          this.#requirePaused(action.trialIndex)
          const decision: DecisionRecord = { type: 'stop', reason: action.reason, by: this.#parts.scheduler.name }
          yield { event: 'end', trial: action.trialIndex, decision }
          break
        }
        case 'wait':
          if (trials.running.size > 0) return { type: 'wait' }
          if (mayStart) throw this.#stuck('waits although nothing runs')
          if (!hasWaited || trials.paused.size === 0) return yield* this.#nothingNew()
          // the searcher waits for trials that will never go on
          yield* this.#endPaused('nothing else could run')
          mayStart = true
          hasWaited = false
          break
        case 'new': {
          if (!mayStart) throw this.#stuck('wants a new trial although there is none to be had')
          const trial = yield* this.#start(clock)
          if (trial) return { type: 'trial', trial }
          mayStart = false
          hasWaited = !this.#isExhausted
          break
        }
        default:
          action satisfies never
      }
    }
  }

  #nextAction(canStart: boolean): NextAction {
    const { scheduler } = this.#parts
    const { paused } = this.#fold.trials
    if (scheduler.next) return scheduler.next({ paused, canStart })
    if (canStart) return { type: 'new' }
    let first: number | undefined
    for (const index of paused.keys()) if (first === undefined || index < first) first = index
    return first === undefined ? { type: 'wait' } : { type: 'resume', trialIndex: first }
  }

  *#start(clock: number): Answering<TrialState | undefined> {
    const { trials } = this.#fold
    const index = trials.all.length
    const { searcher } = this.#parts
    const suggestion = searcher.suggest({
      trialIndex: index,
      rng: this.#rng.fork('searcher', index),
      pending: this.#pending,
    })
    switch (suggestion.type) {
      case 'finished':
        this.#isExhausted = true
        return undefined
      case 'wait':
        if (trials.pending.size === 0)
          throw new TuneError(
            'PLUGIN_FAULT',
            `the searcher ${searcher.name} waits although no trial is pending: report it to its author`,
          )
        return undefined
      case 'config': {
        assertJson(
          suggestion.config,
          'INVALID_CONFIG',
          `the config that the searcher ${searcher.name} suggests for trial ${index}`,
        )
        const { config, repeat } = suggestion
        const id = `${this.#idPrefix}_${String(index).padStart(5, '0')}`
        const { name, directory } = (this.#parts.naming ?? defaultNaming)({ index, id, config })
        yield { event: 'trial', trial: index, id, name, directory, config, ...(repeat && { repeat }), clock }
        return trials.get(index)
      }
      default:
        return suggestion satisfies never
    }
  }

  /** The open trials that the searcher knows. */
  get #pending(): ReadonlyMap<number, Trial> {
    const { misfits, trials } = this.#fold
    const { pending } = trials
    return misfits.size === 0 ? pending : new Map([...pending].filter(([index]) => !misfits.has(index)))
  }

  /** Nothing will start: with nothing running either, what is paused has nothing to wait for. */
  *#nothingNew(): Answering {
    if (this.#fold.trials.running.size > 0) return { type: 'wait' }
    yield* this.#endPaused('the study ended while it was paused')
    if (!this.#fold.isFinished) yield { event: 'finish' }
    return { type: 'finished' }
  }

  *#endPaused(reason: string): Answering<void> {
    const decision: DecisionRecord = { type: 'stop', reason, by: 'study' }
    for (const index of [...this.#fold.trials.paused.keys()].sort((a, b) => a - b)) {
      yield { event: 'end', trial: index, decision }
    }
  }

  #requirePaused(index: number): void {
    if (!this.#fold.trials.paused.has(index)) throw this.#stuck(`names trial ${index}, which is not paused`)
  }

  #stuck(what: string): TuneError {
    return new TuneError('PLUGIN_FAULT', `the scheduler ${this.#parts.scheduler.name} ${what}: report it to its author`)
  }
}
