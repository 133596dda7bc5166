import type { Section } from '../../../analysis/insight/text.js'
import type { StudyView } from '../../callbacks/callback.js'
import { show, TuneError } from '../../errors.js'
import { describeReported } from '../../results/objective.js'
import { cut, sanitize, wrapItems } from '../../results/text.js'
import { type Objective, readMetric } from '../../trial.js'
import { chosenObjective, type ObjectiveOptions } from '../chosen-objective.js'
import { readStudy } from '../read-study.js'
import { safeJson } from '../safe-json.js'
import { findJournal } from '../studies.js'
import { type Terminal, writeLines } from '../terminal.js'

/** Where a line may end: not between a number and its sign. */
const breaks = / (?![%=<>])/

/** How `insights` is called. */
export interface InsightsOptions extends ObjectiveOptions {
  /** Of all that is drawn at random. @defaultValue 0 */
  readonly seed?: number
  readonly json?: boolean
  readonly markdown?: boolean
}

/** Tells what there is to learn from a study, and what to do next. */
export async function insights(
  path: string | undefined,
  options: InsightsOptions,
  terminal: Terminal,
): Promise<number> {
  const { view } = readStudy(findJournal(path), terminal)
  const objective = chosenObjective(view, options)
  if (options.metric !== undefined) assertReported(view, objective)
  terminal.progress?.('looking for what matters …')
  const [{ insights: learn }, { sectionsOf }] = await Promise.all([
    import('../../../analysis/insight/index.js'),
    import('../../../analysis/insight/text.js'),
  ])
  const { seed = 0 } = options
  const found = learn(view, { ...objective, seed })
  if (options.json === true) await terminal.write(`${safeJson(found.toJson(), 2)}\n`)
  else if (options.markdown === true) await terminal.write(found.toMarkdown())
  else await writeLines(terminal, draw(sectionsOf(found), terminal))
  return 0
}

/** @throws `TuneError` `NO_RESULT` naming what was reported, for a metric that no trial has */
function assertReported({ trials }: StudyView, { metric }: Objective): void {
  const reports = trials.flatMap(({ lastReport }) => lastReport ?? [])
  if (reports.length === 0 || reports.some(report => readMetric(report, metric) !== undefined)) return
  throw new TuneError('NO_RESULT', `no trial's last report has ${show(metric)}: ${describeReported(trials, metric)}`)
}

/** Sections with headings; what is too long for a line goes on below its beginning. */
function draw(sections: readonly Section[], { width, palette }: Terminal): string[] {
  const paragraphs = sections.map(({ title, lines }) => [
    palette.title(title),
    ...lines.flatMap(line => wrapItems(sanitize(line).split(breaks), ' ', width - 2).map(indent)),
  ])
  return paragraphs.flatMap((lines, i) => (i === 0 ? lines : ['', ...lines]))

  function indent(line: string, i: number): string {
    return (i === 0 ? '- ' : '  ') + cut(line, width - 2)
  }
}
