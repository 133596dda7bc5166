export type { CategoricalDimension, Condition, Dimension, NumericDimension } from './dimension.js'
export { choice } from './domains/choice.js'
export type { Cell, Domain, DomainKind, ScalarKind } from './domains/domain.js'
export { loguniform, uniform } from './domains/float.js'
export { gridSearch } from './domains/grid-search.js'
export { lograndint, qlograndint, qrandint, randint } from './domains/integer.js'
export { qrandn, randn } from './domains/normal.js'
export { qloguniform, quniform } from './domains/quantised.js'
export { sampleFrom } from './domains/sample-from.js'
export type { OnWarning } from './given.js'
export type { Grid, GridCell, GridVariable } from './grid.js'
export { type ConfigList, type DecodeOptions, type SampleOptions, Space } from './space.js'
export { experimentTag, formatParameters, formatTagValue } from './tag.js'
export type {
  CompatibleSpace,
  ConfigOf,
  ParameterMustGive,
  SpaceDefinition,
  SpaceMismatch,
  SpaceNode,
} from './types.js'
