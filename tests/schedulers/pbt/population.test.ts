import { describe, expect, it } from 'vitest'
import { PopulationBasedTraining } from '../../../schedulers/index.js'
import type { ResultGrid } from '../../../src/index.js'
import { Rng } from '../../../src/rng.js'
import { DrillStudy, drillSpace } from '../../../testing/drill-study.js'
import { makeReport, makeTrial } from '../make-trial.js'
import { epochs, tuneClimbs } from './climb.js'

const outcomes = (grid: ResultGrid) => [...grid].map(({ metrics, lineage }) => ({ metrics, lineage }))
const best = (grid: ResultGrid) => grid.getBestResult().metrics.score as number
const pbt = (synch: boolean) => new PopulationBasedTraining({ perturbationInterval: 4, synch })

describe.each([
  ['an asynchronous', false],
  ['a synchronous', true],
])('%s population', (_, synch) => {
  it('takes over checkpoint and config of one of the best, and changes what is variable within its bounds', async () => {
    const grid = await tuneClimbs(pbt(synch))
    const results = [...grid]
    const taken = results.flatMap(({ lineage }) => lineage.slice(1))
    expect(taken.length).toBeGreaterThan(4)
    for (const { config, exploit, iteration } of taken) {
      expect(config.width).toBe(8)
      expect(config.rate).toSatisfy((rate: number) => rate >= 1e-3 && rate <= 1)
      const donor = results[exploit?.source ?? -1]
      const had =
        donor?.lineage.findLast(step => step.iteration < (exploit?.checkpoint.iteration ?? 0)) ?? donor?.lineage[0]
      expect(config.rate).not.toBe(had?.config.rate)
      expect(iteration % 4).toBe(0)
    }
  })

  it('goes on from the state that its donor had saved', async () => {
    for (const { config, metrics, lineage, history } of await tuneClimbs(pbt(synch))) {
      const rates = metrics.rates as number[]
      expect(rates).toHaveLength(epochs)
      const own = history.length - (lineage.at(-1)?.iteration ?? 0)
      expect(rates.slice(epochs - own)).toEqual(Array.from({ length: own }, () => config.rate))
    }
  })

  it('finds a better model than the best of its first configs', async () => {
    const alone = await tuneClimbs(new PopulationBasedTraining({ perturbationInterval: 4, quantileFraction: 0, synch }))
    expect([...alone].every(({ lineage }) => lineage.length === 1)).toBe(true)
    expect(best(await tuneClimbs(pbt(synch)))).toBeGreaterThan(best(alone) + 1)
  })

  it('comes to the same whatever the pace of its trials', async () => {
    const even = outcomes(await tuneClimbs(pbt(synch)))
    const stepSeconds = ({ trialIndex, iteration }: { trialIndex: number; iteration: number }) =>
      1 + ((trialIndex * 7 + iteration * 3) % 5)
    expect(outcomes(await tuneClimbs(pbt(synch), { stepSeconds }))).toEqual(even)
    expect(outcomes(await tuneClimbs(pbt(synch), { workers: 3, maxConcurrentTrials: 8 }))).toEqual(even)
  })

  it('trains all trials in turns where places are few', async () => {
    const grid = await tuneClimbs(pbt(synch), { workers: 2 })
    expect(grid.length).toBe(8)
    expect([...grid].map(({ status, metrics }) => [status, metrics.epoch])).toEqual(
      Array.from({ length: 8 }, () => ['terminated', epochs]),
    )
    expect([...grid].filter(({ lineage }) => lineage.length > 1).length).toBeGreaterThan(0)
  })

  it('finds its donors’ checkpoints, though no more than one is kept of each trial', async () => {
    const few = await tuneClimbs(pbt(synch), { runConfig: { checkpointConfig: { numToKeep: 1 } } })
    expect(outcomes(few)).toEqual(outcomes(await tuneClimbs(pbt(synch))))
  })
})

it('compares a synchronous population when all have come as far', async () => {
  const resumed: { trial: number; at: number[] }[] = []
  const grid = await tuneClimbs(pbt(true), {
    stepSeconds: ({ trialIndex }) => 1 + trialIndex,
    runConfig: {
      callbacks: [
        {
          onTrialExploit: ({ index }, _, { trials }) =>
            void resumed.push({ trial: index, at: trials.map(({ iteration }) => iteration) }),
        },
      ],
    },
  })
  expect(grid.length).toBe(8)
  expect(resumed.length).toBeGreaterThan(4)
  for (const { trial, at } of resumed) expect(Math.min(...at)).toBe(at[trial])
})

it('lets no trial take over from one whose score is not finite, and such a one from others', () => {
  const study = new DrillStudy(new PopulationBasedTraining({ perturbationInterval: 4, quantileFraction: 0.5 }), {
    trials: 8,
    places: 8,
    length: 20,
    mode: 'max',
    score: trial => (trial < 5 ? Number.NaN : trial),
  }).run()
  const taken = study.steps.flatMap(step => {
    if (step.type === 'resume' && step.exploit) return [{ trial: step.trial, donor: step.exploit.donor }]
    if (step.type !== 'report' || step.decision.type !== 'exploit') return []
    return [{ trial: step.trial, donor: step.decision.donor }]
  })
  expect(taken.length).toBeGreaterThan(4)
  for (const { trial, donor } of taken) {
    expect(donor).toBeGreaterThanOrEqual(5)
    expect(trial).toBeLessThan(5)
  }
})

it('ends the study at a report without timeAttr, unless it is told not to mind', async () => {
  const options = { perturbationInterval: 4, timeAttr: 'steps' }
  await expect(tuneClimbs(new PopulationBasedTraining(options))).rejects.toThrow("lacks the timeAttr 'steps'")
  const grid = await tuneClimbs(new PopulationBasedTraining({ ...options, requireAttrs: false }))
  expect([...grid].map(({ metrics }) => metrics.epoch)).toEqual(Array.from({ length: 8 }, () => epochs))
})

it.each([
  ['an asynchronous', false],
  ['a synchronous', true],
])('takes trials that had ended back into %s population', (_, synch) => {
  const scheduler = new PopulationBasedTraining({ perturbationInterval: 4, synch, quantileFraction: 0.5 })
  scheduler.setUp({ metric: 'score', mode: 'max', space: drillSpace, rng: Rng.from(1) })
  const config = drillSpace.sample(Rng.from(2))
  const trials = [0, 1, 2, 3].map(index => ({ ...makeTrial(index), config }))
  const report = (iteration: number) =>
    trials.map(trial => {
      const made = makeReport(iteration, { score: trial.index })
      Object.assign(trial, { lastReport: made, iteration })
      return scheduler.onReport(trial, made).type
    })
  for (const trial of trials) scheduler.onTrialAdd(trial)
  expect(report(3)).toEqual(['continue', 'continue', 'continue', 'continue'])
  for (const trial of trials) scheduler.onTrialEnd(trial)
  for (const trial of trials) scheduler.onTrialReopen(trial)
  for (const trial of trials) scheduler.onTrialResume(trial)
  expect(trials.map(trial => scheduler.grant(trial))).toEqual([4, 4, 4, 4])
  expect(report(4)).toEqual(['pause', 'pause', 'pause', 'pause'])
  const paused = new Map(trials.map(trial => [trial.index, trial]))
  expect(scheduler.next({ paused, canStart: false })).toMatchObject({ type: 'resume', trialIndex: synch ? 1 : 0 })
})
