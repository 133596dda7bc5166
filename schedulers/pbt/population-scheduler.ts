import { TuneError } from '../../src/errors.js'
import type { JsonObject } from '../../src/json.js'
import type { Rng } from '../../src/rng.js'
import {
  CONTINUE,
  type Decision,
  type Exploit,
  type NextAction,
  type NextRequest,
  type Scheduler,
  type SchedulerContext,
} from '../../src/scheduler.js'
import { readPath, type Trial, type TrialReport } from '../../src/trial.js'
import { toScore } from '../kit/bracket.js'
import { formatNumber } from '../kit/reasons.js'
import { justAfter } from '../kit/rungs.js'
import { notSetUp, readTarget, resolveTarget, type Target, type TargetChoice, timeOf } from '../kit/target.js'
import type { Explorer, Standing } from './explorer.js'
import { quantileSize, Ranking } from './ranking.js'
import { nextDecision, type Timetable } from './timetable.js'

/** What the rules of a population depend on. */
export interface PopulationRules extends TargetChoice, Timetable {
  /** The class that errors name. */
  readonly owner: string
  readonly quantileFraction: number
  readonly synch: boolean
  readonly requireAttrs: boolean
}

/** A trial that has not ended. */
interface Member {
  readonly trial: Trial
  /** Its time at its last report. */
  seen: number
  /** The time of its next decision. */
  due: number
  /** Its time when it was last compared. */
  time: number
  /** Its score then; undefined before the first time. */
  score: number | undefined
  /** Where its present interval began, if there is a finite score of that. */
  start: Standing | undefined
  /** Whether its latest checkpoint is that of its score. */
  canDonate: boolean
}

/** A trial that goes on after all were compared; from the donor's checkpoint, if there is one. */
interface Turn {
  readonly member: Member
  readonly donor: Member | undefined
}

/** What holds from `setUp` on. */
interface Setup extends Target {
  readonly rng: Rng
  readonly explorer: Explorer
}

/** Exploit and explore: what population-based training and its kin have in common. */
export class PopulationScheduler implements Scheduler {
  readonly name: string
  readonly options: JsonObject
  readonly timeAttr: string
  readonly savesAtGrants = true
  readonly #rules: PopulationRules
  readonly #createExplorer: (context: SchedulerContext) => Explorer
  readonly #members = new Map<number, Member>()
  readonly #paused = new Set<number>()
  /** Trials that had ended and have not gone on yet. */
  readonly #reopened = new Set<number>()
  #ranking = new Ranking()
  /** Of a population that was compared as a whole: who has not gone on yet. */
  #turns: readonly Turn[] = []
  /** Whether a trial has been resumed since the last new one: so there was none to start. */
  #isFull = false
  #setup: Setup | undefined

  constructor(
    name: string,
    options: JsonObject,
    rules: PopulationRules,
    createExplorer: (context: SchedulerContext) => Explorer,
  ) {
    this.name = name
    this.options = options
    this.timeAttr = rules.timeAttr
    this.#rules = rules
    this.#createExplorer = createExplorer
  }

