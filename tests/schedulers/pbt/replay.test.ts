import { describe, expect, it } from 'vitest'
import {
  PopulationBasedTraining,
  PopulationBasedTrainingReplay,
  policyOf,
  type TrialLineage,
} from '../../../schedulers/index.js'
import { epochs, tuneClimbs } from './climb.js'

/** The rate of each epoch, as a policy has it. */
function ratesOf(policy: ReturnType<typeof policyOf>): unknown[] {
  return Array.from({ length: epochs }, (_, i) => policy.findLast(({ iteration }) => iteration <= i)?.config.rate)
}

describe('a policy', () => {
  it.each([
    ['an asynchronous', false],
    ['a synchronous', true],
  ])('is the schedule behind the model of each trial of %s population', async (_, synch) => {
    const grid = await tuneClimbs(new PopulationBasedTraining({ perturbationInterval: 3, synch }))
    const lengths = [...grid].map(result => policyOf(result, grid).length)
    expect(Math.max(...lengths)).toBeGreaterThan(2)
    for (const result of grid) expect(ratesOf(policyOf(result, grid))).toEqual(result.metrics.rates)
  })

  it('goes back through donors, to what each had when it saved the checkpoint', () => {
    const from = (source: number, iteration: number) => ({ source, checkpoint: { iteration } })
    const trials: TrialLineage[] = [
      {
        trialIndex: 0,
        lineage: [
          { iteration: 0, config: { lr: 1 }, exploit: undefined },
          { iteration: 12, config: { lr: 2 }, exploit: from(1, 12) },
        ],
      },
      {
        trialIndex: 1,
        lineage: [
          { iteration: 0, config: { lr: 3 }, exploit: undefined },
          // the model that it had till then is lost, and its new one is further on
          { iteration: 4, config: { lr: 4 }, exploit: from(2, 8) },
          // it took over at the very report with which it saved what trial 0 has
          { iteration: 12, config: { lr: 5 }, exploit: from(2, 12) },
        ],
      },
      { trialIndex: 2, lineage: [{ iteration: 0, config: { lr: 6 }, exploit: undefined }] },
    ]
    const [first, second] = trials
    expect(first && policyOf(first, trials)).toEqual([
      { iteration: 0, config: { lr: 6 } },
      { iteration: 8, config: { lr: 4 } },
      { iteration: 16, config: { lr: 2 } },
    ])
    expect(second && policyOf(second, trials)).toEqual([
      { iteration: 0, config: { lr: 6 } },
      { iteration: 12, config: { lr: 5 } },
    ])
    expect(() => first && policyOf(first, [first])).toThrow('policy of trial 0 needs the lineage of trial 1')
  })
})

describe('the replay of a policy', () => {
  it('trains the same model again, from memory or from a file', async () => {
    const grid = await tuneClimbs(new PopulationBasedTraining({ perturbationInterval: 4 }))
    const best = grid.getBestResult()
    const policy = policyOf(best, grid)
    expect(policy.length).toBeGreaterThan(2)
    for (const input of [policy, JSON.stringify(policy)]) {
      const replay = new PopulationBasedTrainingReplay(input)
      const space = replay.config as { rate: number; width: number }
      const again = await tuneClimbs(replay, { trials: 1, space })
      expect([...again].map(({ metrics }) => metrics)).toEqual([{ ...best.metrics, trainingIteration: epochs }])
      expect(again.getBestResult().lineage.map(({ iteration, config }) => ({ iteration, config }))).toEqual(policy)
    }
  })

  it('refuses a study whose trials start with another config', async () => {
    const replay = new PopulationBasedTrainingReplay([{ iteration: 0, config: { rate: 0.1, width: 8 } }])
    await expect(tuneClimbs(replay)).rejects.toThrow("make the study's paramSpace the replay's config")
  })

  it.each([
    ['no policy', [], 'give a list of steps'],
    ['no JSON', 'policy.json', 'give the contents of a file, not its name'],
    ['no steps', [1], 'step 0 of the policy is 1'],
    ['no start', [{ iteration: 2, config: {} }], 'make it 0'],
    [
      'steps that don’t rise',
      [
        { iteration: 0, config: {} },
        { iteration: 0, config: {} },
      ],
      'make it an integer above 0',
    ],
  ])('refuses %s', (_, policy, message) => {
    expect(() => new PopulationBasedTrainingReplay(policy as string)).toThrow(message)
  })
})
