import { keyOf } from '../kit/units.js'

/** A config with what it came to at one level. */
export interface Result {
  /** [d], canonical; NaN for parameters that it lacks. */
  readonly units: Float64Array
  /** Smaller is better; Infinity if it diverged or failed. */
  readonly value: number
}

/** The results at the highest level that has enough of them. */
export interface LevelResults {
  readonly level: number
  /** Best first; ties in the order in which they came. */
  readonly results: readonly Result[]
  /** How many of them have a finite value. */
  readonly finite: number
  /** [n][d], canonical: the configs of trials that failed before they came to that level. */
  readonly failed: readonly Float64Array[]
}

/** What was reported at one value of the time attribute. */
interface Level {
  readonly trials: number[]
  readonly values: number[]
  finite: number
}

/** A result that has no trial: a config that was evaluated elsewhere. */
interface Loose extends Result {
  /** At which level; undefined for the highest one. */
  readonly level: number | undefined
}

/**
 * What trials reported, by level: by how far they had come. A fold of reports and ends, of which a report costs O(1) and 16 bytes.
 *
 * Trials report at many levels, and those count at which trials were compared: where one was paused, or ended.
 */
export class Levels {
  readonly #units = new Map<number, Float64Array>()
  readonly #keys = new Set<string>()
  /** How far each trial had come when it last reported. */
  readonly #reached = new Map<number, number>()
  readonly #levels = new Map<number, Level>()
  /** At which levels trials ended. */
  readonly #ends = new Set<number>()
  readonly #failed: number[] = []
  readonly #loose: Loose[] = []
  #cached: { readonly key: string; readonly results: readonly Result[] } | undefined

  /** @param encode - gives the units of a trial that was unknown before, canonical */
  report(trialIndex: number, encode: () => Float64Array, level: number, value: number): void {
    this.#know(trialIndex, encode)
    this.#reached.set(trialIndex, level)
    let at = this.#levels.get(level)
    if (at === undefined) {
      at = { trials: [], values: [], finite: 0 }
      this.#levels.set(level, at)
    }
    at.trials.push(trialIndex)
    at.values.push(value)
    if (Number.isFinite(value)) at.finite += 1
  }

  /** Whether a trial has come to a level. */
  hasReached(trialIndex: number, level: number): boolean {
    return (this.#reached.get(trialIndex) ?? Number.NEGATIVE_INFINITY) >= level
  }

  /** Whether a trial of that config has reported, or failed. @param key - {@link keyOf} */
  has(key: string): boolean {
    return this.#keys.has(key)
  }

  /** Takes in that a trial ended, by itself or because it was stopped. */
  end(trialIndex: number): void {
    const level = this.#reached.get(trialIndex)
    if (level !== undefined) this.#ends.add(level)
  }

  /** Takes in that a trial failed: it will come no further. */
  fail(trialIndex: number, units: Float64Array): void {
    this.#know(trialIndex, () => units)
    this.#failed.push(trialIndex)
  }

  /** Adds a config that was evaluated elsewhere. */
  add(loose: Loose): void {
    this.#loose.push(loose)
    if (loose.level !== undefined) this.#ends.add(loose.level)
  }

  /**
   * The results of the highest level that has enough.
   *
   * @param paused - trials that are paused now
   * @param least - how many finite results are enough
   * @returns undefined if none has
   */
  highest(paused: readonly number[], least: number): LevelResults | undefined {
    const judged = new Set(this.#ends)
    for (const trialIndex of paused) {
      const level = this.#reached.get(trialIndex)
      if (level !== undefined) judged.add(level)
    }
    // results of whole trainings elsewhere are all there is at first
    if (judged.size === 0) judged.add(Number.POSITIVE_INFINITY)
    const falling = [...judged].sort((a, b) => b - a)
    for (const level of falling) {
      const isTop = level === falling[0]
      const loose = this.#loose.filter(each => each.level === level || (isTop && each.level === undefined))
      const finite = (this.#levels.get(level)?.finite ?? 0) + loose.filter(({ value }) => Number.isFinite(value)).length
      if (finite >= least)
        return { level, finite, results: this.#collect(level, loose), failed: this.#failedBelow(level) }
    }
    return undefined
  }

  #know(trialIndex: number, encode: () => Float64Array): void {
    if (this.#units.has(trialIndex)) return
    const units = encode()
    this.#units.set(trialIndex, units)
    this.#keys.add(keyOf(units))
  }

  #collect(level: number, loose: readonly Loose[]): readonly Result[] {
    const { trials, values } = this.#levels.get(level) ?? { trials: [], values: [] }
    const key = [level, trials.length, loose.length].join()
    if (this.#cached?.key === key) return this.#cached.results
    const results: Result[] = [...loose]
    for (const [i, trialIndex] of trials.entries()) {
      const units = this.#units.get(trialIndex)
      if (units !== undefined) results.push({ units, value: values[i] ?? Number.POSITIVE_INFINITY })
    }
    // equal infinities have no difference
    results.sort((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0))
    this.#cached = { key, results }
    return results
  }

  #failedBelow(level: number): readonly Float64Array[] {
    return this.#failed.flatMap(trialIndex => {
      const units = this.#units.get(trialIndex)
      return units === undefined || this.hasReached(trialIndex, level) ? [] : [units]
    })
  }
}
