import { formatNumber, formatValue, plural, sanitize } from '../../src/results/text.js'
import { escapeMarkdown } from '../compare/markdown.js'
import { isTrusted } from './advice.js'
import { describeStrength } from './advice-on-space.js'
import type { Correlation } from './correlations.js'
import type { Insights } from './insights.js'
import type { NextTrials, SuggestedConfig } from './suggest-next.js'
import type { Trouble } from './troubled-regions.js'
import {
  capital,
  chanceText,
  correlationText,
  describeEdge,
  describeRegion,
  describeTrouble,
  describeUntried,
  formatP,
  percent,
  troubleWords,
} from './words.js'

/** A headed list of sentences. */
export interface Section {
  readonly title: string
  readonly lines: readonly string[]
}

const mostLines = 8
/** What to know of p-values where the searcher learnt from results. */
export const dependence =
  'The searcher chose configs by results, so that trials are not independent: these p-values are too small.'

/** All that is worth saying, in sections; those with nothing to say are left out. */
export function sectionsOf(insights: Insights): Section[] {
  return [
    { title: 'The study', lines: overview(insights) },
    {
      title: 'What to do next',
      lines: insights.advice.map(({ priority, text, evidence }) => `[${priority}] ${text} ${evidence}`),
    },
    { title: 'What goes with what', lines: correlated(insights) },
    { title: 'Trouble', lines: trouble(insights) },
    { title: 'Noise', lines: noise(insights) },
    { title: 'What the model suggests', lines: suggested(insights) },
  ].filter(({ lines }) => lines.length > 0)
}

/** @returns lines, sections apart */
export function toText(sections: readonly Section[]): string {
  return sections
    .map(({ title, lines }) => [title, ...lines.map(line => `- ${sanitize(line)}`)].join('\n'))
    .join('\n\n')
}

/** Headings of the second level, with lists. */
export function toMarkdown(sections: readonly Section[]): string {
  const parts = sections.map(
    ({ title, lines }) => `## ${title}\n\n${lines.map(line => `- ${escapeMarkdown(line)}`).join('\n')}`,
  )
  return `${parts.join('\n\n')}\n`
}

function overview({ objective, trials, scored, best }: Insights): string[] {
  const metric = sanitize(objective.metric)
  const had = `${plural(trials, 'trial')} ended, ${scored === trials ? 'all' : scored} with a finite ${metric}`
  return [
    best ? `${had}; the best is ${formatNumber(best.value)} (trial ${best.trial}, mode ${objective.mode}).` : `${had}.`,
  ]
}

function correlated({ correlations, sensitivities, objective, next }: Insights): string[] {
  const { withMetrics, isIndependent } = correlations
  const told = (list: readonly Correlation[]) =>
    list.map(each => {
      const { first, second, adjustedP } = each
      return `${sanitize(first)} with ${sanitize(second)}: ${describeStrength(each)}, p ${formatP(adjustedP)} (Holm).`
    })
  const shown = withMetrics.filter(({ adjustedP }) => adjustedP <= 0.05)
  const main = shown.filter(({ second }) => second === objective.metric).slice(0, mostLines)
  const others = shown.filter(({ second }) => second !== objective.metric).slice(0, mostLines)
  const rest = withMetrics.length - shown.length
  const effects = (isTrusted(next) ? sensitivities : [])
    .slice(0, mostLines)
    .map(({ parameter, totalEffect }) => `${sanitize(parameter)} ${percent(Math.min(0.999, totalEffect))}`)
  return [
    ...told([...main, ...others]),
    ...(rest > 0
      ? [
          `For ${rest} of ${plural(withMetrics.length, 'pair')} of a parameter and a metric no correlation is shown, which is no proof that there is none.`,
        ]
      : []),
    ...(!isIndependent && shown.length > 0 ? [dependence] : []),
    ...(effects.length > 0
      ? [`Total effects on ${sanitize(objective.metric)}, by the model: ${effects.join(', ')}.`]
      : []),
  ]
}

function trouble({ troubles }: Insights): string[] {
  const { regions, counts, trials, untried, edges } = troubles
  const kinds = (Object.keys(counts) as Trouble[]).filter(kind => counts[kind] > 0)
  return [
    ...kinds.map(kind => `${counts[kind]} of ${plural(trials, 'trial')} ${troubleWords[kind]}.`),
    ...regions.map(region => `${describeRegion(region)}: ${describeTrouble(region)}, p ${formatP(region.adjustedP)}.`),
    ...edges.map(edge => `${capital(describeEdge(edge))}.`),
    ...untried.map(region => `Never tried: ${describeUntried(region)}.`),
  ]
}

function noise({ duplicates }: Insights): string[] {
  const { groups, repeated, trials, noise: floor } = duplicates
  if (groups.length === 0) return []
  const lines = [
    `${repeated} of ${plural(trials, 'trial')} repeat a config that another one had, ${plural(groups.length, 'config')} in all.`,
  ]
  if (floor === undefined) return lines
  const { deviation, lower, upper, freedom, leastDifference } = floor
  if (deviation === 0) return [...lines, 'Their results are exactly the same: to repeat a config tells nothing.']
  return [
    ...lines,
    `Results of the same config have a standard deviation of ${formatNumber(deviation)} (95 % interval ${formatNumber(lower)} to ${formatNumber(upper)}, ${freedom} degrees of freedom): two trials that differ by less than ${formatNumber(leastDifference)} can’t be told apart.`,
  ]
}

function suggested({ next, objective }: Insights): string[] {
  const metric = sanitize(objective.metric)
  return [...describeModel(next), ...next.suggestions.map(each => suggestion(each, metric)), ...leftOut(next)]
}

/** Which model suggestions come from, and how far it can be trusted; or why there is none. */
export function describeModel(next: NextTrials): string[] {
  const { model, best, why } = next
  if (model === undefined) return why === undefined ? [] : [`No model: ${why}.`]
  const { quality, trials, of, cappedAt } = model
  const part = trials < of ? `${trials} of ${of} trials, the better ones above all` : plural(trials, 'trial')
  const told = quality.rankCorrelation === undefined ? 'unknown' : correlationText(quality.rankCorrelation)
  return [
    `A Gaussian process of ${part}. Of trials held out, its predictions have a rank correlation of ${told} with the results, and its 95 % ranges hold ${percent(quality.coverage)}.${isTrusted(next) ? '' : ' That is too little to go by.'}`,
    ...(best === undefined
      ? []
      : [`By it trial ${best.trial} is the best, at ${formatNumber(best.predicted)} without noise.`]),
    ...(cappedAt === undefined ? [] : [`Values worse than ${formatNumber(cappedAt)} counted as that.`]),
  ]
}

/** What suggested configs lack. */
export function leftOut({ model, suggestions }: NextTrials): string[] {
  const computed = model?.computed ?? []
  if (computed.length === 0 || suggestions.length === 0) return []
  return [`Left out, since functions compute them: ${computed.map(sanitize).join(', ')}.`]
}

function suggestion({ config, predicted, chanceOfBetter, expectedGain }: SuggestedConfig, metric: string): string {
  const range = `${formatNumber(predicted.lower)} to ${formatNumber(predicted.upper)}`
  return `${formatValue(config)}: ${metric} ${formatNumber(predicted.mean)} expected (95 % range ${range}), better than the best with a probability of ${chanceText(chanceOfBetter)}, by ${formatNumber(Number(expectedGain.toPrecision(2)))} on average.`
}
