import { expect } from 'vitest'
import type { JsonObject } from '../../src/json.js'
import { Rng } from '../../src/rng.js'
import { type Coroutine, type Step, toCoroutine } from '../../src/trainable/coroutine.js'
import type { TrainableDefinition, TrainableInstance, TrialContext } from '../../src/trainable/trainable.js'

export function makeContext(some: Partial<TrialContext> = {}): TrialContext {
  return {
    trialIndex: 3,
    trialId: 't_3',
    repeat: undefined,
    directory: '/nowhere',
    seed: 1,
    rng: Rng.from(1),
    signal: new AbortController().signal,
    checkpoint: undefined,
    ...some,
  }
}

export type Previous = TrainableInstance | undefined

export function open(definition: unknown, some: Partial<TrialContext> = {}, previous?: Previous): Coroutine {
  const context = makeContext(some)
  return toCoroutine({ definition: definition as TrainableDefinition, config: { lr: 0.1 }, context, previous })
}

export function brief(step: Step): JsonObject | 'end' {
  return step.type === 'end' ? 'end' : step.metrics
}

/** All steps up to the end, and two more beyond it. */
export async function runAll(definition: unknown): Promise<(JsonObject | 'end')[]> {
  const coroutine = open(definition)
  const steps: (JsonObject | 'end')[] = []
  for (let beyond = 0; beyond < 3; ) {
    const step = brief(await coroutine.next())
    steps.push(step)
    if (step === 'end') beyond += 1
  }
  return steps
}

export const invalidReport = (message: string) =>
  expect.objectContaining({ name: 'TuneError', code: 'INVALID_REPORT', message: expect.stringContaining(message) })

export const ended = ['end', 'end', 'end']
