import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { StudyDefinition, StudyEvent } from '../../src/study/events.js'
import { call, header, reportEvent, trialEvent, writeStudy } from './support.js'

const storage = mkdtempSync(join(tmpdir(), 'tunewright-compare-'))
afterAll(() => rmSync(storage, { recursive: true, force: true }))

/** A finished study of one trial after the other, each with one report of that loss; an event a second. */
function study(name: string, losses: readonly number[], definition: Partial<StudyDefinition> = {}): StudyEvent[] {
  return [
    header({ name, ...definition }),
    { event: 'session' },
    ...losses.flatMap((loss, trial): StudyEvent[] => [
      trialEvent(trial, { x: trial }),
      reportEvent(trial, 1, { loss }),
      { event: 'end', trial },
    ]),
    { event: 'finish' },
  ]
}

const folder = join(storage, 'results')
const quick = writeStudy(
  folder,
  'quick',
  study('quick', [0.9, 0.2], { searcher: { name: 'tpe', options: {} }, seed: 5 }),
)
const slow = writeStudy(folder, 'slow', study('slow', [0.8, Number.NaN, 0.7, 0.1]))

describe('tunewright compare with studies', () => {
  it('puts them side by side, with what each needed for the worst of their best values, and claims nothing more', async () => {
    const { code, stdout, stderr } = await call(['compare', quick, slow])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout.split('\n')).toEqual([
      'Best loss (min); to 0.2, the worst of the best, took:',
      '',
      'study  searcher  scheduler  best  trials  reports  time  trials to  reports to  time to  seed',
      'quick  tpe       fifo        0.2       2        2    7s          2           2       5s     5',
      'slow   random    fifo        0.1       4        4   13s          4           4      11s     7',
      '',
      'They did not get the same number of reports: the last columns say what each needed for the same value.',
      'One run of each shows which run ended better, and nothing about their strategies in general: another seed may turn the',
      'order round. compareStrategies runs each with the same seeds and tests the difference.',
      '',
    ])
  })

  it('takes a folder for the studies in it, each study once', async () => {
    const json = JSON.parse((await call(['compare', folder, quick, '--json'])).stdout)
    expect(json.studies.map((each: { name: string }) => each.name)).toEqual(['quick', 'slow'])
    expect(json).toMatchObject({ metric: 'loss', mode: 'min', target: 0.2 })
    const { stdout } = await call(['compare', folder, '--csv'])
    expect(stdout.split('\n')[1]).toBe(`quick,${quick},tpe,fifo,5,True,loss,0.2,2,2,7,0.2,2,2,5`)
  })

  it('says where studies can hardly be compared', async () => {
    const other = writeStudy(
      storage,
      'other',
      study('slow', [], { trainable: 'other', space: { object: {} } }).slice(0, -1),
    )
    const { stdout } = await call(['compare', slow, other])
    expect(stdout).toContain('slow (2)')
    expect(stdout).toContain('Not finished: slow (2).\n')
    expect(stdout).toContain('Without a finite value: slow (2).\n')
    expect(stdout).toContain('They tune different trainables')
    expect(stdout).toContain('Single runs, some of the same strategy')
  })

  it('counts a study that was repeated as one run', async () => {
    const twin = writeStudy(
      storage,
      'twin',
      study('twin', [0.9, 0.2], { searcher: { name: 'tpe', options: {} }, seed: 5 }),
    )
    const { stdout } = await call(['compare', quick, slow, twin])
    expect(stdout).toContain('quick, twin were made with the same options and the same seed: they count as one run.\n')
  })

  it('wants one metric, which can be named where the studies differ', async () => {
    const speed = writeStudy(
      storage,
      'speed',
      study('speed', [0.5], { metric: 'speed', mode: 'max', objectives: [{ metric: 'speed', mode: 'max' }] }),
    )
    const refused = await call(['compare', quick, speed])
    expect(refused.code).toBe(1)
    expect(refused.stderr).toBe(
      'tunewright: "quick" goes by "loss", "speed" by "speed": name one that both report with --metric and --mode\n',
    )
    expect((await call(['compare', quick, speed, '--metric', 'loss'])).stdout).toContain('Best loss (min); to 0.5')
    expect((await call(['compare', quick, speed, '--metric', 'x'])).stderr).toContain('add --mode min or --mode max')
    const most = writeStudy(
      storage,
      'most',
      study('most', [0.5], { mode: 'max', objectives: [{ metric: 'loss', mode: 'max' }] }),
    )
    expect((await call(['compare', quick, most])).stderr).toContain('say which is meant with --mode')
  })

  it('shows the names of others as text alone', async () => {
    const hostile = writeStudy(storage, 'hostile', study('\u001b[2Jhi\u202e', [0.3]))
    const { stdout } = await call(['compare', quick, hostile])
    expect(stdout).toContain('hi')
    expect(stdout.match(/[^\n\P{Cc}]|\p{Bidi_Control}/gu)).toBeNull()
  })

  it('asks for more than one', async () => {
    const { code, stderr } = await call(['compare', quick])
    expect(code).toBe(1)
    expect(stderr).toContain('is a single study: give two or more')
    expect((await call(['compare', quick, quick])).code).toBe(1)
    expect((await call(['compare', quick, join(storage, 'nowhere')])).stderr).toContain('there is no study at')
    mkdirSync(join(storage, 'blank'))
    expect((await call(['compare', join(storage, 'blank')])).stderr).toContain('holds no studies: give two or more')
  })
})

describe('tunewright compare with a comparison of strategies', () => {
  const comparison = join(storage, 'comparison')
  for (let repeat = 0; repeat < 8; repeat++)
    for (const [strategy, offset] of [
      ['asha', 0],
      ['random', 0.5],
    ] as const)
      writeStudy(
        join(comparison, 'branin', strategy),
        `repeat_00${repeat}`,
        study(strategy, [1 + offset + 0.01 * repeat], { seed: repeat }),
      )

  it('prints its tables and its conclusions', async () => {
    const { code, stdout } = await call(['compare', comparison])
    expect(code).toBe(0)
    expect(stdout).toContain('branin: final loss (min), median over the seeds')
    expect(stdout).toContain('asha ended better than random (Wilcoxon’s signed-rank test')
  })

  it('prints them as data', async () => {
    const json = JSON.parse((await call(['compare', comparison, '--json'])).stdout)
    expect(json.ranks).toEqual([
      { strategy: 'asha', meanRank: 1 },
      { strategy: 'random', meanRank: 2 },
    ])
    const [head, first] = (await call(['compare', comparison, '--csv'])).stdout.split('\n')
    expect(head).toMatch(/^problem,strategy,studies,/)
    expect(first).toMatch(/^branin,asha,8,/)
    expect((await call(['compare', comparison, '--markdown'])).stdout).toContain('| strategy | final |')
    expect((await call(['compare', quick, slow, '--markdown'])).stderr).toContain('--markdown is for a comparison')
  })
})
