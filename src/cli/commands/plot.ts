import { extname } from 'node:path'
import type { Plot, PlotTheme } from '../../../analysis/plots/index.js'
import { TuneError } from '../../errors.js'
import { ResultGrid } from '../../results/result-grid.js'
import { sanitize } from '../../results/text.js'
import type { Mode } from '../../trial.js'
import { checkTarget } from '../output-file.js'
import { readStudy } from '../read-study.js'
import { findJournal } from '../studies.js'
import type { Terminal } from '../terminal.js'

/** Which charts `plot` draws of one study. */
export const plotKinds = [
  'best-so-far',
  'contour',
  'curves',
  'distribution',
  'history',
  'importances',
  'lineage',
  'parallel',
  'pareto',
  'rungs',
  'slices',
  'timeline',
] as const

export type PlotKind = (typeof plotKinds)[number]

/** How `plot` is called. */
export interface PlotCommandOptions {
  /** A file that ends in .svg or .png. */
  readonly out: string
  readonly metric?: string
  readonly mode?: Mode
  /** The hyperparameters to show; `contour` takes two, `lineage` one. @defaultValue those that differ between trials */
  readonly parameter?: readonly string[]
  readonly title?: string
  readonly theme?: PlotTheme
  /** In pixels. */
  readonly width?: number
  readonly height?: number
  readonly force?: boolean
}

/** Draws one chart of a study. Prints where it is. */
export async function plot(
  path: string,
  kind: PlotKind,
  options: PlotCommandOptions,
  terminal: Terminal,
): Promise<number> {
  const { out, width, height, theme } = options
  const extension = extname(out).toLowerCase()
  if (extension !== '.svg' && extension !== '.png')
    throw new TuneError('INVALID_OPTION', `--out is ${sanitize(out)}: name a file that ends in .svg or .png`)
  const file = findJournal(path)
  checkTarget(out, () => options.force === true)
  const grid = new ResultGrid(readStudy(file, terminal).view)
  terminal.progress?.(`drawing ${sanitize(out)} …`)
  const chart = await draw(grid, kind, options)
  await chart.save(out, {
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
    ...(theme !== undefined && { theme }),
  })
  await terminal.write(`${sanitize(out)}\n`)
  return 0
}

async function draw(grid: ResultGrid, kind: PlotKind, given: PlotCommandOptions): Promise<Plot> {
  const plots = await import('../../../analysis/plots/index.js')
  const { metric, mode, parameter, title } = given
  const options = {
    ...(metric !== undefined && { metric }),
    ...(mode !== undefined && { mode }),
    ...(title !== undefined && { title }),
    ...(parameter !== undefined && { parameters: parameter }),
  }
  const { name } = grid.study.definition
  switch (kind) {
    case 'best-so-far':
      return plots.plotBestSoFar({ [name]: [grid] }, options)
    case 'contour': {
      const [x, y] = await named(grid, 2, kind, given)
      return plots.plotContour(grid, [x ?? '', y ?? ''], options)
    }
    case 'curves':
      return plots.plotLearningCurves(grid, options)
    case 'distribution':
      return plots.plotDistribution({ [name]: grid }, options)
    case 'history':
      return plots.plotOptimizationHistory(grid, options)
    case 'importances': {
      const { importancesOf } = await import('../../../analysis/importance/index.js')
      return plots.plotImportances(importancesOf(grid, options), options)
    }
    case 'lineage': {
      const [first] = await named(grid, 1, kind, given)
      return plots.plotLineage(grid, first ?? '', options)
    }
    case 'parallel':
      return plots.plotParallelCoordinates(grid, options)
    case 'pareto':
      return plots.plotParetoFront(grid, options)
    case 'rungs':
      return plots.plotRungs(grid, options)
    case 'slices':
      return plots.plotSlices(grid, options)
    case 'timeline':
      return plots.plotTimeline(grid, options)
    default:
      return kind satisfies never
  }
}

/** The hyperparameters that a chart needs: those that are named, else the most important ones. */
async function named(
  grid: ResultGrid,
  count: number,
  kind: PlotKind,
  { parameter, metric, mode }: PlotCommandOptions,
): Promise<readonly string[]> {
  if (parameter !== undefined) {
    if (parameter.length === count) return parameter
    throw new TuneError(
      'INVALID_OPTION',
      `${kind} shows ${count === 1 ? 'one hyperparameter' : `${count} hyperparameters`}: give --parameter ${count === 1 ? 'once' : `${count} times`}`,
    )
  }
  const { importancesOf } = await import('../../../analysis/importance/index.js')
  const important = importancesOf(grid, {
    ...(metric !== undefined && { metric }),
    ...(mode !== undefined && { mode }),
  }).slice(0, count)
  if (important.length === count) return important.map(each => each.name)
  throw new TuneError(
    'INVALID_OPTION',
    `the study has fewer than ${count} hyperparameters that differ: ${kind} can't be drawn`,
  )
}
