/// <reference lib="dom" />

import { describeSpace } from '../../../src/results/describe-parts.js'
import { sanitize } from '../../../src/results/text.js'
import { codeBox } from './code-box.js'
import { toJson } from './config-code.js'
import { facts, make, section } from './dom.js'
import type { StudyModel } from './study-model.js'
import { formatMoment } from './times.js'

/** What it takes to run the study again, to check it and to go on with it. */
export function reproduceSection({ data }: StudyModel): HTMLElement {
  const { definition, versions, writtenMs, run } = data
  const { seed, order, maxConcurrentTrials, numSamples, maxFailures } = definition
  const promise =
    order === 'logical'
      ? 'With the same seed and as many trials open at a time, a rerun gives the same configs, metrics and decisions, on any number of workers.'
      : 'Trials are committed as they come in, so that a rerun may differ; the journal replays exactly all the same.'
  const space = describeSpace(definition.space)
  return section(
    'reproduce',
    'How to reproduce',
    make('p', {}, promise),
    make(
      'div',
      { class: 'columns' },
      make(
        'section',
        { class: 'card', 'aria-labelledby': 'made-title' },
        make('h3', { id: 'made-title' }, 'Made with'),
        facts([
          ['Seed', String(seed)],
          ['Order', order],
          ['Open at a time', String(maxConcurrentTrials)],
          ['Samples', numSamples === null ? 'without end' : String(numSamples)],
          ['Retries', maxFailures < 0 ? 'without end' : String(maxFailures)],
          ['Report by', `tunewright ${sanitize(versions.tunewright)}, Node.js ${sanitize(versions.node)}`],
          ['Written', formatMoment(writtenMs)],
          ['Folder', run.path === null ? 'none: the study is kept in memory' : sanitize(run.path)],
        ]),
      ),
      make(
        'section',
        { class: 'card', 'aria-labelledby': 'space-title' },
        make('h3', { id: 'space-title' }, 'Search space'),
        space.length === 0 ? make('p', { class: 'missing' }, 'It has no parameters.') : facts(space),
      ),
    ),
    ...(run.path === null ? [] : [commands(run.path, sanitize(definition.trainable))]),
    make(
      'details',
      { class: 'card' },
      make('summary', {}, 'The study’s definition, as its journal has it'),
      codeBox([{ name: 'JSON', text: toJson(JSON.parse(JSON.stringify(definition))) }]),
    ),
  )
}

function commands(path: string, trainable: string): HTMLElement {
  const quoted = shellWord(path)
  const check = `npx tunewright verify ${quoted}\nnpx tunewright show ${quoted}\nnpx tunewright report ${quoted}\n`
  const resume = `import { openResults, Tuner } from 'tunewright'

// with the trainable (${trainable.replace(/[\r\n\u2028\u2029]/g, ' ')}); code of your own in other parts, such as a searcher, is asked for
const grid = await Tuner.restore(${JSON.stringify(path)}, trainable).fit()

// or look at what there is, without running anything
const results = openResults(${JSON.stringify(path)})
`
  return make(
    'div',
    { class: 'columns' },
    codeBox([{ name: 'Shell', text: check }]),
    codeBox([{ name: 'TypeScript', text: resume }]),
  )
}

/** A word that a POSIX shell takes as it is. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`
}
