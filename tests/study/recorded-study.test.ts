import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DecisionRecord, StudyEvent } from '../../src/study/events.js'
import { RecordedStudy } from '../../src/study/recorded-study.js'
import { makeDefinition } from './definitions.js'

const index = fc.nat({ max: 4 })
const name = fc.constantFrom('checkpoint_1', 'checkpoint_2')
const checkpoint = fc.record({ name, iteration: fc.nat({ max: 3 }) })
const exploit = fc.record({ donor: index, source: index, checkpoint, config: fc.constant({ x: 2 }) })
const decision: fc.Arbitrary<DecisionRecord> = fc.record(
  {
    type: fc.constantFrom('pause', 'stop', 'exploit'),
    reason: fc.constant('because'),
    by: fc.constantFrom('fifo', 'study', 'trainable', 'plateau'),
    exploit,
  },
  { requiredKeys: ['type', 'reason', 'by'] },
)
const error = fc.constant({ name: 'Error', message: 'no' })
const metrics = fc.oneof(
  fc.record({ loss: fc.oneof(fc.double(), fc.constant(Number.NaN)) }),
  fc.constant({}),
  fc.constant({ done: true }),
)
const timing = fc.constant({ timestampMs: 0, timeThisIterS: 1, timeTotalS: 1 })

/** Events of the right shape, whether or not they can follow one another. */
const events: fc.Arbitrary<StudyEvent> = fc.oneof(
  fc.record({
    event: fc.constant('trial'),
    trial: index,
    id: fc.constant('id'),
    name: fc.constant('name'),
    directory: fc.constant('trial'),
    config: fc.constant({ x: 1 }),
    clock: fc.nat(9),
  }),
  fc.record(
    {
      event: fc.constant('report'),
      trial: index,
      iteration: fc.nat(3),
      metrics,
      timing,
      clock: fc.nat(9),
      checkpoint,
      decision,
    },
    { requiredKeys: ['event', 'trial', 'iteration', 'metrics', 'timing', 'clock'] },
  ),
  fc.record({ event: fc.constant('end'), trial: index, decision }, { requiredKeys: ['event', 'trial'] }),
  fc.record({ event: fc.constant('failure'), trial: index, error, retry: fc.boolean() }),
  fc.record(
    {
      event: fc.constant('resume'),
      trial: index,
      clock: fc.nat(9),
      exploit: exploit.map(each => ({ ...each, reason: 'r' })),
    },
    { requiredKeys: ['event', 'trial', 'clock'] },
  ),
  fc.record({ event: fc.constant('reopen'), trial: index }),
  fc.record({ event: fc.constant('checkpoint'), trial: index, checkpoint }),
  fc.record({ event: fc.constant('prune'), trial: index, checkpoints: fc.array(name) }),
  fc.record({ event: fc.constant('halt'), reason: fc.constant('r'), by: fc.constant('b'), trials: fc.array(index) }),
  fc.record({ event: fc.constant('extend'), changes: fc.constant({ numSamples: 9 }), reopened: fc.array(index) }),
  fc.record({ event: fc.constant('session') }),
  fc.record({ event: fc.constant('finish') }),
) as fc.Arbitrary<StudyEvent>

describe('a study that is read from its journal', () => {
  it('takes in or refuses whatever comes, and keeps count of its trials', () => {
    fc.assert(
      fc.property(fc.array(events, { maxLength: 60 }), list => {
        const definition = makeDefinition()
        const study = new RecordedStudy(definition)
        expect(study.replay({ n: 0, at: 0, event: { event: 'study', format: 1, definition } })).toBeUndefined()
        let n = 1
        for (const event of list) if (study.replay({ n, at: n, event }) === undefined) n++
        const counts = { pending: 0, running: 0, paused: 0, terminated: 0, error: 0 }
        for (const { status } of study.trials) counts[status]++
        expect(study.counts).toEqual(counts)
      }),
      { numRuns: 500 },
    )
  })

  it('has the definition that extensions left', () => {
    const definition = makeDefinition({ numSamples: 2 })
    const study = new RecordedStudy(definition)
    study.replay({ n: 0, at: 0, event: { event: 'study', format: 1, definition } })
    expect(study.totalTrials).toBe(2)
    study.replay({ n: 1, at: 0, event: { event: 'finish' } })
    expect([study.isFinished, study.totalTrials]).toEqual([true, 0])
    study.replay({ n: 2, at: 0, event: { event: 'extend', changes: { numSamples: 5 }, reopened: [] } })
    expect([study.isFinished, study.totalTrials, study.definition.numSamples]).toEqual([false, 5, 5])
  })
})
