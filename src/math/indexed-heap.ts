/**
 * A binary min-heap of integer ids, each with a key that may change; ties go to the smaller id. Every operation is O(log n).
 */
export class IndexedHeap {
  readonly #ids: number[] = []
  readonly #keys: number[] = []
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

  /** Adds an id, or gives it another key. */
  set(id: number, key: number): void {
    let place = this.#places.get(id)
    if (place === undefined) {
      place = this.#ids.length
      this.#places.set(id, place)
    }
    this.#put(place, id, key)
    this.#settle(place, id, key)
  }

  /** Takes an id out; nothing happens if it is not there. */
  delete(id: number): void {
    const place = this.#places.get(id)
    if (place === undefined) return
    this.#places.delete(id)
    const lastId = this.#ids.pop()
    const lastKey = this.#keys.pop()
    if (lastId === undefined || lastKey === undefined || place === this.#ids.length) return
    this.#put(place, lastId, lastKey)
    this.#settle(place, lastId, lastKey)
  }

  #settle(from: number, id: number, key: number): void {
    let place = from
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (!this.#isBefore(id, key, parent)) break
      this.#swap(place, parent)
      place = parent
    }
    for (;;) {
      const left = 2 * place + 1
      if (left >= this.#ids.length) return
      const right = left + 1
      const least = right < this.#ids.length && this.#isPlaceBefore(right, left) ? right : left
      if (!this.#isPlaceBefore(least, place)) return
      this.#swap(place, least)
      place = least
    }
  }

  #isBefore(id: number, key: number, place: number): boolean {
    const otherKey = this.#keys[place] ?? Number.POSITIVE_INFINITY
    return key < otherKey || (key === otherKey && id < (this.#ids[place] ?? Number.POSITIVE_INFINITY))
  }

  #isPlaceBefore(a: number, b: number): boolean {
    return this.#isBefore(this.#ids[a] ?? Number.POSITIVE_INFINITY, this.#keys[a] ?? Number.POSITIVE_INFINITY, b)
  }

  #swap(a: number, b: number): void {
    const idA = this.#ids[a] ?? 0
    const keyA = this.#keys[a] ?? 0
    this.#put(a, this.#ids[b] ?? 0, this.#keys[b] ?? 0)
    this.#put(b, idA, keyA)
  }

  #put(place: number, id: number, key: number): void {
    this.#ids[place] = id
    this.#keys[place] = key
    this.#places.set(id, place)
  }
}
