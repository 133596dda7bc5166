import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { FIFOScheduler } from '../../schedulers/index.js'
import { RandomSearcher } from '../../searchers/index.js'
import {
  type Callback,
  type Mode,
  type RunConfig,
  Simulation,
  type StudyDefinition,
  systemClock,
  type TuneConfig,
  Tuner,
} from '../../src/index.js'
import { toTrainable } from '../../src/trainable/define.js'
import { createDefinition, createParts } from '../../src/tuner/definition.js'
import { findChanges } from '../../src/tuner/resume.js'
import { CappedSearcher, IterationBudget, VirtualTimeBudget } from './budget.js'
import type { Budget, Problem, Strategy, StudyKey } from './problem.js'
import { readHeader, readTrace } from './read-trace.js'
import { type StudyTrace, TraceRecorder } from './trace.js'

/** A study of a comparison and how it is run. */
export interface StudyPlan {
  readonly key: StudyKey
  readonly problem: Problem
  readonly strategy: Strategy
  readonly metric: string
  readonly mode: Mode
  readonly budget: Budget
  /** The folder of its problem and strategy; undefined to keep it in memory. */
  readonly folder: string | undefined
}

/**
 * Runs a study; one that lies in its folder is gone on with, or only read if it has ended.
 *
 * @returns undefined if it was interrupted
 * @throws what `Tuner` and its `fit` throw; `TuneError` `STUDY_MISMATCH` if the study that lies there was made with something else
 */
export async function runStudy(plan: StudyPlan): Promise<StudyTrace | undefined> {
  return plan.folder === undefined ? runInMemory(plan) : runInFolder(plan, plan.folder)
}

async function runInMemory(plan: StudyPlan): Promise<StudyTrace | undefined> {
  const { key, metric, mode, problem } = plan
  const recorder = new TraceRecorder(metric, mode)
  const startMs = problem.simulation ? 0 : systemClock.now()
  const recording: Callback = {
    onTrialReport: (trial, report) => recorder.add(trial.index, report, startMs),
  }
  const { trainable, paramSpace, tuneConfig, runConfig } = setUp(plan)
  const callbacks = [...(runConfig.callbacks ?? []), recording]
  const began = systemClock.monotonic()
  const tuner = new Tuner(trainable, {
    paramSpace,
    tuneConfig,
    runConfig: { ...runConfig, storagePath: false, callbacks },
  })
  const { outcome } = await tuner.fit()
  if (outcome?.type === 'interrupted') return undefined
  return recorder.finish(key, (systemClock.monotonic() - began) / 1000)
}

async function runInFolder(plan: StudyPlan, folder: string): Promise<StudyTrace | undefined> {
  const name = `repeat_${String(plan.key.repeat).padStart(3, '0')}`
  const path = join(folder, name)
  const { key } = plan
  const objective = { metric: plan.metric, mode: plan.mode }
  const { trainable, paramSpace, tuneConfig, runConfig } = setUp(plan)
  const recorded = readHeader(path)
  if (recorded !== undefined) {
    assertSame(plan, name, recorded)
    const trace = readTrace(path, key, objective)
    if (trace !== undefined) return trace
    if (plan.problem.simulation === undefined) {
      const { outcome } = await Tuner.restore(path, trainable, { paramSpace, tuneConfig, runConfig }).fit()
      return outcome?.type === 'interrupted' ? undefined : readTrace(path, key, objective)
    }
  }
  // virtual time begins at zero again: a simulation that was cut off is soonest repeated
  rmSync(path, { recursive: true, force: true })
  const options = { paramSpace, tuneConfig, runConfig: { ...runConfig, storagePath: folder, name } }
  const { outcome } = await new Tuner(trainable, options).fit()
  return outcome?.type === 'interrupted' ? undefined : readTrace(path, key, objective)
}

/** What a tuner of the study is made with, a new one each time. */
function setUp({ key, problem, strategy, metric, mode, budget }: StudyPlan) {
  const { trainable, paramSpace, simulation, runConfig } = problem
  const { searchAlg = new RandomSearcher(), scheduler = new FIFOScheduler() } = strategy
  const { trials, iterations, seconds } = budget
  const machine = simulation && new Simulation(simulation)
  const maxConcurrentTrials = problem.maxConcurrentTrials ?? simulation?.workers
  const stop = [
    ...(runConfig?.stop === undefined ? [] : [runConfig.stop]),
    ...(iterations === undefined ? [] : [new IterationBudget(iterations)]),
    ...(seconds === undefined || machine === undefined ? [] : [new VirtualTimeBudget(seconds)]),
  ]
  const tuneConfig: TuneConfig = {
    metric,
    mode,
    seed: key.seed,
    // in virtual time the order in which results arrive is the same each time
    order: machine ? 'arrival' : 'logical',
    numSamples: trials ?? -1,
    searchAlg: trials === undefined ? searchAlg : new CappedSearcher(searchAlg, trials),
    scheduler,
    ...(maxConcurrentTrials !== undefined && { maxConcurrentTrials }),
    ...(seconds !== undefined && machine === undefined && { timeBudgetS: seconds }),
  }
  const run: RunConfig = {
    ...runConfig,
    verbose: 0,
    ...(stop.length > 0 && { stop }),
    ...(machine && { executor: machine.executor }),
  }
  return { trainable, paramSpace, tuneConfig, runConfig: run }
}

/** @throws `TuneError` `STUDY_MISMATCH` */
function assertSame(plan: StudyPlan, name: string, recorded: StudyDefinition): void {
  const { trainable, paramSpace, tuneConfig, runConfig } = setUp(plan)
  const defaults = { searcher: () => new RandomSearcher(), scheduler: () => new FIFOScheduler() }
  const input = { trainable: toTrainable(trainable).name, paramSpace, tuneConfig, runConfig, defaults }
  const given = createDefinition(input, createParts(input), name)
  findChanges(recorded, given, {})
}
