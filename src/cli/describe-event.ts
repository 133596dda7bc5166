import type { JsonObject } from '../json.js'
import { describePart } from '../results/describe-parts.js'
import { flatten } from '../results/flatten.js'
import { cut, formatDuration, formatValue, plural, sanitize } from '../results/text.js'
import type { DecisionRecord, ExploitRecord, StudyEvent } from '../study/events.js'

/** What happened, on one line for people; sanitized. */
export function describeEvent(event: StudyEvent): string {
  switch (event.event) {
    case 'study': {
      const { name, searcher, scheduler, seed } = event.definition
      return `study ${sanitize(name)}: ${sanitize(searcher.name)} + ${sanitize(scheduler.name)}, seed ${seed}`
    }
    case 'session':
      return 'a process drives the study from here'
    case 'extend':
      return `extended${listChanges(event)}`
    case 'trial':
      return `trial ${event.trial} starts${listed(event.config)}`
    case 'report': {
      const { trial, iteration, metrics, timing, checkpoint, decision } = event
      const saved = checkpoint === undefined ? '' : ` · saved ${sanitize(checkpoint.name)}`
      return `trial ${trial} report ${iteration}${listed(metrics)} (${formatDuration(timing.timeThisIterS)})${saved}${decided(decision)}`
    }
    case 'checkpoint':
      return `trial ${event.trial} saved ${sanitize(event.checkpoint.name)} after report ${event.checkpoint.iteration}`
    case 'prune':
      return `trial ${event.trial} keeps no longer ${event.checkpoints.map(sanitize).join(', ')}`
    case 'resume': {
      const { exploit } = event
      return `trial ${event.trial} goes on${exploit === undefined ? '' : `${takenOver(exploit)} · ${sanitize(exploit.reason)}`}`
    }
    case 'end':
      return `trial ${event.trial} ended${decided(event.decision)}`
    case 'failure': {
      const [first = ''] = event.error.message.split(/[\r\n]/, 1)
      const what = event.retry ? 'failed and is tried again' : 'failed'
      return `trial ${event.trial} ${what}: ${sanitize(`${event.error.name}: ${first}`)}`
    }
    case 'reopen':
      return `trial ${event.trial} waits for a place again`
    case 'halt': {
      const ended = event.trials.length === 0 ? '' : ` · ${plural(event.trials.length, 'open trial')} ended`
      return `halted by ${sanitize(event.by)}: ${sanitize(event.reason)}${ended}`
    }
    case 'finish':
      return 'finished: nothing is left to do'
    default:
      return event satisfies never
  }
}

function listChanges({ changes, reopened }: Extract<StudyEvent, { event: 'extend' }>): string {
  const { numSamples, stoppers, maxFailures } = changes
  const texts = [
    ...(numSamples === undefined ? [] : [`samples ${numSamples ?? 'without end'}`]),
    ...(stoppers === undefined
      ? []
      : [`stop ${stoppers.length === 0 ? 'never' : stoppers.map(describePart).join(', ')}`]),
    ...(maxFailures === undefined ? [] : [`retries ${maxFailures}`]),
    ...(reopened.length === 0 ? [] : [`${plural(reopened.length, 'trial')} to go on`]),
  ]
  return texts.length === 0 ? '' : `: ${texts.join(', ')}`
}

/** `: lr 0.01, layers 3`. */
function listed(values: JsonObject): string {
  const texts = [...flatten(values)].map(([name, value]) => `${sanitize(name)} ${cut(formatValue(value), 40)}`)
  return texts.length === 0 ? '' : `: ${texts.join(', ')}`
}

function decided(decision: DecisionRecord | undefined): string {
  if (decision === undefined) return ''
  const { type, by, reason, exploit } = decision
  return ` · ${type} by ${sanitize(by)}: ${sanitize(reason)}${exploit === undefined ? '' : `, goes on${takenOver(exploit)}`}`
}

function takenOver({ donor, checkpoint, config }: ExploitRecord): string {
  return ` from trial ${donor}'s ${sanitize(checkpoint.name)} with${listed(config).slice(1)}`
}
