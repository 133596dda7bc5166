import { cut, formatNumber, plural, sanitize } from '../../src/results/text.js'
import { readPath } from '../../src/trial.js'
import { type Advice, type Findings, isTrusted } from './advice.js'
import { type Correlation, strengthOf } from './correlations.js'
import type { Trouble, TroubledRegions } from './troubled-regions.js'
import {
  capital,
  describeEdge,
  describeRegion,
  describeTrouble,
  describeUntried,
  equalsAbout,
  formatP,
  listed,
  percent,
  shortValue,
  troubleWords,
} from './words.js'

/** From this share of all trials on trouble is grave. */
const graveShare = 0.1
/** What changes less of the metric's variance hardly matters. */
const smallEffect = 0.02

/** What to change about the space. */
export function adviseOnSpace(findings: Findings): Advice[] {
  return [
    ...avoid(findings.troubles),
    ...lookAtErrors(findings),
    ...widen(findings),
    ...freeze(findings),
    ...explore(findings),
    ...varyApart(findings),
  ]
}

function avoid({ regions, counts, trials }: TroubledRegions): Advice[] {
  return regions.map(region => {
    const { trouble, adjustedP } = region
    const isLoss = trouble !== 'stopped-early'
    return {
      kind: 'avoid',
      priority: isLoss ? (counts[trouble] >= graveShare * trials ? 'high' : 'medium') : 'low',
      text: isLoss
        ? `Leave ${describeRegion(region)} out of the space, or mend what goes wrong there.`
        : `Leave ${describeRegion(region)} out of the space: nothing there came far.`,
      evidence: `${describeTrouble(region)}; Fisher’s exact test, p ${formatP(adjustedP)} after correction for all regions tried.`,
    }
  })
}

/** Trouble that no region explains. */
function lookAtErrors({ troubles, facts }: Findings): Advice[] {
  const kinds: Trouble[] = ['failed', 'timed-out', 'no-value']
  return kinds.flatMap((trouble): Advice[] => {
    const count = troubles.counts[trouble]
    if (count < 0.05 * troubles.trials || count === 0) return []
    const isExplained = troubles.regions.some(region => region.trouble === trouble)
    if (isExplained) return []
    const [message, times] = commonestError(facts.trials.flatMap(({ error }) => error?.message ?? []))
    const saying =
      trouble === 'failed' && times > 0
        ? ` The error of ${times === count ? 'all of them' : `${times} of them`}: ${cut(sanitize(message), 120)}`
        : ''
    const reason = {
      failed: 'Read the errors',
      'timed-out': 'Look at what takes long, or allow more time',
      'no-value': 'Look at what trials report',
    }
    return [
      {
        kind: 'look-at-errors',
        priority: count >= graveShare * troubles.trials ? 'high' : 'medium',
        text: `${reason[trouble as keyof typeof reason]}.`,
        evidence: `${count} of ${plural(troubles.trials, 'trial')} ${troubleWords[trouble]}, and no region of the space is shown where they do so oftener than elsewhere.${saying}`,
      },
    ]
  })
}

function commonestError(messages: readonly string[]): readonly [string, number] {
  const counts = new Map<string, number>()
  for (const message of messages) counts.set(message, (counts.get(message) ?? 0) + 1)
  return [...counts].reduce<readonly [string, number]>((most, each) => (each[1] > most[1] ? each : most), ['', 0])
}

function widen({ troubles }: Findings): Advice[] {
  return troubles.edges.map(edge => ({
    kind: 'widen',
    priority: edge.near === edge.best ? 'high' : 'medium',
    text: `Let ${sanitize(edge.parameter)} go ${edge.side === 'upper' ? 'above' : 'below'} ${formatNumber(edge.bound)}, if it can.`,
    evidence: `${capital(describeEdge(edge))}; of values drawn at random so many would lie there with p ${formatP(edge.adjustedP)} after correction for all bounds.`,
  }))
}

