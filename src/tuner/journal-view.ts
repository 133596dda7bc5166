import { join } from 'node:path'
import type { LineageStep, StudyView } from '../callbacks/callback.js'
import type { Journal } from '../study/journal.js'
import type { Study } from '../study/study.js'
import type { Trial, TrialReport } from '../trial.js'

/** What a view shows of a study: of one that is driven, or of one that is read from its journal alone. */
type ViewedStudy = Pick<
  Study,
  'definition' | 'trials' | 'totalTrials' | 'counts' | 'best' | 'schedulerState' | 'haltReason'
>

/** Makes the read-only face of a study that callbacks and results see; reports are read back from the journal. */
export function createView(study: ViewedStudy, journal: Pick<Journal, 'entries'>, path: string | undefined): StudyView {
  let cache: WeakRef<Map<number, TrialReport[]>> | undefined

  function* reports(
    ofTrials?: (trialIndex: number) => boolean,
  ): Generator<{ trialIndex: number; report: TrialReport }> {
    for (const { event } of journal.entries(ofTrials)) {
      if (event.event !== 'report' || ofTrials?.(event.trial) === false) continue
      const { trial, iteration, metrics, timing } = event
      yield { trialIndex: trial, report: { iteration, metrics, timing } }
    }
  }

  return {
    get definition() {
      return study.definition
    },
    path,
    get trials() {
      return study.trials
    },
    get totalTrials() {
      return study.totalTrials
    },
    get counts() {
      return study.counts
    },
    get best() {
      return study.best
    },
    get schedulerState() {
      return study.schedulerState
    },
    get haltReason() {
      return study.haltReason
    },
    trialPath: (trial: Trial) => (path === undefined ? undefined : join(path, trial.directory)),
    reports,
    lineageOf(trialIndex) {
      const steps: LineageStep[] = []
      let iteration = 0
      for (const { event } of journal.entries(index => index === trialIndex)) {
        if (!('trial' in event) || event.trial !== trialIndex) continue
        if (event.event === 'report') iteration = event.iteration
        if (event.event === 'trial') steps.push({ iteration: 0, config: event.config, exploit: undefined })
        const exploit =
          event.event === 'report' ? event.decision?.exploit : event.event === 'resume' ? event.exploit : undefined
        if (exploit) steps.push({ iteration, config: exploit.config, exploit })
      }
      return steps
    },
    reportsOf(trialIndex) {
      const trial = study.trials[trialIndex]
      let byTrial = cache?.deref()
      if (byTrial === undefined || (byTrial.get(trialIndex)?.length ?? 0) < (trial?.iteration ?? 0)) {
        byTrial = new Map()
        for (const { trialIndex: index, report } of reports()) {
          const list = byTrial.get(index)
          if (list) list.push(report)
          else byTrial.set(index, [report])
        }
        // asked for one trial after the other this is one pass, and under pressure the memory is given back
        cache = new WeakRef(byTrial)
      }
      return byTrial.get(trialIndex) ?? []
    },
  }
}
