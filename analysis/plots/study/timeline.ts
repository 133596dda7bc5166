import type { LineSeriesOption } from 'echarts'
import { TuneError } from '../../../src/errors.js'
import { settleAxis, xAxis } from '../core/axis.js'
import { shapes } from '../core/markers.js'
import { type ChartOptions, frame, plotArea } from '../core/option.js'
import { Plot } from '../core/plot.js'
import { accent, neutral, ordinary } from '../core/theme.js'
import { type PlotSource, type PlotStudy, readStudy, stoppedEarly } from './source.js'

/** A stretch of time in which a trial worked. */
export interface TimelineRun {
  /** The trial's index. */
  readonly trialIndex: number
  /** Milliseconds since 1970-01-01 UTC. */
  readonly startMs: number
  /** When it ended, in milliseconds likewise. */
  readonly endMs: number
  /** Which of the places side by side it is drawn in, from 0. */
  readonly place: number
}

/**
 * Lists when trials worked, from the times of their reports; reports that follow one another are one run. Runs at the same time have different places,
 * as few as will do: with trials on workers, a place stands for a worker.
 */
export function timelineOf(source: PlotSource): TimelineRun[] {
  return runsOf(readStudy(source))
}

function runsOf(study: PlotStudy): TimelineRun[] {
  const open = new Map<number, { trialIndex: number; startMs: number; endMs: number; steps: number }>()
  const runs: { trialIndex: number; startMs: number; endMs: number }[] = []
  for (const { trialIndex, report } of study.reports()) {
    const { timestampMs, timeThisIterS } = report.timing
    const startMs = timestampMs - 1000 * timeThisIterS
    const held = open.get(trialIndex)
    const step = held ? (held.endMs - held.startMs) / held.steps : 0
    // a trial that waited less than half an iteration went on
    if (held && startMs - held.endMs <= 0.5 * Math.max(step, 1000 * timeThisIterS)) {
      held.endMs = Math.max(held.endMs, timestampMs)
      held.steps += 1
      continue
    }
    const run = { trialIndex, startMs: Math.max(startMs, held?.endMs ?? startMs), endMs: timestampMs, steps: 1 }
    open.set(trialIndex, run)
    runs.push(run)
  }
  runs.sort((a, b) => a.startMs - b.startMs || a.trialIndex - b.trialIndex)
  const ends: number[] = []
  return runs.map(({ trialIndex, startMs, endMs }) => {
    // clocks tick in whole milliseconds
    let place = ends.findIndex(end => end <= startMs + 1)
    if (place === -1) place = ends.length
    ends[place] = endMs
    return { trialIndex, startMs, endMs, place }
  })
}

/**
 * When each trial worked: bars side by side, by how the trial ended. Gaps are time in which a worker had nothing to do. Bars too short to be seen are drawn
 * together with the next ones.
 *
 * @throws `TuneError` `NO_RESULT` without reports
 * @see Optuna's `plot_timeline`
 */
export function plotTimeline(source: PlotSource, options: ChartOptions = {}): Plot {
  const study = readStudy(source)
  const runs = runsOf(study)
  if (runs.length === 0) throw new TuneError('NO_RESULT', 'plotTimeline: no trial made a report')
  const origin = runs.reduce((least, { startMs }) => Math.min(least, startMs), Number.POSITIVE_INFINITY)
  const end = runs.reduce((most, { endMs }) => Math.max(most, endMs), 0)
  const [unit, divisor] = unitFor((end - origin) / 1000)
  const at = (ms: number) => (ms - origin) / 1000 / divisor
  const places = Math.max(...runs.map(({ place }) => place)) + 1
  const early = stoppedEarly(study)
  const kindOf = (index: number) => {
    const status = study.trials[index]?.status
    if (status === 'error') return 'failed'
    if (status === 'running' || status === 'pending' || status === 'paused') return 'not ended'
    return early.has(index) ? 'stopped early' : 'ended'
  }
  const kinds = [
    { name: 'ended', color: ordinary },
    { name: 'stopped early', color: '#b5b5b5' },
    { name: 'failed', color: accent },
    { name: 'not ended', color: neutral },
  ]
  const all = runs.map((run): Bar => ({ ...run, kind: kindOf(run.trialIndex) }))
  const shown = kinds.filter(kind => all.some(bar => bar.kind === kind.name))
  const x = settleAxis([0, at(end)], { name: 'time since the start', unit, scale: 'linear', min: 0 })
  return new Plot(
    size => {
      const words = frame(
        size,
        { title: 'Timeline of trials', ...options },
        shown.map(({ name }) => ({ name, symbol: name === 'failed' ? shapes.cross : shapes.bar })),
      )
      const lane = (size.height - words.top - words.bottom - 60) / places
      const thickness = Math.max(2, Math.min(26, lane * 0.8))
      const pixelsPerUnit = (size.width - 100) / (x.max - x.min)
      // marks that are nearer to one another than this would hide the bars
      const isMarked = (places * (size.width - 100)) / runs.length > 6
      const drawn = condense(all, (2 / pixelsPerUnit) * divisor * 1000)
      const failures = drawn.filter(bar => bar.kind === 'failed')
      return {
        ...words.option,
        tooltip: { trigger: 'item' },
        grid: plotArea(words),
        xAxis: xAxis(x),
        yAxis: {
          type: 'value',
          inverse: true,
          min: 0.4,
          max: places + 0.6,
          interval: 1,
          name: 'place',
          nameLocation: 'middle',
          nameGap: 36,
          axisLine: { onZero: false },
          axisTick: { customValues: ticks(places) },
          axisLabel: { customValues: ticks(places) },
          splitLine: { show: false },
        },
        series: [
          ...shown.flatMap(({ name, color }) => {
            const own = drawn.filter(bar => bar.kind === name)
            return [
              bars(name, color, own, thickness, at),
              ...(isMarked ? [starts(name, own, thickness, pixelsPerUnit, at)] : []),
            ]
          }),
          ...(failures.length > 0 ? [crosses(failures, thickness, at)] : []),
        ],
      }
    },
    { width: 900, height: Math.min(900, 190 + 30 * places) },
  )
}

