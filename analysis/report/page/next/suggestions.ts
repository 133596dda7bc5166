/// <reference lib="dom" />
import { flatten } from '../../../../src/results/flatten.js'
import { formatNumber, formatValue, sanitize } from '../../../../src/results/text.js'
import type { NextSteps, SuggestedConfig } from '../../data/report-data.js'
import { codeBox } from '../code-box.js'
import { toJson, toTypeScript } from '../config-code.js'
import { copyButton } from '../copy-button.js'
import { make } from '../dom.js'
import { scrollTable } from '../scroll-table.js'
import type { StudyModel } from '../study-model.js'

/** The configs that the model suggests, or why it suggests none. */
export function suggestionsCard({ suggestions, model: about, leftOut, objective }: NextSteps, model: StudyModel) {
  const content =
    'missing' in suggestions
      ? [make('p', { class: 'missing' }, `None: ${suggestions.missing}.`)]
      : [table(suggestions, sanitize(objective.metric), model), asCode(suggestions.map(({ config }) => config))]
  const notes = 'missing' in suggestions ? about : [...about, ...leftOut]
  return make(
    'section',
    { class: 'card', 'aria-labelledby': 'suggestions-title' },
    make('h3', { id: 'suggestions-title' }, 'Configs to try'),
    notes.length > 0 && make('p', { class: 'faint' }, notes.join(' ')),
    ...content,
  )
}

function table(suggestions: readonly SuggestedConfig[], metric: string, { parameters }: StudyModel): HTMLElement {
  const leaves = suggestions.map(({ config }) => flatten(config))
  const columns = parameters.filter(({ path }) => leaves.some(each => each.has(path)))
  const heads = [`${metric} expected`, '95 % range', 'chance to beat the best', 'gain on average']
  const rows = suggestions.map((each, i) =>
    make(
      'tr',
      {},
      make(
        'th',
        { scope: 'row' },
        `${i + 1} `,
        copyButton(() => toTypeScript(each.config), `Copy config ${i + 1}`),
      ),
      ...expectations(each).map(text => make('td', {}, text)),
      ...columns.map(({ path }) => make('td', {}, formatValue(leaves[i]?.get(path)))),
    ),
  )
  return scrollTable(
    { 'aria-labelledby': 'suggestions-title' },
    'plain numbers suggestions',
    ['config', ...heads, ...columns.map(({ name }) => sanitize(name))],
    make('tbody', {}, ...rows),
  )
}

function expectations({ predicted, chanceOfBetter, expectedGain }: SuggestedConfig): string[] {
  const { mean, lower, upper } = predicted
  return [
    formatNumber(mean),
    `${formatNumber(lower)} to ${formatNumber(upper)}`,
    chanceText(chanceOfBetter),
    formatNumber(Number(expectedGain.toPrecision(2))),
  ]
}

/** A probability by a model, which is never certain. */
function chanceText(chance: number): string {
  if (chance > 0.99) return '> 99 %'
  return chance < 0.01 ? '< 1 %' : `${Math.round(100 * chance)} %`
}

/** All of them as a searcher takes them. */
function asCode(configs: readonly SuggestedConfig['config'][]): HTMLElement {
  return make(
    'details',
    {},
    make('summary', {}, 'As code, for the next study to try first'),
    codeBox([
      {
        name: 'TypeScript',
        text: `// an option of searchers: new TPESearcher({ pointsToEvaluate })\nconst pointsToEvaluate = ${toTypeScript(configs)}\n`,
      },
      { name: 'JSON', text: `${toJson(configs)}\n` },
    ]),
  )
}
