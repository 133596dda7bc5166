import { TuneError } from '../errors.js'
import type { JsonObject } from '../json.js'
import { Rng } from '../rng.js'
import { assemble, type Source } from './assemble.js'
import { compile } from './compile.js'
import { describe } from './describe.js'
import { type Dimension, listDimensions } from './dimension.js'
import { decodingSource, encodeInto, isActive } from './encode.js'
import { type Assignment, enumerate } from './enumerate.js'
import { checkGiven, type OnWarning } from './given.js'
import { type Grid, type GridCell, gridOf } from './grid.js'
import type { ObjectNode } from './node.js'
import { listVaryingPaths } from './paths.js'
import type { SpaceDefinition } from './types.js'
import { findConfigFault } from './validate.js'

/** What is fixed when a config is made. */
export interface SampleOptions {
  /** A part of a config, whose values are taken as they are; the rest is made around them. */
  readonly given?: JsonObject | undefined
  /** The values of grid variables, from {@link Grid.cell}; a variable that is neither here nor given is drawn at random. */
  readonly cell?: GridCell | undefined
  /** Told of given values outside their domains. @defaultValue nobody is */
  readonly onWarning?: OnWarning | undefined
}

/** What is fixed when a config is made without drawing its parameters. */
export interface DecodeOptions extends SampleOptions {
  /** The stream for `sampleFrom` and for grid variables without a cell; without it a fixed one, so that the result is a function of the rest. */
  readonly rng?: Rng | undefined
}

/** A space's configs, numbered from 0. */
export interface ConfigList {
  /** How many configs there are. */
  readonly size: number
  /** The config of that number. @param index - in [0, size) */
  at(index: number, options?: Pick<DecodeOptions, 'rng'>): JsonObject
}

/**
 * A checked search space. It draws configs, lists them, checks them, and maps them to and from the unit cube.
 *
 * Each parameter draws from a stream of its own, named by its key, so that adding a parameter or changing the order of keys leaves
 * the values of the others as they were.
 */
export class Space {
  /** The paths of a config whose values vary, in the order of the definition; sub-spaces of a choice give theirs, constants included. */
  readonly parameterPaths: readonly string[]
  /**
   * The axes of the unit cube: every number and every choice, in an order that depends on keys alone. `sampleFrom`, `gridSearch` and
   * constants have none.
   */
  readonly dimensions: readonly Dimension[]
  /** How many combinations of `gridSearch` values there are, 1 without any. */
  readonly gridSize: number
  readonly #root: ObjectNode
  readonly #grid: Grid
  readonly #indices: ReadonlyMap<string, number>

  private constructor(root: ObjectNode) {
    this.#root = root
    this.#grid = gridOf(root)
    this.parameterPaths = listVaryingPaths(root)
    this.dimensions = listDimensions(root)
    this.gridSize = this.#grid.size
    this.#indices = new Map(this.dimensions.map(({ key, index }) => [key, index]))
  }

  /**
   * Checks a definition and makes its space.
   *
   * @throws `TuneError` `INVALID_SPACE` naming the path of what is wrong, its value and the remedy
   */
  static of(definition: SpaceDefinition): Space {
    return new Space(compile(definition))
  }

  /**
   * Draws a config.
   *
   * @throws `TuneError` `INVALID_CONFIG` if `given` has a key that the space lacks, or a `sampleFrom` function throws or gives no JSON
   * data; `INVALID_SPACE` if such functions depend on one another in a cycle
   * @see Ray Tune's `generate_variants`
   */
  sample(rng: Rng, options: SampleOptions = {}): JsonObject {
    const source: Source = {
      scalar: ({ key, domain }) => domain.sample(rng.fork(key)),
      branch: ({ key, branches }) => options.cell?.get(key) ?? rng.fork(key).integer(0, branches.length),
    }
    return this.#assemble(source, rng, options)
  }

