/** A space whose parameters depend on a choice: each forecaster brings its own, and the config's type is a discriminated union. */
import { type ConfigOf, choice, qlograndint, Tuner, uniform } from 'tunewright'

const paramSpace = {
  forecaster: choice([
    { kind: 'window', size: qlograndint(1, 32) },
    { kind: 'smoothing', level: uniform(0, 1), trend: uniform(0, 1), damping: uniform(0.8, 1) },
  ]),
}

const series = Array.from({ length: 200 }, (_, i) => 10 + 0.05 * i + Math.sin(i / 8) + 0.5 * Math.sin(977 * i * i))

/** Forecasts each value from those before it; reports the root of the mean squared error. */
function backtest({ forecaster }: ConfigOf<typeof paramSpace>) {
  let [forecast, trend, sum] = [series[0] ?? 0, 0, 0]
  for (const [i, value] of series.entries()) {
    sum += (value - forecast) ** 2
    if (forecaster.kind === 'window') {
      const window = series.slice(Math.max(0, i + 1 - forecaster.size), i + 1)
      forecast = window.reduce((total, each) => total + each, 0) / window.length
    } else {
      const miss = forecaster.level * (value - forecast)
      trend = forecaster.damping * trend + forecaster.trend * miss
      forecast += miss + forecaster.damping * trend
    }
  }
  return { error: Math.sqrt(sum / series.length) }
}

const grid = await new Tuner(backtest, {
  paramSpace,
  tuneConfig: { metric: 'error', mode: 'min', numSamples: 60, seed: 1 },
}).fit()

const { config, metrics } = grid.getBestResult()
console.log(`error ${metrics.error} with`, config)
