/// <reference lib="dom" />
import { sanitize } from '../../../../src/results/text.js'
import type { NextSteps } from '../../data/report-data.js'
import { make, section } from '../dom.js'
import type { StudyModel } from '../study-model.js'
import { adviceList } from './advice-list.js'
import { correlationsCard, regionsCard } from './findings.js'
import { suggestionsCard } from './suggestions.js'

/** What the results advise to do next, with what it rests on; or why they advise nothing. */
export function nextSection(model: StudyModel): HTMLElement {
  const { next } = model.data
  const content = 'missing' in next ? [none(`Nothing can be advised: ${next.missing}.`)] : steps(next, model)
  return section('next', 'What to try next', ...content)
}

function steps(next: NextSteps, model: StudyModel): HTMLElement[] {
  const { advice, objective, regions, correlations } = next
  const goal = `${objective.mode === 'min' ? 'a smaller' : 'a larger'} ${sanitize(objective.metric)}`
  const findings = [
    ...(regions.length > 0 ? [regionsCard(regions)] : []),
    ...(correlations.length > 0 ? [correlationsCard(next)] : []),
  ]
  return [
    advice.length > 0
      ? adviceList(advice, goal)
      : none('Nothing stands out that should be done differently: no trouble, no bound in the way, no open question.'),
    suggestionsCard(next, model),
    ...(findings.length > 0 ? [make('div', { class: 'columns' }, ...findings)] : []),
    ...(findings.length < 2 ? [none(absent(next))] : []),
  ]
}

/** What was looked for and not shown, on one line. */
function absent({ regions, correlations, objective }: NextSteps): string {
  const nothing = [
    ...(regions.length === 0 ? ['parts of the space where trials get into trouble oftener than elsewhere'] : []),
    ...(correlations.length === 0
      ? [
          `parameters with which ${sanitize(objective.metric)} rises or falls throughout (one that is best in between is none)`,
        ]
      : []),
  ]
  return `Looked for too, and not shown to be there: ${nothing.join(', and ')}.`
}

function none(text: string): HTMLElement {
  return make('p', { class: 'missing' }, text)
}
