import type { Searcher } from '../../src/searcher.js'
import { BayesianSearcher } from '../bayesian/searcher.js'
import { CMAESSearcher } from '../cma-es/cma-es-searcher.js'
import { GridSearcher } from '../grid.js'
import type { CommonOptions } from '../kit/experience.js'
import { NSGA2Searcher } from '../nsga2/nsga2-searcher.js'
import { RandomSearcher } from '../random.js'
import { SobolSearcher } from '../sobol.js'
import { TPESearcher } from '../tpe/tpe-searcher.js'
import type { Strategy } from './choose.js'

/** Makes a searcher of its default options. */
export function createSearcher(strategy: Strategy, options: CommonOptions): Searcher {
  switch (strategy) {
    case 'random':
      return new RandomSearcher(options)
    case 'grid':
      return new GridSearcher(options)
    case 'sobol':
      return new SobolSearcher(options)
    case 'bayesian':
      return new BayesianSearcher(options)
    case 'tpe':
      return new TPESearcher(options)
    case 'cma-es':
      return new CMAESSearcher(options)
    case 'nsga2':
      return new NSGA2Searcher(options)
    default:
      return strategy satisfies never
  }
}
