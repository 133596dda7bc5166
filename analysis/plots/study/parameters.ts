import { show, TuneError } from '../../../src/errors.js'
import { isPlainObject, type JsonObject, type JsonValue } from '../../../src/json.js'
import { formatValue } from '../../../src/results/text.js'
import { shortNames, VaryingParameters } from '../../../src/results/varying-parameters.js'
import { readPath } from '../../../src/trial.js'
import { label } from '../core/option.js'
import type { PlotStudy } from './source.js'

/** A hyperparameter as an axis. */
export interface PlotParameter {
  /** Where it stands in a config. */
  readonly path: string
  /** What it is called on an axis: as much of the path as tells it from others. */
  readonly name: string
  /** What its values are called, if it is one of several things. */
  readonly categories: readonly string[] | undefined
  readonly isLog: boolean
  /** The ends of its domain, where they are known. */
  readonly bounds: readonly [number, number] | undefined
  /** Its value in a config, the number of its category if it has such; undefined where the config lacks it. */
  readonly read: (config: JsonObject) => number | undefined
}

/** Which hyperparameters a chart shows. */
export interface ParameterOptions {
  /** Their paths, such as `optimizer/lr`. @defaultValue those that differ between trials, in the order of the configs */
  readonly parameters?: readonly string[]
}

/** The most values that a parameter may have to be shown as categories when its domain is not known. */
const fewValues = 6

/**
 * Finds the hyperparameters to show, and how.
 *
 * @throws `TuneError` `INVALID_OPTION` for a path that no config has, `NO_RESULT` if there is none to show
 */
export function parametersOf(study: PlotStudy, options: ParameterOptions, call: string): PlotParameter[] {
  const paths = options.parameters ?? varyingPaths(study)
  if (paths.length === 0)
    throw new TuneError('NO_RESULT', `${call}: no hyperparameter differs between the ${study.trials.length} trials`)
  const names = shortNames(paths)
  return paths.map(path => {
    const values = study.trials.flatMap(({ config }) => {
      const value = readPath(config, path)
      return value === undefined ? [] : [value]
    })
    if (values.length === 0 && study.trials.length > 0)
      throw new TuneError(
        'INVALID_OPTION',
        `${call}: no config has ${show(path)}: pass one of ${varyingPaths(study).map(show).join(', ')}`,
      )
    return describe(path, label(names.get(path) ?? path, 24), values, study.space)
  })
}

function varyingPaths({ trials }: PlotStudy): string[] {
  const varying = new VaryingParameters()
  for (const { config } of trials) varying.add(config)
  return varying.names()
}

function describe(
  path: string,
  name: string,
  values: readonly JsonValue[],
  space: JsonObject | undefined,
): PlotParameter {
  const domain = space && findDomain(space, path.split('/'))
  const kind = domain?.domain
  const numbers = values.filter(value => typeof value === 'number')
  const listed = kind === 'choice' || kind === 'gridSearch'
  const isFew = new Set(numbers).size <= fewValues && numbers.length >= 3 * new Set(numbers).size
  if (numbers.length < values.length || listed || (kind === undefined && isFew)) return categorical(path, name, values)
  const { lower, upper } = domain ?? {}
  const bounds = typeof lower === 'number' && typeof upper === 'number' ? ([lower, upper] as const) : undefined
  const isLog = typeof kind === 'string' ? kind.includes('log') : looksLogarithmic(numbers)
  return { path, name, categories: undefined, isLog, bounds, read: config => numberAt(config, path) }
}

function numberAt(config: JsonObject, path: string): number | undefined {
  const value = readPath(config, path)
  return typeof value === 'number' ? value : undefined
}

function categorical(path: string, name: string, values: readonly JsonValue[]): PlotParameter {
  const distinct = new Map(values.map(value => [JSON.stringify(value), value]))
  const sorted = [...distinct].sort(([a, x], [b, y]) => {
    if (typeof x === 'number' && typeof y === 'number') return x - y
    return a < b ? -1 : 1
  })
  const places = new Map(sorted.map(([key], index) => [key, index]))
  const read = (config: JsonObject) => {
    const value = readPath(config, path)
    return value === undefined ? undefined : places.get(JSON.stringify(value))
  }
  return {
    path,
    name,
    categories: sorted.map(([, value]) => label(formatValue(value), 16)),
    isLog: false,
    bounds: undefined,
    read,
  }
}

/** Whether positive values of unknown origin lie more evenly in their logarithms. */
function looksLogarithmic(values: readonly number[]): boolean {
  const sorted = values.toSorted((a, b) => a - b)
  const [low, high] = [sorted[0] ?? 0, sorted.at(-1) ?? 0]
  if (low <= 0 || high / low < 50) return false
  const median = sorted[sorted.length >> 1] ?? low
  return Math.abs(Math.log(median / Math.sqrt(low * high))) < Math.abs(Math.log((2 * median) / (low + high)))
}

/** Finds the domain at a path in a space's description; the first sub-space of a choice that has it counts. */
function findDomain(node: JsonValue | undefined, path: readonly string[]): JsonObject | undefined {
  if (!isNode(node)) return undefined
  const [key, ...rest] = path
  const { object, array, domain, values } = node
  if (key === undefined) return typeof domain === 'string' ? node : undefined
  if (isNode(object)) return findDomain(object[key], rest)
  if (isList(array)) return findDomain(array[Number(key)], rest)
  if (typeof domain === 'string' && isList(values))
    for (const branch of values) {
      const found = findDomain(branch, path)
      if (found) return found
    }
  return undefined
}

function isNode(value: JsonValue | undefined): value is JsonObject {
  return isPlainObject(value)
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value)
}
