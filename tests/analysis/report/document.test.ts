import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Script } from 'node:vm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeReport } from '../../../analysis/index.js'
import type { ReportData } from '../../../analysis/report/data/report-data.js'
import { readPageScript } from '../../../analysis/report/html/scripts.js'
import { decodeJson } from '../../../src/json.js'
import { openResults } from '../../../src/tuner/open-results.js'
import { racedStudy } from '../plots/studies.js'
import { header, hostile, hostileStudy, openStudy, report, trial } from './studies.js'

const storage = mkdtempSync(join(tmpdir(), 'tunewright-report-document-'))
afterAll(() => rmSync(storage, { recursive: true, force: true }))

describe('the page of a hostile study', () => {
  let page = ''
  beforeAll(async () => {
    const folder = join(storage, 'hostile')
    openStudy(folder, hostileStudy())
    const path = await openResults(folder).report({ title: `Title ${hostile}` })
    expect(path).toBe(join(folder, 'report.html'))
    page = readFileSync(path, 'utf8')
  })

  it('holds no markup that came with names and values', () => {
    const [own, bodies] = [page.replace(/(<script[^>]*>).*?(?=<\/script>)/gs, '$1'), page.match(/<script/g)]
    expect(bodies).toHaveLength(3)
    expect(own.match(/<\/?[a-z]+/g)).toEqual([
      ...[
        '<html',
        '<head',
        '<meta',
        '<meta',
        '<meta',
        '<meta',
        '<meta',
        '<link',
        '<title',
        '</title',
        '<style',
        '</style',
      ],
      ...['</head', '<body', '<noscript', '<p', '</p', '</noscript'],
      ...['<script', '</script', '<script', '</script', '<script', '</script', '</body', '</html'],
    ])
    expect(own.match(/<title>.*<\/title>/)?.[0]).toBe(
      '<title>Title &lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;</title>',
    )
    expect(own.match(/ style="| on[a-z]+=(?!alert)/g)).toBeNull()
  })

  it('keeps them as data', () => {
    const [, text = ''] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page) ?? []
    expect(text.match(/[<>&\u2028\u2029]/g)).toBeNull()
    const { trials } = decodeJson(text) as unknown as ReportData
    expect(trials.slice(0, 2)).toMatchObject([{ name: hostile, config: { [hostile]: 0 } }, { name: '__proto__' }])
  })

  it('lets nothing run or load but what it was written with', () => {
    const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? []
    expect(policy.replace(/sha256-[\w+/=]+/g, 'HASH')).toBe(
      "default-src 'none'; script-src 'HASH' 'HASH'; style-src 'HASH'; img-src data: blob:; base-uri 'none'; form-action 'none'",
    )
  })
})

describe('writing a report', () => {
  it('joins the modules of the page to one script that parses and asks for no other', () => {
    const script = readPageScript()
    expect(() => new Script(script)).not.toThrow()
    expect(script.match(/^(?:import|export)\b.*/gm)).toBeNull()
    expect(script.match(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/g)).toBeNull()
  })

  it('replaces what is there, and leaves nothing else behind', async () => {
    const folder = join(storage, 'twice')
    const view = openStudy(folder, [header(), trial(0, { x: 1 }), report(0, 1, { loss: 1 })])
    await writeReport(view)
    await writeReport({ study: view }, { title: 'Second' })
    expect(readdirSync(folder).sort()).toEqual(['journal.jsonl', 'report.html'])
    expect(/<title>.*<\/title>/.exec(readFileSync(join(folder, 'report.html'), 'utf8'))?.[0]).toBe(
      '<title>Second</title>',
    )
  })

  it('takes a metric to go by, with its mode', async () => {
    const folder = join(storage, 'metric')
    const view = openStudy(folder, [header(), trial(0, { x: 1 }), report(0, 1, { loss: 1, accuracy: 0.5 })])
    const path = await writeReport(view, { metric: 'accuracy', mode: 'max', path: join(folder, 'deep', 'r.html') })
    const [objective] = /"objective":\{[^}]*\}/.exec(readFileSync(path, 'utf8')) ?? []
    expect(objective).toBe('"objective":{"metric":"accuracy","mode":"max"}')
    await expect(writeReport(view, { metric: 'accuracy' })).rejects.toMatchObject({ code: 'INVALID_OPTION' })
  })

  it('says what to do where it can be written nowhere', async () => {
    const grid = await racedStudy()
    await expect(grid.report()).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: "writeReport: the study is kept in memory and has no folder: pass { path: 'report.html' }",
    })
    const journal = join(storage, 'twice', 'journal.jsonl')
    await expect(grid.report({ path: journal })).rejects.toMatchObject({ code: 'INVALID_OPTION' })
    await expect(grid.report({ path: '' })).rejects.toMatchObject({ code: 'INVALID_OPTION' })
    await expect(grid.report({ path: storage })).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
    await expect(grid.report({ path: join(storage, 'x.html'), title: ' ' })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
    })
    expect(readdirSync(storage).filter(name => name.endsWith('.tmp'))).toEqual([])
  })
})
