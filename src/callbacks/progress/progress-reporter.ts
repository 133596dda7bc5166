import { type Clock, systemClock } from '../../clock.js'
import { TuneError } from '../../errors.js'
import { createPalette, type Palette } from '../../results/palette.js'
import { sanitizeLines } from '../../results/text.js'
import type { Trial, TrialReport } from '../../trial.js'
import type { Callback, Notice, StudyOutcome, StudyView } from '../callback.js'
import { type Display, PlainDisplay, type ProgressStream, TerminalDisplay } from './display.js'
import { drawLive } from './layout.js'
import {
  progressLine,
  studyStartLine,
  trialEndLine,
  trialPauseLine,
  trialReportLine,
  trialRetryLine,
  trialStartLine,
} from './lines.js'
import { drawSummary } from './summary.js'
import { systemTimer, type Timer } from './timer.js'
import { ProgressTracker } from './tracker.js'

/** How much a {@link ProgressReporter} tells: nothing but warnings; the course of the study; every event. */
export type Verbosity = 0 | 1 | 2

/** Options of a {@link ProgressReporter}. */
export interface ProgressReporterOptions {
  /**
   * 0 prints warnings only. 1 shows a live table on a terminal, and elsewhere a line for each trial that ends and one on the whole
   * about every 30 seconds. 2 adds lines for starts, reports and pauses, and what trials print.
   *
   * @defaultValue 1
   */
  readonly verbose?: Verbosity
  /** Where to write; a live table is drawn if it is a terminal. @defaultValue `process.stderr` */
  readonly stream?: ProgressStream
  /** Whether to use colours. @defaultValue on a terminal, unless the environment has `NO_COLOR` */
  readonly colors?: boolean
  /** The most trials in the table that stays at the end. @defaultValue 10 */
  readonly maxFinalRows?: number
  /** Where it reads the time. @defaultValue the system's clock */
  readonly clock?: Clock
  /** What has it draw again. @defaultValue the system's timers */
  readonly timer?: Timer
}

/** At most five pictures a second; a picture a second while nothing happens, for its clock. */
const redrawMs = 200
const idleRedrawMs = 1000
const progressLineMs = 30_000

/**
 * Shows how a study is doing: on a terminal as a live table, elsewhere as lines of text, and at the end as a summary.
 *
 * @see Ray Tune's `CLIReporter` and `RunConfig(verbose=…)`
 */
export class ProgressReporter implements Callback {
  readonly name = 'progress-reporter'
  readonly #verbose: Verbosity
  readonly #isLive: boolean
  readonly #display: Display
  readonly #palette: Palette
  readonly #clock: Clock
  readonly #timer: Timer
  readonly #maxFinalRows: number
  #tracker: ProgressTracker | undefined
  #stopTimer: (() => void) | undefined
  #hasNews = false
  #shownAt = Number.NEGATIVE_INFINITY

  constructor(options: ProgressReporterOptions = {}) {
    const {
      verbose = 1,
      stream = process.stderr,
      clock = systemClock,
      timer = systemTimer,
      maxFinalRows = 10,
    } = options
    if (verbose !== 0 && verbose !== 1 && verbose !== 2)
      throw new TuneError('INVALID_OPTION', `verbose is ${String(verbose)}: pass 0 (warnings), 1 (progress) or 2 (all)`)
    const isTerminal = stream.isTTY === true && process.env.TERM !== 'dumb'
    this.#verbose = verbose
    this.#isLive = isTerminal && verbose > 0
    this.#display = this.#isLive ? new TerminalDisplay(stream) : new PlainDisplay(stream)
    this.#palette = createPalette(options.colors ?? (isTerminal && !process.env.NO_COLOR))
    this.#clock = clock
    this.#timer = timer
    this.#maxFinalRows = maxFinalRows
  }

