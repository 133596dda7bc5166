/// <reference lib="dom" />
import type { PlotTheme } from '../../plots/core/theme.js'
import { button } from './dom.js'

const storageKey = 'tunewright-report-theme'

/** Light or dark: as the system has it until the reader chooses, which is remembered where a page may. */
export class Theme {
  readonly #listeners = new Set<() => void>()
  readonly #system = matchMedia('(prefers-color-scheme: dark)')
  #chosen = recall()

  constructor() {
    this.#system.addEventListener('change', () => this.#apply())
    this.#apply()
  }

  get current(): PlotTheme {
    return this.#chosen ?? (this.#system.matches ? 'dark' : 'light')
  }

  onChange(listener: () => void): void {
    this.#listeners.add(listener)
  }

  /** The button that changes it. */
  toggle(): HTMLButtonElement {
    const control = button(
      '',
      () => {
        this.#chosen = this.current === 'dark' ? 'light' : 'dark'
        remember(this.#chosen)
        this.#apply()
      },
      { class: 'quiet', 'data-role': 'theme' },
    )
    const name = () => {
      control.textContent = this.current === 'dark' ? '☀ Light' : '☾ Dark'
      control.setAttribute('aria-label', this.current === 'dark' ? 'Change to light colours' : 'Change to dark colours')
    }
    name()
    this.onChange(name)
    return control
  }

  #apply(): void {
    document.documentElement.dataset.theme = this.current
    for (const listener of this.#listeners) listener()
  }
}

function recall(): PlotTheme | undefined {
  try {
    const text = localStorage.getItem(storageKey)
    return text === 'dark' || text === 'light' ? text : undefined
  } catch {
    // storage is not for every page
    return undefined
  }
}

function remember(theme: PlotTheme): void {
  try {
    localStorage.setItem(storageKey, theme)
  } catch {
    // then it holds until the page is left
  }
}
