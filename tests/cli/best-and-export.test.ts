import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { call, demo, header, reportEvent, startMs, trialEvent, writeStudy } from './support.js'

const storage = mkdtempSync(join(tmpdir(), 'tunewright-cli-'))
afterAll(() => rmSync(storage, { recursive: true, force: true }))
const path = writeStudy(storage, 'demo', demo)

describe('tunewright best', () => {
  it('prints the best config as JSON alone, and says which trial it is beside it', async () => {
    const { code, stdout, stderr } = await call(['best', path])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({ lr: 0.12, net: { layers: 1 } })
    expect(stderr).toBe('trial 3 is best by loss (min, scope all); its last report has 0.4\n')
  })

  it('takes another metric, mode and scope', async () => {
    const worst = await call(['best', path, '--metric', 'accuracy', '--mode', 'min', '--json'])
    expect(JSON.parse(worst.stdout)).toMatchObject({ trialIndex: 1, metrics: { accuracy: 0.3 }, checkpoint: null })
    const last = await call(['best', path, '--mode', 'max', '--scope', 'last', '--json'])
    expect(JSON.parse(last.stdout)).toMatchObject({ trialIndex: 1 })
  })

  it('asks for the mode of a metric that is not the study’s', async () => {
    const { code, stderr } = await call(['best', path, '--metric', 'accuracy'])
    expect(code).toBe(1)
    expect(stderr).toContain('add --mode min or --mode max')
  })

  it('asks for a metric where the study has none, or several', async () => {
    const none = writeStudy(storage, 'none', [header({ metric: null, mode: null, objectives: [] }), trialEvent(0, {})])
    expect((await call(['best', none])).stderr).toContain('name one with --metric and --mode')
    const objectives = [
      { metric: 'a', mode: 'min' },
      { metric: 'b', mode: 'max' },
    ] as const
    const several = writeStudy(storage, 'several', [header({ metric: null, mode: null, objectives })])
    expect((await call(['best', several])).stderr).toContain('the study has several metrics ("a", "b")')
  })

  it('says why nothing is best', async () => {
    const silent = writeStudy(storage, 'silent', [header(), trialEvent(0, {})])
    const { code, stderr } = await call(['best', silent])
    expect(code).toBe(1)
    expect(stderr).toContain('none made a report')
  })
})

describe('tunewright export', () => {
  it('writes all reports, each with the config that its trial had then', async () => {
    const { stdout } = await call(['export', path, '--csv', '-'])
    expect(stdout.split('\n')).toEqual([
      'trialId,trialIndex,loss,accuracy,trainingIteration,timeThisIterS,timeTotalS,timestamp,config/lr,config/net/layers',
      'demo_00000,0,0.5,0.7,1,0.5,0.5,1767323046,0.1,1',
      'demo_00001,1,0.9,0.3,1,0.5,0.5,1767323046,0.2,2',
      'demo_00003,3,0.8,0.4,1,0.5,0.5,1767323046,0.4,2',
      'demo_00000,0,0.6,0.6,2,0.5,1,1767323047,0.1,1',
      'demo_00003,3,0.4,0.8,2,0.5,1,1767323047,0.12,1',
      '',
    ])
  })

  it('writes files whole, and over none that is there unless told to', async () => {
    const folder = join(storage, 'out')
    mkdirSync(folder)
    const file = join(folder, 'reports.json')
    const first = await call(['export', path, '--json', file])
    expect([first.code, first.stderr]).toEqual([0, `5 reports written to ${file}\n`])
    expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveLength(5)
    const second = await call(['export', path, '--json', file])
    expect([second.code, second.stderr]).toEqual([
      1,
      `tunewright: ${file} is there already: add --force to replace it, or name another file\n`,
    ])
    expect((await call(['export', path, '--json', file, '--force'])).code).toBe(0)
    expect(readdirSync(folder)).toEqual(['reports.json'])
  })

  it('never writes over a journal, by whatever name', async () => {
    const alias = join(storage, 'alias.csv')
    symlinkSync(join(path, 'journal.jsonl'), alias)
    const { code, stderr } = await call(['export', path, '--csv', alias, '--force'])
    expect(code).toBe(1)
    expect(stderr).toContain('belongs to a study')
  })

  it('says what is wrong with a place that can’t be written', async () => {
    const { code, stderr } = await call(['export', path, '--csv', join(storage, 'no', 'such', 'folder.csv')])
    expect(code).toBe(1)
    expect(stderr).toContain("can't be written: ENOENT")
  })

  it('keeps what JSON lacks as null, and what CSV has names for', async () => {
    const odd = writeStudy(storage, 'odd', [
      header(),
      trialEvent(0, { flag: true, list: [1, 'a,b'] }),
      reportEvent(0, 1, { loss: Number.NaN, best: Number.POSITIVE_INFINITY }),
    ])
    const [row] = JSON.parse((await call(['export', odd, '--json', '-'])).stdout)
    expect(row).toMatchObject({ loss: null, best: null, 'config/flag': true, 'config/list': [1, 'a,b'] })
    expect((await call(['export', odd, '--csv', '-'])).stdout).toContain(',True,"[1,""a,b""]"\n')
  })
})

describe('tunewright ls', () => {
  it('lists studies, the newest first, and says which can’t be read and why', async () => {
    const folder = join(storage, 'list')
    writeStudy(folder, 'whole', demo)
    writeStudy(folder, 'open', demo.slice(0, 6))
    mkdirSync(join(folder, 'broken'))
    writeFileSync(join(folder, 'broken', 'journal.jsonl'), 'nothing that is a journal\nand more\n')
    mkdirSync(join(folder, 'no-study'))
    const { code, stdout } = await call(['ls', folder])
    expect(code).toBe(0)
    expect(stdout.replaceAll(folder, 'list').split('\n')).toEqual([
      'study   state        trials  metric  best  time  started',
      'open    interrupted     0/3  loss     0.5    4s  2026-01-02 03:04:05 UTC',
      'whole   finished          4  loss     0.4   13s  2026-01-02 03:04:05 UTC',
      'broken  unreadable',
      '',
      'broken: line 1 of list/broken/journal.jsonl is damaged: it does not end in a checksum. Restore the file from a copy; what stands before that line is sound',
      '',
    ])
    const json = JSON.parse((await call(['ls', folder, '--json'])).stdout)
    expect(json[1]).toEqual({
      study: 'whole',
      path: join(folder, 'whole'),
      state: 'finished',
      trials: 4,
      ended: 4,
      metric: 'loss',
      best: 0.4,
      elapsedS: 13,
      startedAt: startMs,
    })
  })

  it('says so where there are no studies, or no folder', async () => {
    const folder = join(storage, 'nothing')
    mkdirSync(folder)
    expect(await call(['ls', folder])).toMatchObject({ code: 0, stdout: `There are no studies in ${folder}.\n` })
    expect(await call(['ls', join(folder, 'deeper')])).toMatchObject({ code: 1 })
  })
})