  onStudyStart(study: StudyView): void {
    if (this.#verbose === 0) return
    this.#stopTimer?.()
    const now = this.#clock.monotonic()
    this.#tracker = new ProgressTracker(study, now)
    this.#print(studyStartLine(study))
    // a first line on progress comes after a whole interval, a first picture at once
    if (!this.#isLive) this.#shownAt = now
    this.#stopTimer = this.#timer.every(redrawMs, () => this.#refresh(study))
    this.#hasNews = true
    this.#refresh(study)
  }

  onTrialStart(trial: Trial, study: StudyView): void {
    this.#tracker?.start(trial)
    this.#tell(2, trialStartLine, trial, study)
  }

  onTrialReport(trial: Trial, report: TrialReport, study: StudyView): void {
    this.#tracker?.report(trial, report)
    this.#tell(2, () => trialReportLine(trial, report), trial, study)
  }

  onTrialPause(trial: Trial, study: StudyView): void {
    this.#tracker?.leave(trial)
    this.#tell(2, trialPauseLine, trial, study)
  }

  onTrialResume(trial: Trial, study: StudyView): void {
    this.#tracker?.resume(trial)
    this.#tell(2, () => `trial ${trial.index} goes on`, trial, study)
  }

  onTrialFailure(trial: Trial, study: StudyView): void {
    // one that failed for good is told of at its end
    if (trial.status === 'error') return
    this.#tell(1, () => this.#palette.warning(trialRetryLine(trial, study)), trial, study)
  }

  onTrialEnd(trial: Trial, study: StudyView): void {
    this.#tracker?.end(trial, this.#clock.monotonic())
    const failed = trial.status === 'error'
    const line = () => (failed ? this.#palette.failure(trialEndLine(trial, study)) : trialEndLine(trial, study))
    // the live table shows ends by itself
    this.#tell(this.#isLive && !failed ? 2 : 1, line, trial, study)
  }

  onNotice({ level, message }: Notice): void {
    if (level === 'info' && this.#verbose === 0) return
    const lines = sanitizeLines(message)
    if (level === 'warning')
      this.#print(...lines.map((line, i) => this.#palette.warning(i === 0 ? `warning: ${line}` : line)))
    else this.#print(...lines)
  }

  onTrialOutput(trial: Trial, _stream: 'stdout' | 'stderr', text: string): void {
    if (this.#verbose < 2) return
    const prefix = this.#palette.dim(`trial ${trial.index} | `)
    const lines = sanitizeLines(text)
    if (lines.length > 0) this.#print(...lines.map(line => prefix + line))
  }

  onFlush(study: StudyView): void {
    this.#hasNews = true
    this.#refresh(study)
  }

  onStudyEnd(study: StudyView, outcome: StudyOutcome): void {
    const tracker = this.#tracker
    if (tracker === undefined) return
    this.#stopTimer?.()
    this.#stopTimer = undefined
    this.#tracker = undefined
    this.#display.close()
    const progress = tracker.progress(study, this.#clock.monotonic())
    const screen = { ...this.#display.size(), palette: this.#palette }
    this.#print(...drawSummary(progress, outcome, screen, this.#maxFinalRows))
  }

  /** Draws the picture, or writes the line on progress, if it is time. */
  #refresh(study: StudyView): void {
    const tracker = this.#tracker
    if (tracker === undefined) return
    const now = this.#clock.monotonic()
    const interval = this.#isLive ? (this.#hasNews ? redrawMs : idleRedrawMs) : progressLineMs
    if (now - this.#shownAt < interval) return
    this.#shownAt = now
    this.#hasNews = false
    const progress = tracker.progress(study, now)
    if (this.#isLive) this.#display.draw(drawLive(progress, { ...this.#display.size(), palette: this.#palette }))
    else this.#print(progressLine(progress))
  }

  #tell(from: Verbosity, line: (trial: Trial, study: StudyView) => string, trial: Trial, study: StudyView): void {
    if (this.#verbose >= from) this.#print(line(trial, study))
  }

  #print(...lines: string[]): void {
    this.#hasNews = true
    this.#display.print(lines)
  }
}
