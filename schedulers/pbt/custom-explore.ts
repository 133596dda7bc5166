import type { JsonObject } from '../../src/json.js'
import type { Explorer } from './explorer.js'
import type { PopulationOptions } from './options.js'

/** Gives a user's function the last word on each config, if there is one. */
export function withCustomExplore(explorer: Explorer, customExploreFn: PopulationOptions['customExploreFn']): Explorer {
  if (customExploreFn === undefined) return explorer
  return {
    observe: gain => explorer.observe?.(gain),
    explore: request => {
      const { trial, donor, rng } = request
      const { config, changes } = explorer.explore(request)
      const { index: trialIndex, iteration, config: previous } = trial
      const context = { trialIndex, iteration, previous, donor: donor.config, rng: rng.fork('custom') }
      const own: JsonObject = customExploreFn(config, context)
      return { config: own, changes: changes === '' ? 'customExploreFn' : `${changes}, customExploreFn` }
    },
  }
}
