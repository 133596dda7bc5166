import { Space } from '../src/index.js'
import { type CurveTable, curveSpace } from '../trainables/index.js'

/**
 * The recorded curves of a study, each of which is played once: a trial gets the one that is nearest to its config among those that no
 * earlier trial has, and when all are taken the nearest of all. To try a recorded config again would teach nothing, and searchers that keep
 * to a good region could not help it.
 */
export class FreshCurves {
  readonly #table: CurveTable
  readonly #space: Space
  /** Row-major [size × d]: the recorded configs in the unit cube. */
  readonly #units: Float64Array
  readonly #width: number
  readonly #isTaken: Uint8Array
  readonly #rows = new Map<number, number>()

  constructor(table: CurveTable) {
    const { hyperparameters, configs, size } = table
    this.#table = table
    this.#space = Space.of(curveSpace(table))
    this.#width = hyperparameters.length
    this.#units = new Float64Array(size * this.#width)
    this.#isTaken = new Uint8Array(size)
    for (let row = 0; row < size; row++) {
      const values = hyperparameters.map((name, i) => [name, configs[row * this.#width + i] ?? 0] as const)
      this.#units.set(this.#space.encode(Object.fromEntries(values)), row * this.#width)
    }
  }

  /** The trainable. */
  readonly play = function* (
    this: FreshCurves,
    config: Readonly<Record<string, number>>,
    { trialIndex }: { readonly trialIndex: number },
  ): Generator<{ readonly validLoss: number }, void, unknown> {
    const { steps, valid } = this.#table
    const start = this.#rowOf(trialIndex, config) * steps
    for (let step = start; step < start + steps; step++) yield { validLoss: valid[step] ?? Number.NaN }
  }.bind(this)

  #rowOf(trialIndex: number, config: Readonly<Record<string, number>>): number {
    const units = this.#space.encode(config)
    const row = this.#rows.get(trialIndex) ?? this.#nearest(units, true) ?? this.#nearest(units, false) ?? 0
    this.#rows.set(trialIndex, row)
    this.#isTaken[row] = 1
    return row
  }

  #nearest(units: Float64Array, isFresh: boolean): number | undefined {
    let nearest: number | undefined
    let least = Number.POSITIVE_INFINITY
    for (let row = 0; row < this.#table.size; row++) {
      if (isFresh && this.#isTaken[row] === 1) continue
      let distance = 0
      for (let i = 0; i < this.#width; i++)
        distance += ((this.#units[row * this.#width + i] ?? 0) - (units[i] ?? 0)) ** 2
      if (distance < least) [nearest, least] = [row, distance]
    }
    return nearest
  }
}
