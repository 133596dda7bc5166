import type { JsonObject, JsonValue } from '../json.js'
import type { Domain } from './domains/domain.js'

/** What may stand at one place of a space: a domain, a JSON constant, or an object or array of them. */
export type SpaceNode =
  | Domain
  | number
  | string
  | boolean
  | null
  | readonly SpaceNode[]
  | { readonly [key: string]: SpaceNode }

/** A search space: a plain object, nested as deep as you like, whose leaves are domains and constants. */
export type SpaceDefinition = { readonly [key: string]: SpaceNode }

/**
 * The type of the configs that a space gives: `ConfigOf<{ lr: Domain<number>; layers: 2 }>` is `{ lr: number; layers: 2 }`. A choice
 * of sub-spaces becomes a union, discriminated by whatever constant tells the sub-spaces apart. What is only known at run time is a
 * `JsonValue`.
 */
export type ConfigOf<S> = [JsonValue] extends [S] ? JsonValue : ConfigOfKnown<S>

type ConfigOfKnown<S> =
  S extends Domain<infer T> ? T : S extends object ? { -readonly [K in keyof S]: ConfigOf<S[K]> } : S

/**
 * Checks a space against the config that a trainable takes: `unknown` when they fit, else a type that nothing has and that names the
 * parameters at fault. Use it as `paramSpace: S & CompatibleSpace<S, C>`. A space may give more than the trainable needs; a trainable
 * that takes any config (`never`, `unknown`, `JsonObject`) and a space whose keys aren't known to the compiler fit all.
 *
 * @typeParam S - the space's definition
 * @typeParam C - the trainable's config
 */
export type CompatibleSpace<S, C> = [C] extends [never]
  ? unknown
  : JsonObject extends C
    ? unknown
    : string extends keyof S
      ? unknown
      : ConfigOf<S> extends C
        ? unknown
        : SpaceMismatch<S, C>

/** The parameters that a space lacks or gives another type than a trainable's config needs. */
export type SpaceMismatch<S, C> = [MismatchedKey<S, C>] extends [never]
  ? ParameterMustGive<C>
  : {
      readonly [K in MismatchedKey<S, C>]: K extends keyof S
        ? S[K] extends SpaceDefinition
          ? S[K] extends Domain | readonly unknown[]
            ? ParameterMustGive<C[K]>
            : SpaceMismatch<S[K], C[K]>
          : ParameterMustGive<C[K]>
        : ParameterMustGive<C[K]>
    }

/** Stands in a compiler message at a parameter whose values the trainable can't take. */
export interface ParameterMustGive<T> {
  /** What the parameter's values would have to be. */
  readonly 'the trainable takes values of type': T
}

type MismatchedKey<S, C> = {
  [K in keyof C]-?: K extends keyof S
    ? ConfigOf<S[K]> extends C[K]
      ? never
      : K
    : // an optional key may be missing
      Record<never, never> extends Pick<C, K>
      ? never
      : K
}[keyof C]
