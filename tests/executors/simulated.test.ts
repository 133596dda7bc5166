import { afterEach, describe, expect, it } from 'vitest'
import { ASHAScheduler } from '../../schedulers/index.js'
import {
  type ResultGrid,
  type RunConfig,
  report,
  Simulation,
  type SimulationOptions,
  type TuneConfig,
  Tuner,
  uniform,
} from '../../src/index.js'
import { loadTrainable } from '../../src/trainable/load.js'
import { describeExecutor } from '../contract/executor.js'

const moduleUrl = new URL('../fixtures/counter.mjs', import.meta.url).href
const drivers: NodeJS.Timeout[] = []
afterEach(() => {
  for (const driver of drivers.splice(0)) clearInterval(driver)
})

describeExecutor('simulated', async (options, exportName) => {
  const definition = await loadTrainable({ moduleUrl, exportName })
  const machine = new Simulation({ workers: 2 })
  const executor = machine.executor({ ...options, trainable: { name: exportName, definition } })
  // stands in for a driver, which says when it has acted on all that it was sent
  drivers.push(setInterval(() => executor.onIdle?.(), 1))
  return executor
})

async function* curve({ height }: { height: number }) {
  for (let epoch = 1; epoch <= 9; epoch++) {
    yield report({ loss: height + 1 / epoch }, { checkpoint: () => undefined })
  }
}

async function simulate(options: SimulationOptions, tuneConfig: TuneConfig = {}, runConfig: RunConfig = {}) {
  const machine = new Simulation(options)
  const grid = await new Tuner(curve, {
    paramSpace: { height: uniform(0, 1) },
    tuneConfig: { metric: 'loss', mode: 'min', numSamples: 8, seed: 1, ...tuneConfig },
    runConfig: { executor: machine.executor, storagePath: false, verbose: 0, ...runConfig },
  }).fit()
  return { machine, grid }
}

const essence = (grid: ResultGrid<unknown>) =>
  [...grid].map(({ config, status, history }) => ({ config, status, metrics: history.map(each => each.metrics) }))

describe('a study in virtual time', () => {
  it('takes as long as its steps do, shared among its workers', async () => {
    const { machine, grid } = await simulate({ workers: 4, stepSeconds: 10 })
    expect([machine.seconds, machine.busySeconds, machine.utilisation]).toEqual([180, 720, 1])
    expect([...grid].map(result => result.timing?.timeTotalS)).toEqual(Array(8).fill(90))
  })

  it('lets each step take what a function of it says, and starts and checkpoints what they cost', async () => {
    const { machine } = await simulate(
      { workers: 1, stepSeconds: ({ iteration }) => iteration, startSeconds: 100, checkpointSeconds: 1000 },
      { numSamples: 1 },
      { checkpointConfig: { checkpointFrequency: 3 } },
    )
    expect(machine.seconds).toBe(45 + 100 + 3000)
  })

  it('has the same outcome on any number of workers', async () => {
    const stepSeconds: SimulationOptions['stepSeconds'] = ({ trialIndex, iteration }) =>
      1 + ((trialIndex * 7 + iteration) % 5)
    const scheduler = () => new ASHAScheduler({ maxT: 9, reductionFactor: 3, variant: 'promotion' })
    const outcomes = await Promise.all(
      [1, 3, 16].map(
        async workers => (await simulate({ workers, stepSeconds }, { scheduler: scheduler(), numSamples: 20 })).grid,
      ),
    )
    expect(essence(outcomes[1] as ResultGrid<unknown>)).toEqual(essence(outcomes[0] as ResultGrid<unknown>))
    expect(essence(outcomes[2] as ResultGrid<unknown>)).toEqual(essence(outcomes[0] as ResultGrid<unknown>))
  })

  it('injects failures: of a worker unseen by the study, of the trainable as one of its trial', async () => {
    const { grid: plain } = await simulate({ workers: 2 })
    const crashed = await simulate({
      workers: 2,
      fault: ({ trialIndex, iteration, attempt }) =>
        trialIndex % 2 === 0 && iteration === 4 && attempt === 0 ? 'worker' : undefined,
    })
    expect(essence(crashed.grid)).toEqual(essence(plain))
    const { grid } = await simulate({
      workers: 2,
      fault: ({ trialIndex }) => (trialIndex === 3 ? 'trainable' : undefined),
    })
    expect([...grid].flatMap(({ status, trialIndex }) => (status === 'error' ? trialIndex : []))).toEqual([3])
  })

  it('leaves nothing on disk', async () => {
    const { grid } = await simulate({ workers: 2 })
    expect([grid.path, grid.at(0)?.path]).toEqual([undefined, undefined])
  })

  it.each<[SimulationOptions, string]>([
    [{ workers: 0 }, 'Simulation: workers is 0: give an integer from 1'],
    [{ workers: 1, stepSeconds: -1 }, 'Simulation: stepSeconds is -1: give a number of seconds from 0'],
    [{ workers: 1, startSeconds: Number.NaN }, 'Simulation: startSeconds is NaN: give a number of seconds from 0'],
  ])('refuses %o', (options, message) => {
    expect(() => new Simulation(options)).toThrow(message)
  })

  it('fails the trial whose step is said to take no number of seconds', async () => {
    const study = simulate({ workers: 1, stepSeconds: ({ trialIndex }) => (trialIndex === 0 ? Number.NaN : 1) })
    expect((await study).grid.errors.map(error => error.message)).toEqual([
      'Simulation: stepSeconds of trial 0, iteration 1, is NaN: give a number of seconds from 0',
    ])
  })
})
