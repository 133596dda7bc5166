import { readdirSync } from 'node:fs'
import { relative, sep } from 'node:path'
import type { StudyView } from '../../../src/callbacks/callback.js'
import type { Trial } from '../../../src/trial.js'

/** Where trials keep their files, as URLs relative to a report, and what is there. */
export class TrialFiles {
  readonly #view: StudyView
  readonly #folder: string
  readonly #lists = new Map<string, number>()
  /** What is right inside the study's folder. */
  readonly #present: ReadonlySet<string>

  /** @param folder - that of the report, absolute */
  constructor(view: StudyView, folder: string) {
    this.#view = view
    this.#folder = folder
    this.#present = new Set(view.path === undefined ? [] : list(view.path))
  }

  /** The lists of names that trials refer to. */
  get lists(): string[][] {
    return [...this.#lists.keys()].map(key => JSON.parse(key))
  }

  /** A trial's folder and the number of its list; nothing where it has none. */
  of(trial: Trial): { readonly folder: string; readonly files: number } | undefined {
    const path = this.#view.trialPath(trial)
    // whatever a journal says, a trial's folder is right inside the study's
    if (path === undefined || !this.#present.has(`${trial.directory}/`)) return undefined
    const names = list(path)
    if (names === undefined) return undefined
    const key = JSON.stringify(names)
    const files = this.#lists.get(key) ?? this.#lists.size
    this.#lists.set(key, files)
    return { folder: urlOf(relative(this.#folder, path)), files }
  }
}

/** The names in a folder, those of folders with a slash behind them; undefined where there is none. */
function list(path: string): string[] | undefined {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter(entry => entry.isFile() || entry.isDirectory())
      .map(entry => (entry.isDirectory() ? `${entry.name}/` : entry.name))
      .sort()
  } catch {
    return undefined
  }
}

/** A relative path as a URL that can lead nowhere else. */
function urlOf(path: string): string {
  return `./${path
    .split(sep)
    .map(part => encodeURIComponent(part))
    .join('/')}/`
}
