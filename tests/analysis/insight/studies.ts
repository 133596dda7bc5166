import {
  type Metrics,
  type ResultGrid,
  Rng,
  Simulation,
  type SpaceDefinition,
  type TrainableInput,
  type TuneConfig,
  Tuner,
} from '../../../src/index.js'

/** Runs a study in virtual time and in memory. */
export function runStudy(
  trainable: TrainableInput<never, Metrics>,
  paramSpace: SpaceDefinition,
  tuneConfig: Partial<TuneConfig> & { readonly numSamples: number },
): Promise<ResultGrid<unknown>> {
  return new Tuner(trainable, {
    paramSpace,
    tuneConfig: { metric: 'loss', mode: 'min', seed: 1, ...tuneConfig },
    runConfig: { storagePath: false, verbose: 0, executor: new Simulation({ workers: 4 }).executor },
  }).fit() as Promise<ResultGrid<unknown>>
}

/** Noise that is the same each time. */
export function noiseOf(seed: string, deviation: number): () => number {
  const rng = Rng.from(seed)
  return () => deviation * rng.normal()
}
