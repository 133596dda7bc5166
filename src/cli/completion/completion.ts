import type { Command } from 'commander'
import { bashCompletion } from './bash.js'
import { fishCompletion } from './fish.js'
import { type CommandShape, shapeOf } from './shape.js'
import { zshCompletion } from './zsh.js'

/** The shells that there is completion for. */
export const shells = ['bash', 'zsh', 'fish'] as const

export type Shell = (typeof shells)[number]

const writers: Readonly<Record<Shell, (commands: readonly CommandShape[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
}

/** Writes the script by which a shell completes a program's commands, options and files. */
export function completionScript(shell: Shell, program: Command): string {
  return writers[shell](shapeOf(program))
}
