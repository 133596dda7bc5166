import type { StudyView } from '../callbacks/callback.js'
import type { Executor } from '../executors/executor.js'
import type { CommitOrder, StudyEvent } from '../study/events.js'
import type { Journal } from '../study/journal.js'
import type { Study } from '../study/study.js'
import type { CheckpointRetention } from './checkpoint-keeper.js'
import type { Notifier } from './notifier.js'

/** What a driver is made with. */
export interface DriverOptions {
  readonly study: Study
  readonly journal: Journal
  readonly executor: Executor
  readonly view: StudyView
  readonly notifier: Notifier
  /** Events that the study committed since they were last taken. */
  readonly takeEvents: () => StudyEvent[]
  readonly order: CommitOrder
  readonly path: string
  readonly retention: CheckpointRetention
  /** Whether a stop at any report is to find the trial just there, so that its end can be checkpointed. */
  readonly stepByStep: boolean
  /** Seconds that are left of the time budget, Infinity for no limit. */
  readonly budgetSeconds: number
}
