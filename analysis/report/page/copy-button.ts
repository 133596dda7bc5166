/// <reference lib="dom" />
import { button, make } from './dom.js'

/** A button that copies a text, and says whether it could. @param label - what it copies, where a page has several of them */
export function copyButton(textOf: () => string, label?: string): HTMLElement {
  const said = make('span', { role: 'status', class: 'faint' })
  const copy = button(
    'Copy',
    () => {
      void copyText(textOf()).then(isCopied => {
        said.textContent = isCopied ? 'Copied' : 'Select the text and copy it by hand'
      })
    },
    { class: 'quiet small', 'aria-label': label },
  )
  return make('span', { class: 'tools' }, said, copy)
}

async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    // pages from files may not be given the clipboard
    const area = make('textarea', { class: 'offscreen', 'aria-hidden': 'true' })
    area.value = text
    document.body.append(area)
    area.select()
    const isCopied = document.execCommand('copy')
    area.remove()
    return isCopied
  }
}
