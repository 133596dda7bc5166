import { flatten } from '../../../src/results/flatten.js'
import type { Objective, TrialReport } from '../../../src/trial.js'
import type { MetricColumn, ReportTable } from './report-data.js'

/** The most metrics that have curves. */
const mostMetrics = 24
/** The most numbers that the reports may come to; from there on they are thinned out. */
const mostNumbers = 1_200_000

/** The values of one metric, in the order in which they came. */
interface Column {
  values: Float64Array
  /** 1 where a report has it. */
  present: Uint8Array
}

/** Takes in reports as they were committed and keeps their numbers in columns. */
export class ReportColumns {
  #length = 0
  #capacity = 1024
  #trials = new Int32Array(this.#capacity)
  #iterations = new Int32Array(this.#capacity)
  #at = new Float64Array(this.#capacity)
  #took = new Float64Array(this.#capacity)
  readonly #metrics = new Map<string, Column>()
  readonly #leftOut = new Set<string>()
  readonly #objectives: readonly Objective[]

  constructor(objectives: readonly Objective[]) {
    this.#objectives = objectives
    for (const { metric } of objectives) this.#metrics.set(metric, emptyColumn(this.#capacity))
  }

  add(trialIndex: number, { iteration, metrics, timing }: TrialReport): void {
    if (this.#length === this.#capacity) this.#grow()
    const row = this.#length++
    this.#trials[row] = trialIndex
    this.#iterations[row] = iteration
    this.#at[row] = timing.timestampMs
    this.#took[row] = timing.timeThisIterS
    for (const [name, value] of flatten(metrics)) {
      if (typeof value !== 'number') continue
      const column = this.#columnOf(name)
      if (column === undefined) continue
      column.values[row] = value
      column.present[row] = 1
    }
  }

  /** Sorts all reports by their trials, and thins them out if they are too many. */
  table(trials: number): ReportTable {
    const total = this.#length
    const columns = [...this.#metrics].filter(([, { present }]) => present.includes(1))
    const every = Math.max(1, Math.ceil((total * (columns.length + 2)) / mostNumbers))
    const byTrial = this.#byTrial(trials)
    const { rows, offsets } = every === 1 ? byTrial : this.#thin(byTrial, every)
    const originMs = rows.reduce((least, row) => Math.min(least, this.#at[row] ?? least), Number.POSITIVE_INFINITY)
    const iterations = Array.from(rows, row => this.#iterations[row] ?? 0)
    return {
      offsets: Array.from(offsets),
      ...(!areConsecutive(iterations, offsets) && { iterations }),
      originMs: rows.length > 0 ? originMs : 0,
      at: Array.from(rows, row => Math.round((this.#at[row] ?? 0) - originMs)),
      took: Array.from(rows, row => rounded(this.#took[row] ?? 0, 5)),
      metrics: columns.map(([name, { values, present }]): MetricColumn => {
        const own = Array.from(rows, row => (present[row] === 1 ? rounded(values[row] ?? 0, 8) : null))
        return { name, values: own }
      }),
      metricsLeftOut: [...this.#leftOut],
      total,
      every,
    }
  }

  /** The rows of each trial in the order in which they came. */
  #byTrial(trials: number): GroupedRows {
    const offsets = new Int32Array(trials + 1)
    for (let row = 0; row < this.#length; row++) {
      const next = (this.#trials[row] ?? 0) + 1
      offsets[next] = (offsets[next] ?? 0) + 1
    }
    for (let i = 0; i < trials; i++) offsets[i + 1] = (offsets[i + 1] ?? 0) + (offsets[i] ?? 0)
    const places = offsets.slice()
    const rows = new Int32Array(this.#length)
    for (let row = 0; row < this.#length; row++) {
      const trial = this.#trials[row] ?? 0
      const place = places[trial] ?? 0
      rows[place] = row
      places[trial] = place + 1
    }
    return { rows, offsets }
  }

  /** Of each trial the first report, the last, the best by each objective, and one of so many of the others. */
  #thin({ rows, offsets }: GroupedRows, every: number): GroupedRows {
    const kept: number[] = []
    const starts = [0]
    for (let trial = 0; trial + 1 < offsets.length; trial++) {
      const own = rows.subarray(offsets[trial], offsets[trial + 1])
      const best = new Set(this.#objectives.map(objective => this.#bestOf(own, objective)))
      for (const [i, row] of own.entries()) if (i % every === 0 || i === own.length - 1 || best.has(row)) kept.push(row)
      starts.push(kept.length)
    }
    return { rows: Int32Array.from(kept), offsets: Int32Array.from(starts) }
  }

  #bestOf(rows: Int32Array, { metric, mode }: Objective): number | undefined {
    const column = this.#metrics.get(metric)
    const sign = mode === 'max' ? -1 : 1
    let best: number | undefined
    let least = Number.POSITIVE_INFINITY
    for (const row of rows) {
      const value = column?.present[row] === 1 ? sign * (column.values[row] ?? Number.NaN) : Number.NaN
      if (!(value < least)) continue
      least = value
      best = row
    }
    return best
  }

  #columnOf(name: string): Column | undefined {
    const held = this.#metrics.get(name)
    if (held !== undefined) return held
    if (this.#metrics.size >= mostMetrics) {
      this.#leftOut.add(name)
      return undefined
    }
    const column = emptyColumn(this.#capacity)
    this.#metrics.set(name, column)
    return column
  }

  #grow(): void {
    this.#capacity *= 2
    this.#trials = enlarged(this.#trials, new Int32Array(this.#capacity))
    this.#iterations = enlarged(this.#iterations, new Int32Array(this.#capacity))
    this.#at = enlarged(this.#at, new Float64Array(this.#capacity))
    this.#took = enlarged(this.#took, new Float64Array(this.#capacity))
    for (const column of this.#metrics.values()) {
      column.values = enlarged(column.values, new Float64Array(this.#capacity))
      column.present = enlarged(column.present, new Uint8Array(this.#capacity))
    }
  }
}

/** Rows of reports, those of a trial one after the other; [trials + 1] where those of a trial begin. */
interface GroupedRows {
  readonly rows: Int32Array
  readonly offsets: Int32Array
}

function emptyColumn(capacity: number): Column {
  return { values: new Float64Array(capacity), present: new Uint8Array(capacity) }
}

function enlarged<T extends Float64Array | Int32Array | Uint8Array>(from: T, to: T): T {
  to.set(from)
  return to
}

function areConsecutive(iterations: readonly number[], offsets: Int32Array): boolean {
  let trial = 0
  return iterations.every((iteration, i) => {
    while (i >= (offsets[trial + 1] ?? Number.POSITIVE_INFINITY)) trial += 1
    return iteration === i - (offsets[trial] ?? 0) + 1
  })
}

const powersOfTen = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`))

/** A number to about so many significant digits; what is no finite number stays as it is. */
function rounded(value: number, digits: number): number {
  if (Number.isInteger(value) || !Number.isFinite(value)) return value
  // powers of ten up to 1e22 are exact, and so a quotient by one is written as shortly as the rounded number
  const scale = powersOfTen[digits - 1 - Math.floor(Math.log10(Math.abs(value)))]
  return scale === undefined ? Number(value.toPrecision(digits)) : Math.round(value * scale) / scale
}
