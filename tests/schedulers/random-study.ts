import { Rng } from '../../src/rng.js'
import type { NextAction, Scheduler } from '../../src/scheduler.js'
import type { Trial } from '../../src/trial.js'
import { makeReport, makeTrial } from './make-trial.js'

/** A study whose events come in a random order. */
export interface RandomStudyPlan {
  readonly seed: number
  /** How many configs the searcher has. */
  readonly trials: number
  /** How many trials may run at a time. */
  readonly places: number
  /** How likely a trial fails, rather than report, each time that it is its turn. */
  readonly failureRate: number
  /** How likely the searcher has a trial wait although it has one, while another trial runs. */
  readonly waitRate: number
  /** The score of a trial's report at a time; random unless given. */
  readonly score?: (trialIndex: number, time: number) => number
}

/** What became of the trials of a study. */
export interface RandomStudyOutcome {
  readonly ended: number
  /** Those that nothing will ever resume or end, by index. */
  readonly stranded: readonly number[]
  readonly failed: number
  /** The time of each trial's last report. */
  readonly times: readonly number[]
}

/**
 * Plays a study in which trials report just at their grants, in a random order, and fail at random.
 *
 * The scheduler is given the places that are free, as a study would, and everything that it decides is done.
 */
export function playRandomStudy(scheduler: Scheduler, plan: RandomStudyPlan): RandomStudyOutcome {
  const rng = Rng.from(plan.seed)
  const running: number[] = []
  const paused = new Map<number, Trial>()
  const last = new Map<number, Trial>()
  let [made, ended, failed] = [0, 0, 0]
  scheduler.setUp({ metric: 'score', mode: 'max', rng: rng.fork('scheduler') })

  const next = (): NextAction => {
    const canStart = made < plan.trials && !(running.length > 0 && rng.uniform() < plan.waitRate)
    return scheduler.next?.({ paused, canStart }) ?? { type: canStart ? 'new' : 'wait' }
  }
  const end = (index: number, status: 'terminated' | 'error') => {
    ended++
    if (status === 'error') failed++
    scheduler.onTrialEnd?.(makeTrial(index, last.get(index)?.lastReport, status))
  }
  const fillPlaces = () => {
    while (running.length < plan.places) {
      const action = next()
      if (action.type === 'wait') return
      if (action.type === 'new') {
        const trial = makeTrial(made++)
        last.set(trial.index, trial)
        running.push(trial.index)
        scheduler.onTrialAdd?.(trial)
        continue
      }
      if (!paused.delete(action.trialIndex)) throw new Error(`trial ${action.trialIndex} is not paused`)
      if (action.type === 'stop') {
        end(action.trialIndex, 'terminated')
      } else {
        running.push(action.trialIndex)
        scheduler.onTrialResume?.(makeTrial(action.trialIndex, last.get(action.trialIndex)?.lastReport))
      }
    }
  }

  for (;;) {
    fillPlaces()
    if (running.length === 0) {
      const times = Array.from(last.values(), ({ iteration }) => iteration)
      return { ended, failed, stranded: [...paused.keys()], times }
    }
    const [index] = running.splice(rng.integer(0, running.length), 1)
    const trial = last.get(index ?? -1)
    if (trial === undefined) throw new Error(`there is no trial ${index}`)
    const grant = scheduler.grant?.(trial) ?? trial.iteration + 1
    if (rng.uniform() < plan.failureRate) {
      end(trial.index, 'error')
    } else if (!Number.isFinite(grant)) {
      end(trial.index, 'terminated')
    } else {
      const time = Math.ceil(grant)
      const report = makeReport(time, { score: plan.score?.(trial.index, time) ?? rng.uniform() })
      const reported = makeTrial(trial.index, report)
      last.set(trial.index, reported)
      const decision = scheduler.onReport(reported, report)
      if (decision.type === 'continue') running.push(trial.index)
      else if (decision.type === 'pause') paused.set(trial.index, reported)
      else end(trial.index, 'terminated')
    }
  }
}
