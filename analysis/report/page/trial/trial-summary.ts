/// <reference lib="dom" />
import { formatNumber, plural, sanitize } from '../../../../src/results/text.js'
import type { TrialData } from '../../data/report-data.js'
import { type Content, make } from '../dom.js'
import { stateMark } from '../state-mark.js'
import type { StudyModel } from '../study-model.js'

/** How the trial stands, how good it was, and who ended it. */
export function trialSummary(index: number, trial: TrialData, model: StudyModel): HTMLElement {
  const { objective } = model.data
  const value = objective === null ? Number.NaN : (model.bestValues(objective)[index] ?? Number.NaN)
  const words: Content[] = [stateMark(model.stateOf(index)), ` after ${plural(trial.iteration, 'report')}`]
  if (objective !== null && !Number.isNaN(value))
    words.push(
      ', best ',
      make('strong', {}, `${sanitize(objective.metric)} ${formatNumber(value)}`),
      rankOf(index, value, model),
    )
  if (model.data.front.length > 0)
    words.push(model.data.front.includes(index) ? ', on the Pareto front' : ', not on the Pareto front')
  if (trial.reason !== undefined && trial.status !== 'error')
    words.push('. ', `${trial.endedBy === undefined ? '' : `By the ${trial.endedBy}: `}${sanitize(trial.reason)}`)
  return make('p', { class: 'lead' }, ...words)
}

function rankOf(index: number, value: number, model: StudyModel): string {
  const { objective } = model.data
  if (objective === null || !Number.isFinite(value)) return ''
  const values = model.bestValues(objective)
  const better = values.reduce(
    (count, other, i) => count + Number(i !== index && (objective.mode === 'min' ? other < value : other > value)),
    0,
  )
  return `, the ${better === 0 ? 'best' : `${ordinal(better + 1)} best`} of ${values.filter(Number.isFinite).length}`
}

/** `1st`, `2nd`, `3rd`, `4th` … */
export function ordinal(n: number): string {
  const isTeen = n % 100 >= 11 && n % 100 <= 13
  const ending = isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')
  return `${n}${ending}`
}
