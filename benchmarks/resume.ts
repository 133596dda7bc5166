import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median } from 'simple-statistics'
import { RandomSearcher } from '../searchers/index.js'
import { FileJournal, Rng, Space, Study, type StudyDefinition, type StudyEvent } from '../src/index.js'
import { resumeOptions } from './resume-options.js'

export const options = { trials: { type: 'string' }, repeats: { type: 'string' } } as const

/** What one resume took. */
interface Measured {
  readonly seconds: number
  readonly cpuSeconds: number
  readonly megabytes: number
}

/** Trials that are told their results between two syncs of the journal. */
const group = 1000

/**
 * What `npm run bench -- resume` measures: how long it takes, and how much memory, to take up a study that was killed after 100,000 trials (ASHA),
 * until its first trial runs again. Its journal is made by a study that is told results, without trials that run, and so are those of the trials'
 * files that are looked at.
 */
export async function bench({
  trials = '100000',
  repeats = '3',
}: {
  json: boolean
  trials?: string
  repeats?: string
}) {
  const folder = mkdtempSync(join(tmpdir(), 'tunewright-resume-'))
  const path = join(folder, 'journal.jsonl')
  try {
    const { lines, reports } = await writeStudy(path, Number(trials))
    const script = fileURLToPath(new URL('./resume-study.js', import.meta.url))
    const journalMegabytes = Number((statSync(path).size / 1e6).toFixed(1))
    const measured = Array.from(
      { length: Number(repeats) },
      (): Measured => JSON.parse(execFileSync(process.execPath, [script, folder], { encoding: 'utf8' })),
    )
    const middle = (key: keyof Measured) => Number(median(measured.map(each => each[key])).toFixed(2))
    return {
      trials: Number(trials),
      reports,
      lines,
      journalMegabytes,
      seconds: middle('seconds'),
      cpuSeconds: middle('cpuSeconds'),
      megabytes: middle('megabytes'),
      node: process.version,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Writes the journal of a study that has come so far, and the files by which it is told that those of its trials are whole. */
async function writeStudy(path: string, trials: number): Promise<{ lines: number; reports: number }> {
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
