import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet'
import { afterAll, describe, expect, it } from 'vitest'
import { writeParquet } from '../../src/cli/parquet-file.js'
import { ColumnTypes } from '../../src/cli/parquet-types.js'
import type { StudyEvent } from '../../src/study/events.js'
import { call, demo, header, reportEvent, trialEvent, writeStudy } from './support.js'

const storage = mkdtempSync(join(tmpdir(), 'tunewright-parquet-'))
afterAll(() => rmSync(storage, { recursive: true, force: true }))

/** Exports a study and reads the file back. */
async function exported(name: string, events: readonly StudyEvent[]) {
  const target = join(storage, `${name}.parquet`)
  const outcome = await call(['export', writeStudy(storage, name, events), '--parquet', target])
  expect(outcome).toMatchObject({ code: 0, stdout: '' })
  const file = await asyncBufferFromFile(target)
  const metadata = await parquetMetadataAsync(file)
  const types = parquetSchema(metadata).children.map(({ element }) => [element.name, element.type])
  return {
    outcome,
    target,
    types: new Map(types.map(([column, type]) => [column, type])),
    rows: await parquetReadObjects({ file }),
  }
}

describe('tunewright export --parquet', () => {
  it('writes the rows of the CSV, in its columns’ order and with types', async () => {
    const { types, rows, outcome, target } = await exported('demo', demo)
    expect(outcome.stderr).toBe(`5 reports written to ${target}\n`)
    expect([...types]).toEqual([
      ['trialId', 'BYTE_ARRAY'],
      ['trialIndex', 'INT32'],
      ['loss', 'DOUBLE'],
      ['accuracy', 'DOUBLE'],
      ['trainingIteration', 'INT32'],
      ['timeThisIterS', 'DOUBLE'],
      ['timeTotalS', 'DOUBLE'],
      ['timestamp', 'INT32'],
      ['config/lr', 'DOUBLE'],
      ['config/net/layers', 'INT32'],
    ])
    expect(rows).toHaveLength(5)
    expect(rows[4]).toEqual({
      trialId: 'demo_00003',
      trialIndex: 3,
      loss: 0.4,
      accuracy: 0.8,
      trainingIteration: 2,
      timeThisIterS: 0.5,
      timeTotalS: 1,
      timestamp: 1767323047,
      'config/lr': 0.12,
      'config/net/layers': 1,
    })
  })

  it('keeps NaN and infinities, large integers, booleans, lists and what is missing', async () => {
    const { types, rows } = await exported('odd', [
      header(),
      trialEvent(0, { flag: true, list: [1, 'a,b'], big: 2 ** 40, some: 1, mixed: 'auto', name: '=1+1', none: null }),
      trialEvent(1, { flag: false, list: [], big: 3, mixed: 0.5, name: 'b', none: null }),
      reportEvent(0, 1, { loss: Number.NaN, best: Number.NEGATIVE_INFINITY, zero: -0 }),
      reportEvent(1, 1, { loss: 1, best: 2, zero: 1 }),
    ])
    expect(Object.fromEntries(types)).toMatchObject({
      loss: 'DOUBLE',
      zero: 'DOUBLE',
      'config/flag': 'BOOLEAN',
      'config/big': 'INT64',
      'config/some': 'INT32',
      'config/list': 'BYTE_ARRAY',
      'config/mixed': 'BYTE_ARRAY',
      'config/none': 'BYTE_ARRAY',
    })
    expect(rows[0]).toMatchObject({
      loss: Number.NaN,
      best: Number.NEGATIVE_INFINITY,
      zero: -0,
      'config/flag': true,
      'config/list': '[1,"a,b"]',
      'config/big': 2n ** 40n,
      'config/some': 1,
      'config/mixed': 'auto',
      // a reader of Parquet takes a text for a text, whatever it begins with
      'config/name': '=1+1',
      'config/none': null,
    })
    expect(rows[1]).toMatchObject({ loss: 1, 'config/flag': false, 'config/some': null, 'config/mixed': '0.5' })
  })

  it('takes any name of a metric for a name', async () => {
    const names = ['__proto__', 'constructor', 'toString', '', 'a.b', 'é\u001b[2J', '\ud800']
    const metrics = JSON.parse(`{${names.map((name, i) => `${JSON.stringify(name)}:${i}`).join(',')}}`)
    const { types } = await exported('names', [
      header(),
      trialEvent(0, {}),
      reportEvent(0, 1, metrics),
      trialEvent(1, {}),
      reportEvent(1, 1, { loss: 1 }),
    ])
    for (const name of names.slice(0, -1)) expect([...types.keys()]).toContain(name)
  })

  it('writes a study without reports as a file without rows', async () => {
    const { rows, types } = await exported('empty', [header(), trialEvent(0, { lr: 0.1 })])
    expect(rows).toEqual([])
    expect([...types.keys()]).toEqual(['trialId', 'trialIndex', 'config/lr'])
  })

  it('writes many rows in several row groups', async () => {
    const target = join(storage, 'many.parquet')
    const types = new ColumnTypes()
    for (const value of [0, 2499]) types.see('index', value)
    function* rows() {
      for (let index = 0; index < 2500; index++) yield { index }
    }
    await writeParquet(target, ['index'], types, rows(), 1000)
    const file = await asyncBufferFromFile(target)
    expect((await parquetMetadataAsync(file)).row_groups.map(({ num_rows }) => num_rows)).toEqual([1000n, 1000n, 500n])
    expect((await parquetReadObjects({ file })).map(({ index }) => index)).toEqual([...Array(2500).keys()])
  })

  it('replaces a file only when told to, and leaves nothing half written', async () => {
    const path = writeStudy(storage, 'again', demo)
    const target = join(storage, 'again.parquet')
    expect((await call(['export', path, '--parquet', target])).code).toBe(0)
    const second = await call(['export', path, '--parquet', target])
    expect(second).toMatchObject({ code: 1 })
    expect(second.stderr).toContain('is there already: add --force')
    expect((await call(['export', path, '--parquet', target, '--force'])).code).toBe(0)
    const nowhere = await call(['export', path, '--parquet', join(storage, 'no', 'such', 'folder.parquet')])
    expect(nowhere.stderr).toContain("can't be written: ENOENT")
    expect(readdirSync(storage).filter(name => name.endsWith('.part'))).toEqual([])
    expect(existsSync(join(storage, 'no'))).toBe(false)
  })
})
