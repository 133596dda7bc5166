import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { ASHAScheduler } from '../../schedulers/index.js'
import { RandomSearcher } from '../../searchers/index.js'
import { Rng } from '../../src/rng.js'
import type { Suggestion, SuggestRequest } from '../../src/searcher.js'
import { uniform } from '../../src/space/index.js'
import { report, type TrialContext } from '../../src/trainable/trainable.js'
import { drive, essence } from '../support/drive.js'

async function* climb(config: { height: number }, _context: TrialContext) {
  for (let epoch = 1; epoch <= 9; epoch++) yield { accuracy: config.height * (1 - 0.5 ** epoch) }
}

const tuneConfig = { metric: 'accuracy', mode: 'max', numSamples: 20, seed: 7 } as const

describe('a driven study', () => {
  it('runs every sample to its end without a scheduler', async () => {
    const { study, outcome } = await drive({ trainable: climb, paramSpace: { height: uniform(0, 1) }, tuneConfig })
    expect(outcome).toEqual({ type: 'finished' })
    expect(study.counts).toEqual({ pending: 0, running: 0, paused: 0, terminated: 20, error: 0 })
    expect(study.trials.map(({ iteration }) => iteration)).toEqual(Array.from({ length: 20 }, () => 9))
  })

  it.each(['stopping', 'promotion'] as const)(
    'commits the same in whatever order results arrive (ASHA, %s)',
    async variant => {
      const seen = new Set<string>()
      // a stream that goes on from run to run, so that each has other delays
      const jitter = Rng.from('jitter')
      for (let run = 0; run < 5; run++) {
        const { study, events, outcome } = await drive({
          trainable: async function* (config: { height: number }, context: TrialContext) {
            for await (const metrics of climb(config, context)) {
              await sleep(jitter.integer(0, 3))
              yield metrics
            }
          },
          paramSpace: { height: uniform(0, 1) },
          tuneConfig: { ...tuneConfig, scheduler: new ASHAScheduler({ maxT: 9, reductionFactor: 3, variant }) },
        })
        expect(outcome).toEqual({ type: 'finished' })
        expect(study.counts.terminated).toBe(20)
        seen.add(essence(study, events))
      }
      expect(seen.size).toBe(1)
    },
  )

  it('ends a trial that says it is done, also where its scheduler would pause it', async () => {
    class Third {
      #count = 0
      step() {
        this.#count += 1
        return { accuracy: this.#count, done: this.#count === 3 }
      }
      save() {}
      load() {}
    }
    const scheduler = new ASHAScheduler({ variant: 'promotion', gracePeriod: 3, reductionFactor: 3, maxT: 9 })
    const { study, notices, outcome } = await drive({ trainable: Third, tuneConfig: { ...tuneConfig, scheduler } })
    expect(outcome).toEqual({ type: 'finished' })
    expect(new Set(study.trials.map(({ iteration, reason }) => `${iteration}: ${reason}`))).toEqual(
      new Set(['3: it reported done: true']),
    )
    expect(notices).toEqual([])
  })

  it('goes on with a searcher that waits for trials which are paused for good', async () => {
    class OneAtATime extends RandomSearcher {
      override suggest(request: SuggestRequest): Suggestion {
        return request.pending.size >= 2 ? { type: 'wait' } : super.suggest(request)
      }
    }
    const { study, outcome } = await drive({
      trainable: climb,
      paramSpace: { height: uniform(0, 1) },
      tuneConfig: {
        ...tuneConfig,
        searchAlg: new OneAtATime(),
        scheduler: new ASHAScheduler({ variant: 'promotion', reductionFactor: 4, maxT: 9 }),
      },
    })
    expect(outcome).toEqual({ type: 'finished' })
    expect(study.counts.terminated).toBe(20)
  })

  it('tries a trial that throws again from its last checkpoint, as often as it may', async () => {
    const starts: unknown[] = []
    const trainable = async function* (_: object, context: TrialContext) {
      const from = context.checkpoint?.iteration ?? 0
      starts.push(from)
      for (let step = from + 1; step <= 6; step++) {
        if (step === 5 && starts.length <= 2) throw new Error('not yet')
        yield report({ accuracy: step }, { checkpoint: () => undefined })
      }
    }
    const runConfig = { failureConfig: { maxFailures: 2 }, checkpointConfig: { checkpointFrequency: 2 } }
    const { study } = await drive({ trainable, tuneConfig: { ...tuneConfig, numSamples: 1 }, runConfig })
    expect(starts).toEqual([0, 4, 4])
    expect(study.trials.map(({ status, iteration, failures }) => ({ status, iteration, failures }))).toEqual([
      { status: 'terminated', iteration: 6, failures: 2 },
    ])
  })
})
