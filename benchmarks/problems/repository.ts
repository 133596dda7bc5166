import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's folder, whether this module runs from the sources or compiled from `dist`. */
export const repository = findRepository(dirname(fileURLToPath(import.meta.url)))

function findRepository(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder
  const parent = dirname(folder)
  if (parent === folder) throw new Error('no folder above the benchmarks holds a package.json')
  return findRepository(parent)
}
