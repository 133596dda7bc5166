/**
 * Whose best a particle is drawn to.
 *
 * - `global`: the best of all. Converges fastest.
 * - `ring`: the best among itself and the `neighbours` next to it on either side, an integer of at least 1; the ends of the row are
 *   neighbours. News spread slowly, so that several regions are searched for longer.
 */
export type Topology = { readonly type: 'global' } | { readonly type: 'ring'; readonly neighbours: number }

/** A place and what it came to. */
export interface Place {
  /** [d], canonical. */
  readonly units: Float64Array
  /** Smaller is better. */
  readonly value: number
}

/** What is known of a particle. */
export interface Particle {
  /** Where it is: the place of its last move, or the best place of its start. */
  readonly position: Float64Array
  /** Where it was before; undefined if it hasn't moved. What lies between is its velocity. */
  readonly previous: Float64Array | undefined
  /** Where it found its best value. */
  readonly best: Place
  /** The number of the trial that was its last move, −1 before the first. */
  readonly trialIndex: number
}

/** The particles: a fold of what was observed. */
export class Swarm {
  readonly size: number
  readonly #topology: Topology
  readonly #particles: (Particle | undefined)[]
  #best: Place | undefined

  constructor(size: number, topology: Topology) {
    this.size = size
    this.#topology = topology
    this.#particles = new Array<Particle | undefined>(size).fill(undefined)
  }

  /** Undefined as long as it has no value. */
  particle(index: number): Particle | undefined {
    return this.#particles[index]
  }

  /**
   * Adds a place that a particle may start from: it starts from the best.
   *
   * @param index - the particle's, in [0, size)
   */
  start(index: number, place: Place): void {
    const { best, ...before } = this.#know(index, place)
    const position = before.trialIndex < 0 ? best.units : before.position
    this.#particles[index] = { ...before, position, best }
  }

  /**
   * Moves a particle. A trial that ends after a later one of the same particle can still be the particle's best, but doesn't move it back.
   *
   * @param index - the particle's, in [0, size)
   */
  move(index: number, trialIndex: number, place: Place): void {
    const after = this.#know(index, place)
    const isLate = trialIndex < after.trialIndex
    this.#particles[index] = isLate ? after : { ...after, position: place.units, previous: after.position, trialIndex }
  }

  /** The particle with its best place brought up to date, which is new if it had no value yet. */
  #know(index: number, place: Place): Particle {
    if (this.#best === undefined || place.value < this.#best.value) this.#best = place
    const before = this.#particles[index]
    if (before === undefined) return { position: place.units, previous: undefined, best: place, trialIndex: -1 }
    return place.value < before.best.value ? { ...before, best: place } : before
  }

  /** The best place that a particle knows of through its neighbours; undefined if none has a value. O(neighbours) */
  neighbourhoodBest(index: number): Place | undefined {
    if (this.#topology.type === 'global') return this.#best
    let best = this.#particles[index]?.best
    const reach = Math.min(this.#topology.neighbours, Math.floor(this.size / 2))
    for (let offset = 1; offset <= reach; offset++) {
      for (const neighbour of [index - offset, index + offset]) {
        const place = this.#particles[(neighbour + this.size) % this.size]?.best
        if (place !== undefined && (best === undefined || place.value < best.value)) best = place
      }
    }
    return best
  }
}
