import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { PB2, PopulationBasedTraining } from '../../../schedulers/index.js'
import type { ResultGrid, Scheduler } from '../../../src/index.js'
import { resumeClimbs, tuneClimbs } from './climb.js'

const storagePath = mkdtempSync(join(tmpdir(), 'tunewright-population-'))
afterAll(() => rmSync(storagePath, { recursive: true, force: true }))

const outcomes = (grid: ResultGrid) => [...grid].map(({ metrics, lineage }) => ({ metrics, lineage }))
const few = { trials: 4, workers: 4 }

it.each<[string, () => Scheduler]>([
  ['an asynchronous', () => new PopulationBasedTraining({ perturbationInterval: 4 })],
  ['a synchronous', () => new PopulationBasedTraining({ perturbationInterval: 4, synch: true })],
  ['a learning', () => new PB2({ perturbationInterval: 4 })],
])('%s population that is cut off comes to the same when it goes on', async (name, createScheduler) => {
  const whole = await tuneClimbs(createScheduler(), { ...few, runConfig: { storagePath, name } })
  const lines = readFileSync(join(storagePath, name, 'journal.jsonl'), 'utf8').split('\n')
  for (const share of [0.2, 0.6, 0.9]) {
    const path = join(storagePath, `${name}, ${share}`)
    cpSync(join(storagePath, name), path, { recursive: true })
    const kept = lines.slice(0, Math.floor(share * lines.length))
    writeFileSync(join(path, 'journal.jsonl'), `${kept.join('\n')}\n`)
    const resumed = await resumeClimbs(path, createScheduler(), { ...few, runConfig: { storagePath } })
    expect(outcomes(resumed)).toEqual(outcomes(whole))
  }
})
