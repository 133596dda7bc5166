import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const storagePath = mkdtempSync(join(tmpdir(), 'tunewright-resume-'))
afterAll(() => rmSync(storagePath, { recursive: true, force: true }))

const script = fileURLToPath(new URL('../fixtures/study.mjs', import.meta.url))

interface Ended {
  readonly code: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}

function start(
  name: string,
  mode: 'new' | 'restore',
  variant = 'stopping',
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [script, storagePath, name, mode, variant], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', data => {
    stdout += data
  })
  child.stderr?.on('data', data => {
    stderr += data
  })
  const ended = new Promise<Ended>(resolve =>
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr })),
  )
  return { child, ended }
}

/** Waits until the study's journal holds that many reports. */
async function untilReports(name: string, count: number): Promise<void> {
  const journal = join(storagePath, name, 'journal.jsonl')
  await expect
    .poll(() => existsSync(journal) && readFileSync(journal, 'utf8').split('"event":"report"').length > count, {
      timeout: 20_000,
      interval: 5,
    })
    .toBe(true)
}

describe.each(['stopping', 'promotion'])('a study that is cut off (ASHA, %s)', variant => {
  it('ends with the same ResultGrid, whether it was interrupted, killed, or left alone', async () => {
    const alone = await start(`alone-${variant}`, 'new', variant).ended
    expect(alone.code).toBe(0)
    expect(JSON.parse(alone.stdout).trials).toHaveLength(12)

    const interrupted = start(`interrupted-${variant}`, 'new', variant)
    await untilReports(`interrupted-${variant}`, 8)
    interrupted.child.kill('SIGINT')
    const first = await interrupted.ended
    expect(JSON.parse(first.stdout).outcome).toBe('interrupted')
    expect(first.stderr).toContain('Tuner.restore(')
    const second = await start(`interrupted-${variant}`, 'restore', variant).ended
    expect(second.stdout).toBe(alone.stdout)

    for (const reports of [1, 11, 25]) {
      const name = `killed-${variant}-${reports}`
      const killed = start(name, 'new', variant)
      await untilReports(name, reports)
      killed.child.kill('SIGKILL')
      expect((await killed.ended).signal).toBe('SIGKILL')
      const restored = await start(name, 'restore', variant).ended
      expect(restored.stdout).toBe(alone.stdout)
      expect(restored.stderr).not.toContain('did not repeat')
      const drafts = readdirSync(join(storagePath, name), { recursive: true }).filter(file =>
        String(file).includes('.draft'),
      )
      expect(drafts).toEqual([])
    }
  }, 60_000)
})

it('is written by one process at a time', async () => {
  const first = start('shared', 'new')
  await untilReports('shared', 2)
  const second = await start('shared', 'restore').ended
  expect(second.code).toBe(1)
  expect(second.stderr).toContain(`STUDY_LOCKED`)
  expect(second.stderr).toContain(`process ${first.child.pid} on `)
  expect((await first.ended).code).toBe(0)
  expect(readdirSync(join(storagePath, 'shared')).filter(name => name.includes('lock'))).toEqual([])
})

it('quits at once at the second Ctrl-C', async () => {
  const { child, ended } = start('twice', 'new')
  await untilReports('twice', 2)
  child.kill('SIGINT')
  child.kill('SIGINT')
  const { code, signal } = await ended
  // the two signals may arrive as one, and then the study ends cleanly
  expect([130, 0]).toContain(code ?? signal)
})
