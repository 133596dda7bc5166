import { TuneError } from '../../../src/errors.js'
import { sanitize } from '../../../src/results/text.js'
import type { Objective } from '../../../src/trial.js'
import { isTrusted } from '../../insight/advice.js'
import { describeStrength } from '../../insight/advice-on-space.js'
import { type Correlation, strengthOf } from '../../insight/correlations.js'
import { type Insights, insights } from '../../insight/insights.js'
import type { InsightView } from '../../insight/study-facts.js'
import { dependence, describeModel, leftOut } from '../../insight/text.js'
import { describeRegion, formatP, troubleWords } from '../../insight/words.js'
import type { CorrelationData, Missing, NextSteps, RegionData } from './report-data.js'

/** The most correlations of each kind. */
const mostCorrelations = 8
/** What is less likely to be better than the best is not worth a trial. */
const leastChance = 0.01
/** From where on parameters that go together can't be told apart. */
const strong = 0.7

/** What a study advises by a metric; of very many trials the model and the correlations are drawn from a part, which their sentences tell. */
export function nextSteps(view: InsightView, objective: Objective): NextSteps | Missing {
  try {
    const found = insights(view, objective)
    return found.trials === 0 ? { missing: 'no trial has ended yet' } : describe(found)
  } catch (error) {
    if (error instanceof TuneError) return { missing: error.message }
    throw error
  }
}

function describe(found: Insights): NextSteps {
  const { objective, advice, next, troubles, correlations } = found
  const shown = correlated(found)
  return {
    objective,
    advice,
    model: next.model === undefined ? [] : describeModel(next),
    suggestions: suggestionsOf(found),
    leftOut: leftOut(next),
    regions: troubles.regions.map(
      (region): RegionData => ({
        where: describeRegion(region),
        what: troubleWords[region.trouble],
        inside: { marked: region.inside.marked, trials: region.inside.trials },
        outside: { marked: region.outside.marked, trials: region.outside.trials },
        p: formatP(region.adjustedP),
      }),
    ),
    correlations: shown.map(describeCorrelation),
    correlationNotes: [
      ...(correlations.trials < found.trials
        ? [`Of ${correlations.trials} of the ${found.trials} trials, drawn at random.`]
        : []),
      ...(shown.length > 0 && !correlations.isIndependent ? [dependence] : []),
    ],
  }
}

function suggestionsOf({ next }: Insights): NextSteps['suggestions'] {
  const { model, suggestions, why } = next
  if (model === undefined) return { missing: `there is no model to suggest configs: ${why}` }
  if (!isTrusted(next))
    return { missing: 'the model does not predict well enough for its suggestions to be worth a trial' }
  if (suggestions.length === 0)
    return { missing: 'every config of the space has been tried, or lies where trials fail' }
  const promising = suggestions.filter(({ chanceOfBetter }) => chanceOfBetter >= leastChance)
  return promising.length > 0 ? promising : { missing: 'by the model no config is likely to be better than the best' }
}

/** What is shown to go with the metric, and parameters that went together all but always. */
function correlated({ correlations, objective }: Insights): Correlation[] {
  const { withMetrics, amongParameters } = correlations
  const isShown = ({ adjustedP }: Correlation) => adjustedP <= 0.05
  const own = withMetrics.filter(each => each.second === objective.metric && isShown(each))
  const together = amongParameters.filter(each => isShown(each) && strengthOf(each) >= strong)
  return [...own.slice(0, mostCorrelations), ...together.slice(0, mostCorrelations)]
}

function describeCorrelation(found: Correlation): CorrelationData {
  const { first, second, adjustedP } = found
  return {
    first: sanitize(first),
    second: sanitize(second),
    strength: describeStrength(found),
    p: formatP(adjustedP),
  }
}
