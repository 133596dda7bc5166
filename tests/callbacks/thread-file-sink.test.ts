import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FileFailure } from '../../src/callbacks/file-failures.js'
import { ThreadFileSink } from '../../src/callbacks/trial-files/thread-file-sink.js'

let folder: string
let entry: URL

/** A thread runs JavaScript only: these are the modules of the writer's. */
const modules = ['writer-thread', 'file-writer', 'csv', 'python-json'].map(name => `callbacks/trial-files/${name}`)

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'file-sink-'))
  for (const name of [...modules, 'errors']) {
    const source = readFileSync(new URL(`../../src/${name}.ts`, import.meta.url), 'utf8')
    const target = join(folder, 'js', `${name}.js`)
    mkdirSync(dirname(target), { recursive: true })
    const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023, verbatimModuleSyntax: true }
    writeFileSync(target, ts.transpileModule(source, { compilerOptions: options }).outputText)
  }
  writeFileSync(join(folder, 'js/package.json'), '{"type":"module"}')
  entry = pathToFileURL(join(folder, 'js', 'callbacks/trial-files/writer-thread.js'))
})

afterAll(() => {
  rmSync(folder, { recursive: true })
})

describe('a sink in a thread', () => {
  it('keeps the order of changes, makes folders and widens tables', async () => {
    const failures: FileFailure[] = []
    const sink = new ThreadFileSink(failure => failures.push(failure), entry)
    const file = join(folder, 'deep/er/file.csv')
    sink.submit([{ type: 'write', path: file, text: 'a\n0\n' }])
    for (let i = 1; i < 500; i++) sink.submit([{ type: 'append', path: file, text: `${i}\n` }])
    sink.submit([
      { type: 'widen', path: file, header: 'a,b', added: 1 },
      { type: 'append', path: file, text: '500,x\n' },
    ])
    await sink.flush()
    const rows = Array.from({ length: 500 }, (_, i) => `${i},\n`).join('')
    expect([readFileSync(file, 'utf8'), failures]).toEqual([`a,b\n${rows}500,x\n`, []])
    await sink.close()
  })

  it('reports a file that fails once, leaves it alone, and writes the others', async () => {
    const failures: FileFailure[] = []
    const sink = new ThreadFileSink(failure => failures.push(failure), entry)
    const [blocked, free] = [join(folder, 'blocked/file'), join(folder, 'free')]
    writeFileSync(join(folder, 'blocked'), '')
    sink.submit([{ type: 'append', path: blocked, text: '1' }])
    sink.submit([
      { type: 'append', path: blocked, text: '2' },
      { type: 'write', path: free, text: 'here' },
    ])
    await sink.flush()
    expect([failures.map(({ path }) => path), readFileSync(free, 'utf8')]).toEqual([[blocked], 'here'])
    rmSync(join(folder, 'blocked'))
    sink.submit([
      { type: 'append', path: blocked, text: '3' },
      { type: 'write', path: blocked, text: 'anew' },
    ])
    await sink.flush()
    expect([failures.length, readFileSync(blocked, 'utf8')]).toEqual([1, 'anew'])
    await sink.close()
  })

  it('writes by itself when the thread dies, and reports what the thread had not done', async () => {
    const failures: FileFailure[] = []
    const dying = join(folder, 'js/dying.js')
    writeFileSync(
      dying,
      "import { parentPort } from 'node:worker_threads'\nparentPort.on('message', () => process.exit(3))\n",
    )
    const sink = new ThreadFileSink(failure => failures.push(failure), pathToFileURL(dying))
    const file = join(folder, 'survivor')
    sink.submit([{ type: 'write', path: file, text: 'lost' }])
    await sink.flush()
    sink.submit([{ type: 'write', path: file, text: 'kept' }])
    await sink.flush()
    expect([failures, readFileSync(file, 'utf8')]).toEqual([
      [{ path: file, error: { name: 'Error', message: 'the writer thread ended with code 3' } }],
      'kept',
    ])
    await sink.close()
  })
})
