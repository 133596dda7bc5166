/// <reference lib="dom" />
import { make } from './dom.js'
import type { TrialState } from './study-model.js'

/** Signs that differ in shape, so that colours need not tell them apart. */
const signs: Readonly<Record<TrialState, string>> = {
  ended: '●',
  stopped: '▼',
  failed: '✕',
  running: '▶',
  paused: '❚❚',
  pending: '○',
}

/** A trial's state in words, with its sign. */
export function stateMark(state: TrialState): HTMLElement {
  return make(
    'span',
    { class: `state ${state}` },
    make('span', { class: 'sign', 'aria-hidden': 'true' }, signs[state]),
    state,
  )
}
