import { describe, expect, it } from 'vitest'
import { ASHAScheduler, FIFOScheduler } from '../../schedulers/index.js'
import { reviveScheduler } from '../../schedulers/revive.js'
import { GridSearcher, RandomSearcher } from '../../searchers/index.js'
import { reviveSearcher } from '../../searchers/revive.js'
import { randint, sampleFrom, uniform } from '../../src/space/index.js'
import { MaximumIterationStopper } from '../../src/stoppers/index.js'
import type { StudyDefinition } from '../../src/study/events.js'
import { decodeLine, encodeLine } from '../../src/study/journal-line.js'
import type { RunConfig, TuneConfig } from '../../src/tuner/config.js'
import { createDefinition, createParts, type DefinitionInput } from '../../src/tuner/definition.js'
import { recall } from '../../src/tuner/recall.js'
import { type ChangeablePart, findChanges } from '../../src/tuner/resume.js'

function makeInput(tuneConfig: TuneConfig = {}, runConfig: RunConfig = {}): DefinitionInput {
  const defaults = { searcher: () => new RandomSearcher(), scheduler: () => new FIFOScheduler() }
  return { trainable: 'train', paramSpace: { lr: uniform(0, 1) }, tuneConfig, runConfig, defaults }
}

function define(tuneConfig?: TuneConfig, runConfig?: RunConfig, recorded?: StudyDefinition): StudyDefinition {
  return write(makeInput(tuneConfig, runConfig), recorded)
}

/** @param recorded - what the study was made with, if it is taken up again */
function write(given: DefinitionInput, recorded?: StudyDefinition): StudyDefinition {
  const revival = { searcher: reviveSearcher, scheduler: reviveScheduler }
  const input = recorded ? recall(given, { definition: recorded, configs: [] }, revival) : given
  return createDefinition(input, createParts(input), 'test')
}

describe("a study's definition", () => {
  it('says in plain data all that the study is made of', () => {
    const definition = define(
      {
        metric: 'loss',
        mode: 'min',
        numSamples: 5,
        seed: 3,
        maxConcurrentTrials: 2,
        timeBudgetS: 60,
        searchAlg: new GridSearcher({ pointsPerDimension: 4 }),
        scheduler: new ASHAScheduler({ maxT: 9 }),
      },
      { failureConfig: { maxFailures: 2 }, stop: { trainingIteration: 7 } },
    )
    expect(definition).toEqual({
      name: 'test',
      seed: 3,
      metric: 'loss',
      mode: 'min',
      objectives: [{ metric: 'loss', mode: 'min' }],
      order: 'logical',
      maxConcurrentTrials: 2,
      numSamples: 5,
      maxFailures: 2,
      failFast: false,
      trainable: 'train',
      space: expect.any(Object),
      searcher: { name: 'grid', options: { pointsToEvaluate: [], pointsPerDimension: 4 } },
      scheduler: { name: 'asha', options: expect.objectContaining({ variant: 'stopping', maxT: 9 }) },
      stoppers: [
        { name: 'maximum-iteration', options: { maxIterations: 7 } },
        { name: 'time-budget', options: { seconds: 60 } },
      ],
    })
    const entry = decodeLine(
      Buffer.from(encodeLine({ n: 0, at: 0, event: { event: 'study', format: 1, definition } }).trimEnd()),
    )
    expect(entry).toMatchObject({ event: { definition } })
  })

  it('is in logical order where a seed is given, and as results arrive where none is', () => {
    expect([
      define({ seed: 1 }).order,
      define().order,
      define({ seed: 1, order: 'arrival' }).order,
      define({ order: 'logical' }).order,
    ]).toEqual(['logical', 'arrival', 'arrival', 'logical'])
  })

  it('has places that do not depend on the machine in logical order, and one for each worker else', () => {
    expect(define({ seed: 1 }, { workers: 3 }).maxConcurrentTrials).toBe(8)
    expect(define({}, { workers: 3 }).maxConcurrentTrials).toBe(3)
    expect(define({ maxConcurrentTrials: 5 }, { workers: 3 }).maxConcurrentTrials).toBe(5)
  })

  it('has a seed of its own where none is given', () => {
    const seeds = [define().seed, define().seed, define().seed]
    expect(seeds.every(Number.isSafeInteger)).toBe(true)
    expect(new Set(seeds).size).toBeGreaterThan(1)
  })

  it.each([
    [-1, null],
    [Number.POSITIVE_INFINITY, null],
    [7, 7],
    [undefined, 1],
  ])('takes %s samples for %s', (numSamples, recorded) => {
    expect(define(numSamples === undefined ? {} : { numSamples }).numSamples).toBe(recorded)
  })

  it.each(['timeTotalS', 'timeThisIterS', 'timestamp'])(
    'is refused in logical order with %s for its time',
    timeAttr => {
      const scheduler = () => new ASHAScheduler({ timeAttr, metric: 'loss', mode: 'min' })
      expect(() => define({ seed: 1, scheduler: scheduler() })).toThrow(
        expect.objectContaining({
          code: 'INVALID_OPTION',
          message: `the scheduler asha has timeAttr '${timeAttr}', which is wall-clock time and never the same twice: use a metric such as 'trainingIteration', or order: 'arrival'`,
        }),
      )
      expect(define({ seed: 1, order: 'arrival', scheduler: scheduler() }).order).toBe('arrival')
    },
  )

  it.each<[boolean | 'raise', boolean]>([
    [true, true],
    ['raise', true],
    [false, false],
  ])('fails fast with %s: %s', (failFast, expected) => {
    expect(define({}, { failureConfig: { failFast } }).failFast).toBe(expected)
  })
})

