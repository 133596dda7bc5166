import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { buildData } from '../../../analysis/report/data/build-data.js'
import { ReportColumns } from '../../../analysis/report/data/report-columns.js'
import type { ReportData } from '../../../analysis/report/data/report-data.js'
import { reportsOf, viewOf } from '../../../analysis/report/data/view-of.js'
import type { StudyEvent } from '../../../src/study/events.js'
import { racedStudy } from '../plots/studies.js'
import { header, openStudy, report, startMs, trial } from './studies.js'

const storage = mkdtempSync(join(tmpdir(), 'tunewright-report-data-'))
afterAll(() => rmSync(storage, { recursive: true, force: true }))

const loss = { metric: 'loss', mode: 'min' } as const

function build(name: string, events: readonly StudyEvent[]): ReportData {
  const folder = join(storage, name)
  const view = openStudy(folder, events)
  const clock = { now: () => startMs, monotonic: () => 0 }
  return buildData(view, { title: 'demo', objective: loss, path: join(folder, 'report.html'), clock })
}

const timing = { timestampMs: startMs, timeThisIterS: 0.25, timeTotalS: 1 }

describe('the columns of reports', () => {
  it('keep numbers of all reports, trial by trial, and tell what is missing from what is no number', () => {
    const columns = new ReportColumns([loss])
    columns.add(1, { iteration: 1, metrics: { loss: 3 }, timing })
    columns.add(0, { iteration: 1, metrics: { loss: Number.NaN, val: { f1: 0.5 } }, timing })
    columns.add(1, { iteration: 2, metrics: { loss: 2, note: 'text' }, timing })
    expect(columns.table(3)).toEqual({
      offsets: [0, 1, 3, 3],
      originMs: startMs,
      at: [0, 0, 0],
      took: [0.25, 0.25, 0.25],
      metrics: [
        { name: 'loss', values: [Number.NaN, 3, 2] },
        { name: 'val/f1', values: [0.5, null, null] },
      ],
      metricsLeftOut: [],
      total: 3,
      every: 1,
    })
  })

  it('are thinned out beyond what a page can hold, and say so; the first, the last and the best report of a trial stay', () => {
    const columns = new ReportColumns([loss])
    const reports = 500_000
    for (let i = 1; i <= reports; i++) columns.add(0, { iteration: i, metrics: { loss: i === 4321 ? -1 : 1 }, timing })
    const table = columns.table(1)
    expect({ every: table.every, total: table.total }).toEqual({ every: 2, total: reports })
    const iterations = [...reportsOf(table, 0)].map(({ iteration }) => iteration)
    expect(iterations.length).toBeLessThan(reports / 2 + 3)
    expect(iterations.slice(0, 2)).toEqual([1, 3])
    expect(iterations.at(-1)).toBe(reports)
    expect(iterations).toContain(4321)
  })

  it('have room for so many metrics, and name those that are left out', () => {
    const columns = new ReportColumns([loss])
    const metrics = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`m${i}`, i]))
    columns.add(0, { iteration: 1, metrics: { ...metrics, loss: 1 }, timing })
    const table = columns.table(1)
    expect(table.metrics.map(({ name }) => name)).toContain('loss')
    expect(table.metricsLeftOut).toEqual(['m23', 'm24', 'm25', 'm26', 'm27', 'm28', 'm29'])
  })
})

