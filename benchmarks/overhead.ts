import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median } from 'simple-statistics'
import { Tuner, uniform } from '../src/index.js'
import noop from './overhead-trainable.js'

/** One measured study. */
interface Measurement {
  readonly seconds: number
  readonly peakMb: number
}

interface Job {
  readonly folder: string
  readonly executor: 'inline' | 'threads'
  readonly trials: number
  readonly reports: number
}

/** Where studies lie unless the user says otherwise. */
const storage = 'tunewright-results'
const repeats = 3
const sizes = [1000, 10_000, 100_000] as const

/** What `npm run bench -- overhead` measures: the engine's own cost for trials that do nothing, with journal and trial files on. */
export async function bench(): Promise<Record<string, unknown>> {
  mkdirSync(storage, { recursive: true })
  // all is deleted at the end: a disk that is still busy forgetting files makes new ones slowly
  const folder = mkdtempSync(join(storage, 'bench-'))
  try {
    return measureAll(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function measureAll(folder: string): Record<string, unknown> {
  const tell = (text: string): void => void process.stderr.write(`${text}\n`)
  tell(`${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.version}`)
  const threads: number[] = []
  const reports: number[] = []
  const inline: number[] = []
  const bare: number[] = []
  // what is compared is interleaved, so that a busy machine slows all alike
  for (let repeat = 0; repeat < repeats; repeat++) {
    threads.push((measure({ folder, executor: 'threads', trials: 2000, reports: 1 }).seconds / 2000) * 1000)
    reports.push(100_000 / measure({ folder, executor: 'threads', trials: 100, reports: 1000 }).seconds)
    bare.push(makeBareFiles(folder, 2000) / 2000)
    inline.push(10_000 / measure({ folder, executor: 'inline', trials: 10_000, reports: 1 }).seconds)
    tell(
      `repeat ${repeat + 1} of ${repeats}: ${threads.at(-1)?.toFixed(3)} ms per trial in threads, ${reports.at(-1)?.toFixed(0)} reports/s, ${inline.at(-1)?.toFixed(0)} trials/s inline, ${bare.at(-1)?.toFixed(3)} ms per trial for the bare files`,
    )
  }
  const msPerTrialAt: Record<number, number> = {}
  const peakMbAt: Record<number, number> = {}
  for (const trials of sizes) {
    const { seconds, peakMb } = measure({ folder, executor: 'inline', trials, reports: 1 })
    msPerTrialAt[trials] = round((seconds / trials) * 1000)
    peakMbAt[trials] = Math.round(peakMb)
    tell(`${trials} trials: ${msPerTrialAt[trials]} ms per trial, ${peakMbAt[trials]} MB at the peak`)
  }
  // the same files made by bare calls, on the same disk in the same run: what no engine could save
  const bareFilesMsPerTrial = round(median(bare))
  return {
    threadsMsPerTrial: round(median(threads)),
    reportsPerSecond: Math.round(median(reports)),
    inlineTrialsPerSecond: Math.round(median(inline)),
    msPerTrialAt,
    peakMbAt,
    bareFilesMsPerTrial,
  }
}

/** Each study has a process of its own, so that its peak of memory is its own. */
function measure(job: Job): Measurement {
  const child = spawnSync(process.execPath, [fileURLToPath(import.meta.url), JSON.stringify(job)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (child.status !== 0) throw new Error(`the measured study failed with status ${child.status}`)
  const measured: Measurement = JSON.parse(child.stdout)
  return measured
}

/** Makes the folder and the three files of each trial, and nothing else. @returns milliseconds in all */
function makeBareFiles(folder: string, trials: number): number {
  const study = mkdtempSync(join(folder, 'bare-'))
  const begin = performance.now()
  for (let trial = 0; trial < trials; trial++) {
    const directory = join(study, `trial_${String(trial).padStart(5, '0')}`)
    mkdirSync(directory)
    for (const file of ['params.json', 'result.json', 'progress.csv']) {
      writeFileSync(join(directory, file), '.'.repeat(300))
    }
  }
  return performance.now() - begin
}

async function runJob({ folder, executor, trials, reports }: Job): Promise<Measurement> {
  const storagePath = mkdtempSync(join(folder, 'study-'))
  const begin = performance.now()
  await new Tuner(noop, {
    paramSpace: { x: uniform(0, 1), reports },
    tuneConfig: { metric: 'loss', mode: 'min', numSamples: trials, seed: 1, maxConcurrentTrials: 256 },
    runConfig: { storagePath, name: 'bench', executor, workers: 2, verbose: 0 },
  }).fit()
  const seconds = (performance.now() - begin) / 1000
  return { seconds, peakMb: process.resourceUsage().maxRSS / 1024 }
}

function round(value: number): number {
  return Number(value.toPrecision(3))
}

const [, script, argument] = process.argv
if (argument?.startsWith('{') && script === fileURLToPath(import.meta.url)) {
  process.stdout.write(JSON.stringify(await runJob(JSON.parse(argument))))
}
