import { type Cell, clampUnit } from './domains/domain.js'
import { type BranchingNode, type Node, type ObjectNode, type ScalarNode, sortedChildren } from './node.js'

/** What must be chosen elsewhere for a parameter to exist. */
export interface Condition {
  /** The {@link Dimension.key} of the choice, or the key of a grid variable, which is no dimension. */
  readonly key: string
  /** The index of the choice's dimension; undefined for a grid variable. */
  readonly dimension: number | undefined
  /** Which of its values must be chosen. */
  readonly value: number
}

interface CommonDimension {
  /** Its place in an encoded config. */
  readonly index: number
  /** Its name, unique in the space: `lr`, or `optimizer[1]/lr` for a parameter of the second sub-space of a choice. */
  readonly key: string
  /** Where its value stands in a config: `optimizer/lr`. Parameters of different sub-spaces may share it. */
  readonly path: string
  /** What must hold for it to exist, if it doesn't always; that choice may be conditional itself. */
  readonly condition: Condition | undefined
  /**
   * The part of the unit interval that is decoded like this coordinate: a single point for a continuous dimension, else the value's
   * cell, in whose middle the value is encoded. The cells of linear integers and of categories are equally wide.
   *
   * @param unit - in [0, 1]
   */
  cell(unit: number): Cell
}

/** A number: its coordinate is uniform in its distribution, so log-scaled where `isLog` says so, a quantile where it is normal. */
export interface NumericDimension extends CommonDimension {
  /** `ordinal` if it has finitely many values, in rising order. */
  readonly type: 'continuous' | 'ordinal'
  /** How many values it has; Infinity for a continuous one. */
  readonly size: number
  /** Whether its coordinate goes by the logarithm of its value. */
  readonly isLog: boolean
}

/** One of several values without an order: the index i of n is encoded as (i + ½) / n. */
export interface CategoricalDimension extends CommonDimension {
  /** What tells it from a number. */
  readonly type: 'categorical'
  /** How many values it has. */
  readonly size: number
  /** The index that a coordinate in [0, 1] decodes to. */
  indexAt(unit: number): number
}

/** A parameter as an axis of the unit cube. */
export type Dimension = NumericDimension | CategoricalDimension

/** Lists a space's dimensions: by key as sorted at each level, a choice before what depends on it. */
export function listDimensions(root: ObjectNode): readonly Dimension[] {
  const dimensions: Dimension[] = []
  visit(root, undefined)
  return dimensions

  function visit(node: Node, condition: Condition | undefined): void {
    const index = dimensions.length
    if (node.type === 'scalar') dimensions.push(numeric(node, index, condition))
    else if (node.type === 'choice') dimensions.push(categorical(node, index, condition))
    const dimension = node.type === 'choice' ? index : undefined
    for (const [value, child] of sortedChildren(node).entries()) {
      visit(child, 'branches' in node ? { key: node.key, dimension, value } : condition)
    }
  }
}

function numeric(node: ScalarNode, index: number, condition: Condition | undefined): NumericDimension {
  const { key, path, domain } = node
  const { size, isLog } = domain
  const type = Number.isFinite(size) ? 'ordinal' : 'continuous'
  return { type, index, key, path, condition, size, isLog, cell: unit => domain.cell(clampUnit(unit)) }
}

function categorical(node: BranchingNode, index: number, condition: Condition | undefined): CategoricalDimension {
  const { key, path, branches } = node
  const size = branches.length
  const indexAt = (unit: number) => categoryAt(unit, size)
  const cell = (unit: number) => ({ lower: indexAt(unit) / size, upper: (indexAt(unit) + 1) / size })
  return { type: 'categorical', index, key, path, condition, size, indexAt, cell }
}

/** The index that a coordinate decodes to. */
export function categoryAt(unit: number, size: number): number {
  return Math.min(size - 1, Math.floor(clampUnit(unit) * size))
}
