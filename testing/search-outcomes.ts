import type { Space } from '../src/space/space.js'
import type { Outcome, SearchPlan } from './search-drill.js'

type OutcomeOf = SearchPlan['outcome']

/** A trial that ends by itself with these values of `loss` and `cost`, after a first report of worse ones. */
function complete(loss: number, cost: number): Outcome {
  return {
    reports: [
      { loss: loss + 1, cost: cost + 1 },
      { loss, cost },
    ],
    end: 'completed',
  }
}

/** Two smooth functions of the config's place in the unit cube, the lowest points of which lie apart. */
function bowls(space: Space, config: Parameters<OutcomeOf>[0]['config']): readonly [number, number] {
  let [loss, cost] = [0, 0]
  for (const unit of space.encode(config)) {
    if (Number.isNaN(unit)) continue
    loss += (unit - 0.3) ** 2
    cost += (unit - 0.8) ** 2
  }
  return [loss, cost]
}

/** Every trial completes, with a smooth function of its config. */
export function smooth(space: Space): OutcomeOf {
  return ({ config }) => complete(...bowls(space, config))
}

/** Most trials complete; some fail, some report no number, some are stopped early, all by their index. */
export function mixed(space: Space): OutcomeOf {
  return ({ index, config }) => {
    const [loss, cost] = bowls(space, config)
    switch (index % 9) {
      case 2:
        return { reports: [], end: 'failed' }
      case 4:
        return { reports: [{ loss: loss + 2, cost: cost + 2 }], end: 'stopped by the scheduler' }
      case 5:
        return { reports: [{ loss: Number.NaN, cost }], end: 'completed' }
      case 7:
        return { reports: [{ loss, cost }], end: 'failed' }
      case 8:
        return { reports: [{ loss, cost }, { note: 'not measured this time' }], end: 'stopped by the study' }
      default:
        return complete(loss, cost)
    }
  }
}

/** All trials end alike. */
export function always(outcome: Outcome): OutcomeOf {
  return () => outcome
}

/** Trials that complete with one value after the other, from the first again when all were had. */
export function cycle(values: readonly number[]): OutcomeOf {
  return ({ index }) => {
    const value = values[index % values.length] ?? 0
    return { reports: [{ loss: value, cost: value }], end: 'completed' }
  }
}

/** Turns the sign of every metric. */
export function negated(outcome: OutcomeOf): OutcomeOf {
  return trial => {
    const { reports, end } = outcome(trial)
    const turn = (metrics: (typeof reports)[number]) =>
      Object.fromEntries(Object.entries(metrics).map(([key, of]) => [key, typeof of === 'number' ? -of : of]))
    return { reports: reports.map(turn), end }
  }
}
