import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { insights } from '../../../analysis/index.js'
import { buildData } from '../../../analysis/report/data/build-data.js'
import type { NextSteps, ReportData } from '../../../analysis/report/data/report-data.js'
import type { StudyView } from '../../../src/callbacks/callback.js'
import type { StudyEvent } from '../../../src/study/events.js'
import { racedStudy } from '../plots/studies.js'
import { header, hostileLessons, openStudy, report, trial } from './studies.js'

const storage = mkdtempSync(join(tmpdir(), 'tunewright-report-next-'))
afterAll(() => rmSync(storage, { recursive: true, force: true }))
const loss = { metric: 'loss', mode: 'min' } as const

function nextOf(view: StudyView, options: { readonly isChosen?: boolean } = {}): ReportData['next'] {
  return buildData(view, { title: 'x', objective: view.definition.objectives[0], path: '/x/report.html', ...options })
    .next
}

function stepsOf(view: StudyView): NextSteps {
  const next = nextOf(view)
  if ('missing' in next) throw new Error(next.missing)
  return next
}

/** So many trials with a loss that is `lossOf` a number from 0 to 1. */
function study(name: string, trials: number, lossOf: (x: number) => number, space = true): StudyView {
  return openStudy(join(storage, name), [
    header({
      objectives: [loss],
      ...(space && { space: { object: { x: { domain: 'uniform', lower: 0, upper: 1 } } } }),
    }),
    ...Array.from({ length: trials }, (_, i): StudyEvent[] => {
      const x = ((i * 7) % trials) / trials
      return [trial(i, { x }), report(i, 1, { loss: lossOf(x) }), { event: 'end', trial: i }]
    }).flat(),
  ])
}

describe('what a report advises', () => {
  it('is what insights advise, though the journal is not read again', async () => {
    const grid = await racedStudy()
    const found = insights(grid)
    const next = stepsOf(grid.study)
    expect(next.advice).toEqual(found.advice)
    expect(next.suggestions).toEqual(found.next.suggestions)
    const text = String(found)
    for (const sentence of [...next.model, ...next.leftOut]) expect(text).toContain(sentence)
    for (const { where, p } of next.regions) expect(text).toMatch(new RegExp(`- ${where}: .*, p ${p}`))
    for (const { first, strength, p } of next.correlations)
      expect(text).toContain(`${first} with loss: ${strength}, p ${p}`)
  })

  it('tells where trials fail and what goes together, whatever that is called', () => {
    const next = stepsOf(openStudy(join(storage, 'lessons'), hostileLessons()))
    expect(next.regions).toEqual([
      {
        where: '<svg onload=alert(1)> = <b>bold</b>',
        what: 'failed',
        inside: { marked: 12, trials: 12 },
        outside: { marked: 0, trials: 36 },
        p: '< 0.0001',
      },
    ])
    expect(next.correlations.map(({ first }) => first)).toContain('constructor')
    expect(next.suggestions).toHaveLength(3)
  })

  it('says why there is nothing to say', () => {
    expect(nextOf(openStudy(join(storage, 'none'), [header({ objectives: [] })]))).toEqual({
      missing: 'the study has no metric',
    })
    expect(nextOf(openStudy(join(storage, 'open'), [header({ objectives: [loss] }), trial(0, { x: 1 })]))).toEqual({
      missing: 'no trial has ended yet',
    })
    expect(stepsOf(study('few', 3, x => x)).suggestions).toEqual({
      missing: 'there is no model to suggest configs: 3 trials with a value are too few for 1 parameter',
    })
    const noise = stepsOf(study('noise', 30, x => (Math.round(30 * x) ** 2 * 7919) % 101))
    expect(noise.suggestions).toEqual({
      missing: 'the model does not predict well enough for its suggestions to be worth a trial',
    })
    expect(noise.model[0]).toContain('That is too little to go by.')
  })

  it('goes by one of several metrics only where that was asked for', () => {
    const view = openStudy(join(storage, 'several'), [
      header({ objectives: [loss, { metric: 'time', mode: 'min' }], metric: null, mode: null }),
      trial(0, { x: 1 }),
      report(0, 1, { loss: 1, time: 2 }),
      { event: 'end', trial: 0 },
    ])
    expect(nextOf(view)).toMatchObject({ missing: expect.stringContaining('tunewright report --metric NAME') })
    expect(nextOf(view, { isChosen: true })).toMatchObject({ objective: loss })
  })

  it('says of very many trials that it looked at a part of them', () => {
    const next = stepsOf(study('many', 2400, x => x))
    expect(next.correlationNotes).toEqual(['Of 2000 of the 2400 trials, drawn at random.'])
    expect(next.model[0]).toMatch(/^A Gaussian process of 200 of 2400 trials, the better ones above all\./)
  })
})
