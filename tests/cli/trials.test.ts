import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { StudyEvent } from '../../src/study/events.js'
import { call, demo, header, reportEvent, trialEvent, writeStudy } from './support.js'

const storage = mkdtempSync(join(tmpdir(), 'tunewright-trials-'))
afterAll(() => rmSync(storage, { recursive: true, force: true }))
const path = writeStudy(storage, 'demo', demo)

/** The indices that are listed. */
async function indices(...args: readonly string[]): Promise<number[]> {
  const { code, stdout, stderr } = await call(['trials', path, '--json', ...args])
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(stdout).map((row: { trialIndex: number }) => row.trialIndex)
}

describe('tunewright trials', () => {
  it('lists all trials as a table, with why they ended', async () => {
    const { stdout } = await call(['trials', path])
    expect(stdout.split('\n')).toEqual([
      '   trial  status      loss  best  iter   time    lr  layers  accuracy  why',
      '       0  terminated   0.6   0.5     2  1.00s  0.1        1       0.6',
      '       1  terminated   0.9   0.9     1  0.50s  0.2        2       0.3  loss 0.9 is above 0.6',
      '       2  error                      0         0.3        1            TypeError: no data',
      '★      3  terminated   0.4   0.4     2  1.00s  0.12       1       0.8  2 reports',
      '',
    ])
  })

  const filters: [args: string[], expected: number[]][] = [
    [['--status', 'error'], [2]],
    [['--status', 'error,running'], [2]],
    [['--where', 'loss<0.6'], [3]],
    [
      ['--where', 'loss<=0.6'],
      [0, 3],
    ],
    [['--where', 'loss > 0.6'], [1]],
    [
      ['--where', 'best>=0.5'],
      [0, 1],
    ],
    [['--where', 'lr=0.3'], [2]],
    [['--where', 'config/lr=0.3'], [2]],
    [
      ['--where', 'layers=1', '--where', 'loss<1'],
      [0, 3],
    ],
    [['--where', 'net/layers!=1'], [1]],
    [
      ['--where', 'status=terminated'],
      [0, 1, 3],
    ],
    [['--where', 'stopReason!=2 reports'], [1]],
    [
      ['--where', 'trialIndex>=2'],
      [2, 3],
    ],
    [
      ['--where', 'trainingIteration=2'],
      [0, 3],
    ],
    [['--where', 'iter=0'], [2]],
    [
      ['--where', 'time>0.5'],
      [0, 3],
    ],
    [['--where', 'loss<nan'], []],
    [
      ['--where', 'loss<inf'],
      [0, 1, 3],
    ],
    [
      ['--where', 'loss>-inf'],
      [0, 1, 3],
    ],
    [['--pareto'], [3]],
  ]

  it.each(filters)('picks by %j', async (args, expected) => {
    expect(await indices(...args)).toEqual(expected)
  })

  const orders: [args: string[], expected: number[]][] = [
    [[], [0, 1, 2, 3]],
    [['--desc'], [3, 2, 1, 0]],
    [
      ['--sort', 'best'],
      [3, 0, 1, 2],
    ],
    [
      ['--sort', 'loss'],
      [3, 0, 1, 2],
    ],
    [
      ['--sort', 'loss', '--desc'],
      [1, 0, 3, 2],
    ],
    [
      ['--sort', 'lr'],
      [0, 3, 1, 2],
    ],
    [
      ['--sort', 'status', '--limit', '2'],
      [2, 0],
    ],
    [['--limit', '0'], []],
  ]

  it.each(orders)('sorts by %j, what has no value last', async (args, expected) => {
    expect(await indices(...args)).toEqual(expected)
  })

  it('writes CSV, metrics before parameters', async () => {
    const { stdout } = await call(['trials', path, '--csv'])
    const [head, , second, third] = stdout.split('\n')
    expect(head).toBe(
      'trialId,trialIndex,status,loss,accuracy,trainingIteration,timeThisIterS,timeTotalS,timestamp,path,stopReason,error,config/lr,config/net/layers',
    )
    expect(second).toBe(
      `demo_00001,1,terminated,0.9,0.3,1,0.5,0.5,1767323046,${path}/trial_00001,loss 0.9 is above 0.6,,0.2,2`,
    )
    expect(third).toBe(`demo_00002,2,error,,,,,,,${path}/trial_00002,,no data,0.3,1`)
  })

  it('lists no more than it is told to, and says how many there are', async () => {
    const { stdout } = await call(['trials', path, '--limit', '1', '--sort', 'best'])
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('… 3 more: --limit 4 lists all')
  })

  it('says so when nothing is found', async () => {
    expect((await call(['trials', path, '--where', 'loss<0'])).stdout).toBe('No trial meets the conditions.\n')
    const empty = writeStudy(storage, 'empty', [header()])
    expect((await call(['trials', empty])).stdout).toBe('The study has no trials yet.\n')
  })

  it('asks back about a column that there is none of', async () => {
    const { code, stderr } = await call(['trials', path, '--sort', 'acuracy'])
    expect(code).toBe(1)
    expect(stderr).toBe('tunewright: no trial has a metric or parameter "acuracy": did you mean "accuracy"?\n')
  })

  it('refuses to order texts against a bound', async () => {
    const { code, stderr } = await call(['trials', path, '--where', 'loss<low'])
    expect(code).toBe(1)
    expect(stderr).toContain('"low" is no number')
  })

  it('marks the Pareto front of a study with several metrics', async () => {
    const events: StudyEvent[] = [
      header({
        metric: null,
        mode: null,
        objectives: [
          { metric: 'loss', mode: 'min' },
          { metric: 'speed', mode: 'max' },
        ],
      }),
      ...[
        [0.1, 1],
        [0.5, 9],
        [0.5, 2],
      ].flatMap(([loss = 0, speed = 0], trial): StudyEvent[] => [
        trialEvent(trial, { x: trial }),
        reportEvent(trial, 1, { loss, speed }),
        { event: 'end', trial },
      ]),
    ]
    const several = writeStudy(storage, 'several', events)
    const { stdout } = await call(['trials', several])
    expect(stdout.split('\n').filter(line => line.startsWith('★'))).toHaveLength(2)
    expect(JSON.parse((await call(['trials', several, '--pareto', '--json'])).stdout)).toHaveLength(2)
  })
})