  /**
   * @throws `TuneError` `INVALID_OPTION` when neither the options nor the study name a metric and a mode, when nothing may change, or what
   * may change is not in the space
   */
  setUp(context: SchedulerContext): void {
    const target = resolveTarget(this.#rules.owner, this.#rules, context)
    this.#setup = { ...target, rng: context.rng, explorer: this.#createExplorer(context) }
    this.#members.clear()
    this.#paused.clear()
    this.#reopened.clear()
    this.#ranking = new Ranking()
    this.#turns = []
    this.#isFull = false
  }

  onTrialAdd(trial: Trial): void {
    this.#isFull = false
    this.#admit(trial, timeOf(trial, this.timeAttr) ?? 0)
  }

  /** It counts as one of the population again, and is compared once it has come to the end of an interval. */
  onTrialReopen(trial: Trial): void {
    this.#reopened.add(trial.index)
    this.#admit(trial, timeOf(trial, this.timeAttr) ?? 0)
  }

  /** @throws `TuneError` `METRIC_MISSING` for a report without `timeAttr`, with `requireAttrs` */
  onReport(trial: Trial, report: TrialReport): Decision {
    const setup = this.#ready()
    const member = this.#memberOf(trial.index)
    const { time, value } = readTarget(report, setup)
    if (time === undefined) {
      if (this.#rules.requireAttrs) throw this.#timeMissing(trial, report)
      return CONTINUE
    }
    const isDue = time >= member.due && time > member.seen
    member.seen = time
    if (!isDue || value === undefined) return CONTINUE
    this.#record(member, time, toScore(value, setup.sign))
    const at = `${this.timeAttr} ${formatNumber(time)}`
    if (this.#rules.synch) return this.#pause(trial, `waits at ${at} until all others have come as far`)
    if (!this.#isFull || this.#paused.size > 0) return this.#pause(trial, `leaves its place to others at ${at}`)
    const donor = this.#findDonor(member)
    const exploit = donor && this.#plan(member, donor)
    if (donor) this.#takeOver(member, donor)
    return exploit ? { type: 'exploit', ...exploit } : CONTINUE
  }

  onTrialResume(trial: Trial): void {
    if (this.#reopened.delete(trial.index)) return
    const member = this.#memberOf(trial.index)
    if (this.#rules.synch && this.#turns.length === 0 && !this.#isBehind(member)) this.#turns = this.#planTurns()
    this.#turns = this.#turns.filter(turn => turn.member !== member)
    this.#paused.delete(trial.index)
    this.#isFull = true
    const { origin } = trial
    const donor = origin?.iteration === trial.iteration ? this.#members.get(origin.trialIndex) : undefined
    if (donor) this.#takeOver(member, donor)
  }

  onTrialEnd({ index }: Trial): void {
    this.#members.delete(index)
    this.#reopened.delete(index)
    this.#paused.delete(index)
    this.#ranking.remove(index)
    this.#turns = this.#turns.filter(
      ({ member, donor }) => member.trial.index !== index && donor?.trial.index !== index,
    )
  }

  /** The end of the trial's interval; just above its time while a report with the metric is missing there. */
  grant({ index }: Trial): number {
    const { due, seen } = this.#memberOf(index)
    return due > seen ? due : justAfter(seen)
  }

  next({ paused, canStart }: NextRequest): NextAction {
    const turn = this.#turns[0]
    if (turn) return this.#resume(turn)
    if (canStart) return { type: 'new' }
    const waiting = Array.from(paused.keys(), index => this.#memberOf(index))
    waiting.sort((a, b) => a.time - b.time || a.trial.index - b.trial.index)
    const [first] = waiting
    if (first === undefined) return { type: 'wait' }
    if (!this.#rules.synch) return this.#resume({ member: first, donor: this.#findDonor(first) })
    if (this.#isBehind(first)) return this.#resume({ member: first, donor: undefined })
    const [opening] = waiting.length === this.#members.size ? this.#planTurns() : []
    return opening ? this.#resume(opening) : { type: 'wait' }
  }

  describe(): string {
    const { sign } = this.#ready()
    const [best] = this.#ranking.between(0, 1)
    const lead = best ? `, best ${formatNumber(sign * best.score)} (trial ${best.trialIndex})` : ''
    return `${this.name}: ${this.#members.size} in the population, ${this.#ranking.size} compared${lead}`
  }

  #ready(): Setup {
    if (this.#setup === undefined) throw notSetUp(this.#rules.owner)
    return this.#setup
  }

  #memberOf(index: number): Member {
    const member = this.#members.get(index)
    if (member !== undefined) return member
    throw new TuneError(
      'PLUGIN_FAULT',
      `${this.#rules.owner} was told of trial ${index}, which was not added or has ended`,
    )
  }

  #admit(trial: Trial, time: number): void {
    const due = nextDecision(this.#rules, time)
    const none = { score: undefined, start: undefined, canDonate: false }
    this.#members.set(trial.index, { trial, seen: time, due, time, ...none })
  }

  #pause(trial: Trial, reason: string): Decision {
    this.#paused.add(trial.index)
    return { type: 'pause', reason }
  }

  /** Takes in what a trial came to at the end of its interval. */
  #record(member: Member, time: number, score: number): void {
    const { trial, start } = member
    const to = Number.isFinite(score) ? { time, score } : undefined
    if (start && to && time > start.time) {
      this.#ready().explorer.observe?.({ config: trial.config, from: start, to })
    }
    this.#ranking.record(trial.index, score)
    member.time = time
    member.score = score
    member.due = nextDecision(this.#rules, time)
    member.start = to
    member.canDonate = true
  }

  /** Takes in that a trial goes on from another's checkpoint. */
  #takeOver(member: Member, donor: Member): void {
    const start = this.#standingAfter(member, donor)
    member.start = start
    member.canDonate = false
    if (start) member.due = nextDecision(this.#rules, Math.max(member.time, start.time))
  }

  /** Where a trial stands that takes over from another. */
  #standingAfter(member: Member, donor: Member): Standing | undefined {
    const { score, trial } = donor
    if (score === undefined) return undefined
    // a time that the trainable reports is part of its state, one that is counted here is the trial's own
    const isCarried = trial.lastReport !== undefined && readPath(trial.lastReport.metrics, this.timeAttr) !== undefined
    return { time: isCarried ? donor.time : member.time, score }
  }

  /** The trial that one of the worst is to take over from. */
  #findDonor(member: Member): Member | undefined {
    const size = quantileSize(this.#ranking.size, this.#rules.quantileFraction)
    const place = this.#ranking.placeOf(member.trial.index) ?? 0
    if (size === 0 || place < this.#ranking.size - size) return undefined
    const donors = this.#ranking
      .between(0, size)
      .flatMap(({ trialIndex, score }) => (Number.isFinite(score) ? (this.#members.get(trialIndex) ?? []) : []))
      .filter(({ canDonate }) => canDonate)
    const { trial } = member
    return donors[this.#ready().rng.fork('donor', trial.index, trial.iteration).integer(0, donors.length)]
  }

  #plan(member: Member, donor: Member): (Exploit & { readonly reason: string }) | undefined {
    const { rng, explorer } = this.#ready()
    const { trial } = member
    const start = this.#standingAfter(member, donor)
    if (start === undefined) return undefined
    const others = [...this.#members.values()].flatMap(other =>
      other === member || other.start === undefined ? [] : [{ config: other.trial.config, start: other.start }],
    )
    const stream = rng.fork('explore', trial.index, trial.iteration)
    const { config, changes } = explorer.explore({ trial, donor: donor.trial, start, others, rng: stream })
    const place = (each: Member) => (this.#ranking.placeOf(each.trial.index) ?? 0) + 1
    const how = changes === '' ? 'with its config' : `with ${changes}`
    return {
      donor: donor.trial.index,
      config,
      reason: `is number ${place(member)} of ${this.#ranking.size}: goes on from trial ${donor.trial.index}, number ${place(donor)}, ${how}`,
    }
  }

  #resume({ member, donor }: Turn): NextAction {
    const exploit = donor && this.#plan(member, donor)
    return { type: 'resume', trialIndex: member.trial.index, ...(exploit && { exploit }) }
  }

  /** Whether others have come further than a trial that waits for them. */
  #isBehind({ time }: Member): boolean {
    let furthest = time
    for (const other of this.#members.values()) furthest = Math.max(furthest, other.time)
    return nextDecision(this.#rules, furthest) > nextDecision(this.#rules, time)
  }

  /** The order in which a population goes on that has come as far as one another: who takes over first, before a donor goes on. */
  #planTurns(): Turn[] {
    const turns = this.#ranking
      .between(0, this.#ranking.size)
      .map(({ trialIndex }) => this.#memberOf(trialIndex))
      .map(member => ({ member, donor: this.#findDonor(member) }))
    return [...turns.filter(({ donor }) => donor), ...turns.filter(({ donor }) => !donor)]
  }

  #timeMissing({ index }: Trial, { metrics }: TrialReport): TuneError {
    const names = Object.keys(metrics).map(name => `'${name}'`)
    return new TuneError(
      'METRIC_MISSING',
      `${this.#rules.owner}: a report of trial ${index} lacks the timeAttr '${this.timeAttr}' (it has ${names.join(', ') || 'nothing'}): report it as a number, name another one, or set requireAttrs to false`,
    )
  }
}
