import { createRequire } from 'node:module'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { type Clock, systemClock } from '../clock.js'
import { TuneError } from '../errors.js'
import { type Scope, scopes } from '../results/scores.js'
import { sanitize } from '../results/text.js'
import type { TrialStatus } from '../trial.js'
import { type BestOptions, best } from './commands/best.js'
import { type ExportOptions, exportReports } from './commands/export-reports.js'
import { listStudies } from './commands/list-studies.js'
import { type ShowOptions, show } from './commands/show.js'
import { type TrialsOptions, trials } from './commands/trials.js'
import { type VerifyOptions, verify } from './commands/verify.js'
import { type Condition, parseCondition } from './select-trials.js'
import type { Terminal } from './terminal.js'

/** What a shell is told: all is well, the answer is bad or can't be had, the call makes no sense. */
const exitCodes = { fine: 0, failed: 1, misused: 2 } as const

/**
 * Runs the command line.
 *
 * @param args - what stands behind the program's name
 * @returns the exit code: 0, 1 for a study that can't be read or is not sound, 2 for a call that makes no sense
 */
export async function runCommandLine(
  args: readonly string[],
  terminal: Terminal,
  clock: Clock = systemClock,
): Promise<number> {
  let exitCode: number = exitCodes.fine
  let written = ''
  const program = createProgram(terminal, clock, code => {
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

function createProgram(terminal: Terminal, clock: Clock, finish: (exitCode: number) => void): Command {
  const program = new Command('tunewright')
    .description('Looks at studies by their journals alone: nothing is run, and nothing is changed.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'say what there is')
    .helpCommand('help [command]', 'say what a command does')
    .addHelpText(
      'after',
      '\nA PATH is the folder of a study, its journal.jsonl, or the name of a study in tunewright-results.\nExit codes: 0, 1 if a study cannot be read or is not sound, 2 if the call makes no sense.',
    )
  program
    .command('show')
    .description('show a study: what it is, how far it came, its best trials and why trials ended')
    .argument('<path>', 'the study')
    .option('--events', "print the journal's events, one a line")
    .option('--json', 'print JSON; with --events one object a line')
    .option('--limit <rows>', 'the most trials to list', wholeNumber, 10)
    .action(async (path: string, options: ShowOptions) => finish(await show(path, options, terminal, clock)))
  program
    .command('ls')
    .description('list the studies of a folder, the newest first')
    .argument('[folder]', 'the folder that studies are kept in', 'tunewright-results')
    .option('--json', 'print JSON')
    .action(async (folder: string, options: { json?: boolean }) =>
      finish(await listStudies(folder, options, terminal, clock)),
    )
  program
    .command('best')
    .description("print the best trial's config as JSON, to copy")
    .argument('<path>', 'the study')
    .option('--metric <name>', "the metric to compare by (default: the study's)")
    .addOption(new Option('--mode <mode>', "whether small or large is better (default: the study's)").choices(modes))
    .addOption(
      new Option('--scope <scope>', "which of a trial's reports count; getBestResult() takes the last")
        .choices(scopes)
        .default('all' satisfies Scope),
    )
    .option('--json', 'print the whole trial, its metrics and its folder')
    .action(async (path: string, options: BestOptions) => finish(await best(path, options, terminal)))
  program
    .command('trials')
    .description('list trials: those that are wanted, in the wanted order')
    .argument('<path>', 'the study')
    .option('--status <list>', `only those of a status: ${statuses.join(', ')}`, statusList)
    .option('--where <condition>', "only those with, say, 'loss<0.1'; may be repeated", addCondition)
    .option('--pareto', 'only those that no other is better than in all metrics at once')
    .option(
      '--sort <column>',
      "sort by a metric, a parameter, 'best', 'iter', 'time' or 'status', smallest first; 'best' has the best first",
    )
    .option('--desc', 'the other way round')
    .option('--limit <rows>', 'the most trials to list (default: 1000 in a table)', wholeNumber)
    .addOption(new Option('--json', 'print JSON').conflicts('csv'))
    .option('--csv', 'print CSV')
    .addHelpText(
      'after',
      '\nA condition is COLUMN OPERATOR VALUE with <, <=, >, >=, = or !=. Columns are metrics of the last report, parameters, and those of --csv.',
    )
    .action(async (path: string, options: TrialsOptions) => finish(await trials(path, options, terminal)))
  program
    .command('export')
    .description('write all reports as rows, each with the config that its trial had then')
    .argument('<path>', 'the study')
    .option('--csv <file>', "a file to write, as pandas reads it; '-' for the standard output")
    .option('--json <file>', "a file to write: an array, a row a line; '-' for the standard output")
    .option('--force', 'replace files that are there')
    .action(async (path: string, options: ExportOptions, command: Command) => {
      if (options.csv === undefined && options.json === undefined)
        command.error("error: say where to: --csv FILE or --json FILE, '-' for the standard output")
      finish(await exportReports(path, options, terminal))
    })
  program
    .command('verify')
    .description('check journals: every checksum, number and shape, and that each line can follow those before it')
    .argument('<path...>', 'studies, or folders of studies')
    .option('--json', 'print JSON')
    .action(async (paths: string[], options: VerifyOptions) => finish(await verify(paths, options, terminal)))
  return program
}

const modes = ['min', 'max'] as const
const statuses: readonly TrialStatus[] = ['pending', 'running', 'paused', 'terminated', 'error']

function statusList(text: string): readonly TrialStatus[] {
  return text.split(',').map(part => {
    const status = statuses.find(each => each === part.trim())
    if (status !== undefined) return status
    throw new InvalidArgumentError(`give one or more of ${statuses.join(', ')}, with commas between`)
  })
}

function addCondition(text: string, before: readonly Condition[] = []): readonly Condition[] {
  const condition = parseCondition(text)
  if (condition !== undefined) return [...before, condition]
  throw new InvalidArgumentError("give a column, an operator and a value, such as 'loss<0.1' or 'status=error'")
}

function wholeNumber(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= 0) return value
  throw new InvalidArgumentError('give a whole number from 0')
}

function version(): string {
  const manifest: { version?: unknown } = createRequire(import.meta.url)('tunewright/package.json')
  return String(manifest.version)
}
