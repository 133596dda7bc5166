import { relative } from 'node:path'
import { formatWholeSeconds, plural, sanitize } from '../../results/text.js'
import { DEFAULT_STORAGE_PATH } from '../../tuner/storage.js'
import { findResumable, type Resumable } from '../resumable.js'
import { isScript, nodeArguments } from '../script-command.js'
import type { Session } from '../session.js'
import { writeLines } from '../terminal.js'

/** How `resume` is called. */
export interface ResumeOptions {
  /** The program that made the study, and that takes `--resume PATH`. */
  readonly script?: string
}

/**
 * Takes a study up again by the program that made it, which is run as `node SCRIPT --resume PATH ARGS`: a study is code, and its journal holds none. Without a
 * program, says how it can be done.
 *
 * @param place - a study, a folder of studies, or the program itself
 * @param args - handed on to the program
 * @returns the program's exit code
 */
export async function resume(
  place: string | undefined,
  args: readonly string[],
  options: ResumeOptions,
  session: Session,
): Promise<number> {
  const { terminal, host } = session
  const placeIsScript = options.script === undefined && place !== undefined && isScript(place)
  const script = placeIsScript ? place : options.script
  // told before a long journal is read
  const command = script === undefined ? undefined : nodeArguments(script)
  const found = findResumable(placeIsScript ? DEFAULT_STORAGE_PATH : (place ?? DEFAULT_STORAGE_PATH), session)
  const path = relative('', found.path) || '.'
  if (command === undefined) {
    await writeLines(terminal, [describe(found), '', ...explain(path)])
    return 0
  }
  terminal.complain(`${describe(found)}\n`)
  return await host.run(process.execPath, [...command, '--resume', path, ...args])
}

function describe({ recording, chronicle }: Resumable): string {
  const { definition, trials, counts } = recording.view
  const ended = counts.terminated + counts.error
  const wanted = definition.numSamples
  const of = wanted === null ? '' : `; it was made for ${plural(wanted, 'sample')}`
  return `${sanitize(definition.name)} was left after ${formatWholeSeconds(chronicle.elapsedMs / 1000)}: ${plural(trials.length, 'trial')}, ${ended} of them ended${of}.`
}

/** What to do by hand. */
function explain(path: string): string[] {
  const place = sanitize(path)
  return [
    'A study is code, which its journal does not hold: the program that made it takes it up. If that takes --resume PATH, as those of `tunewright init` do:',
    '',
    `  npx tunewright resume ${quote(place)} --script study.ts`,
    '',
    'Else have it call Tuner.restore in the place of new Tuner, with the same options:',
    '',
    `  const grid = await Tuner.restore(${JSON.stringify(place)}, trainable, { paramSpace, tuneConfig, runConfig }).fit()`,
  ]
}

/** A path as a shell takes it. */
function quote(path: string): string {
  return /^[\w./\\:-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
