import type { NamedColumn } from '../importance/columns.js'
import { logFisherExactP } from '../statistics/counts.js'
import { type Condition, conditionsOn, type HeldCondition } from './conditions.js'
import { PlaceSet } from './place-set.js'

/** A region of the space in which marked trials are oftener than elsewhere. */
export interface FoundRule {
  /** One or two, which must both hold. */
  readonly conditions: readonly Condition[]
  /** Marked trials in the region, and all trials there. */
  readonly inside: { readonly marked: number; readonly trials: number }
  /** Likewise of the trials outside of it, those of rules found before left out. */
  readonly outside: { readonly marked: number; readonly trials: number }
  /** Of Fisher's exact test, one-sided. */
  readonly pValue: number
  /** The same times the number of rules that were tried: Bonferroni's correction, which is Holm's for the best of many. */
  readonly adjustedP: number
}

/** How {@link findRules} is set. */
export interface RuleOptions {
  /** How likely at most any rule is found where marks have nothing to do with parameters; in (0, 1). */
  readonly alpha: number
  /** The most rules. */
  readonly most: number
  /** Which share of the trials inside must at least be marked. */
  readonly leastShare: number
  /** [trials] Which trials to look at. @defaultValue all */
  readonly among?: readonly boolean[]
}

/** How many times oftener trials are marked inside than outside, at least; or a quarter as often not marked, where most are. */
const leastLift = 2
/** How many of the best conditions are combined with all others. */
const beam = 24

/**
 * Finds the regions, of one or two conditions, in which trials are marked unusually often: the likeliest first, then others among the trials that are
 * left. Two conditions are taken only where they tell much more than one.
 *
 * @param isMarked - [trials]
 */
export function findRules(
  columns: readonly NamedColumn[],
  isMarked: readonly boolean[],
  { alpha, most, leastShare, among }: RuleOptions,
): FoundRule[] {
  const n = isMarked.length
  const marked = PlaceSet.of(n, place => isMarked[place] === true)
  const conditions = columns.map(column => conditionsOn(column))
  const rules: FoundRule[] = []
  let left = PlaceSet.of(n, place => among?.[place] ?? true)
  while (rules.length < most) {
    const round = new Round(conditions, left, marked, leastShare)
    const single = round.bestSingle()
    const pair = round.bestPair()
    // singles and pairs have half of the level each, and each round its part
    const isPair =
      pair !== undefined &&
      pair.logP + Math.log(round.pairs) < (single?.logP ?? 0) + Math.log(round.singles) - Math.log(10)
    const best = isPair ? pair : single
    if (best === undefined) break
    const pValue = Math.exp(best.logP)
    const adjustedP = Math.min(1, 2 * most * pValue * (isPair ? round.pairs : round.singles))
    if (adjustedP > alpha) break
    rules.push({ ...best.rule, pValue, adjustedP })
    left = left.without(best.places)
  }
  return rules
}

interface Candidate {
  readonly rule: Pick<FoundRule, 'conditions' | 'inside' | 'outside'>
  readonly places: PlaceSet
  readonly logP: number
}

/** One search among the trials that are left. */
class Round {
  singles = 0
  pairs = 0
  readonly #conditions: readonly (readonly HeldCondition[])[]
  readonly #left: PlaceSet
  readonly #marked: PlaceSet
  readonly #markedLeft: number
  readonly #leastShare: number
  #ranked: { readonly held: HeldCondition; readonly axis: number; readonly logP: number }[] = []

  constructor(conditions: readonly (readonly HeldCondition[])[], left: PlaceSet, marked: PlaceSet, leastShare: number) {
    this.#conditions = conditions
    this.#left = left
    this.#marked = marked
    this.#markedLeft = left.and(marked).size
    this.#leastShare = leastShare
  }

  bestSingle(): Candidate | undefined {
    const tried = this.#conditions.flatMap((list, axis) =>
      list.map(held => {
        const trials = held.places.and(this.#left).size
        const marked = PlaceSet.countShared(held.places, this.#left, this.#marked)
        return { held, axis, trials, marked, logP: this.#logP(marked, trials) }
      }),
    )
    this.singles = tried.length
    this.#ranked = tried.toSorted((a, b) => a.logP - b.logP)
    const best = tried
      .filter(({ marked, trials }) => this.#isWorthwhile(marked, trials))
      .reduce(
        (least, each) => (each.logP < (least?.logP ?? 0) ? each : least),
        undefined as (typeof tried)[0] | undefined,
      )
    return best && this.#candidate([best.held], best.logP)
  }

  /** After {@link bestSingle}. */
  bestPair(): Candidate | undefined {
    let best: { readonly pair: readonly HeldCondition[]; readonly logP: number } | undefined
    for (const { held: first, axis } of this.#ranked.slice(0, beam)) {
      const within = first.places.and(this.#left)
      for (const [other, list] of this.#conditions.entries()) {
        if (other === axis) continue
        for (const second of list) {
          this.pairs += 1
          const trials = PlaceSet.countShared(within, second.places, second.places)
          const marked = PlaceSet.countShared(within, second.places, this.#marked)
          if (!this.#isWorthwhile(marked, trials)) continue
          const logP = this.#logP(marked, trials)
          if (logP < (best?.logP ?? 0)) best = { pair: [first, second], logP }
        }
      }
    }
    return best && this.#candidate(best.pair, best.logP)
  }

  #logP(marked: number, trials: number): number {
    return logFisherExactP(marked, trials, this.#markedLeft, this.#left.size)
  }

  #isWorthwhile(marked: number, trials: number): boolean {
    const others = this.#left.size - trials
    if (marked < 3 || others === 0 || marked / trials < this.#leastShare) return false
    const [inside, outside] = [marked / trials, (this.#markedLeft - marked) / others]
    return inside >= leastLift * outside || 1 - inside <= (1 - outside) / 4
  }

  #candidate(held: readonly HeldCondition[], logP: number): Candidate {
    const places = held.reduce((shared, each) => shared.and(each.places), this.#left)
    const inside = { marked: places.and(this.#marked).size, trials: places.size }
    const outside = { marked: this.#markedLeft - inside.marked, trials: this.#left.size - inside.trials }
    return { rule: { conditions: held.map(({ condition }) => condition), inside, outside }, places, logP }
  }
}
