import type { Dimension } from '../../src/space/dimension.js'
import type { ParameterModel } from './options.js'

/** The parameters in the sets that are modelled together, a choice before what depends on it. */
export function listBlocks(dimensions: readonly Dimension[], model: ParameterModel): readonly (readonly Dimension[])[] {
  switch (model) {
    case 'multivariate':
      return dimensions.length > 0 ? [dimensions] : []
    case 'univariate':
      return dimensions.map(dimension => [dimension])
    case 'grouped': {
      const groups = new Map<string, Dimension[]>()
      for (const dimension of dimensions) {
        const { condition } = dimension
        const key = condition?.dimension === undefined ? '' : `${condition.dimension}:${condition.value}`
        const group = groups.get(key)
        if (group === undefined) groups.set(key, [dimension])
        else group.push(dimension)
      }
      return [...groups.values()]
    }
  }
}
