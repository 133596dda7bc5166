// A searcher that knows tunewright's public face alone, and ways to break it.
import { Rng, readMetric, TuneError } from 'tunewright'

/** Tries configs near the best so far. */
export class HillClimber {
  name = 'hill-climber'

  constructor({ pointsToEvaluate = [] } = {}) {
    this.options = { pointsToEvaluate }
  }

  setUp(context) {
    if (context.metric === undefined)
      throw new TuneError('INVALID_OPTION', 'the hill climber needs one metric: set tuneConfig.metric')
    for (const point of this.options.pointsToEvaluate) context.space.checkGiven(point)
    this.context = context
    this.best = undefined
  }

  total() {
    return Math.max(this.options.pointsToEvaluate.length, this.context.numSamples)
  }

  suggest({ trialIndex, rng }) {
    const { space } = this.context
    if (trialIndex >= this.total()) return { type: 'finished' }
    const given = this.options.pointsToEvaluate[trialIndex]
    if (given !== undefined || this.best === undefined) return { type: 'config', config: space.sample(rng, { given }) }
    const units = space.encode(this.best.config).map(unit => unit + 0.1 * rng.normal())
    return { type: 'config', config: space.decode(units, { rng }) }
  }

  observe({ status, config, lastReport }) {
    const { metric, mode } = this.context
    const value = lastReport && readMetric(lastReport, metric)
    if (status === 'error' || !Number.isFinite(value)) return
    const loss = mode === 'max' ? -value : value
    if (this.best === undefined || loss < this.best.loss) this.best = { loss, config }
  }
}

let made = 0

/** What goes wrong, by the title of a test that must see it. */
export const broken = {
  'suggests the same however often, and in whatever order, it is asked': class extends HillClimber {
    asked = 0
    suggest(request) {
      this.asked += 1
      return super.suggest({ ...request, rng: request.rng.fork(this.asked) })
    }
  },
  'suggests the same in another process': class extends HillClimber {
    suggest(request) {
      return super.suggest({ ...request, rng: Rng.from(process.pid).fork(request.trialIndex) })
    }
  },
  'suggests the same for the same history, however long it took': class extends HillClimber {
    number = made++
    suggest(request) {
      return super.suggest({ ...request, rng: request.rng.fork(this.number) })
    }
  },
  'suggests after a resume what it would have suggested': class extends HillClimber {
    suggest(request) {
      const suggestion = super.suggest(request)
      this.last = suggestion.config
      return suggestion
    }
    observe(trial) {
      super.observe(this.last ? { ...trial, config: this.last } : trial)
    }
  },
  'minimizes a metric as it maximizes its negative': class extends HillClimber {
    setUp(context) {
      super.setUp({ ...context, mode: 'min' })
    }
  },
  'suggests configs of the space, whatever became of earlier ones': class extends HillClimber {
    suggest(request) {
      const suggestion = super.suggest(request)
      return suggestion.config?.x ? { type: 'config', config: { ...suggestion.config, x: 99 } } : suggestion
    }
  },
  'does not depend on the order in which pending trials are listed': class extends HillClimber {
    suggest(request) {
      const [first = -1] = request.pending.keys()
      return super.suggest({ ...request, rng: request.rng.fork(first) })
    }
  },
  'starts anew at each setUp': class extends HillClimber {
    setUp(context) {
      const { best } = this
      super.setUp(context)
      this.best = best
    }
  },
  'suggests as many configs as it said, and then says that it has finished': class extends HillClimber {
    suggest(request) {
      return super.suggest({ ...request, trialIndex: Math.min(request.trialIndex, this.total() - 1) })
    }
  },
  'takes values of the metric that are not finite': class extends HillClimber {
    observe(trial) {
      const value = trial.lastReport && readMetric(trial.lastReport, this.context.metric)
      if (value === Number.POSITIVE_INFINITY) throw new Error('the matrix is singular')
      super.observe(trial)
    }
  },
  'serves a study without a metric and one with two, or refuses them as options': class extends HillClimber {
    setUp(context) {
      super.setUp({ ...context, metric: context.objectives[0]?.metric ?? 'loss' })
    }
  },
  'suggests with 8 trials open that end in any order, and after a resume': class extends HillClimber {
    suggest(request) {
      return request.pending.size > 4 ? { type: 'config', config: { best: 0.5 } } : super.suggest(request)
    }
  },
  'has a name, and options that are plain data': class extends HillClimber {
    options = { pointsToEvaluate: [], callback: () => 0 }
  },
}
