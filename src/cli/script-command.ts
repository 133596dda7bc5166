import { statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { TuneError } from '../errors.js'
import { sanitize } from '../results/text.js'

/** Whether a path looks like a program rather than a study. */
export function isScript(path: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(path) && statSync(path, { throwIfNoEntry: false })?.isFile() === true
}

/**
 * Says how Node.js runs a script: TypeScript through tsx where the script's project has it and Node.js can't by itself.
 *
 * @returns the arguments for node
 * @throws `TuneError` `INVALID_OPTION` if it isn't there, `DEPENDENCY_MISSING` without tsx where it is needed
 */
export function nodeArguments(script: string): readonly string[] {
  const path = resolve(script)
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
    throw new TuneError('INVALID_OPTION', `there is no script ${sanitize(path)}: name the file that makes the study`)
  if (!/\.[cm]?tsx?$/.test(path)) return [path]
  const tsx = findTsx(path)
  if (tsx !== undefined) return ['--import', tsx, path]
  if ('typescript' in process.features && process.features.typescript) return [path]
  throw new TuneError(
    'DEPENDENCY_MISSING',
    `${sanitize(script)} is TypeScript, which this version of Node.js can't run by itself: npm install --save-dev tsx`,
  )
}

/** What `node --import` takes for tsx, as the script's folder finds it. */
function findTsx(path: string): string | undefined {
  try {
    return pathToFileURL(createRequire(path).resolve('tsx')).href
  } catch {
    return undefined
  }
}
