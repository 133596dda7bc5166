import { existsSync, readFileSync } from 'node:fs'
import type { JsonObject, JsonValue } from '../../../src/json.js'

/** What Ray Tune 2.58.0 does, observed by running it. */
export interface RayTuneFacts {
  /** [population, quantileFraction, lower quantile, upper quantile], trial `t<i>` having the score i. */
  readonly pbt_quantiles: readonly (readonly [number, number, readonly string[], readonly string[]])[]
  readonly pbt_explore: readonly {
    readonly config: JsonObject
    /** A list, `fn` for a function that draws whole numbers, or `uniform(0,1) float`. */
    readonly mut: readonly JsonValue[] | string
    readonly resample: number
    /** All configs that came out, as JSON. */
    readonly values: readonly string[]
    readonly ops: readonly string[]
  }[]
}

const file = new URL('../../../../shared/conformance/ray-tune-2.58.json', import.meta.url)

/** The recorded facts, or undefined in a checkout without them. */
export const rayTune: RayTuneFacts | undefined = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
