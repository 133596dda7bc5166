import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeLongStudy } from './long-study.js'

/** The options of benchmarks on a long study. */
export const longStudyOptions = { trials: { type: 'string' }, repeats: { type: 'string' } } as const

/** What was asked for by {@link longStudyOptions}. */
export interface LongStudyOptions {
  readonly json: boolean
  /** How many trials the study has. @defaultValue '100000' */
  readonly trials?: string
  /** How often it is measured. @defaultValue '3' */
  readonly repeats?: string
}

/** A long study, and how to measure something on it. */
interface LongStudy {
  readonly folder: string
  readonly journal: string
  /** Measures as often as was asked for. */
  repeat<R>(once: () => R): R[]
}

/** Measures something on a study of very many trials, in a folder that is gone afterwards. @returns its size, and what was measured */
export async function onLongStudy<T extends object>(
  name: string,
  { trials = '100000', repeats = '3' }: LongStudyOptions,
  measure: (study: LongStudy) => T,
) {
  const folder = mkdtempSync(join(tmpdir(), `tunewright-${name}-`))
  const journal = join(folder, 'journal.jsonl')
  try {
    const { lines, reports } = await writeLongStudy(journal, Number(trials))
    const figures = measure({ folder, journal, repeat: once => Array.from({ length: Number(repeats) }, once) })
    return { trials: Number(trials), reports, lines, ...figures, node: process.version }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
