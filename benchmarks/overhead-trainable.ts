import { defineTrainable } from '../src/index.js'

/** Reports as often as it is told, and computes nothing: what a study of such trials costs is the engine's own cost. */
export async function* noop({
  reports,
  x,
}: {
  reports: number
  x: number
}): AsyncGenerator<{ loss: number }, void, unknown> {
  for (let step = 1; step <= reports; step++) yield { loss: x / step }
}

export default defineTrainable(import.meta.url, noop)
