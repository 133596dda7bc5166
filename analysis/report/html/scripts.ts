import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { TuneError } from '../../../src/errors.js'
import { linkModules } from './link-modules.js'

let pageScript: string | undefined

/** The page's own script: its compiled modules joined to one. Sources run with the build beside them. */
export function readPageScript(): string {
  if (pageScript !== undefined) return pageScript
  const beside = new URL('../page/', import.meta.url)
  const isBuilt = existsSync(new URL('main.js', beside))
  const folder = isBuilt ? beside : new URL('../../../dist/analysis/report/page/', import.meta.url)
  const substitutes = { 'node:util': fileURLToPath(new URL('without-node.js', folder)) }
  pageScript = linkModules(fileURLToPath(new URL('main.js', folder)), substitutes)
  return pageScript
}

/**
 * The chart library that charts are drawn with.
 *
 * @throws `TuneError` `DEPENDENCY_MISSING` without echarts
 */
export function readChartLibrary(): string {
  try {
    return readFileSync(createRequire(import.meta.url).resolve('echarts/dist/echarts.min.js'), 'utf8')
  } catch (cause) {
    throw new TuneError('DEPENDENCY_MISSING', 'a report needs "echarts" for its charts: run `npm install echarts`', {
      cause,
    })
  }
}
