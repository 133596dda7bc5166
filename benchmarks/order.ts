import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { median } from 'simple-statistics'
import { ASHAScheduler, FIFOScheduler } from '../schedulers/index.js'
import { Tuner, uniform } from '../src/index.js'
import uneven from './uneven-trainable.js'

interface Setting {
  readonly order: 'arrival' | 'logical'
  readonly maxConcurrentTrials: number
}

const workers = 4
/** Where studies lie unless the user says otherwise. */
const storage = 'tunewright-results'
const repeats = 3
const settings: readonly Setting[] = [
  { order: 'arrival', maxConcurrentTrials: workers },
  { order: 'logical', maxConcurrentTrials: workers },
  { order: 'logical', maxConcurrentTrials: 2 * workers },
]
const schedulers = {
  fifo: () => new FIFOScheduler(),
  asha: () => new ASHAScheduler({ maxT: 9, reductionFactor: 3 }),
}

/**
 * What `npm run bench -- order` measures: what it costs to commit in logical order, as reports per second of worker time against arrival
 * order, for trials of uneven pace on four workers.
 */
export async function bench(): Promise<Record<string, unknown>> {
  const throughput: Record<string, Record<string, number[]>> = {}
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const [scheduler, create] of Object.entries(schedulers)) {
      for (const setting of settings) {
        const name = `${setting.order}-${setting.maxConcurrentTrials}`
        const perSecond = await measure(setting, create)
        throughput[scheduler] ??= {}
        throughput[scheduler][name] ??= []
        throughput[scheduler][name].push(perSecond)
        process.stderr.write(`${scheduler} ${name}: ${perSecond.toFixed(1)} reports/s\n`)
      }
    }
  }
  const relative: Record<string, Record<string, number>> = {}
  for (const [scheduler, byName] of Object.entries(throughput)) {
    const base = median(byName[`arrival-${workers}`] ?? [])
    const entries = Object.entries(byName).map(([name, values]) => [name, Number((median(values) / base).toFixed(2))])
    relative[scheduler] = Object.fromEntries(entries)
  }
  return { workers, relativeThroughput: relative }
}

async function measure(setting: Setting, create: () => FIFOScheduler | ASHAScheduler): Promise<number> {
  mkdirSync(storage, { recursive: true })
  const storagePath = mkdtempSync(join(storage, 'bench-'))
  try {
    const begin = performance.now()
    const grid = await new Tuner(uneven, {
      paramSpace: { height: uniform(0, 1), stepMs: 20 },
      tuneConfig: { metric: 'accuracy', mode: 'max', numSamples: 40, seed: 1, scheduler: create(), ...setting },
      runConfig: { storagePath, name: 'bench', workers, verbose: 0 },
    }).fit()
    const reports = [...grid].reduce((sum, { metrics }) => sum + metrics.trainingIteration, 0)
    return (1000 * reports) / (performance.now() - begin)
  } finally {
    rmSync(storagePath, { recursive: true, force: true })
  }
}
