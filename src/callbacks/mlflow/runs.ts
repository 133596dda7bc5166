import { isPlainObject } from '../../json.js'
import { type MLflowClient, MLflowError } from './client.js'
import type { MetricEntry, TextEntry } from './payload.js'

/** How a run stands. */
export type RunStatus = 'RUNNING' | 'FINISHED' | 'FAILED' | 'KILLED'

/** A run, as the server has it. */
export interface Run {
  readonly id: string
  readonly status: string
  /** By tag. */
  readonly tags: ReadonlyMap<string, string>
  /** How many parameters it has. */
  readonly params: number
  /** The last step of each metric. */
  readonly steps: ReadonlyMap<string, number>
}

/** A run to be made. */
export interface NewRun {
  readonly experimentId: string
  readonly name: string
  readonly startMs: number
  readonly tags: readonly TextEntry[]
}

/** The most runs of one answer. */
const pageSize = 1000

/** What is asked of MLflow, as far as a study needs it; each throws {@link MLflowError}. */
export class MLflowRuns {
  readonly #client: MLflowClient
  #answers = 0

  constructor(client: MLflowClient) {
    this.#client = client
  }

  /** How many requests have gone well, with answers that are as they should be. */
  get answers(): number {
    return this.#answers
  }

  /** The id of an experiment, which is made where it is missing. */
  async experimentId(name: string): Promise<string> {
    const found = await this.#findExperiment(name)
    if (found !== undefined) return found
    try {
      const { experiment_id: id } = await this.#client.post('experiments/create', { name })
      return this.#count(idOf(id, 'experiment_id'))
    } catch (error) {
      // another study may have been quicker
      if (!(error instanceof MLflowError && error.code === 'RESOURCE_ALREADY_EXISTS')) throw error
      return (await this.#findExperiment(name)) ?? fail('experiment')
    }
  }

  async #findExperiment(name: string): Promise<string | undefined> {
    try {
      const { experiment } = await this.#client.get('experiments/get-by-name', { experiment_name: name })
      if (!isPlainObject(experiment)) return fail('experiment')
      if (experiment.lifecycle_stage === 'deleted')
        throw new MLflowError(
          'refused',
          `the experiment '${name}' is deleted there: restore it, or give another experimentName`,
        )
      return this.#count(idOf(experiment.experiment_id, 'experiment_id'))
    } catch (error) {
      if (error instanceof MLflowError && error.code === 'RESOURCE_DOES_NOT_EXIST') return undefined
      throw error
    }
  }

  /** All runs with a tag, the newest first. @param value - letters, digits, `_` and `-` only */
  async search(experimentId: string, tags: Readonly<Record<string, string>>): Promise<Run[]> {
    const filter = Object.entries(tags)
      .map(([key, value]) => `tags.\`${key}\` = '${value}'`)
      .join(' AND ')
    const runs: Run[] = []
    let token: unknown
    do {
      const answer = await this.#client.post('runs/search', {
        experiment_ids: [experimentId],
        filter,
        run_view_type: 'ACTIVE_ONLY',
        max_results: pageSize,
        order_by: ['attributes.start_time DESC'],
        ...(token !== undefined && { page_token: token }),
      })
      // without a run MLflow leaves the list out
      for (const run of listOf(answer.runs)) runs.push(readRun(run))
      token =
        typeof answer.next_page_token === 'string' && answer.next_page_token !== '' ? answer.next_page_token : undefined
    } while (token !== undefined)
    return this.#count(runs)
  }

  /** Makes a run. */
  async create({ experimentId, name, startMs, tags }: NewRun): Promise<Run> {
    const body = { experiment_id: experimentId, run_name: name, start_time: Math.round(startMs) }
    const { run } = await this.#client.post('runs/create', {
      ...body,
      tags: [...tags, { key: 'mlflow.runName', value: name }],
    })
    return this.#count(readRun(run))
  }

  async get(runId: string): Promise<Run> {
    return this.#count(readRun((await this.#client.get('runs/get', { run_id: runId })).run))
  }

  async log(
    runId: string,
    entries: {
      readonly metrics?: readonly MetricEntry[]
      readonly params?: readonly TextEntry[]
      readonly tags?: readonly TextEntry[]
    },
  ): Promise<void> {
    this.#count(await this.#client.post('runs/log-batch', { run_id: runId, ...entries }))
  }

  /** @param endMs - when it ended; undefined for one that goes on */
  async update(runId: string, status: RunStatus, endMs: number | undefined): Promise<void> {
    this.#count(
      await this.#client.post('runs/update', {
        run_id: runId,
        status,
        ...(endMs !== undefined && { end_time: Math.round(endMs) }),
      }),
    )
  }

  #count<T>(answer: T): T {
    this.#answers++
    return answer
  }
}

function readRun(run: unknown): Run {
  const { info, data } = fieldsOf(run)
  const { run_id: id, status } = fieldsOf(info)
  const { tags, params, metrics } = fieldsOf(data)
  const steps = new Map<string, number>()
  for (const metric of listOf(metrics)) {
    const { key, step } = fieldsOf(metric)
    const known = steps.get(String(key)) ?? Number.NEGATIVE_INFINITY
    // 64-bit integers may come as texts
    steps.set(String(key), Math.max(known, Number(step ?? 0)))
  }
  return {
    id: idOf(id, 'run_id'),
    status: String(status),
    tags: new Map(listOf(tags).map(tag => [String(fieldsOf(tag).key), String(fieldsOf(tag).value)])),
    params: listOf(params).length,
    steps,
  }
}

/** Ids go into filters and addresses: one that is none is no answer of MLflow's. */
function idOf(value: unknown, field: string): string {
  const id = typeof value === 'number' ? String(value) : value
  return typeof id === 'string' && /^[\w-]{1,256}$/.test(id) ? id : fail(field)
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return isPlainObject(value) ? value : {}
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function fail(field: string): never {
  throw new MLflowError('away', `its answer lacks '${field}'`)
}
