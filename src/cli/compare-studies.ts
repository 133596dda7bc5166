import { dirname } from 'node:path'
import { show, TuneError } from '../errors.js'
import { encodeJson, type JsonObject } from '../json.js'
import type { StudyDefinition } from '../study/events.js'
import { isBetter, type Mode, type Objective, readMetric } from '../trial.js'
import { Chronicle } from './chronicle.js'
import { readStudy } from './read-study.js'
import type { Terminal } from './terminal.js'

/** What a study had used up by some time. */
export interface Spent {
  readonly trials: number
  readonly reports: number
  /** Seconds of running. */
  readonly seconds: number
}

/** A study beside others. */
export interface ComparedStudy {
  /** Its name; with a number behind it where several are called so. */
  readonly name: string
  readonly path: string
  readonly searcher: string
  readonly scheduler: string
  readonly seed: number
  /** Whether it finished or was halted. */
  readonly hasEnded: boolean
  /** The best finite value that a trial reported. */
  readonly best: number | undefined
  readonly total: Spent
  /** What it took to come to the target; undefined if it never did. */
  readonly toTarget: Spent | undefined
}

/** Studies side by side. */
export interface StudyComparison extends Objective {
  /** The worst of their best values, which all came to that came to anything; undefined if none did. */
  readonly target: number | undefined
  readonly studies: readonly ComparedStudy[]
  /** What is to be kept in mind, in plain sentences. */
  readonly remarks: readonly string[]
}

/** A study as it is read. */
interface Read {
  readonly file: string
  readonly definition: StudyDefinition
  readonly hasEnded: boolean
  readonly total: Spent
  /** Each better value than all before it, and when it came. */
  readonly improvements: readonly { readonly value: number; readonly spent: Spent }[]
}

/**
 * Puts studies side by side, by one metric.
 *
 * @param files - their journals
 * @param given - the metric; by default the studies', which must be the same
 * @throws `TuneError` `INVALID_OPTION` where the studies have no metric in common, and as `readRecording`
 */
export function compareStudies(
  files: readonly string[],
  given: { readonly metric?: string; readonly mode?: Mode },
  terminal: Pick<Terminal, 'progress'>,
): StudyComparison {
  const definitions: StudyDefinition[] = []
  const read = files.map(file => {
    return traceStudy(file, terminal, definition => {
      definitions.push(definition)
      return commonObjective(definitions, given)
    })
  })
  const objective = commonObjective(definitions, given)
  const { mode } = objective
  const bests = read.flatMap(({ improvements }) => improvements.at(-1)?.value ?? [])
  const target = bests.reduce<number | undefined>(
    (worst, value) => (worst === undefined || isBetter(worst, value, mode) ? value : worst),
    undefined,
  )
  const names = distinctNames(read.map(({ definition }) => definition.name))
  const studies = read.map(({ file, definition, hasEnded, total, improvements }, i): ComparedStudy => {
    const reached = improvements.find(({ value }) => target !== undefined && !isBetter(target, value, mode))
    return {
      name: names[i] ?? definition.name,
      path: dirname(file),
      searcher: definition.searcher.name,
      scheduler: definition.scheduler.name,
      seed: definition.seed,
      hasEnded,
      best: improvements.at(-1)?.value,
      total,
      toTarget: reached?.spent,
    }
  })
  return { ...objective, target, studies, remarks: remarksOn(studies, definitions) }
}

function traceStudy(
  file: string,
  terminal: Pick<Terminal, 'progress'>,
  objectiveOf: (definition: StudyDefinition) => Objective,
): Read {
  const chronicle = new Chronicle()
  const improvements: { value: number; spent: Spent }[] = []
  let objective: Objective | undefined
  let trials = 0
  const spent = (): Spent => ({ trials, reports: chronicle.reports, seconds: chronicle.elapsedMs / 1000 })
  const { study, view } = readStudy(file, terminal, entry => {
    chronicle.add(entry)
    const { event } = entry
    if (event.event === 'study') objective = objectiveOf(event.definition)
    else if (event.event === 'trial') trials++
    else if (event.event === 'report' && objective !== undefined) {
      const value = readMetric(event, objective.metric)
      if (value !== undefined && isBetter(value, improvements.at(-1)?.value, objective.mode) && Number.isFinite(value))
        improvements.push({ value, spent: spent() })
    }
  })
  return {
    file,
    definition: view.definition,
    hasEnded: study.isFinished || study.haltReason !== undefined,
    total: spent(),
    improvements,
  }
}

