import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backendNames, loadTensorFlow } from '../../trainables/index.js'

const source = new URL('../../trainables/tensorflow/backend.ts', import.meta.url)

/** Loads TensorFlow.js in a fresh thread, as a worker of a study does, and returns what the script posts. */
function inThread(
  script: string,
  { module = source.href, env = {} }: { module?: string; env?: Record<string, string> } = {},
): Promise<unknown> {
  const code = `
    const { parentPort } = require('node:worker_threads')
    const printed = []
    process.stderr.write = text => printed.push(text) > 0
    import(${JSON.stringify(import.meta.resolve('tsx/esm/api'))}).then(api => api.register()).then(() => import(${JSON.stringify(module)})).then(async ({ loadTensorFlow }) => {
      parentPort.postMessage(await (async () => { ${script} })().catch(error => ({ code: error.code, message: error.message })))
    })`
  return new Promise((resolve, reject) => {
    const worker = new Worker(code, { eval: true, env: { ...process.env, ...env } })
    worker.once('message', message => worker.terminate().then(() => resolve(message), reject))
    worker.once('error', reject)
  })
}

describe('TensorFlow.js', () => {
  it('computes on the WASM back end in a worker thread and leaves no listeners behind', async () => {
    const result = await inThread(`
      const listeners = process.listenerCount('uncaughtException') + process.listenerCount('unhandledRejection')
      const { tf, backend } = await loadTensorFlow({ backend: 'wasm' })
      const after = process.listenerCount('uncaughtException') + process.listenerCount('unhandledRejection')
      return { backend, sum: tf.sum(tf.tensor1d([1, 2, 3])).dataSync()[0], added: after - listeners }`)
    expect(result).toEqual({ backend: 'wasm', sum: 6, added: 0 })
  })

  it('says what to install for a back end that is missing, and can then load another', async () => {
    const result = await inThread(`
      const failure = await loadTensorFlow({ backend: 'tfjs-node-gpu' }).catch(error => error)
      const { backend } = await loadTensorFlow({ backend: 'cpu' })
      return { code: failure.code, message: failure.message, backend }`)
    expect(result).toEqual({
      code: 'DEPENDENCY_MISSING',
      message: '@tensorflow/tfjs-node-gpu is not installed: run `npm install @tensorflow/tfjs-node-gpu`',
      backend: 'cpu',
    })
  })

  it('is loaded once, and refuses a second back end in a thread', async () => {
    const [first, second] = await Promise.all([loadTensorFlow({ backend: 'wasm' }), loadTensorFlow()])
    expect(second).toBe(first)
    await expect(loadTensorFlow({ backend: 'cpu' })).rejects.toMatchObject({ code: 'INVALID_OPTION' })
    expect(backendNames).toContain(first.backend)
  })

  it('refuses a back end that it does not know', async () => {
    await expect(loadTensorFlow({ backend: 'webgl' as 'wasm' })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining('"webgl"'),
    })
  })
})

describe('the back end', () => {
  it('is told once, with what would be faster', async () => {
    const result = await inThread(`
      await Promise.all([loadTensorFlow({ backend: 'wasm' }), loadTensorFlow()])
      return printed`)
    expect(result).toEqual([
      'TensorFlow.js computes with wasm (WebAssembly on one core). Faster with a CUDA GPU: `npm install @tensorflow/tfjs-node-gpu`; with cores to spare: `npm install @tensorflow/tfjs-node`.\n',
    ])
  })

  it('can be overridden by an environment variable', async () => {
    const script = `
      const { backend } = await loadTensorFlow({ backend: 'wasm' })
      return { backend, printed: printed.join('') }`
    expect(await inThread(script, { env: { TUNEWRIGHT_BACKEND: 'cpu' } })).toEqual({
      backend: 'cpu',
      printed: expect.stringContaining('cpu (plain JavaScript on one core, as TUNEWRIGHT_BACKEND says)'),
    })
    expect(await inThread(script, { env: { TUNEWRIGHT_BACKEND: '' } })).toMatchObject({ backend: 'wasm' })
    expect(await inThread(script, { env: { TUNEWRIGHT_BACKEND: 'metal' } })).toEqual({
      code: 'INVALID_OPTION',
      message: 'TUNEWRIGHT_BACKEND is "metal": it must be one of tfjs-node-gpu, tfjs-node, wasm, cpu',
    })
  })
})

describe('of the installed packages', () => {
  let folder: string
  let module: string
  const packages = (...parts: string[]) => join(folder, 'node_modules', '@tensorflow', ...parts)

  /** A package that registers a back end under libtensorflow's name, and needs what Node.js 23 took out of util. */
  const install = async (name: string, code: string): Promise<void> => {
    await mkdir(packages(name), { recursive: true })
    await writeFile(packages(name, 'package.json'), JSON.stringify({ name: `@tensorflow/${name}`, main: 'index.js' }))
    await writeFile(packages(name, 'index.js'), code)
  }
  const working = `
    if (!require('node:util').isNullOrUndefined(undefined)) throw new Error('broken')
    require('@tensorflow/tfjs-core').registerBackend('tensorflow', () => ({ floatPrecision: () => 32, epsilon: () => 1e-7 }))`

  beforeAll(async () => {
    // a project of its own, in which the packages can be faked
    folder = await mkdtemp(join(tmpdir(), 'backend-'))
    await mkdir(packages(), { recursive: true })
    for (const name of ['tfjs-core', 'tfjs-layers', 'tfjs-backend-wasm', 'tfjs-backend-cpu']) {
      const manifest = fileURLToPath(import.meta.resolve(`@tensorflow/${name}/package.json`))
      await symlink(dirname(manifest), packages(name))
    }
    await cp(fileURLToPath(new URL('.', source)), join(folder, 'trainables', 'tensorflow'), { recursive: true })
    await mkdir(join(folder, 'src'))
    await cp(fileURLToPath(new URL('../../src/errors.ts', import.meta.url)), join(folder, 'src', 'errors.ts'))
    await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
    module = pathToFileURL(join(folder, 'trainables', 'tensorflow', 'backend.ts')).href
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('the fastest that loads is taken, also where Node.js lacks what it needs', async () => {
    const script = `
      const warnings = []
      process.emitWarning = warning => warnings.push(String(warning))
      delete require('node:util').isNullOrUndefined
      const { backend } = await loadTensorFlow()
      return { backend, warnings, printed: printed.join('') }`
    expect(await inThread(script, { module })).toMatchObject({ backend: 'wasm', warnings: [] })
    await install('tfjs-node', working)
    expect(await inThread(script, { module })).toEqual({
      backend: 'tfjs-node',
      warnings: [],
      printed: expect.stringMatching(
        /tfjs-node \(libtensorflow on all cores\)\. Faster with a CUDA GPU: .*tfjs-node-gpu/,
      ),
    })
    await install('tfjs-node-gpu', "throw new Error('libcudart.so: cannot open shared object file')")
    expect(await inThread(script, { module })).toMatchObject({
      backend: 'tfjs-node',
      warnings: [expect.stringContaining("tfjs-node-gpu is installed but can't be loaded")],
    })
    await install('tfjs-node-gpu', working)
    expect(await inThread(script, { module })).toMatchObject({
      backend: 'tfjs-node-gpu',
      warnings: [],
      printed: 'TensorFlow.js computes with tfjs-node-gpu (libtensorflow on a CUDA GPU).\n',
    })
  })
})
