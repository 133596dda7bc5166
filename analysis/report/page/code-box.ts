/// <reference lib="dom" />
import { copyButton } from './copy-button.js'
import { button, make } from './dom.js'

/** A text to be copied. */
export interface Code {
  readonly name: string
  readonly text: string
}

let boxes = 0

/** Code to be copied; several kinds of it behind tabs. */
export function codeBox(codes: readonly Code[]): HTMLElement {
  const id = `code-${boxes++}`
  const panels = codes.map(({ name, text }, i) =>
    make(
      'div',
      {
        id: `${id}-panel-${i}`,
        hidden: i > 0,
        ...(codes.length > 1 && { role: 'tabpanel', 'aria-labelledby': `${id}-tab-${i}` }),
      },
      make('pre', { tabindex: 0, 'aria-label': name }, make('code', {}, text)),
    ),
  )
  const tabs = codes.map(({ name }, i) =>
    button(name, () => choose(i), {
      role: 'tab',
      id: `${id}-tab-${i}`,
      'aria-controls': `${id}-panel-${i}`,
      'aria-selected': String(i === 0),
      tabindex: i === 0 ? 0 : -1,
    }),
  )
  let current = 0
  function choose(place: number): void {
    current = (place + codes.length) % codes.length
    tabs.forEach((tab, i) => {
      tab.setAttribute('aria-selected', String(i === current))
      tab.tabIndex = i === current ? 0 : -1
    })
    panels.forEach((panel, i) => {
      panel.hidden = i !== current
    })
  }
  const list = make('div', { role: 'tablist', 'aria-label': 'Kinds of code' }, ...tabs)
  list.addEventListener('keydown', event => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step === undefined) return
    choose(current + step)
    tabs[current]?.focus()
  })
  const head = make(
    'div',
    { class: 'code-head' },
    codes.length > 1 ? list : make('span', { class: 'faint' }, codes[0]?.name),
    copyButton(() => codes[current]?.text ?? ''),
  )
  return make('div', { class: 'code' }, head, ...panels)
}
