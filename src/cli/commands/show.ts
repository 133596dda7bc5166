import { drawSummary } from '../../callbacks/progress/summary.js'
import { ProgressTracker } from '../../callbacks/progress/tracker.js'
import type { Clock } from '../../clock.js'
import { describeSpace } from '../../results/describe-parts.js'
import { cut, displayWidth, formatWholeSeconds, pad, plural, sanitize, wrapItems } from '../../results/text.js'
import { listCounts } from '../../results/trial-columns.js'
import { readJournal } from '../../study/file-journal.js'
import type { StudyRecording } from '../../tuner/open-results.js'
import { Chronicle } from '../chronicle.js'
import { describeDefinition } from '../describe-definition.js'
import { describeEvent } from '../describe-event.js'
import { formatTime } from '../format-time.js'
import { readStudy } from '../read-study.js'
import { safeJson } from '../safe-json.js'
import { findJournal, type StudyState, stateOf } from '../studies.js'
import { summaryOf } from '../study-summary.js'
import { type Terminal, writeLines } from '../terminal.js'

/** The most lines that one text of a definition takes: the source of a function may be long. */
const textLines = 4

/** How `show` is called. */
export interface ShowOptions {
  readonly json?: boolean
  /** Print the journal instead, an event a line. */
  readonly events?: boolean
  /** The most trials that are listed. @defaultValue 10 */
  readonly limit?: number
}

/** Shows a study: what it is, how far it came, its best trials, and why it ended. */
export async function show(
  path: string | undefined,
  options: ShowOptions,
  terminal: Terminal,
  clock: Clock,
): Promise<number> {
  const file = findJournal(path)
  if (options.events === true) {
    await writeLines(terminal, eventLines(file, options.json === true))
    return 0
  }
  const chronicle = new Chronicle()
  const recording = readStudy(file, terminal, entry => chronicle.add(entry))
  const state = stateOf(recording.study, file, clock)
  const lines =
    options.json === true
      ? [safeJson(summaryOf(recording, chronicle, state), 2)]
      : drawStudy(recording, chronicle, state, terminal, options.limit ?? 10)
  await writeLines(terminal, lines)
  return 0
}

function* eventLines(file: string, isJson: boolean): Generator<string> {
  for (const { n, at, event } of readJournal(file))
    yield isJson
      ? safeJson({ n, at, ...event })
      : `${String(n).padStart(6)}  ${formatTime(at)}  ${describeEvent(event)}`
}

/** A study as sections of text, an empty line between two. */
export function drawStudy(
  recording: StudyRecording,
  chronicle: Chronicle,
  state: StudyState,
  { width, palette }: Terminal,
  maxRows: number,
): string[] {
  const { view } = recording
  const { definition } = view
  const [title = '', ...rest] = drawTitle(recording, chronicle, state, width)
  const name = cut(sanitize(definition.name), Math.floor(width / 2))
  const parameters = describeSpace(definition.space)
  const sections = [
    [palette.title(name) + title.slice(name.length), ...rest],
    drawPairs([...describeDefinition(definition), ...drawHistory(recording, chronicle)], width, palette.dim),
    parameters.length === 0 ? [] : ['Search space:', ...drawPairs(parameters, width, palette.dim)],
    drawExploits(chronicle, width),
  ]
  const tracker = new ProgressTracker(view, 0)
  const progress = { ...tracker.progress(view, 0), elapsedS: chronicle.elapsedMs / 1000 }
  const outcome = { type: state === 'interrupted' ? 'interrupted' : 'finished' } as const
  const summary = drawSummary(progress, outcome, { width, height: Number.POSITIVE_INFINITY, palette }, maxRows)
  // its first section says how a session ended, which the title has said of the study
  const body = summary.slice(summary.indexOf('') + 1)
  return [...sections.filter(section => section.length > 0).flatMap(section => [...section, '']), ...body]
}

function drawTitle({ view }: StudyRecording, chronicle: Chronicle, state: StudyState, width: number): string[] {
  const { definition, trials, counts } = view
  const time = formatWholeSeconds(chronicle.elapsedMs / 1000)
  const name = cut(sanitize(definition.name), Math.floor(width / 2))
  const how = state === 'running' ? `running for ${time}` : `${state} after ${time}`
  return wrapItems([`${name} ${how}`, plural(trials.length, 'trial'), ...listCounts(counts)], ' · ', width)
}

/** When the study ran and what it took. */
function drawHistory({ tail }: StudyRecording, chronicle: Chronicle): (readonly [string, string])[] {
  const { startedAt, lastAt, sessions, extensions, reports, checkpoints, failures, decisions } = chronicle
  const often = [plural(sessions, 'session'), ...(extensions === 0 ? [] : [`extended ${plural(extensions, 'time')}`])]
  const counts = [
    plural(reports, 'report'),
    ...(checkpoints === 0 ? [] : [plural(checkpoints, 'checkpoint')]),
    ...(failures === 0 ? [] : [plural(failures, 'failure')]),
    ...decisions.map(({ type, by, count }) => `${plural(count, type)} by ${sanitize(by)}`),
  ]
  const torn = tail.tornBytes === 0 ? '' : `, and ${plural(tail.tornBytes, 'byte')} of a torn last line`
  return [
    ['ran', `${formatTime(startedAt)} to ${formatTime(lastAt)}, ${often.join(', ')}`],
    ['journal', `${tail.entries} entries: ${counts.join(', ')}${torn}`],
  ]
}

/** The last trials that went on from another's checkpoint. */
function drawExploits({ exploits, lastExploits }: Chronicle, width: number): string[] {
  if (exploits === 0) return []
  const head =
    exploits > lastExploits.length
      ? `Trials that took over from others, the last of ${exploits} times:`
      : 'Trials that took over from others:'
  return [
    head,
    ...lastExploits.map(({ trial, donor, reason }) =>
      cut(`  trial ${trial} from trial ${donor}: ${sanitize(reason)}`, width),
    ),
  ]
}

/** Names and texts in two columns; long texts go on below. */
function drawPairs(
  pairs: readonly (readonly [name: string, text: string])[],
  width: number,
  paint: (text: string) => string,
): string[] {
  const widest = Math.min(30, Math.max(...pairs.map(([name]) => displayWidth(name))))
  const room = Math.max(10, width - widest - 4)
  return pairs.flatMap(([name, text]) => {
    const wrapped = wrapItems(text.split(' '), ' ', room)
    const kept = wrapped.slice(0, textLines)
    if (wrapped.length > textLines) kept[textLines - 1] = `${cut(kept.at(-1) ?? '', room - 1)}…`
    return kept.map((line, i) => `  ${paint(pad(cut(i === 0 ? name : '', widest), widest, 'right'))}  ${line}`)
  })
}
