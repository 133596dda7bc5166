import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { median } from 'simple-statistics'
import { type LongStudyOptions, longStudyOptions, onLongStudy } from './on-long-study.js'

export const options = longStudyOptions

const program = fileURLToPath(new URL('../src/cli/main.js', import.meta.url))

/** What `npm run bench -- listing` measures: `tunewright trials` on a study of 100,000 trials, as a table and as CSV, the start of Node.js included. */
export function bench(given: LongStudyOptions) {
  return onLongStudy('listing', given, ({ folder, repeat }) => {
    const seconds = (...more: readonly string[]) => {
      const taken = repeat(() => {
        const start = performance.now()
        execFileSync(process.execPath, [program, 'trials', folder, ...more], { maxBuffer: 1 << 30 })
        return (performance.now() - start) / 1000
      })
      return Number(median(taken).toFixed(2))
    }
    const [tableSeconds, csvSeconds] = [seconds(), seconds('--csv')]
    return { tableSeconds, csvSeconds }
  })
}
