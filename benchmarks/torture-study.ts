/** `node torture-study.js REQUEST`: one session of a study, in a process that may be killed; prints what has to be the same. */
import { join } from 'node:path'
import { ASHAScheduler, HyperBandForBOHB, PopulationBasedTraining } from '../schedulers/index.js'
import { BOHBSearcher } from '../searchers/index.js'
import { choice, loguniform, type ResultGrid, type TuneConfig, Tuner, uniform } from '../src/index.js'
import trainable, { walkLength } from './torture-trainable.js'

/** Which strategies a study has. */
export type TortureKind = 'asha' | 'pbt' | 'bohb'

/** One session of a study. */
export interface TortureRequest {
  readonly kind: TortureKind
  readonly seed: number
  readonly storagePath: string
  readonly name: string
  readonly workers: number
}

const strategies: Record<TortureKind, (seed: number) => TuneConfig> = {
  asha: seed => ({
    numSamples: 24,
    scheduler: new ASHAScheduler({
      maxT: walkLength,
      gracePeriod: 1,
      reductionFactor: 3,
      variant: seed % 2 === 0 ? 'stopping' : 'promotion',
    }),
  }),
  pbt: seed => ({
    numSamples: 6,
    scheduler: new PopulationBasedTraining({
      perturbationInterval: 2,
      quantileFraction: 0.34,
      synch: seed % 2 === 1,
      hyperparamMutations: { rate: loguniform(0.01, 1) },
    }),
  }),
  bohb: () => ({
    numSamples: 20,
    searchAlg: new BOHBSearcher({ minPointsInModel: 4 }),
    scheduler: new HyperBandForBOHB({ maxT: 9, reductionFactor: 3 }),
  }),
}

const { kind, seed, storagePath, name, workers }: TortureRequest = JSON.parse(process.argv[2] ?? '{}')
const options = {
  paramSpace: { height: uniform(0, 1), rate: loguniform(0.01, 1), kind: choice(['plain', 'odd']) },
  tuneConfig: {
    metric: 'accuracy',
    mode: 'max',
    seed,
    maxConcurrentTrials: 5,
    ...strategies[kind](seed),
  },
  runConfig: {
    storagePath,
    name,
    workers,
    verbose: 0,
    checkpointConfig: { checkpointFrequency: seed % 3, numToKeep: 2 },
    callbacks: [{ onNotice: ({ level, message }) => process.stderr.write(`${level}: ${message}\n`) }],
  },
} as const satisfies ConstructorParameters<typeof Tuner>[1]

const path = join(storagePath, name)
// a study that was killed before it began has nothing to be restored
const tuner = Tuner.canRestore(path) ? Tuner.restore(path, trainable, options) : new Tuner(trainable, options)
process.stdout.write(describe(await tuner.fit()))

/** All of a grid but what the wall clock said. */
function describe(grid: ResultGrid<unknown>): string {
  const trials = [...grid].map(({ trialId, config, status, error, stopReason, history, lineage }) => ({
    trialId,
    config,
    status,
    error: error?.message,
    stopReason,
    reports: history.map(({ iteration, metrics }) => [
      iteration,
      Object.entries(metrics).map(([key, value]) => `${key}=${value}`),
    ]),
    lineage: lineage.map(({ iteration, config: then, exploit }) => ({ iteration, config: then, exploit })),
  }))
  const isFinished = grid.outcome?.type === 'finished'
  return JSON.stringify(
    { outcome: grid.outcome?.type, best: isFinished ? grid.getBestResult().trialId : undefined, trials },
    undefined,
    1,
  )
}
