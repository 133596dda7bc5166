/// <reference lib="dom" />
import { plural, sanitize } from '../../../src/results/text.js'
import type { Happening } from '../data/report-data.js'
import { make, trialLink } from './dom.js'

/** What happened, in a word or two. */
export const happeningVerbs: Readonly<Record<Happening['type'], string>> = {
  stop: 'stopped',
  pause: 'paused',
  exploit: 'took over',
  resume: 'went on',
  retry: 'failed, tried again',
  fail: 'failed for good',
  reopen: 'opened again',
}

/** What happened, as cells of a row: after how many reports, what, by whom and why. */
export function happeningRow({ iteration, type, by, reason, exploit }: Happening): HTMLElement[] {
  return [
    make('td', { class: 'faint' }, plural(iteration, 'report')),
    make('td', {}, happeningVerbs[type], exploit !== undefined && ' from ', exploit && trialLink(exploit.donor)),
    make('td', {}, by === undefined ? '–' : sanitize(by)),
    make('td', {}, reason === undefined ? '' : sanitize(reason)),
  ]
}
