import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median } from 'simple-statistics'
import { writeLongStudy } from './long-study.js'

export const options = { trials: { type: 'string' }, repeats: { type: 'string' } } as const

/** What one resume took. */
interface Measured {
  readonly seconds: number
  readonly cpuSeconds: number
  readonly megabytes: number
}

/**
 * What `npm run bench -- resume` measures: how long it takes, and how much memory, to take up a study that was killed after 100,000 trials (ASHA),
 * until its first trial runs again. Its journal is made by a study that is told results, without trials that run, and so are those of the trials'
 * files that are looked at.
 */
export async function bench({
  trials = '100000',
  repeats = '3',
}: {
  json: boolean
  trials?: string
  repeats?: string
}) {
  const folder = mkdtempSync(join(tmpdir(), 'tunewright-resume-'))
  const path = join(folder, 'journal.jsonl')
  try {
    const { lines, reports } = await writeLongStudy(path, Number(trials))
    const script = fileURLToPath(new URL('./resume-study.js', import.meta.url))
    const journalMegabytes = Number((statSync(path).size / 1e6).toFixed(1))
    const measured = Array.from(
      { length: Number(repeats) },
      (): Measured => JSON.parse(execFileSync(process.execPath, [script, folder], { encoding: 'utf8' })),
    )
    const middle = (key: keyof Measured) => Number(median(measured.map(each => each[key])).toFixed(2))
    return {
      trials: Number(trials),
      reports,
      lines,
      journalMegabytes,
      seconds: middle('seconds'),
      cpuSeconds: middle('cpuSeconds'),
      megabytes: middle('megabytes'),
      node: process.version,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
