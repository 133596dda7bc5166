import { minimize } from '../../src/math/lbfgs.js'
import { bend, slopeOf } from './input-warp.js'
import { type Place, type Search, scoreAll, writeInputs } from './score.js'

/** Moves the numbers of a place that a gradient can move to where the acquisition is greatest, the others staying. */
export function climbSmooth(search: Search, place: Place, steps: number): Place {
  const { layout, inputWarp, acquisition, box } = search
  const { varying } = layout
  const indexOf = (j: number) => varying[j]?.index ?? 0
  const free = layout.smooth.filter(j => !Number.isNaN(place.units[indexOf(j)] ?? Number.NaN))
  if (free.length === 0) return place
  const row = new Float64Array(varying.length)
  writeInputs(search, place.units, row)
  const rowGradient = new Float64Array(varying.length)
  const { x } = minimize(
    (point, gradient) => {
      for (const [i, j] of free.entries()) {
        const curve = inputWarp?.[j]
        row[j] = curve === undefined ? (point[i] ?? 0) : bend(curve, point[i] ?? 0)
      }
      const score = acquisition.scoreWithGradient(row, rowGradient)
      for (const [i, j] of free.entries()) {
        const curve = inputWarp?.[j]
        const slope = curve === undefined ? 1 : slopeOf(curve, point[i] ?? 0)
        gradient[i] = -(rowGradient[j] ?? 0) * slope
      }
      return -score
    },
    Float64Array.from(free, j => place.units[indexOf(j)] ?? 0),
    {
      lower: Float64Array.from(free, j => box.lower[indexOf(j)] ?? 0),
      upper: Float64Array.from(free, j => box.upper[indexOf(j)] ?? 1),
      maxIterations: steps,
      gradientTolerance: 1e-4,
      valueTolerance: 1e-6,
    },
  )
  const latent = place.latent.slice()
  for (const [i, j] of free.entries()) latent[indexOf(j)] = x[i] ?? 0
  return better(place, scoreAll(search, [latent]))
}

/** Tries other values of the discrete dimensions: all combinations if they are few, else one dimension after the other until none is better. */
export function climbDiscrete(search: Search, start: Place): Place {
  const { varying, discrete, combinations } = search.layout
  if (combinations !== undefined) return better(start, scoreAll(search, combine(search, start)))
  let place = start
  let unchanged = 0
  for (let turn = 0; unchanged < discrete.length && turn < 4 * discrete.length; turn++) {
    const j = discrete[turn % discrete.length] ?? 0
    const index = varying[j]?.index ?? 0
    unchanged++
    if (Number.isNaN(place.units[index] ?? Number.NaN)) continue
    const others = otherUnits(search, j, place.units[index] ?? 0.5).map(unit => {
      const latent = place.latent.slice()
      latent[index] = unit
      return latent
    })
    const found = better(place, scoreAll(search, others))
    if (found !== place) unchanged = 0
    place = found
  }
  return place
}

/** A place with all combinations of discrete values. */
function combine({ layout: { varying, discrete, combinations } }: Search, { latent }: Place): Float64Array[] {
  const all = combinations ?? new Float64Array(0)
  const width = discrete.length
  return Array.from({ length: all.length / width }, (_, i) => {
    const point = latent.slice()
    for (const [k, j] of discrete.entries()) point[varying[j]?.index ?? 0] = all[i * width + k] ?? 0
    return point
  })
}

/** The coordinates of a dimension's other values: of all of them if they are listed, else of some below and above. */
function otherUnits({ layout: { varying, levels } }: Search, j: number, here: number): readonly number[] {
  const listed = levels[j]
  if (listed !== undefined) return [...listed].filter(unit => unit !== here)
  const cell = varying[j]?.cell(here)
  if (cell === undefined) return []
  const { lower, upper } = cell
  const steps = [1e-9, 1, 2, 4].map(step => step * (upper - lower))
  return steps.flatMap(step => [lower - step, upper + step]).filter(unit => unit >= 0 && unit <= 1)
}

function better(place: Place, others: readonly Place[]): Place {
  let best = place
  for (const other of others) if (other.score > best.score) best = other
  return best
}
