/**
 * A binary min-heap of integer ids, each with a key that may change; of equal keys the smaller rank comes first, then the smaller id.
 * Every operation is O(log n).
 */
export class IndexedHeap {
  readonly #ids: number[] = []
  readonly #keys: number[] = []
  readonly #ranks: number[] = []
  readonly #places = new Map<number, number>()

  get size(): number {
    return this.#ids.length
  }

  has(id: number): boolean {
    return this.#places.has(id)
  }

  /** The id with the smallest key, if there is one. */
  peek(): { readonly id: number; readonly key: number } | undefined {
    const [id] = this.#ids
    const [key] = this.#keys
    return id === undefined || key === undefined ? undefined : { id, key }
  }

  /** Adds an id, or gives it another key and rank. */
  set(id: number, key: number, rank = 0): void {
    let place = this.#places.get(id)
    if (place === undefined) {
      place = this.#ids.length
      this.#places.set(id, place)
    }
    this.#put(place, id, key, rank)
    this.#settle(place)
  }

  /** Takes an id out; nothing happens if it is not there. */
  delete(id: number): void {
    const place = this.#places.get(id)
    if (place === undefined) return
    this.#places.delete(id)
    const lastId = this.#ids.pop()
    const lastKey = this.#keys.pop()
    const lastRank = this.#ranks.pop()
    if (lastId === undefined || lastKey === undefined || lastRank === undefined || place === this.#ids.length) return
    this.#put(place, lastId, lastKey, lastRank)
    this.#settle(place)
  }

  #settle(from: number): void {
    let place = from
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (!this.#isBefore(place, parent)) break
      this.#swap(place, parent)
      place = parent
    }
    for (;;) {
      const left = 2 * place + 1
      if (left >= this.#ids.length) return
      const right = left + 1
      const least = right < this.#ids.length && this.#isBefore(right, left) ? right : left
      if (!this.#isBefore(least, place)) return
      this.#swap(place, least)
      place = least
    }
  }

  #isBefore(a: number, b: number): boolean {
    return (
      (at(this.#keys, a) - at(this.#keys, b) ||
        at(this.#ranks, a) - at(this.#ranks, b) ||
        at(this.#ids, a) - at(this.#ids, b)) < 0
    )
  }

  #swap(a: number, b: number): void {
    const [id, key, rank] = [at(this.#ids, a), at(this.#keys, a), at(this.#ranks, a)]
    this.#put(a, at(this.#ids, b), at(this.#keys, b), at(this.#ranks, b))
    this.#put(b, id, key, rank)
  }

  #put(place: number, id: number, key: number, rank: number): void {
    this.#ids[place] = id
    this.#keys[place] = key
    this.#ranks[place] = rank
    this.#places.set(id, place)
  }
}

/** Reads a place that is known to be there. */
function at(values: readonly number[], place: number): number {
  return values[place] ?? Number.NaN
}
