/** `node resume-study.js PATH`: takes up a study, and says how long it took until its first trial ran, and how much memory. */
import { writeSync } from 'node:fs'
import { type TrialRun, Tuner } from '../src/index.js'
import { idle, resumeOptions } from './resume-options.js'

const [path = ''] = process.argv.slice(2)
const started = performance.now()
const executor = () => ({
  name: 'none',
  parallelism: 1,
  start: finish,
  extend: () => undefined,
  pause: () => undefined,
  holds: () => false,
  stop: () => undefined,
  suspend: () => undefined,
  close: async () => undefined,
})
await Tuner.restore(path, idle, resumeOptions({ executor, callbacks: [] })).fit()

function finish({ trialIndex }: TrialRun): never {
  const seconds = (performance.now() - started) / 1000
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  const figures = { seconds, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, megabytes: maxRSS / 1000, trialIndex }
  writeSync(1, JSON.stringify(figures))
  process.exit()
}
