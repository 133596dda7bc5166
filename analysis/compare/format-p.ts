import { formatNumber } from '../../src/results/text.js'

/** A p-value for people, with how it compares: `= 0.034`, `< 0.0001`. */
export function formatP(p: number): string {
  return p < 1e-4 ? '< 0.0001' : `= ${formatNumber(Number(p.toPrecision(2)))}`
}
