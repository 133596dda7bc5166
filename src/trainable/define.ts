import { show, TuneError } from '../errors.js'
import type { Metrics, TrainableDefinition } from './trainable.js'

/** Two copies of the package may meet in one process, so what belongs to it is told by this mark, not by `instanceof`. */
const mark: unique symbol = Symbol.for('tunewright.trainable')

/** Something that can be tuned, tied to the module that exports it, so that another thread or machine can import it. */
export interface Trainable<C = never, M extends Metrics = Metrics> {
  /** Tells it from any other object, whichever copy of the package made it. */
  readonly [mark]: true
  /** What the journal and tables call it. */
  readonly name: string
  /** The module's URL; undefined for a closure, which runs in the thread that made it. */
  readonly moduleUrl: string | undefined
  /** The name under which the module exports it. */
  readonly exportName: string
  /** What to run; undefined when only the module is known. */
  readonly definition: TrainableDefinition<C, M> | undefined
}

/** How a trainable is exported. */
export interface DefineOptions {
  /** What tables call it. @defaultValue the function's or class's own name, else the module's file name */
  readonly name?: string
  /** The export under which the module has it. @defaultValue `'default'` */
  readonly exportName?: string
}

/**
 * Ties a trainable to its module: `export default defineTrainable(import.meta.url, async function* train(config, context) { … })`.
 * The module is imported again in each worker thread, so it should do no work of its own on import.
 *
 * @throws `TuneError` `INVALID_TRAINABLE` if the definition is no function or class
 */
export function defineTrainable<C = never, M extends Metrics = Metrics>(
  moduleUrl: string,
  definition: TrainableDefinition<C, M>,
  options: DefineOptions = {},
): Trainable<C, M> {
  assertModuleUrl(moduleUrl)
  assertDefinition(definition)
  return {
    [mark]: true,
    name: options.name ?? (isNamed(definition.name) ? definition.name : moduleName(moduleUrl)),
    moduleUrl,
    exportName: options.exportName ?? 'default',
    definition,
  }
}

/**
 * Names a trainable by its module alone, without importing it here: the heavy libraries that it needs load in the workers only.
 * Its types come from the module: `trainableAt<Config, Metrics>(new URL('./train.js', import.meta.url))`.
 *
 * @throws `TuneError` `INVALID_TRAINABLE` if the URL is none
 */
export function trainableAt<C = never, M extends Metrics = Metrics>(
  moduleUrl: string | URL,
  options: DefineOptions = {},
): Trainable<C, M> {
  const url = String(moduleUrl)
  assertModuleUrl(url)
  return {
    [mark]: true,
    name: options.name ?? moduleName(url),
    moduleUrl: url,
    exportName: options.exportName ?? 'default',
    definition: undefined,
  }
}

/** Takes what a user may pass as a trainable: one that is defined, or a bare function or class. */
export function toTrainable<C, M extends Metrics>(input: Trainable<C, M> | TrainableDefinition<C, M>): Trainable<C, M> {
  if (typeof input === 'object' && mark in input) return input
  assertDefinition(input)
  const name = isNamed(input.name) ? input.name : 'trainable'
  return { [mark]: true, name, moduleUrl: undefined, exportName: 'default', definition: input }
}

/** Whether a value was made by {@link defineTrainable} or {@link trainableAt}, be it by another copy of this package. */
export function isTrainable(value: unknown): value is Trainable<unknown, Metrics> {
  return typeof value === 'object' && value !== null && mark in value
}

function assertDefinition(definition: unknown): void {
  if (typeof definition === 'function') return
  throw new TuneError(
    'INVALID_TRAINABLE',
    `a trainable is a function, a generator function or a class, not ${show(definition)}: pass the function itself, not what it returns`,
  )
}

function assertModuleUrl(url: unknown): asserts url is string {
  if (typeof url === 'string' && URL.canParse(url)) return
  throw new TuneError(
    'INVALID_TRAINABLE',
    `a trainable's module is given by its URL, not ${show(url)}: pass import.meta.url`,
  )
}

function isNamed(name: string): boolean {
  return name !== '' && name !== 'default' && name !== 'anonymous'
}

function moduleName(url: string): string {
  const file = new URL(url).pathname.split('/').at(-1) ?? ''
  return decodeURIComponent(file).replace(/\.[cm]?[jt]sx?$/, '') || 'trainable'
}
