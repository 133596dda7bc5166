import type { JsonObject } from '../../src/json.js'
import type { Condition } from './conditions.js'
import type { StudyFacts } from './study-facts.js'
import type { TroubledRegion } from './troubled-regions.js'

/** Tells whether a config lies where trials come to no value: the model, which knows values alone, can't see that. */
export function troubleTest(
  regions: readonly TroubledRegion[],
  facts: Pick<StudyFacts, 'parameters'>,
): (config: JsonObject) => boolean {
  const grave = regions.filter(({ trouble }) => trouble !== 'stopped-early')
  if (grave.length === 0) return () => false
  const parameters = new Map(facts.parameters().map(parameter => [parameter.path, parameter]))
  const holds = (condition: Condition, config: JsonObject) => {
    const parameter = parameters.get(condition.parameter)
    const value = parameter?.read(config)
    if (parameter === undefined || value === undefined) return false
    if (condition.type === 'is') return parameter.categories?.[value] === condition.value
    return condition.type === 'above' ? value > condition.value : value < condition.value
  }
  return config => grave.some(({ conditions }) => conditions.every(condition => holds(condition, config)))
}
