import { show, TuneError } from '../../src/errors.js'
import { decodeJson, isPlainObject, type JsonObject, type JsonValue } from '../../src/json.js'

/** A config and from when on a training had it. */
export interface PolicyStep {
  /** How many reports the model had made before, in whichever trials it was then; 0 for the first step. */
  readonly iteration: number
  /** What it then goes on with. */
  readonly config: JsonObject
}

/**
 * The schedule of configs that a model was trained by, oldest first; plain data, to be kept as JSON.
 *
 * @see Ray Tune's `pbt_policy_<trial>.txt`
 */
export type PopulationPolicy = readonly PolicyStep[]

/** What a policy is read from: the `Result` of a trial. */
export interface TrialLineage {
  /** The trial's index. */
  readonly trialIndex: number
  /** The configs that it has had, oldest first. */
  readonly lineage: readonly {
    readonly iteration: number
    readonly config: JsonObject
    readonly exploit: { readonly source: number; readonly checkpoint: { readonly iteration: number } } | undefined
  }[]
}

/**
 * Reads the schedule that a trial's present model was trained by: not just the configs of the trial, but before it took over a checkpoint those
 * of the trial that had made that one, and so on back to the model's first step.
 *
 * ```ts
 * const grid = await new Tuner(train, { tuneConfig: { scheduler: new PopulationBasedTraining() } }).fit()
 * writeFileSync('policy.json', JSON.stringify(policyOf(grid.getBestResult(), grid)))
 * ```
 *
 * @param trial - the trial, of `grid`
 * @param grid - all results of its study
 * @throws `TuneError` `INVALID_OPTION` if the grid lacks a trial that a checkpoint came from
 */
export function policyOf(trial: TrialLineage, grid: Iterable<TrialLineage>): PopulationPolicy {
  const lineages = new Map([...grid].map(({ trialIndex, lineage }) => [trialIndex, lineage]))
  // from the model's end back to its start: what it went through, and how far its trial had then come
  const parts: { config: JsonObject; length: number }[] = []
  let { trialIndex } = trial
  for (let until = Number.POSITIVE_INFINITY; until > 0; ) {
    const lineage = trialIndex === trial.trialIndex ? trial.lineage : lineages.get(trialIndex)
    // a checkpoint is saved before anything is taken over at the same report
    const step = lineage?.findLast(({ iteration }, i) => i === 0 || iteration < until)
    if (step === undefined)
      throw new TuneError(
        'INVALID_OPTION',
        `the policy of trial ${trial.trialIndex} needs the lineage of trial ${trialIndex}; give all results of the study`,
      )
    parts.push({ config: step.config, length: until - step.iteration })
    if (step.exploit === undefined) break
    trialIndex = step.exploit.source
    until = step.exploit.checkpoint.iteration
  }
  const steps: PolicyStep[] = []
  let iteration = 0
  for (const { config, length } of parts.reverse()) {
    steps.push({ iteration, config })
    iteration += length
  }
  return steps
}

/**
 * Checks a policy, or reads it from the text of a file.
 *
 * @throws `TuneError` `INVALID_OPTION` saying what is wrong with which step
 */
export function toPolicy(owner: string, input: PopulationPolicy | string): PopulationPolicy {
  const steps: unknown = typeof input === 'string' ? parse(owner, input) : input
  if (!Array.isArray(steps) || steps.length === 0)
    throw invalid(
      owner,
      `the policy is ${show(steps)}; give a list of steps { iteration, config }, as policyOf makes it`,
    )
  let previous = Number.NEGATIVE_INFINITY
  return steps.map((step: unknown, i) => {
    if (!isPlainObject(step) || !isPlainObject(step.config))
      throw invalid(owner, `step ${i} of the policy is ${show(step)}; give { iteration, config }`)
    const { iteration, config } = step
    if (!Number.isSafeInteger(iteration) || (i === 0 ? iteration !== 0 : !(Number(iteration) > previous))) {
      const remedy = i === 0 ? 'make it 0, where the training starts' : `make it an integer above ${previous}`
      throw invalid(owner, `step ${i} of the policy has the iteration ${show(iteration)}; ${remedy}`)
    }
    previous = Number(iteration)
    // it is checked as JSON data when it is handed to the study
    return { iteration: previous, config: config as JsonObject }
  })
}

function parse(owner: string, text: string): JsonValue {
  try {
    return decodeJson(text)
  } catch {
    throw invalid(owner, `the policy is no JSON: ${show(text)}; give the contents of a file, not its name`)
  }
}

function invalid(owner: string, what: string): TuneError {
  return new TuneError('INVALID_OPTION', `${owner}: ${what}`)
}
