import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median } from 'simple-statistics'
import { writeLongStudy } from './long-study.js'

export const options = { trials: { type: 'string' }, repeats: { type: 'string' } } as const

const program = fileURLToPath(new URL('../src/cli/main.js', import.meta.url))

/** What `npm run bench -- listing` measures: `tunewright trials` on a study of 100,000 trials, as a table and as CSV, the start of Node.js included. */
export async function bench({
  trials = '100000',
  repeats = '3',
}: {
  json: boolean
  trials?: string
  repeats?: string
}) {
  const folder = mkdtempSync(join(tmpdir(), 'tunewright-listing-'))
  try {
    const { lines, reports } = await writeLongStudy(join(folder, 'journal.jsonl'), Number(trials))
    const seconds = (...more: readonly string[]) => {
      const taken = Array.from({ length: Number(repeats) }, () => {
        const start = performance.now()
        execFileSync(process.execPath, [program, 'trials', folder, ...more], { maxBuffer: 1 << 30 })
        return (performance.now() - start) / 1000
      })
      return Number(median(taken).toFixed(2))
    }
    const [tableSeconds, csvSeconds] = [seconds(), seconds('--csv')]
    return { trials: Number(trials), reports, lines, tableSeconds, csvSeconds, node: process.version }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
