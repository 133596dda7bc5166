import { Argument, type Command, Option } from 'commander'
import { type InitOptions, init } from '../commands/init.js'
import { type ResumeOptions, resume } from '../commands/resume.js'
import { completionScript, type Shell, shells } from '../completion/completion.js'
import { packageVersion } from '../package-version.js'
import type { Session } from '../session.js'

/** Commands that make studies and set them going. */
export function addStarting(program: Command, session: Session, finish: (exitCode: number) => void): void {
  const { terminal } = session
  program.commandsGroup('Make studies:')
  program
    .command('init')
    .description('write a small study that runs at once, to start from; no file is written over')
    .argument('[folder]', 'where to', '.')
    .option('--js', 'JavaScript instead of TypeScript')
    .addOption(new Option('--tunewright <spec>', 'what it depends on').default(`^${packageVersion()}`).hideHelp())
    .addHelpText('after', '\nExample:\n  npx tunewright init my-study && cd my-study && npm install && npm start')
    .action(async (folder: string, options: InitOptions) => finish(await init(folder, options, terminal)))
  program
    .command('resume')
    .description('go on with a study that was left unfinished, by the program that made it')
    .argument(
      '[path]',
      'the study, a folder of studies (the one that was left last goes on; default: tunewright-results), or the program',
    )
    .argument('[args...]', 'what else the program is given, behind --')
    .option('--script <file>', 'the program; it is run as: node FILE --resume STUDY [args]')
    .addHelpText(
      'after',
      `
A study is code, which its journal does not hold. So the program has to take --resume STUDY, and call
Tuner.restore(STUDY, trainable, options) then, as that of tunewright init does. TypeScript is run through
tsx. Without a program, it is said what to do. The exit code is the program's.

Examples:
  tunewright resume study.ts                      the study that was left last, of tunewright-results
  tunewright resume results/my-study --script study.ts -- --workers 4`,
    )
    .action(async (_path: string | undefined, _args: string[], options: ResumeOptions, command: Command) => {
      // the parser forgets where the dashes stood
      const dashes = session.args.indexOf('--')
      const given = dashes === -1 ? [] : session.args.slice(dashes + 1)
      const [place, ...more] = command.args.slice(0, command.args.length - given.length)
      if (more.length > 0) command.error('error: one study at a time; what the program is given goes behind --')
      finish(await resume(place, given, options, session))
    })
  program.commandsGroup('Get help:')
  program
    .command('completion')
    .description('print the script by which a shell completes commands, options and files')
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .addHelpText(
      'after',
      '\nIn ~/.bashrc, ~/.zshrc (behind compinit) or ~/.config/fish/config.fish:\n  source <(tunewright completion bash)\n  source <(tunewright completion zsh)\n  tunewright completion fish | source',
    )
    .action(async (shell: Shell) => {
      await terminal.write(completionScript(shell, program))
      finish(0)
    })
}
