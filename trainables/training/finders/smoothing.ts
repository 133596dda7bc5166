/** One point of a sweep. */
export interface SweepPoint {
  /** What is tried out: a learning rate, or a batch size. */
  readonly value: number
  /** The loss of its batch, or the mean over its batches. */
  readonly loss: number
  /** The running mean of the losses up to here. */
  readonly smoothed: number
}

/** An exponential running mean, corrected for its start at 0. */
export class Smoother {
  readonly #decay: number
  #mean = 0
  #weight = 0

  /** @param decay - the part of the mean that a number leaves; in [0, 1) */
  constructor(decay: number) {
    this.#decay = decay
  }

  /** Takes another number in and returns the mean. */
  add(value: number): number {
    this.#mean = this.#decay * this.#mean + (1 - this.#decay) * value
    this.#weight = this.#decay * this.#weight + (1 - this.#decay)
    return this.#mean / this.#weight
  }
}
