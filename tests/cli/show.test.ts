import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { StudyEvent } from '../../src/study/events.js'
import { call, demo, header, reportEvent, startMs, trialEvent, writeStudy } from './support.js'

const storage = mkdtempSync(join(tmpdir(), 'tunewright-show-'))
afterAll(() => rmSync(storage, { recursive: true, force: true }))

describe('tunewright show', () => {
  it('shows what a study is, how far it came, its best trials and why they ended', async () => {
    const path = writeStudy(storage, 'demo', demo)
    const { code, stdout, stderr } = await call(['show', path])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout.replaceAll(path, 'demo').split('\n')).toEqual([
      'demo finished after 13s · 4 trials · 3 terminated · 1 error',
      '',
      '  trainable  train',
      '  metric     loss (min)',
      '  searcher   random',
      '  scheduler  pbt (perturbationInterval 2)',
      '  stop       maximumIteration (iterations 2)',
      '  samples    4',
      '  order      logical, 4 trials open at a time, seed 7',
      '  retries    up to 1 a trial',
      '  ran        2026-01-02 03:04:05 UTC to 2026-01-02 03:04:19 UTC, 1 session',
      '  journal    15 entries: 5 reports, 1 checkpoint, 2 failures, 1 stop by pbt, 1 exploit by pbt, 1 stop by',
      '             maximumIteration',
      '',
      'Search space:',
      '  lr          loguniform(0.0001, 1)',
      '  net/layers  choice(1, 2)',
      '',
      'Trials that took over from others:',
      '  trial 3 from trial 0: trial 0 is better',
      '',
      '   trial  status      loss  best  iter   time    lr  layers  accuracy',
      '★      3  terminated   0.4   0.4     2  1.00s  0.12       1       0.8',
      '       0  terminated   0.6   0.5     2  1.00s  0.1        1       0.6',
      '       1  terminated   0.9   0.9     1  0.50s  0.2        2       0.3',
      '       2  error                      0         0.3        1',
      '',
      '★ best loss 0.4 (trial 3, iteration 2) in 1.00s',
      '  lr          0.12',
      '  net/layers  1',
      '',
      'Why trials were stopped:',
      '  1 × loss 0.9 is above 0.6',
      '  1 × 2 reports',
      '',
      '1 trial failed:',
      '  trial 2: TypeError: no data',
      '    demo/trial_00002/error.txt',
      '',
      'Results: demo · 1 checkpoint',
      '',
    ])
  })

  it('prints each event of the journal on a line', async () => {
    const path = writeStudy(storage, 'events', [
      ...demo,
      { event: 'extend', changes: { numSamples: 6, stoppers: [] }, reopened: [1] },
      { event: 'session' },
      { event: 'resume', trial: 1, clock: 2 },
      { event: 'checkpoint', trial: 1, checkpoint: { name: 'checkpoint_000002', iteration: 1 } },
      { event: 'prune', trial: 1, checkpoints: ['checkpoint_000002'] },
      { event: 'halt', reason: 'time is up', by: 'timeBudget', trials: [1] },
      { event: 'reopen', trial: 0 },
    ])
    const { stdout } = await call(['show', path, '--events'])
    expect(stdout.split('\n').map(line => line.replace(/^ *(\d+) {2}2026-01-02 03:04:\d\d UTC {2}/, '$1 '))).toEqual([
      '0 study demo: random + pbt, seed 7',
      '1 a process drives the study from here',
      '2 trial 0 starts: lr 0.1, net/layers 1',
      '3 trial 1 starts: lr 0.2, net/layers 2',
      '4 trial 2 starts: lr 0.3, net/layers 1',
      '5 trial 0 report 1: loss 0.5, accuracy 0.7 (0.50s) · saved checkpoint_000001',
      '6 trial 1 report 1: loss 0.9, accuracy 0.3 (0.50s) · stop by pbt: loss 0.9 is above 0.6',
      '7 trial 2 failed and is tried again: TypeError: no data',
      '8 trial 3 starts: lr 0.4, net/layers 2',
      "9 trial 3 report 1: loss 0.8, accuracy 0.4 (0.50s) · exploit by pbt: trial 0 is better, goes on from trial 0's checkpoint_000001 with lr 0.12, net/layers 1",
      '10 trial 2 failed: TypeError: no data',
      '11 trial 0 report 2: loss 0.6, accuracy 0.6 (0.50s)',
      '12 trial 0 ended',
      '13 trial 3 report 2: loss 0.4, accuracy 0.8 (0.50s) · stop by maximumIteration: 2 reports',
      '14 finished: nothing is left to do',
      '15 extended: samples 6, stop never, 1 trial to go on',
      '16 a process drives the study from here',
      '17 trial 1 goes on',
      '18 trial 1 saved checkpoint_000002 after report 1',
      '19 trial 1 keeps no longer checkpoint_000002',
      '20 halted by timeBudget: time is up · 1 open trial ended',
      '21 trial 0 waits for a place again',
      '',
    ])
  })

  it('gives the same as JSON', async () => {
    const path = writeStudy(storage, 'json', demo)
    const { stdout } = await call(['show', path, '--json'])
    expect(JSON.parse(stdout)).toMatchObject({
      path,
      state: 'finished',
      definition: { name: 'demo', seed: 7, metric: 'loss' },
      trials: { total: 4, terminated: 3, error: 1, running: 0 },
      best: { trialIndex: 3, value: 0.4, iteration: 2, config: { lr: 0.12 } },
      elapsedS: 13,
      startedAt: startMs,
      exploits: 1,
      tornBytes: 0,
    })
    const events = (await call(['show', path, '--events', '--json'])).stdout.trimEnd().split('\n')
    expect(events.map(line => JSON.parse(line).event)).toEqual(demo.map(({ event }) => event))
  })

  it('adds up the checkpoints that are kept, and says what is not known of them', async () => {
    const saved = (trial: number, name: string, bytes?: number): StudyEvent => ({
      event: 'checkpoint',
      trial,
      checkpoint: { name, iteration: 1, ...(bytes === undefined ? {} : { bytes }) },
    })
    const start = demo.slice(0, 5)
    const sized = [saved(0, 'a', 1_400_000), saved(1, 'b', 2_000_000), saved(1, 'c', 9), saved(1, 'd', 7)]
    const events: StudyEvent[] = [...start, ...sized, { event: 'prune', trial: 1, checkpoints: ['c'] }]
    const path = writeStudy(storage, 'sized', events)
    expect((await call(['show', path])).stdout).toContain(`Results: ${path} · 3 checkpoints, 3.4 MB\n`)
    const summary = JSON.parse((await call(['show', path, '--json'])).stdout)
    expect(summary.kept).toEqual({ checkpoints: 3, bytes: 3_400_007, unknown: 0 })
    const mixed = writeStudy(storage, 'mixed', [...events, saved(0, 'e')])
    expect((await call(['show', mixed])).stdout).toContain(`Results: ${mixed} · 4 checkpoints, more than 3.4 MB\n`)
    const forged = writeStudy(storage, 'forged', [...start, saved(0, 'a', -1), saved(0, 'b', 1)])
    expect((await call(['show', forged])).stderr).toContain('the checkpoint of its checkpoint event')
  })

  it('tells a study that runs from one that was interrupted, and how to go on with that', async () => {
    const path = writeStudy(storage, 'open', demo.slice(0, 6))
    const { stdout } = await call(['show', path])
    expect(stdout).toMatch(/^demo interrupted after 4s · 3 trials · 3 running\n/)
    expect(stdout).toContain('Go on:   await Tuner.restore(')
    const owner = { pid: process.pid, host: hostname(), started: '', token: 'x' }
    writeFileSync(join(path, 'journal.lock'), JSON.stringify(owner))
    const running = (await call(['show', path])).stdout
    expect(running).toMatch(/^demo running for 4s · /)
    expect(running).not.toContain('Go on:')
  })

  it('says why a study was halted', async () => {
    const halt: StudyEvent = { event: 'halt', reason: '60 s are spent', by: 'timeBudget', trials: [0, 1, 2] }
    const { stdout } = await call(['show', writeStudy(storage, 'halted', [...demo.slice(0, 6), halt])])
    expect(stdout).toMatch(/^demo halted after /)
    expect(stdout).toContain('The study was halted: 60 s are spent')
  })

  it('lets nothing that a journal says reach the terminal as a control sequence', async () => {
    const evil = '\u001b]0;owned\u0007\u001b[31mred\u009b2J\u202e\r\n\u2028end'
    const events: StudyEvent[] = [
      header({
        trainable: evil,
        metric: evil,
        objectives: [{ metric: evil, mode: 'min' }],
        space: { object: { [evil]: { domain: evil, values: [evil, { constant: evil }] } } },
        searcher: { name: evil, options: { [evil]: evil } },
        stoppers: [{ name: evil, options: { list: [evil] } }],
        numSamples: 2,
      }),
      trialEvent(0, { [evil]: evil, deep: { [evil]: [evil] } }),
      trialEvent(1, {}),
      reportEvent(0, 1, { [evil]: 1, text: evil }, { decision: { type: 'stop', reason: evil, by: evil } }),
      { event: 'failure', trial: 1, error: { name: evil, message: evil, stack: evil }, retry: false },
      { event: 'halt', reason: evil, by: evil, trials: [] },
    ]
    const path = writeStudy(storage, 'evil', events)
    const calls = [
      ['show', path],
      ['show', path, '--events'],
      ['show', path, '--events', '--json'],
      ['show', path, '--json'],
      ['verify', path],
      ['ls', storage],
      ['trials', path],
      ['trials', path, '--json'],
      ['trials', path, '--csv'],
      ['trials', path, '--where', 'nothing=1'],
      ['best', path],
      ['best', path, '--json'],
      ['export', path, '--csv', '-'],
      ['export', path, '--json', '-'],
    ]
    for (const args of calls) {
      const { stdout, stderr } = await call(args)
      // line breaks inside quoted fields of CSV are data, and harmless
      expect((stdout + stderr).match(/[^\n\r\P{Cc}]|[\p{Cf}]/gu), args.join(' ')).toBeNull()
    }
  })

  it('writes no line that is wider than the terminal, but for paths', async () => {
    const path = writeStudy(storage, 'narrow', demo)
    const { stdout } = await call(['show', path], { width: 60 })
    expect(stdout.split('\n').filter(line => line.length > 60 && !line.includes(path))).toEqual([])
  })
})
