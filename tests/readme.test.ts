import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as schedulers from '../schedulers/index.js'
import * as searchers from '../searchers/index.js'
import * as engine from '../src/index.js'
import { compilePrograms, listBlocks, listPrograms, normalize, runProgram } from './support/readme.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const markdown = readFileSync(join(root, 'README.md'), 'utf8')
const blocks = listBlocks(markdown)
const programs = listPrograms(blocks)
const parts = { ...engine, ...searchers, ...schedulers }
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

// inside the repository, so that the package's name leads to it; git ignores it
const storage = join(root, 'tunewright-results')
let directory = ''
let complaints: ReadonlyMap<string, readonly string[]> = new Map()

beforeAll(() => {
  mkdirSync(storage, { recursive: true })
  directory = mkdtempSync(join(storage, 'readme-'))
  complaints = compilePrograms(programs, directory, root)
}, 60_000)

afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe.concurrent('the README', () => {
  it('has programs', () => {
    expect(programs.length).toBeGreaterThan(5)
  })

  it.for(programs)('shows a program that compiles: $name', ({ name }) => {
    expect(complaints.get(name)).toEqual([])
  })

  it.for(programs)('shows a program that runs and prints what is said: $name', { timeout: 40_000 }, async program => {
    const { code, stdout, stderr } = await runProgram(program.name, directory)
    expect(code, stderr).toBe(0)
    if (program.output !== undefined) expect(normalize(stdout)).toBe(normalize(program.output))
  })

  it('names npm scripts that exist', () => {
    const named = [...markdown.matchAll(/npm (?:run ([\w:-]+)|(start|test)\b)/g)].map(match => match[1] ?? match[2])
    expect(named.filter(name => name === undefined || !(name in manifest.scripts))).toEqual([])
  })

  it('links to files that exist', () => {
    const links = [...markdown.matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)].flatMap(match => match[1] ?? [])
    expect(links.filter(link => !existsSync(join(root, link)))).toEqual([])
  })

  it('links to headings that exist', () => {
    const slug = (heading: string) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\w\s-]/g, '')
        .trim()
        .replaceAll(' ', '-')
    const headings = markdown.split('\n').flatMap(line => /^#+ (.*)$/.exec(line)?.[1] ?? [])
    const links = [...markdown.matchAll(/\]\(#([^)]+)\)/g)].map(match => match[1])
    expect(links.filter(link => !headings.map(slug).includes(link ?? ''))).toEqual([])
  })

  it('names every searcher, scheduler, stopper and executor that there is', () => {
    const names = Object.keys(parts).filter(
      name => /(?:Searcher|Scheduler|Stopper|Executor)$/.test(name) && /^[A-Z]/.test(name),
    )
    expect(names.filter(name => !markdown.includes(`\`${name}\``))).toEqual([])
  })

  it('names every sampler that there is', () => {
    const names = readFileSync(join(root, 'src/space/index.ts'), 'utf8').matchAll(
      /^export \{ ([^}]+) \} from '.\/domains\//gm,
    )
    const samplers = [...names].flatMap(match => (match[1] ?? '').split(', ')).filter(name => /^[a-z]/.test(name))
    expect(samplers.length).toBeGreaterThan(10)
    expect(samplers.filter(name => !markdown.includes(`\`${name}(`))).toEqual([])
  })

  it('names every error code that there is, and no other', () => {
    const source = /const codes = \[([^\]]+)\]/.exec(readFileSync(join(root, 'src/errors.ts'), 'utf8'))?.[1] ?? ''
    const codes = [...source.matchAll(/'(\w+)'/g)].map(match => match[1])
    const named = [...markdown.matchAll(/`([A-Z]+_[A-Z_]+)`/g)]
      .map(match => match[1])
      .filter(name => name !== 'NO_COLOR')
    expect([...new Set(named)].sort()).toEqual(codes.sort())
  })
})