  /**
   * The grid over the `gridSearch` variables that are not given.
   *
   * @param given - a part of a config
   */
  grid(given?: JsonObject): Grid {
    return given === undefined ? this.#grid : gridOf(this.#root, given)
  }

  /**
   * A cell of the whole grid.
   *
   * @param index - in [0, {@link gridSize}); the variable whose path sorts first varies fastest
   */
  cell(index: number): GridCell {
    return this.#grid.cell(index)
  }

  /**
   * Lists every config: all values of finite domains and grids, as many as told of the others, spread evenly over the unit interval;
   * the sub-spaces of a choice one after the other. The parameter whose path sorts first varies fastest.
   *
   * @param options - `pointsPerDimension`: how many values to take of a domain that has no end of them, an integer of at least 1
   * @throws `TuneError` `INVALID_OPTION` naming a parameter that needs `pointsPerDimension` where it isn't given, `INVALID_SPACE` if there are more than
   * 2^53 configs
   */
  enumerate(options: { readonly pointsPerDimension?: number | undefined } = {}): ConfigList {
    const { size, assign } = enumerate(this.#root, options.pointsPerDimension)
    return {
      size,
      at: (index, { rng = decodeStream } = {}) => {
        const assignment: Assignment = new Map()
        assign(index, assignment)
        const read = ({ key }: { readonly key: string }) => assignment.get(key) ?? 0
        return this.#assemble({ scalar: read, branch: read }, rng, {})
      },
    }
  }

  /** Whether a config is one of the space's; what `sampleFrom` gave may be anything. */
  contains(config: unknown): boolean {
    return findConfigFault(this.#root, config) === undefined
  }

  /**
   * Checks that a config is one of the space's, with just the parameters of the sub-spaces that it chose.
   *
   * @throws `TuneError` `INVALID_CONFIG` naming the path of what is wrong
   */
  validate(config: unknown): void {
    const fault = findConfigFault(this.#root, config)
    if (fault) throw new TuneError('INVALID_CONFIG', `the config is not one of the space's: ${fault}`)
  }

  /**
   * Checks a part of a config that is to be given to {@link sample}, without sampling.
   *
   * @throws `TuneError` `INVALID_CONFIG` if it has a key that the space lacks, or something that is no JSON data
   */
  checkGiven(given: JsonObject, onWarning?: OnWarning): void {
    checkGiven(this.#root, given, onWarning)
  }

  /**
   * The coordinates of a config in the unit cube, one for each of {@link dimensions}; **NaN for those that the config doesn't have**,
   * since its choices lead elsewhere. Values outside their domains are moved to the nearest end.
   *
   * @returns [d], d the number of dimensions
   */
  encode(config: JsonObject): Float64Array {
    const units = new Float64Array(this.dimensions.length).fill(Number.NaN)
    encodeInto(units, this.#root, config, this.#indices)
    return units
  }

  /**
   * The config at a point of the unit cube. Coordinates of parameters that it doesn't have are not read; NaN counts as ½.
   *
   * @param units - [d], each in [0, 1]
   */
  decode(units: ArrayLike<number>, options: DecodeOptions = {}): JsonObject {
    const { rng = decodeStream, cell } = options
    const source = decodingSource(units, this.#indices, {
      branch: ({ key, branches }) => cell?.get(key) ?? rng.fork(key).integer(0, branches.length),
    })
    return this.#assemble(source, rng, options)
  }

  /** Whether the config at a point of the unit cube has the parameter of a dimension. */
  isActive(units: ArrayLike<number>, dimension: Dimension): boolean {
    return isActive(units, dimension, this.dimensions)
  }

  /** The space as plain data, for the journal's header: spaces that sample alike are described alike. Functions appear as source text. */
  describe(): JsonObject {
    return describe(this.#root)
  }

  #assemble(source: Source, rng: Rng, { given, onWarning }: SampleOptions): JsonObject {
    if (given !== undefined) checkGiven(this.#root, given, onWarning)
    return assemble(this.#root, source, rng, given)
  }
}

const decodeStream = Rng.from('tunewright.decode')