describe('the data of a report', () => {
  it('tells who decided what, who failed and survived, and how long the study ran', () => {
    const data = build('decided', [
      header({ objectives: [loss] }),
      { event: 'session' },
      trial(0, { lr: 0.1 }),
      trial(1, { lr: 0.2 }),
      report(0, 1, { loss: 0.5 }),
      report(1, 1, { loss: 0.9 }, { decision: { type: 'stop', reason: 'loss 0.9 is above 0.6', by: 'asha' } }),
      { event: 'failure', trial: 0, error: { name: 'Error', message: 'cosmic ray' }, retry: true },
      report(0, 2, { loss: 0.4 }),
      { event: 'end', trial: 0 },
      { event: 'finish' },
    ])
    expect(data.best).toBe(0)
    expect(data.run).toMatchObject({ state: 'finished', elapsedS: 8, sessions: 1, failures: 1 })
    expect(data.decisions).toEqual([{ type: 'stop', by: 'asha', count: 1 }])
    expect(data.happenings).toEqual([
      { at: startMs + 5000, trial: 1, iteration: 1, type: 'stop', by: 'asha', reason: 'loss 0.9 is above 0.6' },
      { at: startMs + 6000, trial: 0, iteration: 1, type: 'retry', reason: 'Error: cosmic ray' },
    ])
    expect(data.importances).toEqual({ missing: 'they need at least 8 trials with a value, and there are 2' })
  })

  it('gives back the lineage of a trial that took over from another', () => {
    const checkpoint = { name: 'checkpoint_000001', iteration: 1 }
    const exploit = { donor: 0, source: 0, checkpoint, config: { lr: 0.12 } }
    const data = build('lineage', [
      header({ objectives: [loss] }),
      trial(0, { lr: 0.1 }),
      trial(1, { lr: 0.4 }),
      report(0, 1, { loss: 0.5 }, { checkpoint }),
      report(1, 1, { loss: 0.9 }, { decision: { type: 'exploit', reason: 'trial 0 is better', by: 'pbt', exploit } }),
    ])
    expect(data.trials[1]).toMatchObject({ config: { lr: 0.12 }, firstConfig: { lr: 0.4 } })
    expect(viewOf(data).lineageOf(1)).toEqual([
      { iteration: 0, config: { lr: 0.4 }, exploit: undefined },
      { iteration: 1, config: { lr: 0.12 }, exploit },
    ])
  })

  it('links the files of a trial from where the report is, encoded so that they can lead nowhere else', () => {
    const folder = join(storage, 'files')
    mkdirSync(join(folder, 'trial_00000', 'checkpoint_000001'), { recursive: true })
    writeFileSync(join(folder, 'trial_00000', 'result #1.json'), '')
    const data = build('files', [header(), trial(0, {}), trial(1, {})])
    expect(data.trials.map(({ folder: where, files }) => [where, files])).toEqual([
      ['./trial_00000/', 0],
      // its folder was never made
      [undefined, undefined],
    ])
    expect(data.fileLists).toEqual([['checkpoint_000001/', 'result #1.json']])
  })

  it('shows a study that is kept in memory, as far as its trials tell', async () => {
    const { study } = await racedStudy()
    const data = buildData(study, { title: 'raced', objective: loss, path: '/nowhere/report.html' })
    expect(data.run).toMatchObject({ state: 'finished', startedMs: null, path: null })
    expect(data.best).toBe(study.best?.index)
    const stopped = study.trials.filter(({ reason, status }) => reason !== undefined && status !== 'error').length
    expect(data.happenings.filter(({ type }) => type === 'stop')).toHaveLength(stopped)
    expect(data.importances).toMatchObject({ method: 'fanova' })
    const told = [...viewOf(data).reports()].filter(({ trialIndex }) => trialIndex === 3)
    const own = study.reportsOf(3)
    expect(told.map(({ report: { iteration } }) => iteration)).toEqual(own.map(({ iteration }) => iteration))
    for (const [i, { report: each }] of told.entries())
      expect(each.metrics.loss).toBeCloseTo(Number(own[i]?.metrics.loss), 7)
  })

  it('keeps what a trial reported last beside its numbers, and cuts long texts with a note of it', () => {
    const long = 'x'.repeat(5000)
    const data = build('notes', [
      header({ objectives: [loss] }),
      trial(0, {}),
      report(0, 1, { loss: 1, note: 'warm', layers: [1, 2], deep: { text: long } }),
      { event: 'failure', trial: 0, error: { name: 'Error', message: long, stack: long }, retry: false },
    ])
    const [told] = data.trials
    expect(told?.notes).toEqual({
      note: 'warm',
      layers: '[1, 2]',
      'deep/text': `${'x'.repeat(200)}… (4800 characters more)`,
    })
    expect(told?.error?.message).toBe(`${'x'.repeat(1000)}… (4000 characters more)`)
    expect(told?.error?.stack).toHaveLength(4000 + '… (1000 characters more)'.length)
    expect(data.happenings[0]?.reason?.length).toBeLessThan(600)
  })

  it('passes over what a running study has committed since it was opened', () => {
    const folder = join(storage, 'running')
    const events = [header({ objectives: [loss] }), trial(0, { lr: 1 }), report(0, 1, { loss: 1 })]
    const view = openStudy(folder, events)
    openStudy(folder, [...events, trial(1, { lr: 2 }), report(1, 1, { loss: 0 })])
    const data = buildData(view, { title: 'x', objective: loss, path: join(folder, 'report.html') })
    expect(data.trials).toHaveLength(1)
    expect(data.reports.total).toBe(1)
    expect(data.run.state).toBe('open')
  })
})
