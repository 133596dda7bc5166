/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/** What stands inside an element; text is never markup. */
export type Content = Node | string | number | false | undefined

/** Attributes by name, `on` for what listens. */
export interface Attributes {
  readonly [name: string]: string | number | boolean | undefined | Listeners
  readonly on?: Listeners
}

type Listeners = { readonly [event: string]: (event: Event) => void }

/** Makes an element. Attributes are set by code of the page alone, but for addresses, which {@link link} checks. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...content: readonly Content[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false || typeof value === 'object') continue
    element.setAttribute(name, value === true ? '' : String(value))
  }
  for (const [event, listener] of Object.entries(attributes.on ?? {})) element.addEventListener(event, listener)
  fill(element, ...content)
  return element
}

/** Replaces what an element holds. */
export function fill(element: Element, ...content: readonly Content[]): void {
  element.replaceChildren(
    ...content.flatMap(each =>
      each === undefined || each === false ? [] : [typeof each === 'number' ? String(each) : each],
    ),
  )
}

/** A link inside the page, or to a file beside it. */
export function link(address: string, ...content: readonly Content[]): HTMLAnchorElement {
  if (!/^(?:#|\.\.?\/)/.test(address)) throw new Error(`an address that leads elsewhere: ${address}`)
  return make('a', { href: address }, ...content)
}

/** The page of a trial. */
export function trialLink(index: number, text = `trial ${index}`): HTMLAnchorElement {
  return link(`#/trial/${index}`, text)
}

/** A button. */
export function button(text: string, onClick: () => void, attributes: Attributes = {}): HTMLButtonElement {
  return make('button', { type: 'button', ...attributes, on: { click: onClick } }, text)
}

/** A label and a list to choose from. */
export function choose(
  name: string,
  options: readonly { readonly value: string; readonly text: string }[],
  chosen: string,
  onChange: (value: string) => void,
): HTMLLabelElement {
  const select = make(
    'select',
    { on: { change: () => onChange(select.value) } },
    ...options.map(({ value, text }) => make('option', { value, ...(value === chosen && { selected: true }) }, text)),
  )
  return make('label', { class: 'choice' }, make('span', {}, name), select)
}

/** Names and what they stand for, side by side. */
export function facts(pairs: readonly (readonly [name: string, ...content: Content[]])[]): HTMLElement {
  return make(
    'dl',
    { class: 'facts' },
    ...pairs.map(([name, ...content]) => make('div', {}, make('dt', {}, name), make('dd', {}, ...content))),
  )
}

/** A section with its heading. */
export function section(id: string, heading: string, ...content: readonly Content[]): HTMLElement {
  return make(
    'section',
    { id, 'aria-labelledby': `${id}-heading` },
    make('h2', { id: `${id}-heading`, tabindex: -1 }, heading),
    ...content,
  )
}
