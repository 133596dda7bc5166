import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import ts from 'typescript'
import type { Block, Page } from './pages.js'

/** A block that is run, or a module that others import. */
export interface Program extends Block {
  /** The page that shows it. */
  readonly page: string
  /** Its file's name without the extension: what its first line says (`// train.ts`), else `line-42`. */
  readonly name: string
  /** The folder of its page, in which it is written and run, relative to that of all programs. */
  readonly folder: string
  /** How it is run: by Node.js, by vitest if it is a file of tests, or by a shell, where `npx tunewright` is what was built. */
  readonly runner: 'node' | 'vitest' | 'shell'
  /** What it is said to print: the block flagged `output` behind it. */
  readonly output: string | undefined
}

/** What became of a program. */
export interface ProgramRun {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** The folder in which a page's programs are written and run, relative to that of all programs. */
export function folderOf(page: string): string {
  return page.replace(/\.md$/, '').replaceAll('/', '-')
}

/**
 * Picks the programs out of a page: every block of TypeScript, and those for a shell that show what they print. Blocks of one page share a
 * folder, so that one can import another by name, or read the study that one before it left.
 */
export function listPrograms({ path, blocks }: Page): Program[] {
  const folder = folderOf(path)
  return blocks.flatMap((block, index): Program[] => {
    const next = blocks[index + 1]
    const output = next?.flags.includes('output') ? next.text : undefined
    const isCode = ['ts', 'typescript', 'js', 'javascript', 'tsx', 'jsx', 'mjs'].includes(block.language)
    const isShell = ['bash', 'sh', 'shell'].includes(block.language) && output !== undefined
    if (!isCode && !isShell) return []
    const named = /^\/\/ ([\w.-]+)\.ts$/.exec(block.text.split('\n', 1)[0] ?? '')?.[1]
    const name = (isCode ? named : undefined) ?? `line-${block.line}`
    const runner = isShell ? 'shell' : name.endsWith('.test') ? 'vitest' : 'node'
    return [{ ...block, page: path, name, folder, runner, output }]
  })
}

/**
 * Compiles programs as a user of the package would, against what was built, all in one pass. The folder lies inside the repository, so that
 * `tunewright` leads to it. Lines keep their numbers.
 *
 * @returns the compiler's complaints, each with its page and line
 */
export function compilePrograms(programs: readonly Program[], directory: string, root: string): string[] {
  const pages = new Map<string, string>()
  for (const { page, folder, name, line, text, runner } of programs) {
    mkdirSync(join(directory, folder), { recursive: true })
    // else vitest takes that of this package
    if (runner === 'vitest') writeFileSync(join(directory, folder, 'vitest.config.mjs'), 'export default {}\n')
    if (runner === 'shell') continue
    const file = join(directory, folder, `${name}.ts`)
    writeFileSync(file, `${'\n'.repeat(line - 1)}${text}\n`)
    pages.set(file, page)
  }
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  const compilerOptions = {
    ...config.compilerOptions,
    rootDir: directory,
    outDir: directory,
    noEmit: false,
    incremental: false,
    tsBuildInfoFile: undefined,
    declaration: false,
    declarationMap: false,
    sourceMap: false,
  }
  const files = [...pages.keys()]
  const { options } = ts.parseJsonConfigFileContent({ compilerOptions, files }, ts.sys, root)
  const program = ts.createProgram(files, options)
  const complaints = ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : 0
    const where = file && (pages.get(file.fileName) ?? file.fileName)
    return `${where ?? 'the compiler'}:${line} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
  })
  program.emit()
  return complaints
}

/** Runs a compiled program in the folder of its page. */
export function runProgram(program: Program, directory: string, root: string): Promise<ProgramRun> {
  const [command, ...args] = commandOf(program)
  const { VITEST: _, VITEST_MODE: __, NODE_OPTIONS: ___, ...environment } = process.env
  const env = {
    ...environment,
    NO_COLOR: '1',
    PATH: `${npxFor(directory, root)}${delimiter}${dirname(process.execPath)}${delimiter}${environment.PATH}`,
  }
  const cwd = join(directory, program.folder)
  return new Promise(resolve => {
    execFile(command, args, { cwd, env, timeout: 60_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1
      resolve({ code, stdout, stderr })
    })
  })
}

function commandOf({ runner, name, text }: Program): [string, ...string[]] {
  switch (runner) {
    case 'node':
      return [process.execPath, `${name}.js`]
    case 'vitest': {
      const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')
      return [process.execPath, vitest, 'run', '--root', '.', '--config', './vitest.config.mjs', `${name}.js`]
    }
    case 'shell':
      return ['sh', '-ec', text]
    default:
      return runner satisfies never
  }
}

/** Makes an `npx` that knows one package: ours, as it was built. @returns the folder that it lies in */
function npxFor(directory: string, root: string): string {
  const folder = join(directory, 'bin')
  const main = join(root, 'dist', 'src', 'cli', 'main.js')
  mkdirSync(folder, { recursive: true })
  const script = `#!/bin/sh\n[ "$1" = tunewright ] || exit 127\nshift\nexec "${process.execPath}" "${main}" "$@"\n`
  writeFileSync(join(folder, 'npx'), script)
  chmodSync(join(folder, 'npx'), 0o755)
  return folder
}

/** Makes what differs from run to run the same: durations, dates and folders; and lines that end in spaces. */
export function normalize(text: string): string {
  return text
    .replaceAll(/\d{4}-\d\d-\d\d[_T ]\d\d[-:]\d\d[-:]\d\d/g, '‹date›')
    .replaceAll(/ *\b(?:\d+m )?\d+(?:\.\d+)?s\b/g, ' ‹time›')
    .replaceAll(/\S*tunewright-results/g, 'tunewright-results')
    .split('\n')
    .map(line => line.trimEnd())
    .join('\n')
    .trim()
}
