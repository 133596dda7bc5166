import { createPalette, type Palette } from '../results/palette.js'
import { cut } from '../results/text.js'

/** Where a command writes: the standard streams, or what a test reads them from. */
export interface Terminal {
  /** How many cells a line has. */
  readonly width: number
  readonly palette: Palette
  /** Writes to the standard output; awaited, it waits until there is room for more. */
  write(text: string): Promise<void>
  /** Writes to the standard error. */
  complain(text: string): void
  /** Says on one line what takes so long; whatever is written next replaces it. Only where somebody sits at the terminal. */
  progress?(text: string): void
}

/** How wide lines are where nothing tells. */
const plainWidth = 120

/** Empties the cursor's line and goes to its beginning. */
const eraseLine = '\u001b[2K\r'

/** The process's own streams; coloured on a terminal, unless `NO_COLOR` is set or it is a dumb one. */
export function systemTerminal(): Terminal {
  const { stdout, stderr } = process
  const isSmart = process.env.TERM !== 'dumb'
  const isTerminal = stdout.isTTY === true && isSmart
  let isBusy = false
  const clearProgress = () => {
    if (isBusy) stderr.write(eraseLine)
    isBusy = false
  }
  process.once('exit', clearProgress)
  // who reads may leave at any time: each write says so by itself
  stdout.on('error', () => undefined)
  return {
    width: isTerminal ? Math.max(40, stdout.columns ?? plainWidth) : plainWidth,
    palette: createPalette(isTerminal && !process.env.NO_COLOR),
    write: text => {
      clearProgress()
      return new Promise((resolve, reject) => stdout.write(text, error => (error == null ? resolve() : reject(error))))
    },
    complain: text => {
      clearProgress()
      stderr.write(text)
    },
    ...(stderr.isTTY === true &&
      isSmart && {
        progress: (text: string) => {
          stderr.write(`${eraseLine}${cut(text, Math.max(40, stderr.columns ?? plainWidth) - 1)}`)
          isBusy = true
        },
      }),
  }
}

/** Writes lines in pieces of a bounded size. */
export async function writeLines(terminal: Pick<Terminal, 'write'>, lines: Iterable<string>): Promise<void> {
  let piece = ''
  for (const line of lines) {
    piece += `${line}\n`
    if (piece.length < 65_536) continue
    await terminal.write(piece)
    piece = ''
  }
  if (piece !== '') await terminal.write(piece)
}
