import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { defineTrainable, report, type TrialContext } from '../src/index.js'

/** What is tuned: how fast and how high a walk climbs. */
export interface WalkConfig {
  readonly height: number
  readonly rate: number
  readonly kind: string
}

/** The steps of a walk. */
export const walkLength = 12

/**
 * A walk that keeps its state in two files, so that one of them can be missing. Its worker ends in the step that `TORTURE_EXIT`
 * (`trial:step:marker`) names, the first time that it comes there.
 */
export async function* walk({ height, rate, kind }: WalkConfig, context: TrialContext) {
  let state = { epoch: 0, sum: 0 }
  if (context.checkpoint) {
    const { directory } = context.checkpoint
    state = { ...state, ...JSON.parse(readFileSync(join(directory, 'state.json'), 'utf8')) }
    if (readFileSync(join(directory, 'weights'), 'utf8') !== weightsOf(state.sum)) throw new Error('other weights')
  }
  while (state.epoch < walkLength) {
    const epoch = state.epoch + 1
    const rng = context.rng.fork('step', epoch)
    // how long a step takes is no part of the outcome
    await sleep(rng.integer(0, 12))
    leaveAt(context.trialIndex, epoch)
    state = { epoch, sum: state.sum + rate * (height - state.sum) + 0.02 * rng.normal() }
    const { sum } = state
    const saved = JSON.stringify(state)
    yield report(
      { accuracy: kind === 'plain' ? sum : 0.9 * sum, sum, worst: epoch === 3 ? Number.NaN : -sum },
      {
        checkpoint: directory => {
          writeFileSync(join(directory, 'state.json'), saved)
          writeFileSync(join(directory, 'weights'), weightsOf(sum))
        },
      },
    )
  }
}

function weightsOf(sum: number): string {
  return `${sum} `.repeat(200)
}

function leaveAt(trialIndex: number, epoch: number): void {
  const [trial, step, ...marker] = (process.env.TORTURE_EXIT ?? '').split(':')
  if (Number(trial || Number.NaN) !== trialIndex || Number(step) !== epoch) return
  try {
    writeFileSync(marker.join(':'), '', { flag: 'wx' })
  } catch {
    // it has happened before, or the disk is full
    return
  }
  process.exit(7)
}

export default defineTrainable(import.meta.url, walk)
