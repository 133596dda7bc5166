import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

/** A fenced block of a page. */
export interface Block {
  /** The first word behind the fence: the language. */
  readonly language: string
  /** The other words behind it. */
  readonly flags: readonly string[]
  /** The line of its first line of text, from 1. */
  readonly line: number
  readonly text: string
}

/** Lists the fenced blocks of a page in Markdown. */
export function listBlocks(markdown: string): Block[] {
  const blocks: Block[] = []
  let open: { info: string; line: number; lines: string[] } | undefined
  for (const [index, line] of markdown.split('\n').entries()) {
    if (!line.startsWith('```')) open?.lines.push(line)
    else if (open === undefined) open = { info: line.slice(3), line: index + 2, lines: [] }
    else {
      const [language = '', ...flags] = open.info.trim().split(/\s+/)
      blocks.push({ language, flags, line: open.line, text: open.lines.join('\n') })
      open = undefined
    }
  }
  return blocks
}

/** A block that is a program, or a module that others import. */
export interface Program extends Block {
  /** Its file's name without the extension: what its first line says (`// train.ts`), else `line-42`. */
  readonly name: string
  /** What it is said to print: the block flagged `output` behind it. */
  readonly output: string | undefined
}

/** Picks the programs out of a page's blocks. */
export function listPrograms(blocks: readonly Block[]): Program[] {
  return blocks.flatMap((block, index): Program[] => {
    if (!['ts', 'typescript', 'js', 'javascript', 'tsx', 'jsx', 'mjs'].includes(block.language)) return []
    const next = blocks[index + 1]
    const name = /^\/\/ ([\w-]+)\.ts$/.exec(block.text.split('\n', 1)[0] ?? '')?.[1] ?? `line-${block.line}`
    return [{ ...block, name, output: next?.flags.includes('output') ? next.text : undefined }]
  })
}

/**
 * Compiles programs as a user of the package would, against what was built, in a folder inside the repository, so that `tunewright`
 * leads to it. Lines keep their numbers.
 *
 * @returns the compiler's complaints by program name, none where it has none
 */
export function compilePrograms(programs: readonly Program[], directory: string, root: string): Map<string, string[]> {
  mkdirSync(directory, { recursive: true })
  const files = new Map(programs.map(({ name }) => [join(directory, `${name}.ts`), name]))
  for (const { name, line, text } of programs)
    writeFileSync(join(directory, `${name}.ts`), `${'\n'.repeat(line - 1)}${text}\n`)
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(
    {
      compilerOptions: {
        ...config.compilerOptions,
        rootDir: directory,
        outDir: directory,
        noEmit: false,
        incremental: false,
        tsBuildInfoFile: undefined,
        declaration: false,
        declarationMap: false,
        sourceMap: false,
      },
      files: [...files.keys()],
    },
    ts.sys,
    root,
  )
  const program = ts.createProgram([...files.keys()], options)
  const complaints = new Map(programs.map(({ name }): [string, string[]] => [name, []]))
  for (const { file, start, messageText } of ts.getPreEmitDiagnostics(program)) {
    const name = file && files.get(file.fileName)
    const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : 0
    const text = `${name === undefined ? (file?.fileName ?? '') : 'line'} ${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
    for (const each of name === undefined ? complaints.keys() : [name]) complaints.get(each)?.push(text)
  }
  program.emit()
  return complaints
}

/** Runs a compiled program in the folder that it was compiled to. @returns its exit code and what it printed */
export function runProgram(name: string, directory: string): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise(resolve => {
    execFile(process.execPath, [`${name}.js`], { cwd: directory, timeout: 30_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1
      resolve({ code, stdout, stderr })
    })
  })
}

/** Makes what differs from run to run the same: durations, dates and folders; and lines that end in spaces. */
export function normalize(text: string): string {
  return text
    .replaceAll(/\d{4}-\d\d-\d\d[_T]\d\d-\d\d-\d\d/g, '‹date›')
    .replaceAll(/ *\b(?:\d+m )?\d+(?:\.\d+)?s\b/g, ' ‹time›')
    .replaceAll(/\S*tunewright-results/g, 'tunewright-results')
    .split('\n')
    .map(line => line.trimEnd())
    .join('\n')
    .trim()
}
