import { Argument, type Command, Option } from 'commander'
import { addText, modes, wholeNumber } from '../arguments.js'
import { type ExportOptions, exportReports } from '../commands/export-reports.js'
import { type PlotCommandOptions, type PlotKind, plot, plotKinds } from '../commands/plot.js'
import { type ReportOptions, report } from '../commands/report.js'
import type { Session } from '../session.js'

/** Commands that write files on studies. */
export function addWriting(program: Command, session: Session, finish: (exitCode: number) => void): void {
  const { terminal } = session
  program.commandsGroup('Write files:')
  program
    .command('report')
    .description("write a study's report: one HTML page with plots and all trials, which needs no network")
    .argument('[path]', 'the study (default: the newest)')
    .option('--out <file>', "where to write it (default: report.html in the study's folder)")
    .option('--title <text>', "its heading (default: the study's name)")
    .option('--metric <name>', "the metric to go by (default: the study's)")
    .addOption(new Option('--mode <mode>', "whether small or large is better (default: the study's)").choices(modes))
    .option('--open', 'show it in the browser')
    .option('--force', 'replace a file that is there and is no report')
    .addHelpText('after', '\nExamples:\n  tunewright report --open\n  tunewright report my-study --out my-study.html')
    .action(async (path: string | undefined, options: ReportOptions) => finish(await report(path, options, session)))
  program
    .command('plot')
    .description('draw one chart of a study')
    .argument('<path>', 'the study')
    .addArgument(new Argument('<kind>', 'what to draw').choices(plotKinds))
    .requiredOption('--out <file>', 'where to write it: a name that ends in .svg or .png')
    .option('--metric <name>', "the metric to show (default: the study's)")
    .addOption(new Option('--mode <mode>', "whether small or large is better (default: the study's)").choices(modes))
    .option('--parameter <name>', 'a hyperparameter to show, such as optimizer/lr; may be repeated', addText)
    .option('--title <text>', 'its heading')
    .addOption(new Option('--theme <theme>', 'its colours').choices(['light', 'dark']).default('light'))
    .option('--width <pixels>', 'its width', wholeNumber)
    .option('--height <pixels>', 'its height', wholeNumber)
    .option('--force', 'replace a file that is there')
    .addHelpText(
      'after',
      '\nCharts need the package echarts, PNG @resvg/resvg-js as well.\n\nExamples:\n  tunewright plot my-study history --out history.svg\n  tunewright plot my-study contour --parameter lr --parameter momentum --out contour.png --theme dark',
    )
    .action(async (path: string, kind: PlotKind, options: PlotCommandOptions) =>
      finish(await plot(path, kind, options, terminal)),
    )
  program
    .command('export')
    .description('write all reports as rows, each with the config that its trial had then')
    .argument('<path>', 'the study')
    .option('--csv <file>', "a file to write, as pandas reads it; '-' for the standard output")
    .option('--json <file>', "a file to write: an array, a row a line; '-' for the standard output")
    .option('--parquet <file>', 'a file to write, with typed columns; lists and objects are JSON in it')
    .option('--force', 'replace files that are there')
    .addHelpText(
      'after',
      '\nExamples:\n  tunewright export my-study --parquet reports.parquet\n  tunewright export my-study --csv - | head',
    )
    .action(async (path: string, options: ExportOptions, command: Command) => {
      if (options.csv === undefined && options.json === undefined && options.parquet === undefined)
        command.error("error: say where to: --csv FILE, --json FILE or --parquet FILE, '-' for the standard output")
      if (options.parquet === '-') command.error('error: --parquet needs a file: the standard output is for text')
      finish(await exportReports(path, options, terminal))
    })
}
