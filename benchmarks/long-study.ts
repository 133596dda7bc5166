import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { RandomSearcher } from '../searchers/index.js'
import { FileJournal, Rng, Space, Study, type StudyDefinition, type StudyEvent } from '../src/index.js'
import { resumeOptions } from './resume-options.js'

/** Trials that are told their results between two syncs of the journal. */
const group = 1000

/** Writes the journal of a study that has come so far, and the files by which it is told that those of its trials are whole. */
export async function writeLongStudy(path: string, trials: number): Promise<{ lines: number; reports: number }> {
  const { paramSpace, tuneConfig } = resumeOptions()
  const { seed, maxConcurrentTrials, scheduler } = tuneConfig
  const space = Space.of(paramSpace)
  const searcher = new RandomSearcher()
  const definition: StudyDefinition = {
    name: 'resume',
    seed,
    metric: 'loss',
    mode: 'min',
    objectives: [{ metric: 'loss', mode: 'min' }],
    order: 'logical',
    maxConcurrentTrials,
    numSamples: null,
    maxFailures: 0,
    failFast: false,
    trainable: 'idle',
    space: space.describe(),
    searcher: { name: searcher.name, options: searcher.options },
    scheduler: { name: scheduler.name, options: scheduler.options },
    stoppers: [],
  }
  let lines = 0
  let reports = 0
  // a line each millisecond
  const clock = { now: () => 1_700_000_000_000 + lines, monotonic: () => lines }
  const journal = FileJournal.create(path, clock)
  const append = (event: StudyEvent) => {
    journal.append(event)
    lines += 1
    if (event.event === 'report') reports += 1
  }
  append({ event: 'study', format: 1, definition })
  const study = new Study(definition, { space, searcher, scheduler, stoppers: [] }, append)
  study.openSession()
  const rng = Rng.from(1).fork('loss')
  while (study.trials.length < trials) {
    while (study.running.size < maxConcurrentTrials && study.trials.length < trials) study.ask()
    for (const [index, { iteration, clock: at }] of study.running) {
      const timing = { timestampMs: clock.now(), timeThisIterS: 0.25 + rng.uniform(), timeTotalS: at }
      study.commitReport(index, { loss: (index % 1000) / 1000 + 1 / (iteration + 1), accuracy: rng.uniform() }, timing)
      if (study.running.has(index) && iteration + 1 === 27) study.tell(index)
    }
    if (study.trials.length % group === 0) await journal.flush()
  }
  await journal.close()
  for (const { directory, iteration } of study.trials) {
    mkdirSync(join(dirname(path), directory))
    const result = iteration === 0 ? '' : `${JSON.stringify({ training_iteration: iteration })}\n`
    writeFileSync(join(dirname(path), directory, 'result.json'), result)
  }
  return { lines, reports }
}
