import { createHash, randomUUID } from 'node:crypto'
import type { Clock } from '../../clock.js'
import { readMetric, soleObjective } from '../../trial.js'
import type { StudyOutcome, StudyView } from '../callback.js'
import { toMLflowNames } from './names.js'
import { tagEntry, toMetricValue } from './payload.js'
import type { MLflowRuns, Run, RunStatus } from './runs.js'
import { tags } from './tags.js'

/** Where the runs of a study's trials belong. */
export interface Destination {
  readonly experimentId: string
  readonly parentId: string
}

/** What a {@link StudyRun} works with. */
export interface StudyRunOptions {
  readonly runs: MLflowRuns
  readonly study: StudyView
  readonly clock: Clock
  readonly experimentName: string
}

/** The run of a study as a whole, in which those of its trials are nested. Each step may be repeated after a failure. */
export class StudyRun {
  readonly #options: StudyRunOptions
  readonly #isResumed: boolean
  /** By which a run that was made unseen is told from that of an older study of the same name. */
  readonly #creation = randomUUID()
  #experimentId: string | undefined
  #run: Run | undefined
  /** Whether the last request may have been carried out unseen. */
  #isUncertain = false

  constructor(options: StudyRunOptions) {
    this.#options = options
    this.#isResumed = options.study.trials.length > 0
  }

  /** Finds the run, or makes it. */
  async open(): Promise<Destination> {
    const { runs, experimentName } = this.#options
    this.#experimentId ??= await runs.experimentId(experimentName)
    const experimentId = this.#experimentId
    this.#run ??= await this.#find(experimentId)
    if (this.#run === undefined) {
      this.#isUncertain = true
      this.#run = await this.#create(experimentId)
      this.#isUncertain = false
    } else if (this.#run.status !== 'RUNNING') await runs.update(this.#run.id, 'RUNNING', undefined)
    return { experimentId, parentId: this.#run.id }
  }

  /** Ends the run, with the study's best value so far. */
  async end(outcome: StudyOutcome): Promise<void> {
    const { runs, clock } = this.#options
    if (this.#run === undefined) return
    if (this.#isUncertain) this.#run = await runs.get(this.#run.id)
    this.#isUncertain = true
    await this.#sendBest(this.#run)
    await runs.update(this.#run.id, statusOf(outcome), clock.now())
  }

  async #find(experimentId: string): Promise<Run | undefined> {
    const { runs, study } = this.#options
    if (!this.#isResumed && !this.#isUncertain) return undefined
    const query = this.#isResumed ? { [tags.studyKey]: studyKey(study) } : { [tags.creation]: this.#creation }
    const [newest] = await runs.search(experimentId, query)
    return newest
  }

  #create(experimentId: string): Promise<Run> {
    const { runs, study, clock } = this.#options
    const { name, searcher, scheduler, seed, trainable, objectives } = study.definition
    return runs.create({
      experimentId,
      name,
      startMs: clock.now(),
      tags: [
        tagEntry(tags.studyKey, studyKey(study)),
        tagEntry(tags.creation, this.#creation),
        tagEntry('tunewright.study', name),
        tagEntry('tunewright.seed', String(seed)),
        tagEntry('tunewright.searcher', searcher.name),
        tagEntry('tunewright.scheduler', scheduler.name),
        tagEntry('tunewright.trainable', trainable),
        tagEntry('tunewright.objectives', objectives.map(({ metric, mode }) => `${mode} ${metric}`).join(', ')),
      ],
    })
  }

  async #sendBest(run: Run): Promise<void> {
    const { runs, study } = this.#options
    const objective = soleObjective(study.definition.objectives)
    const report = study.best?.bestReport
    const value = objective && report && readMetric(report, objective.metric)
    if (objective === undefined || report === undefined || value === undefined) return
    const name = `best/${objective.metric}`
    const key = toMLflowNames([name]).get(name) ?? name
    // its steps are trials
    const step = study.trials.length
    if (step <= (run.steps.get(key) ?? 0)) return
    const timestamp = Math.round(report.timing.timestampMs)
    await runs.log(run.id, {
      metrics: [{ key, value: toMetricValue(value), timestamp, step }],
      tags: [tagEntry(tags.bestTrial, study.best?.id ?? '')],
    })
  }
}

/** Tells studies apart, by letters and digits that no filter stumbles over. */
function studyKey({ definition: { name, seed } }: StudyView): string {
  return createHash('sha256')
    .update(JSON.stringify([name, seed]))
    .digest('hex')
    .slice(0, 32)
}

function statusOf(outcome: StudyOutcome): RunStatus {
  switch (outcome.type) {
    case 'finished':
      return 'FINISHED'
    case 'interrupted':
      return 'KILLED'
    case 'failed':
      return 'FAILED'
  }
}
