import pc from 'picocolors'
import type { TrialStatus } from '../trial.js'

/** Colours by meaning; each leaves the text's width as it is. */
export interface Palette {
  readonly title: (text: string) => string
  readonly dim: (text: string) => string
  readonly best: (text: string) => string
  readonly bar: (text: string) => string
  readonly warning: (text: string) => string
  readonly failure: (text: string) => string
  readonly status: (status: TrialStatus, text: string) => string
}

/** Makes a palette; a plain one leaves every text as it is. */
export function createPalette(isColored: boolean): Palette {
  const colors = pc.createColors(isColored)
  const byStatus: Readonly<Record<TrialStatus, (text: string) => string>> = {
    pending: colors.dim,
    running: colors.cyan,
    paused: colors.yellow,
    terminated: colors.green,
    error: colors.red,
  }
  return {
    title: colors.bold,
    dim: colors.dim,
    best: text => colors.bold(colors.green(text)),
    bar: colors.green,
    warning: colors.yellow,
    failure: colors.red,
    status: (status, text) => byStatus[status](text),
  }
}
