import { setTimeout as sleep } from 'node:timers/promises'
import { defineTrainable, type TrialContext } from '../src/index.js'

/** Waits for as long as its steps take: a trial that is up to four times as slow as the next, and no step like the other. */
export async function* uneven(
  { height, stepMs }: { height: number; stepMs: number },
  { rng }: TrialContext,
): AsyncGenerator<{ accuracy: number }, void, unknown> {
  const pace = 2 ** (2 * rng.fork('pace').uniform() - 1)
  for (let epoch = 1; epoch <= 9; epoch++) {
    await sleep(stepMs * pace * (0.5 + rng.fork('step', epoch).uniform()))
    yield { accuracy: height * (1 - 0.5 ** epoch) }
  }
}

export default defineTrainable(import.meta.url, uneven)
