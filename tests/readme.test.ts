import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import * as schedulers from '../schedulers/index.js'
import * as searchers from '../searchers/index.js'
import * as engine from '../src/index.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const markdown = readFileSync(join(root, 'README.md'), 'utf8')
const parts = { ...engine, ...searchers, ...schedulers }
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

// its programs and links are checked with those of all pages, in docs.test.ts
describe('the README', () => {
  it('names npm scripts that exist', () => {
    const named = [...markdown.matchAll(/npm (?:run ([\w:-]+)|(start|test)\b)/g)].map(match => match[1] ?? match[2])
    expect(named.filter(name => name === undefined || !(name in manifest.scripts))).toEqual([])
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
      .filter(name => name !== 'NO_COLOR' && name !== 'TUNEWRIGHT_BACKEND')
    expect([...new Set(named)].sort()).toEqual(codes.sort())
  })
})
