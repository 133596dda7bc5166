import { TuneError } from '../../src/errors.js'

/** What a searcher throws that is asked before `setUp`. @param name - the searcher's */
export function notSetUp(name: string): TuneError {
  return new TuneError('PLUGIN_FAULT', `the ${name} searcher was asked before it was set up; call setUp first`)
}
