import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median } from 'simple-statistics'
import { RandomSearcher } from '../searchers/index.js'
import { Rng, Space, Study } from '../src/index.js'
import type { StudyEvent } from '../src/study/events.js'
import { encodeLine } from '../src/study/journal-line.js'
import { createDefinition, createParts } from '../src/tuner/definition.js'
import { resumeOptions } from './resume-options.js'

export const options = { trials: { type: 'string' }, repeats: { type: 'string' } } as const

/** Lines that are written at once. */
const group = 2000

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
  try {
    const { lines, reports } = writeStudy(join(folder, 'journal.jsonl'), Number(trials))
    const script = fileURLToPath(new URL('./resume-study.js', import.meta.url))
    const measured = Array.from({ length: Number(repeats) }, () => {
      const output = execFileSync(process.execPath, [script, folder], { encoding: 'utf8' })
      return JSON.parse(output) as { seconds: number; megabytes: number }
    })
    return {
      trials: Number(trials),
      reports,
      lines,
      journalMegabytes: Number((statSync(join(folder, 'journal.jsonl')).size / 1e6).toFixed(1)),
      seconds: Number(median(measured.map(({ seconds }) => seconds)).toFixed(2)),
      megabytes: Math.round(median(measured.map(({ megabytes }) => megabytes))),
      node: process.version,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Writes the journal of a study that has come so far. */
function writeStudy(path: string, trials: number): { lines: number; reports: number } {
  const { paramSpace, tuneConfig, runConfig } = resumeOptions()
  const defaults = { searcher: () => new RandomSearcher(), scheduler: () => tuneConfig.scheduler }
  const input = { trainable: 'idle', paramSpace, tuneConfig, runConfig, defaults }
  const parts = { ...createParts(input), space: Space.of(paramSpace) }
  const file = openSync(path, 'w')
  let text = ''
  let lines = 0
  let reports = 0
  const append = (event: StudyEvent) => {
    // a report each millisecond
    text += encodeLine({ n: lines, at: 1_700_000_000_000 + lines, event })
    lines += 1
    if (event.event === 'report') reports += 1
    if (lines % group !== 0) return
    writeSync(file, text)
    text = ''
  }
  const definition = createDefinition(input, parts, 'resume')
  append({ event: 'study', format: 1, definition })
  const study = new Study(definition, parts, append)
  study.openSession()
  const rng = Rng.from(1).fork('loss')
  while (study.trials.length < trials) {
    while (study.running.size < definition.maxConcurrentTrials && study.trials.length < trials) study.ask()
    for (const [index, { iteration, clock }] of study.running) {
      const timing = { timestampMs: 1_700_000_000_000 + lines, timeThisIterS: 0.25 + rng.uniform(), timeTotalS: clock }
      study.commitReport(index, { loss: (index % 1000) / 1000 + 1 / (iteration + 1), accuracy: rng.uniform() }, timing)
      if (study.running.has(index) && iteration + 1 === 27) study.tell(index)
    }
  }
  writeSync(file, text)
  closeSync(file)
  for (const { directory, iteration } of study.trials) {
    mkdirSync(join(dirname(path), directory))
    const result = iteration === 0 ? '' : `${JSON.stringify({ training_iteration: iteration })}\n`
    writeFileSync(join(dirname(path), directory, 'result.json'), result)
  }
  return { lines, reports }
}
