/// <reference lib="dom" />
import type { Advice } from '../../data/report-data.js'
import { make } from '../dom.js'

/** What to do, the most important first, each with the numbers it rests on. @param goal - what it is for: `a smaller loss` */
export function adviceList(advice: readonly Advice[], goal: string): HTMLElement {
  return make(
    'section',
    { class: 'card', 'aria-labelledby': 'advice-title' },
    make('h3', { id: 'advice-title' }, `For ${goal}`),
    make('ol', { class: 'advice' }, ...advice.map(adviceItem)),
  )
}

function adviceItem({ priority, text, evidence }: Advice): HTMLElement {
  return make(
    'li',
    {},
    make('span', { class: `priority ${priority}` }, priority, make('span', { class: 'unseen' }, ' priority: ')),
    make('div', {}, make('p', { class: 'advice-text' }, text), make('p', { class: 'faint' }, evidence)),
  )
}
