import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FIFOScheduler } from '../../schedulers/index.js'
import { RandomSearcher } from '../../searchers/index.js'
import type { Callback, StudyOutcome } from '../../src/callbacks/callback.js'
import { systemClock } from '../../src/clock.js'
import type { Executor, ExecutorMessage, ExecutorOptions } from '../../src/executors/executor.js'
import { InlineExecutor } from '../../src/executors/inline.js'
import type { SpaceDefinition } from '../../src/space/index.js'
import type { StudyEvent } from '../../src/study/events.js'
import { MemoryJournal } from '../../src/study/journal.js'
import { Study } from '../../src/study/study.js'
import type { TrainableDefinition } from '../../src/trainable/trainable.js'
import type { RunConfig, TuneConfig } from '../../src/tuner/config.js'
import { createDefinition, createParts } from '../../src/tuner/definition.js'
import { Driver } from '../../src/tuner/driver.js'
import { createView } from '../../src/tuner/journal-view.js'
import { Notifier } from '../../src/tuner/notifier.js'

/** What a driven study is made with. */
export interface DriveOptions {
  readonly trainable: TrainableDefinition
  readonly paramSpace?: SpaceDefinition
  readonly tuneConfig?: TuneConfig
  readonly runConfig?: RunConfig
  readonly executor?: (options: ExecutorOptions, definition: TrainableDefinition) => Executor
  readonly onDriver?: (driver: Driver) => void
  readonly callback?: Callback
}

/** What a driven study came to. */
export interface Driven {
  readonly study: Study
  readonly outcome: StudyOutcome
  readonly events: readonly StudyEvent[]
  readonly notices: readonly string[]
  readonly path: string
}

/** Drives a study to its end with its journal in memory, in this thread unless the executor says otherwise. */
export async function drive(options: DriveOptions): Promise<Driven> {
  const { trainable, paramSpace = {}, tuneConfig = {}, runConfig = {} } = options
  const path = mkdtempSync(join(tmpdir(), 'tunewright-'))
  const defaults = { searcher: () => new RandomSearcher(), scheduler: () => new FIFOScheduler() }
  const input = { trainable: 'test', paramSpace, tuneConfig, runConfig, defaults }
  const parts = createParts(input)
  const definition = createDefinition(input, parts, 'test')
  const journal = new MemoryJournal(systemClock)
  let fresh: StudyEvent[] = []
  const study = new Study(definition, parts, event => {
    journal.append(event)
    fresh.push(event)
  })
  const notices: string[] = []
  const view = createView(study, journal, path)
  const notifier = new Notifier([{ onNotice: ({ message }) => notices.push(message) }, options.callback ?? {}], view)
  const { checkpointConfig = {} } = runConfig
  let receive: (messages: readonly ExecutorMessage[]) => void = () => undefined
  const executorOptions: ExecutorOptions = {
    timeAttr: parts.scheduler.timeAttr,
    checkpointAtGrant: parts.scheduler.savesAtGrants ?? false,
    checkpointFrequency: checkpointConfig.checkpointFrequency ?? 0,
    checkpointAtEnd: checkpointConfig.checkpointAtEnd,
    limits: { stepMs: Number.POSITIVE_INFINITY, trialMs: Number.POSITIVE_INFINITY },
    logToFile: false,
    forwardOutput: false,
    reuseActors: true,
    onMessages: messages => receive(messages),
  }
  const makeExecutor = options.executor ?? ((all, code) => new InlineExecutor({ ...all, definition: code }))
  const executor = makeExecutor(executorOptions, trainable)
  const driver = new Driver({
    study,
    journal,
    executor,
    view,
    notifier,
    takeEvents: () => {
      const events = fresh
      fresh = []
      return events
    },
    order: definition.order,
    path,
    retention: { numToKeep: checkpointConfig.numToKeep, scoreOrder: 'max', scoreAttribute: undefined },
    stepByStep: false,
    budgetSeconds: study.budgetSeconds,
  })
  receive = messages => driver.receive(messages)
  options.onDriver?.(driver)
  const outcome = await driver.run()
  await executor.close()
  const events = [...journal.entries()].map(entry => entry.event)
  rmSync(path, { recursive: true, force: true })
  return { study, outcome, events, notices, path }
}

/** What has to be the same in each run: every config, every reported metric, every status. */
export function essence(study: Study, events: readonly StudyEvent[]): string {
  const reports = events.flatMap(event =>
    event.event === 'report' ? [[event.trial, event.iteration, event.metrics]] : [],
  )
  const trials = study.trials.map(({ id, config, status, iteration }) => ({ id, config, status, iteration }))
  return JSON.stringify({
    trials,
    reports: reports.sort((a, b) => Number(a[0]) - Number(b[0]) || Number(a[1]) - Number(b[1])),
  })
}
