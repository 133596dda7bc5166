import { batchSizeAt } from '../training/batch-size-policy.js'
import { learningRateAt, type RunPosition } from '../training/learning-rate-schedule.js'
import type { MiniGoogLeNetSettings } from './config.js'

/** What decides the steps of a run. */
export type RunPlan = Pick<MiniGoogLeNetSettings, 'learningRate' | 'batchSize' | 'epochs' | 'trainImages'>

/** One step of a run. */
export interface PlannedStep extends RunPosition {
  /** The learning rate of the step. */
  readonly learningRate: number
  /** The batch size that the policy asks for. */
  readonly batchSize: number
  /** The images that it takes: these, or those that the epoch has left. */
  readonly images: number
}

/** Foretells the steps of a run, in order: what {@link miniGoogLeNet} takes with such a config, for a plot for instance. */
export function* plannedSteps({ learningRate, batchSize, epochs, trainImages }: RunPlan): Generator<PlannedStep, void> {
  let step = 0
  for (let pass = 0; pass < epochs; pass++) {
    for (let done = 0; done < trainImages; ) {
      const position: RunPosition = { step, epoch: pass + done / trainImages, epochs }
      const size = batchSizeAt(batchSize, position)
      const images = Math.min(size, trainImages - done)
      yield { ...position, learningRate: learningRateAt(learningRate, position), batchSize: size, images }
      done += images
      step++
    }
  }
}
