import { waitForRoom } from '../disk-full.js'
import { TuneError } from '../errors.js'
import { Rng } from '../rng.js'
import { type CarriedReport, readManifest, writeCheckpoint } from '../trainable/checkpoint.js'
import { type Coroutine, toCoroutine } from '../trainable/coroutine.js'
import type { SaveCheckpoint, TrainableDefinition, TrainableInstance, TrialContext } from '../trainable/trainable.js'
import { type CheckpointRecord, type ReportTiming, readMetric } from '../trial.js'
import type { Grant, TrialRun } from './executor.js'
import { withOutput } from './output.js'
import { TrialLog } from './trial-log.js'

/** How many reports a trial may be ahead of its commits; a checkpoint carries that many along. */
export const REPORTS_AHEAD = 16

/**
 * Where a trial stands on its worker: `ready` to be stepped, `stepping`, `waiting` for a grant, `saving` its state before it
 * is `paused` in memory, `closing` while its clean-up runs.
 */
export type SeatState = 'ready' | 'stepping' | 'waiting' | 'saving' | 'paused' | 'closing'

/** What a seat needs to know of the executor. */
export interface SeatOptions {
  readonly definition: TrainableDefinition
  readonly timeAttr: string
  readonly previous: TrainableInstance | undefined
  readonly logToFile: boolean
  readonly onOutput: ((stream: 'stdout' | 'stderr', text: string) => void) | undefined
  /** Told what the user should know. */
  readonly onNotice: (text: string) => void
}

/** One trial on one worker: its coroutine, how far it is, and what it may do. */
export class Seat {
  readonly run: TrialRun
  readonly attempt: number
  readonly coroutine: Coroutine
  readonly controller = new AbortController()
  state: SeatState = 'ready'
  /** Set when the trial is to end at its next report. */
  ending: { readonly how: 'stop' | 'suspend'; readonly committed: number } | undefined
  /** The last report that was sent with a checkpoint; 0 for none. */
  reportedSaveAt = 0
  /** Set when the trial is resumed before its pause is saved: it goes on once it is. */
  isResumed = false
  grant: Grant
  /** How many reports it has made, those before its checkpoint included. */
  iteration: number
  /** Its logical clock, moved on by its reports. */
  clock: number
  readonly #timeAttr: string
  readonly #log: TrialLog | undefined
  readonly #onOutput: SeatOptions['onOutput']
  readonly #onNotice: SeatOptions['onNotice']
  #timeTotalS = 0
  #time = 0
  #save: SaveCheckpoint | undefined
  #recent: CarriedReport[] = []
  /** The report after which it was last saved. */
  #savedAt: number | undefined

  constructor(run: TrialRun, attempt: number, options: SeatOptions) {
    this.run = run
    this.attempt = attempt
    this.grant = run.grant
    this.clock = run.clock
    this.iteration = run.checkpoint?.iteration ?? 0
    this.#timeAttr = options.timeAttr
    this.#onOutput = options.onOutput
    this.#onNotice = options.onNotice
    this.#log = options.logToFile ? new TrialLog(run.directory) : undefined
    this.coroutine = toCoroutine({
      definition: options.definition,
      config: run.config,
      context: makeContext(run, this.controller.signal),
      previous: options.previous,
    })
  }

  get trialIndex(): number {
    return this.run.trialIndex
  }

  /** Seconds that its iterations took. */
  get timeTotalS(): number {
    return this.#timeTotalS
  }

  /** The last report's place in the trial's own time. */
  get time(): number {
    return this.#time
  }

  /** Whether the state after the last report can be saved, and is not. */
  get canSave(): boolean {
    return this.#save !== undefined && this.#savedAt !== this.iteration
  }

  /** Whether a report comes to the end of its grant, where the scheduler decides. */
  reachesGrant(report: CarriedReport): boolean {
    return this.#timeOf(report) >= this.grant.until
  }