/** Parameters that are always there and change next to nothing by a model that can be trusted. */
function freeze(findings: Findings): Advice[] {
  const { sensitivities, next, facts, troubles } = findings
  const { known } = facts
  const d = known?.varying.length ?? 0
  if (!isTrusted(next) || (next.model?.trials ?? 0) < 10 * d) return []
  const conditional = new Set(known?.varying.flatMap(({ condition, path }) => (condition ? path : [])))
  const atEdge = new Set(troubles.edges.map(({ parameter }) => parameter))
  const small = Math.max(smallEffect * (next.model?.spread ?? 0), next.model?.noise ?? 0)
  const idle = sensitivities.filter(
    ({ totalEffect, changeAtBest, parameter }) =>
      totalEffect < smallEffect && changeAtBest < small && !conditional.has(parameter) && !atEdge.has(parameter),
  )
  const best = facts.trials.find(({ index }) => index === next.best?.trial)
  if (idle.length === 0 || idle.length === d || best === undefined) return []
  const values = idle.map(
    ({ parameter }) => `${sanitize(parameter)} at ${shortValue(readPath(best.config, parameter))}`,
  )
  const [effect, change] = [
    idle.reduce((most, { totalEffect }) => Math.max(most, totalEffect), 0),
    idle.reduce((most, { changeAtBest }) => Math.max(most, changeAtBest), 0),
  ]

  return [
    {
      kind: 'freeze',
      priority: 'low',
      text: `Hold ${listed(values)}, as in the best trial, to search the rest more closely.`,
      evidence: `By the model ${idle.length === 1 ? 'it makes' : 'each makes'} at most ${percent(Math.max(0.001, effect))} of the metric’s variance over the space, interactions included, and changes the best trial’s ${sanitize(facts.objective.metric)} by no more than ${formatNumber(Number(change.toPrecision(2)))} over its whole range.`,
    },
  ]
}

function explore({ troubles, correlations }: Findings): Advice[] {
  const shown = troubles.untried.filter(region => region.type === 'value' || region.share >= 0.2).slice(0, 3)
  if (shown.length === 0) return []
  const why = correlations.isIndependent
    ? ''
    : ' The searcher may have had its reasons: it goes where results were good.'
  return [
    {
      kind: 'explore',
      priority: 'low',
      text: 'Give a few trials to what was never tried, if it may be good.',
      evidence: `Never tried: ${shown.map(describeUntried).join('; ')}.${why}`,
    },
  ]
}

/** Parameters that went together so closely that what they do can't be told apart. */
function varyApart({ correlations, facts }: Findings): Advice[] {
  const isComputed = (name: string) => facts.known?.computed.includes(name) ?? false
  const strong = correlations.amongParameters.filter(
    each => each.adjustedP <= 0.05 && strengthOf(each) >= 0.7 && !isComputed(each.first) && !isComputed(each.second),
  )

  return strong.slice(0, 3).map(each => ({
    kind: 'vary-apart',
    priority: 'low',
    text: `Don’t read much into what ${sanitize(each.first)} and ${sanitize(each.second)} do by themselves; trials at random would tell.`,
    evidence: `In these trials they went together: ${describeStrength(each)}${correlations.isIndependent ? '' : ', as may come of a searcher that learns'}.`,
  }))
}

/** A correlation in numbers. */
export function describeStrength({ spearman, etaSquared, cramersV, trials }: Correlation): string {
  const over = `over ${plural(trials, 'trial')}`
  const range = (lower: number, upper: number) => `95 % interval ${lower.toFixed(2)} to ${upper.toFixed(2)}`
  if (spearman) return `ρ ${equalsAbout(spearman.value)}, ${range(spearman.lower, spearman.upper)}, ${over}`
  if (etaSquared) return `η² ${equalsAbout(etaSquared.value)}, ${range(etaSquared.lower, etaSquared.upper)}, ${over}`
  return `Cramér’s V ${equalsAbout(cramersV ?? 0)}, ${over}`
}
