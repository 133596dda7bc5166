import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { basename, dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { anchorsOf, linksOf, picturesOf, readPages } from './support/pages.js'
import { compilePrograms, folderOf, listPrograms, normalize, runProgram } from './support/programs.js'

// as many pages are run at a time
vi.setConfig({ maxConcurrency: 2 })

const root = fileURLToPath(new URL('..', import.meta.url))
const pages = readPages(root)
const programs = pages.flatMap(listPrograms)

// inside the repository, so that the package's name leads to it; git ignores it
const storage = join(root, 'tunewright-results')
let directory = ''
let complaints: readonly string[] = []

beforeAll(() => {
  mkdirSync(storage, { recursive: true })
  directory = mkdtempSync(join(storage, 'docs-'))
  complaints = compilePrograms(programs, directory, root)
}, 120_000)

afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe('the pages', () => {
  it('are those of the README and the guide', () => {
    expect(pages.map(({ path }) => path)).toEqual(expect.arrayContaining(['README.md', 'docs/guide/first-study.md']))
    expect(programs.length).toBeGreaterThan(40)
  })

  it('show programs that compile', () => {
    expect(complaints).toEqual([])
  })

  it.concurrent.for([...new Set(programs.map(({ page }) => page))])(
    'show programs that run and print what is said: %s',
    { timeout: 180_000 },
    async (page, { expect }) => {
      const shown = []
      const said = []
      for (const program of programs.filter(each => each.page === page)) {
        const { code, stdout, stderr } = await runProgram(program, directory, root)
        const { line, output } = program
        const failure = code === 0 ? '' : `exit code ${code}: ${stderr}${stdout}`
        shown.push({ line, failure, ...(output !== undefined && { output: normalize(stdout) }) })
        said.push({ line, failure: '', ...(output !== undefined && { output: normalize(output) }) })
      }
      expect(shown).toEqual(said)

      // vitest -u draws them again
      for (const picture of pages.filter(({ path }) => path === page).flatMap(picturesOf)) {
        const drawn = join(directory, folderOf(page), 'plots', basename(picture))
        await expect(readFileSync(drawn, 'utf8')).toMatchFileSnapshot(join(root, dirname(page), picture))
      }
    },
  )

  it('link to files that exist', () => {
    const broken = pages.flatMap(({ path, ...page }) =>
      linksOf({ path, ...page })
        .map(link => link.split('#', 1)[0] ?? '')
        .filter(file => file !== '' && !existsSync(join(root, posix.dirname(path), decodeURIComponent(file))))
        .map(file => `${path}: ${file}`),
    )
    expect(broken).toEqual([])
  })

  it('link to headings that exist', () => {
    const anchors = new Map(pages.map(page => [page.path, anchorsOf(page)]))
    const broken = pages.flatMap(page =>
      linksOf(page).filter(link => {
        const [file = '', anchor] = link.split('#')
        const target = file === '' ? page.path : posix.join(posix.dirname(page.path), file)
        return anchor !== undefined && anchors.get(target)?.has(anchor) !== true
      }),
    )
    expect(broken).toEqual([])
  })

  it('are all listed in the index', () => {
    const index = pages.filter(({ path }) => path === 'docs/README.md')
    const listed = index.flatMap(linksOf).map(link => posix.join('docs', link.split('#', 1)[0] ?? ''))
    const others = pages.map(({ path }) => path).filter(path => !index.some(page => page.path === path))
    expect(others.filter(path => !listed.includes(path))).toEqual([])
  })
})
