import { mean, median } from 'simple-statistics'
import type { Trace } from './fidelity-study.js'

/** At which shares of the budget, and of the time that random search takes for it, the regret is told. */
export const shares = [0.05, 0.1, 0.2, 0.5, 1] as const

/** How figures name a share. */
export const percent = (share: number): string => `${Math.round(100 * share)}%`

/** Regret by share, such as `5%`: of the epochs, or of the time. */
type RegretByShare = Readonly<Record<string, number>>

/** What a strategy came to on one task with so many workers. */
export interface Figures {
  /** The best validation loss so far less the least of the table, at shares of the epochs; mean over the seeds. */
  readonly regret: RegretByShare
  /** The same at shares of the virtual time that random search takes. */
  readonly regretAtTime: RegretByShare
  /** The median over the seeds at shares of the epochs. */
  readonly medianRegret: RegretByShare
  /** After which share of random search's epochs the mean regret is no more than random search's at its end; Infinity if never. */
  readonly epochsToRandom: number
  /** The same of its virtual time. */
  readonly timeToRandom: number
  /** Virtual seconds until the budget is consumed; mean over the seeds. */
  readonly seconds: number
  /** How many configs were begun; mean over the seeds. */
  readonly trials: number
  readonly utilisation: number
}

/** How finely virtual time is resolved. */
const instants = 1000

/**
 * Compares studies of one strategy with those of random search.
 *
 * @param traces - one for each seed
 * @param random - those of random search, with the same budget
 * @param optimum - the least loss of the table
 * @param budget - in epochs
 */
export function compare(traces: readonly Trace[], random: readonly Trace[], optimum: number, budget: number): Figures {
  const end = mean(random.map(({ seconds }) => seconds.at(-1) ?? 0))
  const byEpoch = traces.map(trace => byEpochs(trace, budget))
  const means = fold(byEpoch, mean)
  const meansInTime = fold(
    traces.map(trace => byTime(trace, end)),
    mean,
  )
  const goal = mean(random.map(({ best }) => best.at(-1) ?? Number.NaN))
  return {
    regret: atShares(means, optimum),
    regretAtTime: atShares(meansInTime, optimum),
    medianRegret: atShares(fold(byEpoch, median), optimum),
    epochsToRandom: shareUntil(means, goal),
    timeToRandom: shareUntil(meansInTime, goal),
    seconds: Math.round(mean(traces.map(({ seconds }) => seconds.at(-1) ?? 0))),
    trials: Math.round(mean(traces.map(({ trials }) => trials))),
    utilisation: Number(mean(traces.map(({ utilisation }) => utilisation)).toFixed(3)),
  }
}

/** The best loss by epoch, held from where a study ended early. */
function byEpochs({ best }: Trace, budget: number): Float64Array {
  return Float64Array.from({ length: budget }, (_, i) => best[Math.min(i, best.length - 1)] ?? Number.NaN)
}

/** The best loss at evenly spaced instants up to a time. */
function byTime({ best, seconds }: Trace, end: number): Float64Array {
  const curve = new Float64Array(instants)
  let epoch = 0
  for (let i = 0; i < instants; i++) {
    const now = ((i + 1) / instants) * end
    while (epoch < best.length && (seconds[epoch] ?? 0) <= now) epoch += 1
    curve[i] = epoch === 0 ? Number.POSITIVE_INFINITY : (best[epoch - 1] ?? Number.NaN)
  }
  return curve
}

/** One curve of several, point by point. */
function fold(curves: readonly Float64Array[], statistic: (values: number[]) => number): Float64Array {
  const length = curves[0]?.length ?? 0
  return Float64Array.from({ length }, (_, i) => statistic(curves.map(curve => curve[i] ?? Number.NaN)))
}

function atShares(curve: Float64Array, optimum: number): RegretByShare {
  return Object.fromEntries(
    shares.map(share => {
      const loss = curve[Math.round(share * curve.length) - 1] ?? Number.NaN
      return [percent(share), Number((loss - optimum).toPrecision(4))]
    }),
  )
}

function shareUntil(curve: Float64Array, goal: number): number {
  const first = curve.findIndex(loss => loss <= goal)
  return first === -1 ? Number.POSITIVE_INFINITY : Number(((first + 1) / curve.length).toFixed(4))
}
