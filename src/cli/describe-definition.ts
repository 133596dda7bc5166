import { describePart } from '../results/describe-parts.js'
import { sanitize } from '../results/text.js'
import type { StudyDefinition } from '../study/events.js'

/** What a study is made with, as names and texts for people; sanitized. */
export function describeDefinition(definition: StudyDefinition): (readonly [name: string, text: string])[] {
  const { objectives, searcher, scheduler, seed, order, maxConcurrentTrials, numSamples, stoppers } = definition
  const goals = objectives.map(({ metric, mode }) => `${sanitize(metric)} (${mode})`)
  const retries =
    definition.maxFailures === 0
      ? []
      : [['retries', definition.maxFailures < 0 ? 'without end' : `up to ${definition.maxFailures} a trial`] as const]
  return [
    ['trainable', sanitize(definition.trainable)],
    ['metric', goals.length === 0 ? 'none' : goals.join(', ')],
    ['searcher', describePart(searcher)],
    ['scheduler', describePart(scheduler)],
    ...stoppers.map(stopper => ['stop', describePart(stopper)] as const),
    ['samples', numSamples === null ? 'without end' : String(numSamples)],
    ['order', `${order}, ${maxConcurrentTrials} trials open at a time, seed ${seed}`],
    ...retries,
  ]
}
