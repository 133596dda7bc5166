import { Command, CommanderError } from 'commander'
import { type Clock, systemClock } from '../clock.js'
import { TuneError } from '../errors.js'
import { sanitize } from '../results/text.js'
import { addLooking } from './groups/look.js'
import { addStarting } from './groups/start.js'
import { addWriting } from './groups/write.js'
import { type Host, systemHost } from './host.js'
import { packageVersion } from './package-version.js'
import { exitCodes, type Session } from './session.js'
import type { Terminal } from './terminal.js'

/**
 * Runs the command line.
 *
 * @param args - what stands behind the program's name
 * @returns the exit code: 0, 1 for a study that can't be read or is not sound, 2 for a call that makes no sense; for `resume` the program's
 */
export async function runCommandLine(
  args: readonly string[],
  terminal: Terminal,
  clock: Clock = systemClock,
  host: Host = systemHost,
): Promise<number> {
  let exitCode: number = exitCodes.fine
  let written = ''
  const program = createProgram({ args, terminal, clock, host }, code => {
    exitCode = code
  })
  // commands inherit it only if it is set before they are made, so each is told
  for (const each of [program, ...program.commands])
    each
      .exitOverride()
      .configureOutput({
        writeOut: text => {
          written += text
        },
        writeErr: text => terminal.complain(text),
        getOutHelpWidth: () => terminal.width,
        getErrHelpWidth: () => terminal.width,
        getOutHasColors: () => false,
        getErrHasColors: () => false,
      })
      .showHelpAfterError(`(tunewright ${each === program ? '' : `${each.name()} `}--help says what there is)`)
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    exitCode = await report(error, terminal)
  }
  if (written !== '') await terminal.write(written)
  return exitCode
}

/** Says what went wrong. @returns the exit code */
async function report(error: unknown, terminal: Terminal): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.fine : exitCodes.misused
  // whoever read the output has seen enough
  if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return exitCodes.fine
  const text = error instanceof Error ? error.message : String(error)
  terminal.complain(
    `tunewright: ${error instanceof TuneError ? sanitize(text) : `unexpected error: ${sanitize(text)}`}\n`,
  )
  return exitCodes.failed
}

function createProgram(session: Session, finish: (exitCode: number) => void): Command {
  const program = new Command('tunewright')
    .description(
      'Looks at studies by their journals, without the code that they were made with; writes reports on them, and starters for new ones.',
    )
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'say what there is')
    .helpCommand('help [command]', 'say what a command does')
    .addHelpText(
      'after',
      `
A PATH is the folder of a study, its journal.jsonl, or the name of a study in tunewright-results.
Exit codes: 0, 1 if a study cannot be read or is not sound, 2 if the call makes no sense; for resume that of the program.

Examples:
  tunewright init my-study                       a study to start from
  tunewright report --open                       a page on the newest study
  tunewright trials my-study --where 'loss<0.1' --sort best
  tunewright compare with-asha without-asha`,
    )
  for (const add of [addLooking, addWriting, addStarting]) add(program, session, finish)
  return program
}
