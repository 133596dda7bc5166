import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, demo, header, startMs, writeStudy } from './support.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const storage = mkdtempSync(join(tmpdir(), 'tunewright-program-'))
afterAll(() => rmSync(storage, { recursive: true, force: true }))
const path = writeStudy(join(storage, 'tunewright-results'), 'demo', demo)
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

const commands = [
  'ls',
  'show',
  'best',
  'trials',
  'insights',
  'compare',
  'verify',
  'report',
  'plot',
  'export',
  'init',
  'resume',
  'completion',
]

describe('the command line', () => {
  it('says what there is', async () => {
    const { code, stdout, stderr } = await call(['--help'])
    expect([code, stderr]).toEqual([0, ''])
    for (const name of commands) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'))
    expect(await call(['--version'])).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' })
  })

  it.each(commands)('says what %s does', async name => {
    const { code, stdout } = await call([name, '--help'])
    expect(code).toBe(0)
    expect(stdout).toMatch(new RegExp(`^Usage: tunewright ${name} `))
    expect(await call(['help', name])).toMatchObject({ code: 0, stdout })
  })

  const misuses: [args: string[], message: string][] = [
    [[], 'Usage: tunewright'],
    [['shw', 'x'], "unknown command 'shw'\n(Did you mean show?)"],
    [['export'], "missing required argument 'path'"],
    [['show', 'x', '--jsn'], "unknown option '--jsn'\n(Did you mean --json?)"],
    [['show', 'x', '--limit', 'ten'], 'give a whole number from 0'],
    [['trials', 'x', '--where', 'loss'], "such as 'loss<0.1'"],
    [['trials', 'x', '--status', 'dead'], 'give one or more of pending, running, paused, terminated, error'],
    [['trials', 'x', '--csv', '--json'], 'cannot be used with'],
    [['best', 'x', '--mode', 'low'], 'Allowed choices are min, max'],
    [['export', 'x'], 'say where to'],
    [['export', 'x', '--parquet', '-'], '--parquet needs a file'],
    [['compare', 'x', '--json', '--csv'], 'cannot be used with'],
    [['insights', 'x', '--json', '--markdown'], 'cannot be used with'],
    [['insights', 'x', '--seed', '-1'], 'give a whole number from 0'],
    [['plot', 'x', 'pie', '--out', 'x.svg'], 'Allowed choices are best-so-far, contour'],
    [['plot', 'x', 'history'], "required option '--out <file>' not specified"],
    [['completion', 'tcsh'], 'Allowed choices are bash, zsh, fish'],
    [['resume', 'a', 'b'], 'one study at a time'],
  ]

  it.each(misuses)('answers %j with what is wrong and exit code 2', async (args, message) => {
    const { code, stdout, stderr } = await call(args)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
  })

  it('finds a study by its folder or its journal, and points from a folder of studies to them', async () => {
    const whole = await call(['best', path])
    expect(whole.code).toBe(0)
    expect(await call(['best', join(path, 'journal.jsonl')])).toEqual(whole)
    expect((await call(['best', join(storage, 'tunewright-results')])).stderr).toContain(`it holds a study ${path}`)
  })

  it('takes the study that was begun last where none is named', async () => {
    const folder = join(storage, 'elsewhere')
    const studies = join(folder, 'tunewright-results')
    writeStudy(studies, 'z-early', demo, startMs - 1000)
    const latest = writeStudy(studies, 'a-late', [header({ name: 'late' }), ...demo.slice(1)], startMs + 1000)
    writeStudy(studies, 'early', demo, startMs)
    const before = process.cwd()
    process.chdir(folder)
    try {
      for (const name of ['show', 'best', 'trials']) expect(await call([name])).toEqual(await call([name, latest]))
      process.chdir(studies)
      expect((await call(['show'])).stderr).toBe(
        'tunewright: there are no studies in tunewright-results: pass the folder of a study\n',
      )
    } finally {
      process.chdir(before)
    }
  })

  it('paints only where it is told to', async () => {
    expect((await call(['show', path])).stdout).not.toContain('\u001b')
    expect((await call(['show', path], { isColored: true })).stdout).toContain('\u001b')
  })

  it('runs as a program, without colours into a pipe, and stops when nobody reads on', { timeout: 60_000 }, () => {
    const program = join(root, manifest.bin.tunewright)
    expect(readFileSync(program, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
    const shown = spawnSync(process.execPath, [program, 'show', 'demo'], { cwd: storage, encoding: 'utf8' })
    expect(shown.stderr).toBe('')
    expect(shown.stdout).toMatch(/^demo finished after 13s/)
    expect(shown.stdout).not.toContain('\u001b')
    expect(shown.status).toBe(0)
    const lost = spawnSync(process.execPath, [program, 'show', 'nowhere'], { cwd: storage, encoding: 'utf8' })
    expect([lost.status, lost.stdout]).toEqual([1, ''])
    expect(lost.stderr).toMatch(/^tunewright: there is no study at nowhere: /)
    if (process.platform === 'win32') return
    const script = `"${process.execPath}" "${program}" show demo --events | true`
    const cut = spawnSync('sh', ['-c', script], { cwd: storage, encoding: 'utf8' })
    expect([cut.status, cut.stderr]).toEqual([0, ''])
  })
})

describe.each(['README.md', 'docs/command-line.md'])('%s', page => {
  const markdown = readFileSync(join(root, page), 'utf8')
  const lines = [...markdown.matchAll(/^npx tunewright (.*)$/gm)].flatMap(match => match[1] ?? [])
  const before = process.cwd()
  // calls that name no study find those that are here
  beforeAll(() => process.chdir(storage))
  afterAll(() => process.chdir(before))

  it.for(lines.length > 0 ? lines : ['ls'])('shows a call that makes sense: tunewright %s', async line => {
    const [words = ''] = line.split(/ +[#>] /)
    const args = words
      .trim()
      .split(/ +/)
      .map(word => word.replaceAll("'", ''))
    // no study is there; a call that makes no sense is told before that is seen
    if (args[1] !== undefined && !args[1].startsWith('-') && args[0] !== 'completion')
      args[1] = join(storage, 'nowhere')
    const { code, stderr } = await call(args)
    expect(code, stderr).not.toBe(2)
  })
})
