import { type Calibration, calibrate, scenarios } from './calibration-scenarios.js'
import { countOf } from './contest.js'

/** What `npm run bench -- calibration` takes. */
export const options = {
  /** How many comparisons each scenario has. */
  comparisons: { type: 'string', default: '200' },
  seed: { type: 'string', default: '1' },
} as const

type CalibrationOptions = { readonly json: boolean } & { readonly [name in keyof typeof options]?: string | boolean }

/**
 * What `npm run bench -- calibration` measures: how often `compareStrategies` claims differences between strategies that are alike (at most 5 of 100
 * comparisons may), and how often it finds true ones, beside the power that theory gives its test.
 */
export async function bench(given: CalibrationOptions): Promise<Record<string, Calibration> | string> {
  const comparisons = countOf('comparisons', given.comparisons ?? options.comparisons.default)
  const seed = countOf('seed', given.seed ?? options.seed.default)
  const results: Record<string, Calibration> = {}
  for (const scenario of scenarios) results[scenario.name] = await calibrate(scenario, comparisons, seed)
  if (given.json) return results
  return Object.entries(results)
    .map(([name, result]) => describe(name, result))
    .join('\n')
}

function describe(name: string, { comparisons, wrong, wrongShare, found, foundShare, power }: Calibration): string {
  const lines = [
    `${name}: a difference that is not there is claimed in ${wrong} of ${comparisons} comparisons (${range(wrongShare)}; up to 5 % are allowed)`,
  ]
  if (found !== undefined && foundShare !== undefined) {
    const theory = power === undefined ? '' : `; ${percent(power)} by theory`
    lines.push(`  the true difference is found in ${found} (${range(foundShare)}${theory})`)
  }
  return lines.join('\n')
}

function range([lower, upper]: readonly [number, number]): string {
  return `95 % interval ${percent(lower)} to ${percent(upper)}`
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}
