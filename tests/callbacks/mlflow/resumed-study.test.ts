import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  loguniform,
  MaximumIterationStopper,
  MLflowCallback,
  report,
  TensorBoardCallback,
  type TrialContext,
  Tuner,
} from '../../../src/index.js'
import { readEvents } from '../tensorboard/decode.js'
import { FakeMLflow } from './fake-server.js'

let server: FakeMLflow
let url: string
let storagePath: string

beforeEach(async () => {
  server = new FakeMLflow()
  url = await server.listen()
  storagePath = mkdtempSync(join(tmpdir(), 'trackers-'))
})

afterEach(async () => {
  rmSync(storagePath, { recursive: true, force: true })
  await server.close()
})

async function* train({ lr }: { lr: number }, { checkpoint }: TrialContext) {
  let step = checkpoint === undefined ? 0 : Number(await readFile(join(checkpoint.directory, 'step'), 'utf8'))
  for (;;) {
    const now = ++step
    const save = (directory: string) => writeFileSync(join(directory, 'step'), String(now))
    yield report({ loss: lr / now }, { checkpoint: save })
  }
}

const options = (numSamples: number, maxIterations: number) => ({
  paramSpace: { lr: loguniform(1e-3, 1) },
  tuneConfig: { metric: 'loss', mode: 'min', numSamples, seed: 1 } as const,
  runConfig: {
    storagePath,
    name: 'study',
    verbose: 0,
    stop: [new MaximumIterationStopper({ maxIterations })],
    checkpointConfig: { checkpointFrequency: 2, numToKeep: 1 },
    callbacks: [new TensorBoardCallback(), new MLflowCallback({ trackingUri: url, sendEveryMs: 1 })],
  } as const,
})

/** The steps at which each tracker has each trial's loss. */
function stepsOf(trials: number) {
  return Array.from({ length: trials }, (_, index) => {
    const folder = join(storagePath, 'study', `trial_${String(index).padStart(5, '0')}`)
    const files = readdirSync(folder).filter(name => name.includes('tfevents'))
    const events = files.flatMap(name => readEvents(join(folder, name)))
    return {
      tensorboard: events.filter(({ values = {} }) => 'loss' in values).map(({ step }) => step),
      mlflow: server.trial(index).metrics.flatMap(({ key, step }) => (key === 'loss' ? step : [])),
    }
  })
}

it('a study that goes on, and trials that are taken up again, are tracked whole and without repeats', async () => {
  const all = (count: number) => Array.from({ length: count }, (_, i) => i + 1)
  await new Tuner(train, options(3, 5)).fit()
  expect(stepsOf(3)).toEqual(Array(3).fill({ tensorboard: all(5), mlflow: all(5) }))
  const path = join(storagePath, 'study')
  await Tuner.restore(path, train, { ...options(5, 9), resumeConfig: { extend: true } }).fit()
  expect(stepsOf(5)).toEqual(Array(5).fill({ tensorboard: all(9), mlflow: all(9) }))
  expect(server.parents).toHaveLength(1)
  expect(new Set(server.runs.map(({ status }) => status))).toEqual(new Set(['FINISHED']))
})
