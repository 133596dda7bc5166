import { formatTable, type TableColumn } from '../../src/results/table.js'
import { formatDuration, formatNumber, sanitize } from '../../src/results/text.js'
import type { Comparison } from './comparison.js'
import { formatP } from './format-p.js'
import { type Column, escapeMarkdown, markdownTable } from './markdown.js'
import type { PairComparison } from './pairs.js'
import type { StrategySummary } from './summary.js'

const width = 120

/** A text for people: a table for each problem, and the conclusions. */
export function toTable(comparison: Comparison): string {
  const { design, conclusions } = comparison
  const sections = design.problems.map(problem => {
    const rows = comparison.summaries.filter(summary => summary.problem === problem)
    const columns = summaryColumns(comparison, rows).map(
      ({ header, cell, isText }): TableColumn<StrategySummary> => ({
        header,
        cell,
        align: isText ? 'left' : 'decimal',
      }),
    )
    return [captionOf(comparison, problem), ...formatTable(columns, rows, width)].join('\n')
  })
  return [...sections, conclusions.map(sentence => `- ${sanitize(sentence)}`).join('\n')].join('\n\n')
}

/** Tables of problems and pairs, and the conclusions, as Markdown. */
export function toMarkdown(comparison: Comparison): string {
  const { design, conclusions, pairs } = comparison
  const sections = design.problems.map(problem => {
    const rows = comparison.summaries.filter(summary => summary.problem === problem)
    return [captionOf(comparison, problem), markdownTable(summaryColumns(comparison, rows), rows)]
  })
  const tests = pairs.length > 0 ? ['Pairs, by all final values:', markdownTable(pairColumns(pairs), pairs)] : []
  const list = conclusions.map(sentence => `- ${escapeMarkdown(sentence)}`).join('\n')
  return `${[...sections.flat(), ...tests, list].join('\n\n')}\n`
}

function captionOf({ design }: Comparison, problem: string): string {
  const optimum = design.optima[problem]
  const known = optimum === undefined ? '' : `, best known ${formatNumber(optimum)}`
  return `${sanitize(problem)}: final ${sanitize(design.metric)} (${design.mode}${known}), median over the seeds`
}

function summaryColumns(
  { design, pairs, ranks }: Comparison,
  rows: readonly StrategySummary[],
): Column<StrategySummary>[] {
  const overall = new Map(ranks.map(({ strategy, meanRank }) => [strategy, meanRank]))
  const overallRank = {
    header: 'rank overall',
    cell: (row: StrategySummary) => (overall.get(row.strategy) ?? Number.NaN).toFixed(2),
  }
  const hasRegret = rows.some(({ regret }) => regret !== undefined)
  return [
    { header: 'strategy', cell: row => row.strategy, isText: true },
    { header: 'final', cell: row => formatNumber(row.final.median) },
    ...(hasRegret
      ? [{ header: 'regret', cell: (row: StrategySummary) => formatNumber(row.regret ?? Number.NaN) }]
      : []),
    { header: 'quartiles', cell: ({ final }) => rangeOf(final.lowerQuartile, final.upperQuartile), isText: true },
    { header: '95 % interval', cell: ({ final }) => rangeOf(final.lower, final.upper), isText: true },
    { header: 'rank', cell: row => (row.meanRank ?? Number.NaN).toFixed(2) },
    ...(design.problems.length > 1 ? [overallRank] : []),
    { header: 'better than', cell: row => String(pairs.filter(({ better }) => better === row.strategy).length) },
    { header: 'trials', cell: row => formatNumber(row.trials) },
    { header: 'iterations', cell: row => formatNumber(row.iterations) },
    { header: 'time', cell: row => formatDuration(row.seconds) },
  ]
}

function pairColumns(pairs: readonly PairComparison[]): Column<PairComparison>[] {
  const unit = pairs[0]?.advantageUnit === 'spread' ? ' (in spreads)' : ''
  return [
    { header: 'first', cell: pair => pair.first, isText: true },
    { header: 'second', cell: pair => pair.second, isText: true },
    { header: 'wins / ties / losses', cell: ({ wins, ties, losses }) => `${wins} / ${ties} / ${losses}`, isText: true },
    { header: `median advantage${unit}`, cell: pair => formatNumber(pair.advantage.median) },
    { header: '95 % interval', cell: ({ advantage }) => rangeOf(advantage.lower, advantage.upper), isText: true },
    { header: 'first is better with probability', cell: pair => pair.probabilityOfBetter.toFixed(2) },
    { header: 'rank-biserial', cell: pair => pair.rankBiserial.toFixed(2) },
    { header: 'p', cell: pair => formatP(pair.pValue).replace('= ', '') },
    { header: 'p (Holm)', cell: pair => formatP(pair.adjustedP).replace('= ', '') },
    { header: 'shown better', cell: pair => pair.better ?? '–', isText: true },
  ]
}

function rangeOf(from: number, to: number): string {
  return `${formatNumber(from)} … ${formatNumber(to)}`
}
