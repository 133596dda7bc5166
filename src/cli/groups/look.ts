import { type Command, Option } from 'commander'
import { type Scope, scopes } from '../../results/scores.js'
import { addCondition, modes, statuses, statusList, wholeNumber } from '../arguments.js'
import { type BestOptions, best } from '../commands/best.js'
import { type CompareOptions, compare } from '../commands/compare.js'
import { type InsightsOptions, insights } from '../commands/insights.js'
import { listStudies } from '../commands/list-studies.js'
import { type ShowOptions, show } from '../commands/show.js'
import { type TrialsOptions, trials } from '../commands/trials.js'
import { type VerifyOptions, verify } from '../commands/verify.js'
import type { Session } from '../session.js'

/** Commands that print something on studies. */
export function addLooking(program: Command, { terminal, clock }: Session, finish: (exitCode: number) => void): void {
  program.commandsGroup('Look at studies:')
  program
    .command('ls')
    .description('list the studies of a folder, the newest first')
    .argument('[folder]', 'the folder that studies are kept in', 'tunewright-results')
    .option('--json', 'print JSON')
    .action(async (folder: string, options: { json?: boolean }) =>
      finish(await listStudies(folder, options, terminal, clock)),
    )
  program
    .command('show')
    .description('show a study: what it is, how far it came, its best trials and why trials ended')
    .argument('[path]', 'the study (default: the newest)')
    .option('--events', "print the journal's events, one a line")
    .option('--json', 'print JSON; with --events one object a line')
    .option('--limit <rows>', 'the most trials to list', wholeNumber, 10)
    .action(async (path: string | undefined, options: ShowOptions) =>
      finish(await show(path, options, terminal, clock)),
    )
  program
    .command('best')
    .description("print the best trial's config as JSON, to copy")
    .argument('[path]', 'the study (default: the newest)')
    .option('--metric <name>', "the metric to compare by (default: the study's)")
    .addOption(new Option('--mode <mode>', "whether small or large is better (default: the study's)").choices(modes))
    .addOption(
      new Option('--scope <scope>', "which of a trial's reports count; getBestResult() takes the last")
        .choices(scopes)
        .default('all' satisfies Scope),
    )
    .option('--json', 'print the whole trial, its metrics and its folder')
    .addHelpText(
      'after',
      '\nExamples:\n  tunewright best > best.json\n  tunewright best my-study --metric accuracy --mode max',
    )
    .action(async (path: string | undefined, options: BestOptions) => finish(await best(path, options, terminal)))
  program
    .command('trials')
    .description('list trials: those that are wanted, in the wanted order')
    .argument('[path]', 'the study (default: the newest)')
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
      "\nA condition is COLUMN OPERATOR VALUE with <, <=, >, >=, = or !=. Columns are metrics of the last report, parameters, and those of --csv.\n\nExamples:\n  tunewright trials my-study --where 'loss<0.1' --where 'optimizer=adam' --sort best --limit 10\n  tunewright trials my-study --status error --csv > failed.csv",
    )
    .action(async (path: string | undefined, options: TrialsOptions) => finish(await trials(path, options, terminal)))
  program
    .command('insights')
    .description('say what there is to learn from a study: what matters, where trials fail, and what to try next')
    .argument('[path]', 'the study (default: the newest)')
    .option('--metric <name>', "the metric to go by (default: the study's)")
    .addOption(new Option('--mode <mode>', "whether small or large is better (default: the study's)").choices(modes))
    .option('--seed <number>', 'the seed of what is drawn at random; the same gives the same', wholeNumber, 0)
    .addOption(new Option('--json', 'print JSON').conflicts('markdown'))
    .option('--markdown', 'print Markdown')
    .addHelpText(
      'after',
      '\nThe configs that it suggests are of a model of the trials, and it says how far that can be trusted.\n\nExamples:\n  tunewright insights my-study\n  tunewright insights my-study --metric accuracy --mode max --markdown > insights.md',
    )
    .action(async (path: string | undefined, options: InsightsOptions) =>
      finish(await insights(path, options, terminal)),
    )
  program
    .command('compare')
    .description('put studies side by side, or print what a comparison of strategies came to')
    .argument('<paths...>', 'two or more studies, a folder of studies, or the folder that compareStrategies wrote')
    .option('--metric <name>', "the metric to compare by (default: the studies', which must be the same)")
    .addOption(new Option('--mode <mode>', "whether small or large is better (default: the studies')").choices(modes))
    .addOption(new Option('--json', 'print JSON').conflicts(['csv', 'markdown']))
    .addOption(new Option('--csv', 'print CSV').conflicts('markdown'))
    .option('--markdown', 'print Markdown; for a comparison of strategies')
    .addHelpText(
      'after',
      '\nExamples:\n  tunewright compare with-asha without-asha\n  tunewright compare tunewright-results --csv\n  tunewright compare comparison/ --markdown > strategies.md',
    )
    .action(async (paths: string[], options: CompareOptions) => finish(await compare(paths, options, terminal)))
  program
    .command('verify')
    .description('check journals: every checksum, number and shape, and that each line can follow those before it')
    .argument('<paths...>', 'studies, or folders of studies')
    .option('--json', 'print JSON')
    .action(async (paths: string[], options: VerifyOptions) => finish(await verify(paths, options, terminal)))
}
