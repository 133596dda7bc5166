import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { show, TuneError } from '../errors.js'
import { isTrainable } from './define.js'
import type { TrainableDefinition } from './trainable.js'

/** Where a trainable is to be had, as plain data. */
export interface TrainableReference {
  readonly moduleUrl: string
  readonly exportName: string
}

/**
 * Imports a trainable from its module.
 *
 * @throws `TuneError` `TRAINABLE_NOT_FOUND` if there is no such module, `TRAINABLE_IMPORT_FAILED` if it throws on import,
 * `INVALID_TRAINABLE` if it doesn't export a trainable under that name
 */
export async function loadTrainable({ moduleUrl, exportName }: TrainableReference): Promise<TrainableDefinition> {
  assertModuleExists(moduleUrl)
  let module: Record<string, unknown>
  try {
    module = await import(moduleUrl)
  } catch (error) {
    throw new TuneError(
      'TRAINABLE_IMPORT_FAILED',
      `the trainable's module ${moduleUrl} failed on import: ${error instanceof Error ? error.message : show(error)}. Import it in a script of its own to see the failure`,
      { cause: error },
    )
  }
  if (!Object.hasOwn(module, exportName)) {
    const exported = Object.keys(module)
    throw new TuneError(
      'INVALID_TRAINABLE',
      `the module ${moduleUrl} has no ${exportName === 'default' ? 'default export' : `export '${exportName}'`} (${exported.length === 0 ? 'it exports nothing' : `it exports ${exported.join(', ')}`}): write \`export default defineTrainable(import.meta.url, …)\``,
    )
  }
  const exported = module[exportName]
  const definition = isTrainable(exported) ? exported.definition : exported
  if (!isDefinition(definition)) {
    throw new TuneError(
      'INVALID_TRAINABLE',
      `the export '${exportName}' of ${moduleUrl} is ${show(exported)}, not a trainable: export what defineTrainable returns, a function or a class`,
    )
  }
  return definition
}

/** @throws `TuneError` `TRAINABLE_NOT_FOUND` if the URL names a file that is not there */
export function assertModuleExists(moduleUrl: string): void {
  if (!moduleUrl.startsWith('file:') || existsSync(fileURLToPath(moduleUrl))) return
  throw new TuneError(
    'TRAINABLE_NOT_FOUND',
    `there is no trainable module at ${fileURLToPath(moduleUrl)}: check the path, and that the file was compiled`,
  )
}

function isDefinition(value: unknown): value is TrainableDefinition {
  return typeof value === 'function'
}
