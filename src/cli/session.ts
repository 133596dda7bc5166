import type { Clock } from '../clock.js'
import type { Host } from './host.js'
import type { Terminal } from './terminal.js'

/** What a call of the command line works with. */
export interface Session {
  /** What stands behind the program's name. */
  readonly args: readonly string[]
  readonly terminal: Terminal
  readonly clock: Clock
  readonly host: Host
}

/** What a shell is told: all is well, the answer is bad or can't be had, the call makes no sense. */
export const exitCodes = { fine: 0, failed: 1, misused: 2 } as const
