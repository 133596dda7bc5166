import { lstatSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { TuneError } from '../../errors.js'
import { sanitize } from '../../results/text.js'
import type { StarterLanguage } from '../starter/programs.js'
import { startCommand, starterFiles } from '../starter/starter.js'
import { type Terminal, writeLines } from '../terminal.js'

/** How `init` is called. */
export interface InitOptions {
  /** Write JavaScript, not TypeScript. */
  readonly js?: boolean
  /** What the starter depends on. */
  readonly tunewright: string
}

/**
 * Writes a study that runs at once. A file that is there is never written over: where the study itself would have to be, nothing is written at all.
 *
 * @throws `TuneError` `STORAGE_UNAVAILABLE`
 */
export async function init(folder: string, options: InitOptions, terminal: Terminal): Promise<number> {
  const language: StarterLanguage = options.js === true ? 'js' : 'ts'
  const root = resolve(folder)
  const files = Object.entries(
    starterFiles({ language, name: packageName(basename(root)), tunewright: options.tunewright }),
  )
  const held = new Set(files.map(([name]) => name).filter(name => isThere(join(root, name))))
  const own = [`study.${language}`, `train.${language}`].filter(name => held.has(name))
  if (own.length > 0)
    throw new TuneError(
      'STORAGE_UNAVAILABLE',
      `${sanitize(root)} has ${own.join(' and ')} already, and nothing was written: name another folder`,
    )
  const fresh = files.filter(([name]) => !held.has(name))
  try {
    mkdirSync(root, { recursive: true })
    // never through a link, and never over what came meanwhile
    for (const [name, text] of fresh) writeFileSync(join(root, name), text, { flag: 'wx' })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new TuneError('STORAGE_UNAVAILABLE', `the study can't be written to ${sanitize(root)}: ${message}`, {
      cause: error,
    })
  }
  await writeLines(terminal, [
    `A study was written to ${sanitize(root)}: ${fresh.map(([name]) => name).join(', ')}`,
    ...(held.size > 0 ? [terminal.palette.warning(`Left as they were: ${[...held].join(', ')}`)] : []),
    '',
    'Go on with:',
    '',
    ...nextSteps(relative('', root), held.has('package.json'), language, options.tunewright).map(line => `  ${line}`),
  ])
  return 0
}

/** Whether anything has that name, be it a link that leads nowhere. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined
  } catch {
    // what can't be looked at can't be written either, which is told then
    return false
  }
}

function nextSteps(folder: string, hasManifest: boolean, language: StarterLanguage, tunewright: string): string[] {
  const enter =
    folder === ''
      ? []
      : [`cd ${/^[\w./\\-]+$/.test(folder) ? folder : `'${sanitize(folder).replaceAll("'", "'\\''")}'`}`]
  if (!hasManifest)
    return [
      ...enter,
      'npm install',
      'npm start          # runs the study; Ctrl-C leaves it so that it can go on',
      'npm run resume     # goes on',
      'npm run report     # shows what came out',
    ]
  const isRange = /^[\^~]?\d/.test(tunewright)
  return [
    ...enter,
    `npm install ${isRange ? `tunewright@${tunewright}` : tunewright} echarts${language === 'ts' ? ' && npm install --save-dev tsx typescript @types/node' : ''}`,
    `npm pkg set type=module   # if package.json does not say so`,
    `${startCommand(language)}`,
    `npx tunewright resume --script study.${language}`,
    'npx tunewright report --open',
  ]
}

/** Makes a folder's name one that npm takes. */
function packageName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+|[._-]+$/g, '')
    .slice(0, 100)
  // npm refuses a package that depends on one of its own name
  return ['', 'tunewright', 'echarts', 'tsx', 'typescript', 'node_modules', 'favicon.ico'].includes(name)
    ? 'study'
    : name
}
