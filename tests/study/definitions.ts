import type { StudyDefinition } from '../../src/study/events.js'

/** A study's definition; what a test doesn't name doesn't matter to it. */
export function makeDefinition(some: Partial<StudyDefinition> = {}): StudyDefinition {
  const { metric = 'loss', mode = 'min' } = some
  return {
    name: 'test',
    seed: 7,
    objectives: metric === null || mode === null ? [] : [{ metric, mode }],
    metric,
    mode,
    order: 'logical',
    maxConcurrentTrials: 4,
    numSamples: 10,
    maxFailures: 0,
    failFast: false,
    trainable: 'train',
    space: {},
    searcher: { name: 'random', options: {} },
    scheduler: { name: 'fifo', options: {} },
    stoppers: [],
    ...some,
  }
}