  /** Whether it has to wait for a grant. */
  get isAtGrant(): boolean {
    return this.#time >= this.grant.until || this.iteration >= this.grant.iteration
  }

  /**
   * Reads the reports that its checkpoint carries, which may not have been committed.
   *
   * @throws `TuneError` `CHECKPOINT_FAILED` if the checkpoint is missing or damaged
   */
  async carriedReports(): Promise<readonly CarriedReport[]> {
    const { checkpoint, adoptedAt } = this.run
    if (checkpoint === undefined) return []
    const { reports, iteration } = await readManifest(checkpoint.directory)
    if (adoptedAt !== undefined) {
      this.#timeTotalS = adoptedAt.timing.timeTotalS
      this.#time = this.#timeOf(adoptedAt)
      return []
    }
    if (iteration !== checkpoint.iteration) {
      const { directory } = checkpoint
      throw new TuneError(
        'CHECKPOINT_FAILED',
        `the checkpoint ${directory} is of report ${iteration}, not ${checkpoint.iteration}`,
      )
    }
    const last = reports.at(-1)
    if (last) {
      this.#timeTotalS = last.timing.timeTotalS
      this.#time = this.#timeOf(last)
    }
    this.#recent = [...reports]
    return reports
  }

  /** Runs the trial's code where what it prints is told apart. */
  within<T>(action: () => T): T {
    if (this.#log === undefined && this.#onOutput === undefined) return action()
    return withOutput(
      {
        trialIndex: this.trialIndex,
        write: (stream, text) => {
          this.#log?.write(stream, text)
          this.#onOutput?.(stream, text)
        },
      },
      action,
    )
  }

  /** Takes a report in and gives it its timing. */
  record(
    metrics: CarriedReport['metrics'],
    save: SaveCheckpoint | undefined,
    seconds: number,
    now: number,
  ): CarriedReport {
    this.iteration += 1
    this.#timeTotalS += seconds
    const timing: ReportTiming = { timestampMs: now, timeThisIterS: seconds, timeTotalS: this.#timeTotalS }
    const report: CarriedReport = { iteration: this.iteration, metrics, timing }
    const time = this.#timeOf(report)
    this.clock += Math.max(0, time - this.#time)
    this.#time = time
    this.#save = save
    this.#recent.push(report)
    if (this.#recent.length > REPORTS_AHEAD) this.#recent.shift()
    return report
  }

  /** Saves the state after the last report. */
  async saveCheckpoint(): Promise<CheckpointRecord | undefined> {
    const save = this.#save
    if (save === undefined || this.#savedAt === this.iteration) return undefined
    const manifest = { format: 1, iteration: this.iteration, reports: [...this.#recent] } as const
    const tell = (text: string) => this.#onNotice(`trial ${this.trialIndex} ${text}`)
    const checkpoint = await waitForRoom(
      () => writeCheckpoint(this.run.directory, directory => this.within(() => save(directory)), manifest),
      {
        onFull: () => tell('waits to save a checkpoint until there is room on the disk, which is full'),
        onRoom: () => tell('has saved its checkpoint: there is room on the disk again'),
        isOver: () => this.ending !== undefined,
      },
    )
    this.#savedAt = this.iteration
    return checkpoint
  }

  /** Runs the trainable's clean-up. */
  async close(): Promise<void> {
    try {
      await this.within(() => this.coroutine.stop())
    } finally {
      this.#log?.close()
    }
  }

  #timeOf(report: CarriedReport): number {
    return readMetric(report, this.#timeAttr) ?? this.#time
  }
}

function makeContext(run: TrialRun, signal: AbortSignal): TrialContext {
  const rng = Rng.from(run.seed).fork('trial', run.trialIndex)
  return {
    trialIndex: run.trialIndex,
    trialId: run.trialId,
    repeat: run.repeat,
    directory: run.directory,
    seed: rng.fork('seed').seed(),
    rng,
    signal,
    checkpoint: run.checkpoint,
  }
}