describe('a study that is taken up again', () => {
  const made = { metric: 'loss', mode: 'min', numSamples: 5, seed: 3, maxConcurrentTrials: 2 } as const

  it('keeps what was left open then and is left open now', () => {
    for (const tuneConfig of [{}, made, { order: 'arrival', seed: 9 }] satisfies TuneConfig[]) {
      const recorded = define(tuneConfig, { workers: 3 })
      const { seed: _, maxConcurrentTrials: __, ...others } = { seed: 0, maxConcurrentTrials: 0, ...tuneConfig }
      const again = define(others, { workers: 5 }, recorded)
      expect(again).toEqual(recorded)
      expect(findChanges(recorded, again, {})).toBeUndefined()
    }
  })

  it('is the same after its header went through the journal', () => {
    const recorded = define({ ...made, numSamples: -1, scheduler: new ASHAScheduler({ metric: 'x', mode: 'max' }) })
    const line = encodeLine({ n: 0, at: 0, event: { event: 'study', format: 1, definition: recorded } })
    const entry = decodeLine(Buffer.from(line.trimEnd()))
    const header = typeof entry === 'string' ? undefined : entry.event
    if (header?.event !== 'study') throw new Error('the header did not come back')
    expect(findChanges(header.definition, recorded, {})).toBeUndefined()
  })

  it.each<[string, TuneConfig, RunConfig, string, string]>([
    ['metric', { ...made, metric: 'acc' }, {}, '"loss"', '"acc"'],
    ['mode', { ...made, mode: 'max' }, {}, '"min"', '"max"'],
    ['numSamples', { ...made, numSamples: 6 }, {}, '5', '6'],
    ['seed', { ...made, seed: 4 }, {}, '3', '4'],
    ['order', { ...made, order: 'arrival' }, {}, '"logical"', '"arrival"'],
    ['maxConcurrentTrials', { ...made, maxConcurrentTrials: 3 }, {}, '2', '3'],
    ['maxFailures', made, { failureConfig: { maxFailures: 1 } }, '0', '1'],
    ['failFast', made, { failureConfig: { failFast: true } }, 'false', 'true'],
    [
      'searcher',
      { ...made, searchAlg: new RandomSearcher({ constantGridSearch: true }) },
      {},
      '"constantGridSearch":false',
      '"constantGridSearch":true',
    ],
    ['scheduler', { ...made, scheduler: new ASHAScheduler() }, {}, '"fifo"', '"asha"'],
    ['stoppers', made, { stop: new MaximumIterationStopper({ maxIterations: 3 }) }, '[]', 'maximum-iteration'],
  ])('is refused with another %s', (key, tuneConfig, runConfig, before, now) => {
    const recorded = define(made)
    const pattern = new RegExp(
      `^the study 'test' was made with another ${key}: (.*), and is now given (.*)\\. (?:Leave it out|To have it go further)`,
    )
    try {
      const given = define(tuneConfig, runConfig, recorded)
      findChanges(recorded, given, {})
      expect.unreachable()
    } catch (error) {
      const { code, message } = error as { code: string; message: string }
      const [, was, is] = pattern.exec(message) ?? []
      expect({ code, was, is }).toEqual({
        code: 'STUDY_MISMATCH',
        was: expect.stringContaining(before),
        is: expect.stringContaining(now),
      })
    }
  })

  it('is refused with another space or trainable', () => {
    const recorded = define(made)
    const others: [string, Partial<DefinitionInput>][] = [
      ['space', { paramSpace: { lr: uniform(0, 2) } }],
      ['space', { paramSpace: { lr: uniform(0, 1), units: randint(1, 9) } }],
      ['trainable', { trainable: 'other' }],
    ]
    for (const [key, some] of others) {
      expect(() => findChanges(recorded, write({ ...makeInput(made), ...some }, recorded), {})).toThrow(
        expect.objectContaining({ code: 'STUDY_MISMATCH', message: expect.stringContaining(`with another ${key}: `) }),
      )
    }
  })

  it('may have other parts where that is allowed', () => {
    const recorded = define(made)
    const given = write(
      {
        ...makeInput({ ...made, metric: 'acc', searchAlg: new GridSearcher(), scheduler: new ASHAScheduler() }),
        trainable: 'other',
        paramSpace: { lr: uniform(0, 2) },
      },
      recorded,
    )
    const parts: ChangeablePart[] = ['trainable', 'searcher', 'scheduler', 'space', 'metric']
    for (const part of parts) {
      const others = parts.filter(other => other !== part)
      expect(() => findChanges(recorded, given, { allowChanged: others })).toThrow(`made with another ${part}: `)
    }
    const { metric, objectives, trainable, space, searcher, scheduler } = given
    const changes = { metric, objectives, trainable, space, searcher, scheduler }
    expect(findChanges(recorded, given, { allowChanged: parts })).toEqual(changes)
  })

  it('is what it was where nothing is given', () => {
    const several: TuneConfig = { metric: ['loss', 'acc'], mode: ['min', 'max'], numSamples: -1, seed: 1 }
    const limited: TuneConfig = { ...made, scheduler: new ASHAScheduler({ maxT: 9 }), timeBudgetS: 5 }
    const recordings = [
      define(),
      define(several, { failureConfig: { maxFailures: -1 } }),
      define(
        { ...made, searchAlg: new GridSearcher({ pointsPerDimension: 3 }) },
        { failureConfig: { failFast: true } },
      ),
      define(limited, { stop: { trainingIteration: 3, loss: 1 } }),
      define({ timeBudgetS: 5 }, { stop: [new MaximumIterationStopper({ maxIterations: 3 })] }),
    ]
    for (const recorded of recordings) {
      expect(write({ ...makeInput(), paramSpace: undefined }, recorded)).toEqual(recorded)
    }
    const freed = define({ timeBudgetS: Number.POSITIVE_INFINITY }, {}, recordings[4])
    expect(freed.stoppers.map(({ name }) => name)).toEqual(['maximum-iteration'])
  })

  it('has to be given the code that it was made with', () => {
    const own = {
      ...new FIFOScheduler(),
      name: 'own',
      setUp: () => undefined,
      onReport: () => ({ type: 'continue' }) as const,
    }
    const ownSearcher = {
      name: 'mine',
      options: {},
      setUp: () => undefined,
      suggest: () => ({ type: 'finished' }) as const,
    }
    const cases: [StudyDefinition, string][] = [
      [define({ scheduler: own }), 'tuneConfig.scheduler'],
      [define({ searchAlg: ownSearcher }), 'tuneConfig.searchAlg'],
      [define({}, { stop: () => false }), 'runConfig.stop'],
      [write({ ...makeInput(), paramSpace: { x: sampleFrom(() => 1) } }), 'paramSpace'],
    ]
    for (const [recorded, option] of cases) {
      expect(() => write({ ...makeInput(), paramSpace: undefined }, recorded)).toThrow(
        expect.objectContaining({ name: 'TuneError', message: expect.stringContaining(option) }),
      )
    }
  })

  it('may be extended by what it is told', () => {
    const recorded = define(made)
    const more = define({ ...made, numSamples: 9 }, { failureConfig: { maxFailures: 2 } }, recorded)
    expect(findChanges(recorded, more, { extend: true })).toEqual({ numSamples: 9, maxFailures: 2 })
    expect(findChanges(recorded, recorded, { extend: true })).toBeUndefined()
    const endless = define({ ...made, numSamples: -1 }, {}, recorded)
    expect(findChanges(recorded, endless, { extend: true })).toEqual({ numSamples: null })
    for (const before of [more, endless]) {
      expect(() => findChanges(before, recorded, { extend: true })).toThrow(/another numSamples.*fewer/)
    }
  })

  it('may name its trials otherwise', () => {
    const recorded = define(made)
    expect(define({ ...made, trialNameCreator: ({ index }) => `t${index}` }, {}, recorded)).toEqual(recorded)
  })
})

describe("a trial's names", () => {
  const named = (tuneConfig: TuneConfig) =>
    createParts(makeInput(tuneConfig)).naming?.({ index: 3, id: 'ab_00003', config: { lr: 0.5 } })

  it('are its id and its number unless the user gives others', () => {
    expect(named({})).toEqual({ name: 'ab_00003', directory: 'trial_00003' })
  })

  it("are the user's, made safe where they name a folder", () => {
    expect(
      named({ trialNameCreator: ({ config }) => `lr ${config.lr}`, trialDirnameCreator: ({ id }) => `../../${id}/x` }),
    ).toEqual({ name: 'lr 0.5', directory: '_.._ab_00003_x_00003' })
  })
})
