/// <reference lib="dom" />
import { make } from './dom.js'
import type { StudyModel, TrialState } from './study-model.js'

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

/** A star for the best trial, or for those on the Pareto front. */
export function starOf(index: number, { data }: StudyModel): HTMLElement | undefined {
  const isOnFront = data.front.includes(index)
  if (!isOnFront && (data.front.length > 0 || index !== data.best)) return undefined
  return make('span', { class: 'star', title: isOnFront ? 'on the Pareto front' : 'the best' }, '★')
}