/** @throws `TuneError` `INVALID_OPTION` */
function commonObjective(
  definitions: readonly StudyDefinition[],
  given: { readonly metric?: string; readonly mode?: Mode },
): Objective {
  const [first] = definitions
  const metric = given.metric ?? first?.metric ?? null
  const other = given.metric === undefined ? definitions.find(each => each.metric !== metric) : undefined
  if (other !== undefined)
    throw new TuneError(
      'INVALID_OPTION',
      `${show(first?.name)} goes by ${describeMetric(metric)}, ${show(other.name)} by ${describeMetric(other.metric)}: name one that both report with --metric and --mode`,
    )
  if (metric === null)
    throw new TuneError(
      'INVALID_OPTION',
      `${show(first?.name)} goes by ${describeMetric(null)}: name one with --metric and --mode`,
    )
  const own = definitions.flatMap(({ objectives }) => objectives.find(each => each.metric === metric)?.mode ?? [])
  const mode = given.mode ?? own[0]
  if (mode === undefined)
    throw new TuneError(
      'INVALID_OPTION',
      `whether a small or a large ${show(metric)} is better is not known: add --mode min or --mode max`,
    )
  if (given.mode === undefined && own.some(each => each !== mode))
    throw new TuneError(
      'INVALID_OPTION',
      `some of the studies want ${show(metric)} small and some large: say which is meant with --mode`,
    )
  return { metric, mode }
}

function describeMetric(metric: string | null): string {
  return metric === null ? 'no single metric' : show(metric)
}

function distinctNames(names: readonly string[]): string[] {
  const seen = new Map<string, number>()
  return names.map(name => {
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return count === 1 ? name : `${name} (${count})`
  })
}

/** Says what such a table can't show. */
function remarksOn(studies: readonly ComparedStudy[], definitions: readonly StudyDefinition[]): string[] {
  const remarks: string[] = []
  const open = studies.filter(({ hasEnded }) => !hasEnded)
  if (open.length > 0) remarks.push(`Not finished: ${open.map(({ name }) => name).join(', ')}.`)
  const silent = studies.filter(({ best }) => best === undefined)
  if (silent.length > 0) remarks.push(`Without a finite value: ${silent.map(({ name }) => name).join(', ')}.`)
  if (differ(definitions, ({ trainable }) => trainable))
    remarks.push('They tune different trainables, so that their values may not mean the same.')
  if (differ(definitions, ({ space }) => encodeJson(space)))
    remarks.push('Their search spaces differ: what one could find may lie outside another.')
  if (differ(studies, ({ total }) => String(total.reports)))
    remarks.push(
      'They did not get the same number of reports: the last columns say what each needed for the same value.',
    )
  for (const names of sameStudies(studies, definitions))
    remarks.push(`${names.join(', ')} were made with the same options and the same seed: they count as one run.`)
  const strategies = new Set(studies.map(({ searcher, scheduler }) => `${searcher} ${scheduler}`)).size
  const what =
    strategies < studies.length
      ? 'Single runs, some of the same strategy, show which run ended better, and nothing about strategies in general'
      : 'One run of each shows which run ended better, and nothing about their strategies in general'
  remarks.push(
    `${what}: another seed may turn the order round. compareStrategies runs each with the same seeds and tests the difference.`,
  )
  return remarks
}

/** The names of studies that repeat one another. */
function sameStudies(studies: readonly ComparedStudy[], definitions: readonly StudyDefinition[]): string[][] {
  const groups = new Map<string, string[]>()
  for (const [i, definition] of definitions.entries()) {
    // plain data by its types, which have no index signatures
    const key = encodeJson({ ...definition, name: '' } as unknown as JsonObject)
    groups.set(key, [...(groups.get(key) ?? []), studies[i]?.name ?? ''])
  }
  return [...groups.values()].filter(names => names.length > 1)
}

function differ<T>(items: readonly T[], keyOf: (item: T) => string): boolean {
  return new Set(items.map(keyOf)).size > 1
}
