import { availableParallelism, cpus } from 'node:os'
import { mean, median, sum } from 'simple-statistics'
import type { Searcher } from '../src/index.js'
import { runStudy } from './problems/measure.js'
import { numberAt, type Parameter, type Problem } from './problems/problem.js'
import { findSearcher, listSearchers } from './quality.js'

/** What `npm run bench -- scaling` takes. */
export const options = {
  /** Names of searchers, separated by commas. All by default. */
  searchers: { type: 'string' },
} as const

interface ScalingOptions {
  readonly json: boolean
  readonly searchers?: string
}

/** The time per suggestion, in milliseconds, by number of observations. */
type Growth = Readonly<Record<number | 'ratio', number>>

const repeats = 5
/** How many suggestions before each size are averaged: whole generations, so that what comes once in a while counts. */
const window = 50
/** How far the study goes where a suggestion is known to cost more with each observation. */
const sizes: Readonly<Record<string, readonly [from: number, to: number]>> = { bayesian: [100, 500] }

const float: Parameter = { type: 'float', low: -5, high: 10 }

/** Ten parameters of every kind. */
const mixed: Problem = bowl('mixed', {
  ...Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`x${i}`, float])),
  rate: { type: 'float', low: 1e-4, high: 10, log: true },
  depth: { type: 'integer', low: 1, high: 8 },
  width: { type: 'integer', low: 16, high: 1024, log: true },
  kind: { type: 'choice', values: ['a', 'b', 'c', 'd'] },
  flag: { type: 'choice', values: [false, true] },
})

/** Forty floats: the size that TPE is timed on. */
const wide: Problem = bowl('wide', Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`x${i}`, float])))

function bowl(name: string, parameters: Problem['parameters']): Problem {
  const numbers = Object.keys(parameters).filter(key => parameters[key]?.type !== 'choice')
  const evaluate: Problem['evaluate'] = config =>
    sum(numbers.map(key => (numberAt(config, key) - 1) ** 2)) + (config.kind === 'c' ? 0 : 1)
  return { name, parameters, mode: 'min', optimum: 0, evaluate }
}

/**
 * What `npm run bench -- scaling` measures: how the time per suggestion grows from 100 trials to 1,000 (the Gaussian process: 500), and
 * TPE's time for 1,000 trials of 40 parameters.
 */
export async function bench({ searchers }: ScalingOptions): Promise<Record<string, unknown>> {
  const names = searchers?.split(',') ?? [...listSearchers().keys()]
  const processor = cpus()[0]?.model ?? 'unknown processor'
  tell(`${processor}, ${availableParallelism()} cores, Node ${process.version}`)
  const msPerSuggestion: Record<string, Growth> = {}
  for (const name of names) {
    const growth = measureGrowth(await findSearcher(name), sizes[name] ?? [100, 1000])
    msPerSuggestion[name] = growth
    const { ratio, ...times } = growth
    const shown = Object.entries(times).map(([trials, ms]) => `${ms} ms at ${trials} trials`)
    tell(`${name}: ${shown.join(', ')}, ${ratio} times as much`)
  }
  const tpe = names.includes('tpe') ? measureTotal(await findSearcher('tpe')) : undefined
  if (tpe !== undefined) tell(`tpe: ${tpe} s for 1,000 trials of 40 parameters`)
  return {
    machine: { processor, cores: availableParallelism(), node: process.version },
    msPerSuggestion,
    ...(tpe !== undefined && { tpeSecondsFor1000TrialsOf40Parameters: tpe }),
  }
}

function measureGrowth(create: () => Searcher, [from, to]: readonly [from: number, to: number]): Growth {
  const small: number[] = []
  const large: number[] = []
  const isSlow = to < 1000
  // code that is still cold would make the small study look slow, and the growth small
  if (!isSlow) runStudy(mixed, create(), { seed: repeats, evaluations: to })
  for (let seed = 0; seed < (isSlow ? 1 : repeats); seed++) {
    const { suggestionMs } = runStudy(mixed, create(), { seed, evaluations: to })
    small.push(mean(suggestionMs.slice(from - window, from)))
    large.push(mean(suggestionMs.slice(to - window, to)))
  }
  return { [from]: round(median(small)), [to]: round(median(large)), ratio: round(median(large) / median(small)) }
}

/** @returns seconds of asking and telling */
function measureTotal(create: () => Searcher): number {
  const seconds = Array.from({ length: 3 }, (_, seed) => {
    const { suggestionMs } = runStudy(wide, create(), { seed, evaluations: 1000 })
    return sum([...suggestionMs]) / 1000
  })
  return round(median(seconds))
}

function round(value: number): number {
  return Number(value.toPrecision(3))
}

function tell(text: string): void {
  process.stderr.write(`${text}\n`)
}
