import { isAbsolute, relative, sep } from 'node:path'
import { TuneError } from '../errors.js'
import type { Trial } from '../trial.js'
import type { StudyView } from './callback.js'

/** A trial's folder, after a check that it lies inside the study's: nothing is ever written anywhere else. */
export function trialFolder(trial: Trial, study: StudyView): string | undefined {
  const folder = study.trialPath(trial)
  if (folder === undefined || study.path === undefined) return undefined
  const inside = relative(study.path, folder)
  if (inside !== '' && inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside)) return folder
  throw new TuneError('INVALID_NAME', `the folder of trial ${trial.index} would lie outside the study's: ${folder}`)
}
