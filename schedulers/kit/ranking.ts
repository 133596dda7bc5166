/** A trial's result at a rung. */
export interface RungEntry {
  readonly trialIndex: number
  /** The metric with its sign turned so that larger is better; −Infinity for one that is not finite. */
  readonly score: number
}

/** Orders two entries, the better one first; of equal scores the one with the smaller trial index is better. */
export function compareEntries(a: RungEntry, b: RungEntry): number {
  if (a.score !== b.score) return a.score > b.score ? -1 : 1
  return a.trialIndex - b.trialIndex
}

/** A binary heap: `push` and `pop` in O(log n), `peek` in O(1). */
export class Heap<T extends object> {
  readonly #compare: (a: T, b: T) => number
  readonly #items: T[] = []

  /** @param compare - negative when its first argument comes out before its second */
  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare
  }

  get size(): number {
    return this.#items.length
  }

  /** The item that comes out next. */
  peek(): T | undefined {
    return this.#items[0]
  }

  push(item: T): void {
    const items = this.#items
    let hole = items.length
    items.push(item)
    while (hole > 0) {
      const above = (hole - 1) >> 1
      const parent = items[above]
      if (parent === undefined || this.#compare(parent, item) <= 0) break
      items[hole] = parent
      hole = above
    }
    items[hole] = item
  }

  pop(): T | undefined {
    const items = this.#items
    const first = items[0]
    const last = items.pop()
    if (last === undefined || items.length === 0) return first
    let hole = 0
    for (;;) {
      let below = 2 * hole + 1
      let child = items[below]
      if (child === undefined) break
      const right = items[below + 1]
      if (right !== undefined && this.#compare(right, child) < 0) {
        child = right
        below++
      }
      if (this.#compare(last, child) <= 0) break
      items[hole] = child
      hole = below
    }
    items[hole] = last
    return first
  }
}

/**
 * Keeps entries parted into the best `topSize` and the rest, so that both sides of that line are known at once.
 *
 * An addition costs O(log n) when `topSize` moves by at most one between additions, which every fixed fraction of n does.
 */
export class RankedSplit {
  readonly #top = new Heap<RungEntry>((a, b) => compareEntries(b, a))
  readonly #rest = new Heap<RungEntry>(compareEntries)

  /** How many entries were added. */
  get size(): number {
    return this.#top.size + this.#rest.size
  }

  /** The worst of the best `topSize`. */
  get worstOfTop(): RungEntry | undefined {
    return this.#top.peek()
  }

  /** The best of the others. */
  get bestOfRest(): RungEntry | undefined {
    return this.#rest.peek()
  }

  /** Adds an entry and sets how many entries make up the top. */
  add(entry: RungEntry, topSize: number): void {
    const half = this.isTop(entry) ? this.#top : this.#rest
    half.push(entry)
    while (this.#top.size < topSize && move(this.#rest, this.#top));
    while (this.#top.size > topSize && move(this.#top, this.#rest));
  }

  /** Whether an entry ranks among the best `topSize`. */
  isTop(entry: RungEntry): boolean {
    const worst = this.#top.peek()
    return worst !== undefined && compareEntries(entry, worst) <= 0
  }
}

function move(from: Heap<RungEntry>, to: Heap<RungEntry>): boolean {
  const entry = from.pop()
  if (entry === undefined) return false
  to.push(entry)
  return true
}
