import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isMainThread } from 'node:worker_threads'
import { show, TuneError } from '../errors.js'
import { isTrainable } from './define.js'
import type { TrainableDefinition } from './trainable.js'

/** Where a trainable is to be had, as plain data. */
export interface TrainableReference {
  /** The module's URL, as `import.meta.url` gives it. */
  readonly moduleUrl: string
  /** Under which name it exports the trainable. */
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
    module = await importModule(moduleUrl)
  } catch (error) {
    if (error instanceof TuneError) throw error
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

/** Imports a module; one in TypeScript through tsx where that is installed, else as far as this version of Node can by itself. */
async function importModule(moduleUrl: string): Promise<Record<string, unknown>> {
  if (needsLoader(moduleUrl)) await registerTypeScript(moduleUrl)
  return await import(moduleUrl)
}

function needsLoader(moduleUrl: string): boolean {
  if (!/\.[cm]?tsx?$/.test(new URL(moduleUrl).pathname)) return false
  // a loader that the process was started with reaches its main thread only
  return !(isMainThread && process.execArgv.some(argument => argument.includes('tsx')))
}

/** Node 22 and later strip types, but can't tell that `./model.js` is `model.ts`, nor write an enum: tsx can. */
async function registerTypeScript(moduleUrl: string): Promise<void> {
  let api: typeof import('tsx/esm/api')
  try {
    api = await import('tsx/esm/api')
  } catch (cause) {
    if ('typescript' in process.features && process.features.typescript) return
    throw new TuneError(
      'DEPENDENCY_MISSING',
      `the trainable's module ${moduleUrl} is TypeScript, which needs tsx here: run \`npm install --save-dev tsx\`, or compile the module`,
      { cause },
    )
  }
  api.register()
}

function isDefinition(value: unknown): value is TrainableDefinition {
  return typeof value === 'function'
}
