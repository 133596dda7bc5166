import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { median } from 'simple-statistics'
import { writeReport } from '../analysis/index.js'
import { FIFOScheduler } from '../schedulers/index.js'
import { RandomSearcher } from '../searchers/index.js'
import {
  choice,
  FileJournal,
  loguniform,
  openResults,
  Rng,
  randint,
  Space,
  Study,
  type StudyDefinition,
  type StudyEvent,
  uniform,
} from '../src/index.js'

export const options = {
  trials: { type: 'string' },
  reports: { type: 'string' },
  repeats: { type: 'string' },
  keep: { type: 'string' },
} as const

/** Trials that are told their results between two syncs of the journal. */
const group = 1000

/**
 * What `npm run bench -- report` measures: how long it takes from a study's journal to its report on disk, and how large that is. The study has
 * 10,000 trials of eight hyperparameters, with 20 reports of two metrics each; it is made by being told results, without trials that run. With
 * `--keep FOLDER` the study and its report stay there.
 */
export async function bench({
  trials = '10000',
  reports = '20',
  repeats = '3',
  keep,
}: {
  json: boolean
  trials?: string
  reports?: string
  repeats?: string
  keep?: string
}) {
  if (keep !== undefined) mkdirSync(keep, { recursive: true })
  const folder = keep ?? mkdtempSync(join(tmpdir(), 'tunewright-report-'))
  try {
    const journal = join(folder, 'journal.jsonl')
    await writeStudy(journal, Number(trials), Number(reports))
    const path = join(folder, 'report.html')
    const seconds: number[] = []
    for (let i = 0; i < Number(repeats); i++) {
      const started = performance.now()
      await writeReport(openResults(folder), { path })
      seconds.push((performance.now() - started) / 1000)
    }
    return {
      trials: Number(trials),
      reports: Number(trials) * Number(reports),
      journalMegabytes: megabytes(journal),
      seconds: Number(median(seconds).toFixed(2)),
      megabytes: megabytes(path),
      node: process.version,
    }
  } finally {
    if (keep === undefined) rmSync(folder, { recursive: true, force: true })
  }
}

function megabytes(path: string): number {
  return Number((statSync(path).size / 1e6).toFixed(1))
}

/** Writes the journal of a study whose trials have all ended. */
async function writeStudy(path: string, trials: number, reports: number): Promise<void> {
  const space = Space.of({
    lr: loguniform(1e-5, 1),
    momentum: uniform(0, 1),
    dropout: uniform(0, 0.5),
    layers: randint(1, 9),
    width: choice([16, 32, 64, 128]),
    optimizer: choice([{ name: 'adam', beta: uniform(0.8, 1) }, { name: 'sgd' }]),
    decay: loguniform(1e-6, 1e-2),
  })
  const searcher = new RandomSearcher()
  const scheduler = new FIFOScheduler()
  const maxConcurrentTrials = 64
  const definition: StudyDefinition = {
    name: 'report',
    seed: 1,
    metric: 'loss',
    mode: 'min',
    objectives: [{ metric: 'loss', mode: 'min' }],
    order: 'logical',
    maxConcurrentTrials,
    numSamples: trials,
    maxFailures: 0,
    failFast: false,
    trainable: 'none',
    space: space.describe(),
    searcher: { name: searcher.name, options: searcher.options },
    scheduler: { name: scheduler.name, options: scheduler.options },
    stoppers: [],
  }
  let lines = 0
  const clock = { now: () => 1_700_000_000_000 + lines, monotonic: () => lines }
  const journal = FileJournal.create(path, clock)
  const append = (event: StudyEvent) => {
    journal.append(event)
    lines += 1
  }
  append({ event: 'study', format: 1, definition })
  const study = new Study(definition, { space, searcher, scheduler, stoppers: [] }, append)
  study.openSession()
  const rng = Rng.from(1).fork('metrics')
  while (study.trials.length < trials || study.running.size > 0) {
    while (study.running.size < maxConcurrentTrials && study.trials.length < trials) study.ask()
    for (const [index, { iteration }] of study.running) {
      const timing = { timestampMs: clock.now(), timeThisIterS: 0.25 + rng.uniform(), timeTotalS: iteration + 1 }
      const loss = (index % 997) / 997 + 1 / (iteration + 1) + 0.01 * rng.uniform()
      study.commitReport(index, { loss, accuracy: rng.uniform() }, timing)
      if (study.running.has(index) && iteration + 1 === reports) study.tell(index)
    }
    if (study.trials.length % group === 0) await journal.flush()
  }
  await journal.close()
}
