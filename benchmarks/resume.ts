import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { median } from 'simple-statistics'
import { type LongStudyOptions, longStudyOptions, onLongStudy } from './on-long-study.js'

export const options = longStudyOptions

const script = fileURLToPath(new URL('./resume-study.js', import.meta.url))

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
export function bench(given: LongStudyOptions) {
  return onLongStudy('resume', given, ({ folder, journal, repeat }) => {
    const journalMegabytes = Number((statSync(journal).size / 1e6).toFixed(1))
    const measured = repeat(
      (): Measured => JSON.parse(execFileSync(process.execPath, [script, folder], { encoding: 'utf8' })),
    )
    const middle = (key: keyof Measured) => Number(median(measured.map(each => each[key])).toFixed(2))
    return {
      journalMegabytes,
      seconds: middle('seconds'),
      cpuSeconds: middle('cpuSeconds'),
      megabytes: middle('megabytes'),
    }
  })
}
