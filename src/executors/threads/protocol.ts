import type { MessagePort } from 'node:worker_threads'
import type { TrainableReference } from '../../trainable/load.js'
import type { ExecutorMessage, ExecutorOptions, Grant, StopOptions, TrialRun } from '../executor.js'

/** What a worker is told over its port. */
export type WorkerCommand =
  | { readonly type: 'start'; readonly run: TrialRun; readonly attempt: number }
  | {
      readonly type: 'extend'
      readonly trialIndex: number
      readonly grant: Grant
      readonly resumed: { readonly clock: number } | undefined
    }
  | { readonly type: 'pause'; readonly trialIndex: number }
  | { readonly type: 'stop'; readonly trialIndex: number; readonly options: StopOptions | undefined }
  | { readonly type: 'suspend'; readonly trialIndex: number; readonly options: StopOptions | undefined }
  | { readonly type: 'close' }

/** What a worker sends over its port: messages in batches. */
export type WorkerReply = readonly ExecutorMessage[]

/** The one task that a worker runs, for as long as it lives. */
export interface WorkerTask {
  readonly port: MessagePort
  readonly trainable: TrainableReference
  /** Where the worker notes which step it is at. */
  readonly watch: SharedArrayBuffer
  readonly options: Omit<ExecutorOptions, 'onMessages' | 'reuseActors'>
}
