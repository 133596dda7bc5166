/// <reference lib="dom" />
import { type Content, make } from './dom.js'

/** A table under its heads that scrolls sideways where the page is too narrow for it. @param name - what it is called, for those who don't see it */
export function scrollTable(
  name: { readonly 'aria-label': string } | { readonly 'aria-labelledby': string },
  classes: string,
  heads: readonly Content[],
  body: HTMLTableSectionElement,
): HTMLElement {
  const head = make('tr', {}, ...heads.map(each => make('th', { scope: 'col' }, each)))
  return make(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', ...name },
    make('table', { class: classes }, make('thead', {}, head), body),
  )
}
