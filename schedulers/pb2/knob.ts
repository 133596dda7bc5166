import { TuneError } from '../../src/errors.js'
import type { JsonObject } from '../../src/json.js'
import { uniform } from '../../src/space/index.js'
import type { Space } from '../../src/space/space.js'
import { readPath } from '../../src/trial.js'
import { type Axis, axisOf, narrow, unitOf } from '../pbt/axis.js'
import { axesAt, axisOfDomain, checkPath } from '../pbt/mutations.js'
import type { Bounds } from './options.js'

/** A number that may change, as a coordinate. */
export interface Knob {
  readonly path: string
  readonly axis: Axis
  /**
   * The coordinate of a config's value, in [0, 1]; NaN if the config has none.
   *
   * @param units - the config in the unit cube of the study's space
   */
  unitIn(config: JsonObject, units: Float64Array | undefined): number
}

/**
 * The numbers that may change: those that are named, else all of the space.
 *
 * @param space - the study's
 * @throws `TuneError` `INVALID_OPTION` if no config has a path that is named, or none of the values between its bounds
 */
export function makeKnobs(owner: string, bounds: readonly Bounds[] | undefined, space: Space | undefined): Knob[] {
  if (bounds !== undefined) return bounds.flatMap(each => knobsWithin(owner, each, space))
  if (space === undefined) return []
  return space.dimensions.flatMap(dimension => {
    if (dimension.type === 'categorical') return []
    return [knobOn(axisOf(space, dimension), dimension.index, { from: 0, to: 1 })]
  })
}

function knobsWithin(owner: string, { path, lower, upper }: Bounds, space: Space | undefined): Knob[] {
  if (space !== undefined) checkPath(owner, space, path)
  const found = space === undefined ? [] : axesAt(space, path)
  if (found.length === 0) return [freeKnob(axisOfDomain(owner, path, uniform(lower, upper)))]
  return found.map(({ axis, dimension }) => {
    const [from, to] = [unitOf(axis, lower), unitOf(axis, upper)]
    if (from < to) return knobOn(narrow(axis, lower, upper), dimension.index, { from, to })
    throw new TuneError(
      'INVALID_OPTION',
      `${owner}: '${path}' has no two values between ${lower} and ${upper} in the space, where it goes from ${axis.at(0)} to ${axis.at(1)}; make its bounds wider`,
    )
  })
}

/** @param within - the part of the dimension that may be taken */
function knobOn(axis: Axis, index: number, { from, to }: { readonly from: number; readonly to: number }): Knob {
  return {
    path: axis.path,
    axis,
    unitIn: (_, units) => clamp(((units?.[index] ?? Number.NaN) - from) / (to - from)),
  }
}

/** A number that the space does not bound. */
function freeKnob(axis: Axis): Knob {
  const [lower, upper] = [axis.at(0), axis.at(1)]
  return {
    path: axis.path,
    axis,
    unitIn: config => {
      const value = readPath(config, axis.path)
      return typeof value === 'number' ? clamp((value - lower) / (upper - lower)) : Number.NaN
    },
  }
}

/** NaN stays NaN. */
function clamp(unit: number): number {
  return Math.min(1, Math.max(0, unit))
}
