import { spawnSync } from 'node:child_process'
import { beforeAll, describe, expect, it } from 'vitest'
import { call } from './support.js'

const hasBash = spawnSync('bash', ['-c', 'exit 0']).status === 0

describe.runIf(hasBash)('tunewright completion bash', () => {
  let script = ''
  beforeAll(async () => {
    script = (await call(['completion', 'bash'])).stdout
  })

  /** What bash offers behind these words; `files` where it is left to offer files. */
  function offered(...words: string[]): string[] | 'files' {
    const line = ['tunewright', ...words]
    const program = `
compopt() { NO_FILES=1; }
${script}
COMP_WORDS=("$@")
COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
_tunewright
printf '%s\\n' "\${COMPREPLY[@]}"
[[ \${#COMPREPLY[@]} -gt 0 || -n $NO_FILES ]] || printf 'files\\n'
`
    const { stdout, stderr } = spawnSync('bash', ['-c', program, 'bash', ...line], { encoding: 'utf8' })
    expect(stderr).toBe('')
    const lines = stdout.split('\n').filter(each => each !== '')
    return lines[0] === 'files' ? 'files' : lines
  }

  it('is accepted', () => {
    const { status, stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' })
    expect([status, stderr]).toEqual([0, ''])
  })

  it('offers commands', () => {
    expect(offered('')).toEqual(expect.arrayContaining(['ls', 'show', 'report', 'init', 'help', '--version']))
    expect(offered('re')).toEqual(['report', 'resume'])
    expect(offered('help', 'tr')).toEqual(['trials'])
  })

  it('offers the options of the command', () => {
    expect(offered('export', '--')).toEqual(['--csv', '--json', '--parquet', '--force', '--help'])
    expect(offered('trials', 'x', '--s')).toEqual(['--status', '--sort'])
    // an option that is hidden stays so
    expect(offered('init', '--')).toEqual(['--js', '--help'])
  })

  it('offers choices where there are some', () => {
    expect(offered('best', '--mode', '')).toEqual(['min', 'max'])
    expect(offered('best', 'x', '--metric', 'loss', '--mode', 'ma')).toEqual(['max'])
    expect(offered('completion', '')).toEqual(['bash', 'zsh', 'fish'])
    expect(offered('plot', 'x', 'h')).toEqual(['history'])
    expect(offered('plot', '--metric', 'loss', 'x', 'con')).toEqual(['contour'])
  })

  it('leaves files to bash where they are meant, and only there', () => {
    expect(offered('show', '')).toBe('files')
    expect(offered('plot', '')).toBe('files')
    expect(offered('compare', 'a', 'b', '')).toBe('files')
    expect(offered('export', 'x', '--csv', '')).toBe('files')
    expect(offered('resume', '--script', '')).toBe('files')
    expect(offered('best', '--metric', '')).toEqual([])
    expect(offered('show', 'x', '')).toEqual([])
  })
})

describe('tunewright completion', () => {
  it.each(['zsh', 'fish'])('names all commands and options to %s', async shell => {
    const { code, stdout } = await call(['completion', shell])
    expect(code).toBe(0)
    for (const word of ['ls', 'show', 'compare', 'parquet', 'script', 'min max', 'completion'])
      expect(stdout).toContain(word)
    expect(stdout).not.toContain('spec')
  })

  it.each(['zsh', 'fish'])('is a script that %s accepts, where there is one', async shell => {
    const { stdout } = await call(['completion', shell])
    const { status, error } = spawnSync(shell, ['-n'], { input: stdout, encoding: 'utf8' })
    if (error === undefined) expect(status).toBe(0)
  })
})
