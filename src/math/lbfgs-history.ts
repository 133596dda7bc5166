/**
 * Multiplies a vector by an approximate inverse Hessian at the point where the function was last called, in place.
 *
 * @param vector - [n], 0 in the variables that are not free
 * @param isFree - 1 or 0 for each variable, [n]: the Hessian counts for the free ones alone
 */
export type Preconditioner = (vector: Float64Array, isFree: Float64Array) => void

/** The last steps of a quasi-Newton search with the changes of the gradient along them: an approximate Hessian in O(n · memory) numbers. */
export class LbfgsHistory {
  readonly #n: number
  readonly #memory: number
  /** Rings of rows, [memory × n]: s and y of the literature. */
  readonly #steps: Float64Array
  readonly #changes: Float64Array
  /** α and ρ of each pair; ρ is 0 where the pair says nothing about the free variables. */
  readonly #alphas: Float64Array
  readonly #rhos: Float64Array
  #next = 0
  #size = 0

  /** @param memory - how many steps to remember, 1 or more */
  constructor(n: number, memory: number) {
    this.#n = n
    this.#memory = memory
    this.#steps = new Float64Array(n * memory)
    this.#changes = new Float64Array(n * memory)
    this.#alphas = new Float64Array(memory)
    this.#rhos = new Float64Array(memory)
  }

  get isEmpty(): boolean {
    return this.#size === 0
  }

  clear(): void {
    this.#size = 0
  }

  /** Takes in a step, unless the function curves down along it. */
  add(x: Float64Array, nextX: Float64Array, gradient: Float64Array, nextGradient: Float64Array): void {
    const start = this.#next * this.#n
    let curvature = 0
    let square = 0
    for (let i = 0; i < this.#n; i++) {
      const s = (nextX[i] ?? 0) - (x[i] ?? 0)
      const y = (nextGradient[i] ?? 0) - (gradient[i] ?? 0)
      this.#steps[start + i] = s
      this.#changes[start + i] = y
      curvature += s * y
      square += y * y
    }
    if (!isCurved(curvature, square)) return
    this.#next = (this.#next + 1) % this.#memory
    this.#size = Math.min(this.#size + 1, this.#memory)
  }

  /**
   * Multiplies a vector by the approximate inverse Hessian of the free variables, in place.
   *
   * @param direction - [n], 0 in the variables that are not free
   * @param isFree - 1 or 0 for each variable, [n]
   * @param precondition - what is known of the Hessian beside the steps
   * @see Nocedal and Wright, Numerical Optimization (2006), algorithm 7.4
   */
  apply(direction: Float64Array, isFree: Float64Array, precondition: Preconditioner | undefined): void {
    const n = this.#n
    const steps = this.#steps
    const changes = this.#changes
    let scale = 0
    for (let age = 1; age <= this.#size; age++) {
      const place = (this.#next - age + this.#memory) % this.#memory
      const start = place * n
      let curvature = 0
      let square = 0
      let along = 0
      for (let i = 0; i < n; i++) {
        const s = (isFree[i] ?? 0) * (steps[start + i] ?? 0)
        const y = (isFree[i] ?? 0) * (changes[start + i] ?? 0)
        curvature += s * y
        square += y * y
        along += s * (direction[i] ?? 0)
      }
      const rho = isCurved(curvature, square) ? 1 / curvature : 0
      this.#rhos[place] = rho
      if (rho === 0) continue
      if (scale === 0) scale = curvature / square
      const alpha = along * rho
      this.#alphas[place] = alpha
      for (let i = 0; i < n; i++) {
        direction[i] = (direction[i] ?? 0) - alpha * (isFree[i] ?? 0) * (changes[start + i] ?? 0)
      }
    }
    if (precondition !== undefined) precondition(direction, isFree)
    else if (scale > 0) for (let i = 0; i < n; i++) direction[i] = (direction[i] ?? 0) * scale
    for (let age = this.#size; age >= 1; age--) {
      const place = (this.#next - age + this.#memory) % this.#memory
      const rho = this.#rhos[place] ?? 0
      if (rho === 0) continue
      const start = place * n
      let along = 0
      for (let i = 0; i < n; i++) along += (changes[start + i] ?? 0) * (direction[i] ?? 0)
      const factor = (this.#alphas[place] ?? 0) - along * rho
      for (let i = 0; i < n; i++) {
        direction[i] = (direction[i] ?? 0) + factor * (isFree[i] ?? 0) * (steps[start + i] ?? 0)
      }
    }
  }
}

/** Whether s·y is safely positive beside y·y. */
function isCurved(curvature: number, square: number): boolean {
  return curvature > 1e-12 * square
}
