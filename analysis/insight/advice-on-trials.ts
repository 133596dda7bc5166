import { formatNumber, formatValue, plural, sanitize } from '../../src/results/text.js'
import { type Advice, type Findings, isTrusted } from './advice.js'
import { ranking } from './study-facts.js'
import { chanceText, correlationText, formatP, listed, percent } from './words.js'

/** A gain that is a smaller share of the best quarter's range counts as nothing. */
const smallGain = 0.01
/** A gain that is no larger share of the range of all results is not worth a trial. */
const negligibleGain = 0.001
/** Below it nothing is promising. */
const fairChance = 0.15
/** The most trials that are worth repeating. */
const mostRepeated = 5
/** So many runs of each tell a difference of so many deviations with a probability of 80 % at a level of 5 %. */
const detectable = 1.96 + 0.8416

/** What to run next. */
export function adviseOnTrials(findings: Findings): Advice[] {
  return [...trainLonger(findings), ...goByModel(findings), ...repeatBest(findings)]
}

function trainLonger({ progress, facts }: Findings): Advice[] {
  if (progress === undefined || progress.pValue > 0.05 || progress.share < smallGain) return []
  const { trials, improving, share, reports, pValue } = progress
  const metric = sanitize(facts.objective.metric)
  return [
    {
      kind: 'train-longer',
      priority: 'high',
      text: `Train the best longer than ${plural(reports, 'report')}: they had not come to their end.`,
      evidence: `In ${improving} of the ${trials} best trials ${metric} was still getting better in the last fifth of the reports, by ${percent(share)} of all it had gained (median); on level curves p ${formatP(pValue)}.`,
    },
  ]
}

/** To try, to stop, or not to trust. */
function goByModel(findings: Findings): Advice[] {
  const { next, facts, troubles } = findings
  const { model, suggestions, why } = next
  if (model === undefined)
    return [
      {
        kind: 'more-trials',
        priority: 'low',
        text: 'Run more trials for a model to learn from.',
        evidence: `There is none: ${why}.`,
      },
    ]
  const { quality } = model
  if (!isTrusted(next)) {
    const told = quality.rankCorrelation === undefined ? 'unknown' : correlationText(quality.rankCorrelation)
    return [
      {
        kind: 'distrust-model',
        priority: 'medium',
        text: 'Don’t go by the model’s suggestions yet; more trials all over the space would help it.',
        evidence: `The rank correlation of its predictions with the results of trials that it was not told of is ${told} (${plural(quality.trials, 'trial')}); from 0.5 on it would be of use.`,
      },
    ]
  }
  const metric = sanitize(facts.objective.metric)
  const credit = `Its predictions of trials that it was not told of have a rank correlation of ${correlationText(quality.rankCorrelation ?? 0)} with the results.`
  const [first] = suggestions
  if (first === undefined)
    return [
      {
        kind: 'stop',
        priority: 'medium',
        text: `Stop: every config of the space has been tried${troubles.regions.length > 0 ? ', or lies where trials fail' : ''}.`,
        evidence: credit,
      },
    ]
  const { chanceOfBetter, expectedGain, predicted, config } = first
  const gain = `better than the best so far with a probability of ${chanceText(chanceOfBetter)}, by ${formatNumber(Number(expectedGain.toPrecision(2)))} on average`
  if (expectedGain <= negligibleGain * model.range)
    return [
      {
        kind: 'stop',
        priority: 'medium',
        text: 'Little more is to be expected of this space: stop, or change the space or the budget of a trial.',
        evidence: `By the model the most promising config not yet tried is ${gain}, which is ${percent(expectedGain / model.range)} of the range of all results. ${credit}`,
      },
    ]
  return [
    {
      kind: 'try',
      priority: chanceOfBetter >= fairChance ? 'medium' : 'low',
      text: `Try ${formatValue(config)}.`,
      evidence: `By the model its ${metric} is ${formatNumber(predicted.mean)} (95 % range ${formatNumber(predicted.lower)} to ${formatNumber(predicted.upper)}), ${gain}. ${credit}`,
    },
  ]
}

/** Where the best can't be told apart by one run each. */
function repeatBest(findings: Findings): Advice[] {
  const { facts, duplicates, next } = findings
  const measured = duplicates.noise && duplicates.noise.freedom >= 3 ? duplicates.noise.deviation : undefined
  const modelled =
    isTrusted(next) && next.model && next.model.noise > smallGain * next.model.spread ? next.model.noise : undefined
  const noise = measured ?? modelled
  const ranked = distinctBest(findings, ranking(facts))
  const lossAt = (place: number | undefined) => facts.losses[place ?? -1] ?? Number.NaN
  if (noise === undefined || noise === 0 || ranked.length < 2) return []
  const reach = 1.96 * Math.SQRT2 * noise
  const close = ranked.filter(place => lossAt(place) - lossAt(ranked[0]) < reach)
  if (close.length < 2) return []
  const chosen = close.slice(0, mostRepeated)
  const names = listed(chosen.map(place => String(facts.trials[place]?.index ?? place)))
  const gap = lossAt(chosen.at(-1)) - lossAt(chosen[0])
  const runs = Math.ceil(2 * ((detectable * noise) / gap) ** 2)
  const source =
    measured === undefined ? 'by the model' : `measured on ${plural(duplicates.repeated, 'repeated trial')}`
  const need =
    runs > 50
      ? 'they are so close that more than 50 runs of each would be needed to tell them apart, so take whichever suits you'
      : `${Math.max(2, runs)} runs of each would show a difference of ${formatNumber(Number(gap.toPrecision(2)))} with a probability of 80 %`
  return [
    {
      kind: 'repeat',
      priority: 'medium',
      text: `Repeat trials ${names} with other seeds before choosing one of them.`,
      evidence: `Results of the same config vary by a standard deviation of ${formatNumber(Number(noise.toPrecision(2)))} (${source}), so that ${close.length} trials may be as good as the best; ${need}.`,
    },
  ]
}

/** One trial for each config. */
function distinctBest({ facts, duplicates }: Findings, ranked: readonly number[]): number[] {
  const leader = new Map(duplicates.groups.flatMap(({ trials }) => trials.map(index => [index, trials[0] ?? index])))
  const seen = new Set<number>()
  return ranked.filter(place => {
    const index = facts.trials[place]?.index ?? place
    const own = leader.get(index) ?? index
    if (seen.has(own)) return false
    seen.add(own)
    return true
  })
}