function ticks(places: number): number[] {
  const step = Math.ceil(places / 16)
  return Array.from({ length: Math.ceil(places / step) }, (_, i) => 1 + i * step)
}

/** A run and how its trial ended. */
interface Bar extends TimelineRun {
  readonly kind: string
}

/** Draws runs that are too short to be seen together with those that follow at once, as the kind that takes most of the time. */
function condense(all: readonly Bar[], leastMs: number): Bar[] {
  const places = new Map<number, Bar[]>()
  for (const bar of all) {
    const own = places.get(bar.place)
    if (own) own.push(bar)
    else places.set(bar.place, [bar])
  }
  return [...places.values()].flatMap(own => {
    const drawn: Bar[] = []
    let group: Bar[] = []
    for (const bar of own) {
      const first = group[0]
      const last = group.at(-1)
      if (first && last && (last.endMs - first.startMs >= leastMs || bar.startMs - last.endMs >= leastMs)) {
        drawn.push(together(group, leastMs))
        group = []
      }
      group.push(bar)
    }
    return group.length > 0 ? [...drawn, together(group, leastMs)] : drawn
  })
}

function together(group: readonly Bar[], leastMs: number): Bar {
  const times = new Map<string, number>()
  for (const { kind, startMs, endMs } of group) times.set(kind, (times.get(kind) ?? 0) + endMs - startMs)
  const [most] = [...times].reduce((a, b) => (b[1] > a[1] ? b : a))
  // groups are never empty
  const longest = group
    .filter(bar => bar.kind === most)
    .reduce((a, b) => (b.endMs - b.startMs > a.endMs - a.startMs ? b : a))
  const startMs = group[0]?.startMs ?? longest.startMs
  return { ...longest, startMs, endMs: Math.max(group.at(-1)?.endMs ?? longest.endMs, startMs + leastMs) }
}

/** All bars of one kind as one line with gaps, as thick as a bar. */
function bars(
  name: string,
  color: string,
  runs: readonly Bar[],
  width: number,
  at: (ms: number) => number,
): LineSeriesOption {
  return {
    type: 'line',
    name,
    data: runs.flatMap(({ startMs, endMs, place }) => [
      [at(startMs), place + 1],
      [at(endMs), place + 1],
      [null, null],
    ]),
    symbol: 'none',
    lineStyle: { color, width, cap: 'butt' },
    itemStyle: { color },
    silent: true,
    z: 2,
  } as LineSeriesOption
}

/** Where bars begin, and which trials they are where there is room. */
function starts(
  name: string,
  runs: readonly Bar[],
  thickness: number,
  pixelsPerUnit: number,
  at: (ms: number) => number,
) {
  return {
    type: 'scatter' as const,
    name,
    data: runs.map(({ trialIndex, startMs, endMs, place }) => {
      const room = (at(endMs) - at(startMs)) * pixelsPerUnit
      const isNamed = thickness >= 11 && room > 8 * (String(trialIndex).length + 1)
      return {
        value: [at(startMs), place + 1, trialIndex],
        ...(isNamed && {
          label: { show: true, formatter: String(trialIndex), position: 'right' as const, distance: 2 },
        }),
      }
    }),
    label: { fontSize: 10, color: '#000000' },
    symbol: 'rect',
    symbolSize: [1, thickness] as [number, number],
    itemStyle: { color: '#ffffff' },
    z: 3,
  }
}

/** Marks the ends of trials that failed, whatever the colours. */
function crosses(runs: readonly Bar[], thickness: number, at: (ms: number) => number) {
  return {
    type: 'scatter' as const,
    name: 'failed',
    data: runs.map(({ endMs, place, trialIndex }) => [at(endMs), place + 1, trialIndex]),
    symbol: shapes.cross,
    symbolSize: Math.max(4, Math.min(11, thickness * 0.7)),
    itemStyle: { color: accent, borderColor: '#000000', borderWidth: 0.6 },
    z: 4,
  }
}

function unitFor(seconds: number): readonly [string, number] {
  if (seconds < 300) return ['s', 1]
  if (seconds < 3 * 3600) return ['min', 60]
  return seconds < 96 * 3600 ? ['h', 3600] : ['d', 86_400]
}
