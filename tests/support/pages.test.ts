import { describe, expect, it } from 'vitest'
import { anchorsOf, linksOf, picturesOf, readPage } from './pages.js'
import { listPrograms } from './programs.js'

const fence = '```'

describe('a page in Markdown', () => {
  it('has programs, each with its line, its name and what it is said to print', () => {
    const page = readPage(
      'docs/some/page.md',
      [
        '# Title',
        `${fence}ts`,
        'console.log(1)',
        fence,
        `${fence}text output`,
        '1',
        fence,
        '<!-- not shown',
        `${fence}ts`,
        '// train.ts',
        fence,
        '-->',
        `${fence}ts`,
        '// search.test.ts',
        fence,
        `${fence}bash`,
        'npx tunewright ls',
        fence,
        `${fence}bash`,
        'npx tunewright best study',
        fence,
        `${fence}text output`,
        '{}',
        fence,
        `${fence}python`,
        'print(1)',
        fence,
      ].join('\n'),
    )
    expect(listPrograms(page).map(({ line, name, runner, output }) => ({ line, name, runner, output }))).toEqual([
      { line: 3, name: 'line-3', runner: 'node', output: '1' },
      { line: 10, name: 'train', runner: 'node', output: undefined },
      { line: 14, name: 'search.test', runner: 'vitest', output: undefined },
      { line: 20, name: 'line-20', runner: 'shell', output: '{}' },
    ])
  })

  it('has anchors as GitHub makes them', () => {
    const page = readPage(
      'page.md',
      `# \`a.b()\`, or: C-d_e?\n\n## Same\n\n## Same\n\n${fence}bash\n# no heading\n${fence}\n`,
    )
    expect([...anchorsOf(page)]).toEqual(['ab-or-c-d_e', 'same', 'same-1'])
  })

  it('has links and pictures, but none in code', () => {
    const page = readPage(
      'page.md',
      `[a](b.md#c) ![d](e.svg "f") [g](https://example.com) \`[h](i)\`\n\n${fence}ts\n// [j](k)\n${fence}\n`,
    )
    expect(linksOf(page)).toEqual(['b.md#c', 'e.svg'])
    expect(picturesOf(page)).toEqual(['e.svg'])
  })
})
