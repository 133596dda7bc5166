import { describe, expect, it } from 'vitest'
import { ASHAScheduler } from '../../schedulers/index.js'
import { createStudy } from '../../src/index.js'
import type { JsonObject } from '../../src/json.js'
import { choice, gridSearch, uniform } from '../../src/space/index.js'

const paramSpace = { x: uniform(0, 1) }

describe('a study with a loop of its own', () => {
  it('gives configs of the space, takes reports, and knows the best trial', () => {
    const study = createStudy({
      paramSpace: { lr: uniform(0, 1), kind: choice(['a', 'b']) },
      metric: 'loss',
      mode: 'min',
      numSamples: 3,
      seed: 1,
    })
    const losses = [0.5, 0.2, 0.9]
    for (;;) {
      const next = study.ask()
      if (next.type !== 'trial') break
      // the config's type comes from the space
      const { lr, kind }: { lr: number; kind: string } = next.trial.config
      expect([lr >= 0 && lr < 1, ['a', 'b'].includes(kind)]).toEqual([true, true])
      expect(study.report(next.trial, { loss: 1 })).toEqual({ type: 'continue' })
      study.tell(next.trial, { loss: losses[next.trial.index] ?? 0 })
    }
    expect({ counts: study.counts, best: study.best?.index, isFinished: study.isFinished }).toEqual({
      counts: { pending: 0, running: 0, paused: 0, terminated: 3, error: 0 },
      best: 1,
      isFinished: true,
    })
    expect(study.best?.bestReport?.metrics).toEqual({ loss: 0.2 })
  })

  it('tries each combination of a grid in each sample', () => {
    const study = createStudy({ paramSpace: { a: gridSearch([1, 2]), b: gridSearch(['x', 'y', 'z']) }, numSamples: 2 })
    const seen: JsonObject[] = []
    for (let next = study.ask(); next.type === 'trial'; next = study.ask()) {
      seen.push(next.trial.config)
      study.tell(next.trial)
    }
    expect(study.totalTrials).toBe(12)
    expect(new Set(seen.map(config => JSON.stringify(config))).size).toBe(6)
    expect(seen).toHaveLength(12)
  })

  it('is the same study again with the same seed, and another with another', () => {
    const run = (seed: number) => {
      const study = createStudy({ paramSpace, metric: 'y', mode: 'max', numSamples: 4, seed })
      for (let next = study.ask(); next.type === 'trial'; next = study.ask())
        study.tell(next.trial, { y: next.trial.config.x })
      return study.trials.map(({ id, config }) => [id, config])
    }
    expect(run(3)).toEqual(run(3))
    expect(run(3)).not.toEqual(run(4))
    expect(run(3)[0]?.[0]).toMatch(/^[0-9a-f]{5}_00000$/)
  })

  it('stops trials by a scheduler and by bounds, and says why', () => {
    const study = createStudy({
      paramSpace,
      metric: 'acc',
      mode: 'max',
      numSamples: 2,
      scheduler: new ASHAScheduler({ maxT: 3 }),
      stop: { acc: 0.9 },
    })
    study.ask()
    study.ask()
    expect([1, 2, 3].map(() => study.report(0, { acc: 0.1 }).type)).toEqual(['continue', 'continue', 'stop'])
    expect(study.report(1, { acc: 0.95 })).toEqual({ type: 'stop', reason: 'acc 0.95 is at least 0.9' })
    expect(study.trials.map(({ reason }) => reason)).toEqual([
      'trainingIteration 3 has reached maxT 3',
      'acc 0.95 is at least 0.9',
    ])
  })

  it.each([
    [{ metric: 'loss' }, 'tuneConfig.mode is undefined'],
    [{ mode: 'min' as const }, 'tuneConfig.metric is undefined'],
    [{ numSamples: 0 }, 'tuneConfig.numSamples is 0'],
    [{ seed: -1 }, 'tuneConfig.seed is -1'],
    [{ scheduler: new ASHAScheduler() }, 'ASHAScheduler compares trials and has no metric'],
    [{ stop: { loss: 1 } }, 'stop.loss is 1, which says nothing about the direction'],
  ])('is refused with options that make no sense: %o', (options, message) => {
    expect(() => createStudy({ paramSpace, ...options })).toThrow(
      expect.objectContaining({ name: 'TuneError', code: 'INVALID_OPTION', message: expect.stringContaining(message) }),
    )
  })
})
