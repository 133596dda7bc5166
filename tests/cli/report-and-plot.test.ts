import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { StudyEvent } from '../../src/study/events.js'
import { call, demo, header, reportEvent, trialEvent, writeStudy } from './support.js'

const storage = mkdtempSync(join(tmpdir(), 'tunewright-report-'))
afterAll(() => rmSync(storage, { recursive: true, force: true }))

describe('tunewright report', () => {
  it('writes the page into the study’s folder, and over its own', { timeout: 60_000 }, async () => {
    const path = writeStudy(storage, 'own', demo)
    const page = join(path, 'report.html')
    const first = await call(['report', path])
    expect([first.code, first.stdout, first.stderr]).toEqual([0, `${page}\n`, ''])
    expect(readFileSync(page, 'utf8')).toMatch(/^<!doctype html>/i)
    expect((await call(['report', path, '--title', 'Once more'])).code).toBe(0)
    expect(readFileSync(page, 'utf8')).toContain('<title>Once more')
  })

  it('replaces nothing that is no report unless told to', async () => {
    const path = writeStudy(storage, 'other', demo)
    const page = join(storage, 'page.html')
    writeFileSync(page, '<h1>mine</h1>')
    const { code, stderr } = await call(['report', path, '--out', page])
    expect(code).toBe(1)
    expect(stderr).toContain('is there already: add --force')
    expect(readFileSync(page, 'utf8')).toBe('<h1>mine</h1>')
    expect((await call(['report', path, '--out', page, '--force'])).code).toBe(0)
    const alias = join(storage, 'alias.html')
    symlinkSync(join(path, 'journal.jsonl'), alias)
    expect((await call(['report', path, '--out', alias, '--force'])).stderr).toContain('belongs to a study')
  })

  it('opens it when asked to, and says where it is if nothing can', async () => {
    const path = writeStudy(storage, 'opened', demo)
    const page = join(path, 'report.html')
    const opened: string[] = []
    const host = (isOpen: boolean) => ({
      run: async () => 1,
      open: async (file: string) => {
        opened.push(file)
        return isOpen
      },
    })
    expect(await call(['report', path, '--open'], { host: host(true) })).toMatchObject({ code: 0, stderr: '' })
    expect(opened).toEqual([page])
    const { code, stderr } = await call(['report', path, '--open'], { host: host(false) })
    expect(code).toBe(0)
    expect(stderr).toContain('file://')
  })
})

describe('tunewright plot', () => {
  const path = writeStudy(storage, 'plotted', demo)

  it.each(['best-so-far', 'curves', 'distribution', 'history', 'parallel', 'slices', 'timeline'])(
    'draws %s',
    async kind => {
      const file = join(storage, `${kind}.svg`)
      expect(await call(['plot', path, kind, '--out', file])).toEqual({ code: 0, stdout: `${file}\n`, stderr: '' })
      expect(readFileSync(file, 'utf8')).toMatch(/^<svg /)
    },
  )

  it('chooses hyperparameters where a chart needs them and none are named', async () => {
    const many = writeStudy(storage, 'many', [
      header(),
      ...Array.from({ length: 40 }, (_, trial): StudyEvent[] => [
        trialEvent(trial, { a: (trial * 7) % 40, b: (trial * 11) % 40, c: 1 }),
        reportEvent(trial, 1, { loss: ((trial * 7) % 40) + 0.1 * ((trial * 11) % 40) }),
        { event: 'end', trial },
      ]).flat(),
    ])
    for (const kind of ['contour', 'importances', 'lineage'])
      expect(await call(['plot', many, kind, '--out', join(storage, `${kind}.svg`)])).toMatchObject({ code: 0 })
    expect(readFileSync(join(storage, 'contour.svg'), 'utf8')).toContain('loss by a and b')
  })

  it('takes sizes, colours and hyperparameters', async () => {
    const file = join(storage, 'sized.svg')
    const args = ['--parameter', 'lr', '--width', '640', '--height', '300', '--theme', 'dark', '--title', 'Rates']
    expect(await call(['plot', path, 'slices', '--out', file, ...args])).toMatchObject({ code: 0 })
    const svg = readFileSync(file, 'utf8')
    expect(svg).toContain('width="640"')
    expect(svg).toContain('Rates')
  })

  it('says what is wrong', async () => {
    const out = join(storage, 'x.svg')
    const plot = async (...args: string[]) => (await call(['plot', path, ...args])).stderr
    expect(await plot('history', '--out', 'x.jpg')).toContain('name a file that ends in .svg or .png')
    expect(await plot('contour', '--out', out, '--parameter', 'lr')).toContain('give --parameter 2 times')
    expect(await plot('slices', '--out', out, '--parameter', 'nothing')).toContain('no config has "nothing"')
    expect(await plot('history', '--out', out, '--metric', 'accuracy')).toContain("mode: 'min'")
    mkdirSync(join(storage, 'taken'))
    writeFileSync(join(storage, 'taken', 'a.svg'), 'mine')
    expect(await plot('history', '--out', join(storage, 'taken', 'a.svg'))).toContain('is there already')
  })
})
