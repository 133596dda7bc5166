import { binomialInterval, type CompareOptions, type Comparison, compareStrategies } from '../analysis/index.js'
import { RandomSearcher } from '../searchers/index.js'
import { Rng, uniform } from '../src/index.js'

/** Strategies whose true differences are known, to be compared many times. */
export interface Scenario {
  readonly name: string
  /** By how much each strategy is truly worse, in standard deviations of the difference of two strategies in a block. */
  readonly effects: Readonly<Record<string, number>>
  readonly problems: readonly string[]
  readonly repeats: number
  /**
   * In which share of the comparisons the true differences are found, by theory; undefined where there is none to be found.
   * Wilcoxon's exact test at 5 % on n normal differences of mean d and deviation 1, in 400,000 draws with SciPy 1.17.1.
   */
  readonly power?: number
}

export const scenarios: readonly Scenario[] = [
  { name: 'two alike, 20 seeds', effects: { a: 0, b: 0 }, problems: ['p'], repeats: 20 },
  { name: 'four alike, 10 seeds', effects: { a: 0, b: 0, c: 0, d: 0 }, problems: ['p'], repeats: 10 },
  { name: 'four alike, two problems, 5 seeds', effects: { a: 0, b: 0, c: 0, d: 0 }, problems: ['p', 'q'], repeats: 5 },
  {
    name: 'three alike and one worse, 10 seeds',
    effects: { a: 0, b: 0, c: 0, worse: 2 },
    problems: ['p'],
    repeats: 10,
  },
  {
    name: 'two that differ by 0.5, 20 seeds',
    effects: { a: 0, worse: 0.5 },
    problems: ['p'],
    repeats: 20,
    power: 0.5434,
  },
  {
    name: 'two that differ by 0.8, 20 seeds',
    effects: { a: 0, worse: 0.8 },
    problems: ['p'],
    repeats: 20,
    power: 0.9115,
  },
  { name: 'two that differ by 1, 10 seeds', effects: { a: 0, worse: 1 }, problems: ['p'], repeats: 10, power: 0.7857 },
]

/** What came of a scenario. */
export interface Calibration {
  readonly comparisons: number
  /** How many of them claimed a difference that is not there, or the wrong way round; with the 95 % interval of its share. */
  readonly wrong: number
  readonly wrongShare: readonly [number, number]
  /** How many claimed every difference that is there; undefined where there is none. */
  readonly found: number | undefined
  readonly foundShare: readonly [number, number] | undefined
  readonly power: number | undefined
}

/** Compares a scenario's strategies so many times, each time with other luck. */
export async function calibrate(scenario: Scenario, comparisons: number, seed: number): Promise<Calibration> {
  const { effects, power } = scenario
  let [wrong, found] = [0, 0]
  for (let i = 0; i < comparisons; i++) {
    const comparison = await compareStrategies(optionsOf(scenario, Rng.from(seed).fork(scenario.name, i).seed()))
    const claims = judge(comparison, effects)
    if (claims.wrong > 0) wrong += 1
    if (claims.missed === 0) found += 1
  }
  const shareOf = (count: number) => {
    const { lower, upper } = binomialInterval(count, comparisons)
    return [lower, upper] as const
  }
  const hasDifference = new Set(Object.values(effects)).size > 1
  return {
    comparisons,
    wrong,
    wrongShare: shareOf(wrong),
    found: hasDifference ? found : undefined,
    foundShare: hasDifference ? shareOf(found) : undefined,
    power,
  }
}

/** Studies of one trial each: what a strategy proposes is how good it is, but for luck. */
function optionsOf({ effects, problems, repeats }: Scenario, seed: number): CompareOptions {
  const strategies = Object.entries(effects).map(([name, x]) => [
    name,
    () => ({ searchAlg: new RandomSearcher({ pointsToEvaluate: [{ x }] }) }),
  ])
  const trainables = problems.map(problem => [
    problem,
    ({ strategy, seed: studySeed }: { strategy: string; seed: number }) => {
      const luck = Rng.from(studySeed).fork(strategy)
      // the difference of two such values has the deviation 1
      const trainable = ({ x }: { x: number }) => ({ loss: x + luck.normal() / Math.SQRT2 })
      return { trainable, paramSpace: { x: uniform(0, 10) }, simulation: { workers: 1 } }
    },
  ])
  return {
    strategies: Object.fromEntries(strategies),
    problems: Object.fromEntries(trainables),
    metric: 'loss',
    mode: 'min',
    repeats,
    budget: 1,
    seed,
    verbose: 0,
  }
}

/** Counts claims of differences that are not there, and differences that are there and not claimed. */
export function judge({ pairs }: Comparison, effects: Scenario['effects']) {
  let [wrong, missed] = [0, 0]
  for (const { first, second, better } of pairs) {
    const [a = 0, b = 0] = [effects[first], effects[second]]
    const truth = a === b ? undefined : a < b ? first : second
    if (better !== undefined && better !== truth) wrong += 1
    if (truth !== undefined && better !== truth) missed += 1
  }
  return { wrong, missed }
}
