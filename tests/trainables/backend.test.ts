import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { backendNames, loadTensorFlow } from '../../trainables/index.js'

/** Loads TensorFlow.js in a fresh thread, as a worker of a study does, and returns what the script posts. */
function inThread(script: string): Promise<unknown> {
  const module = new URL('../../trainables/tensorflow/backend.ts', import.meta.url).href
  const code = `
    const { parentPort } = require('node:worker_threads')
    import('tsx/esm/api').then(api => api.register()).then(() => import(${JSON.stringify(module)})).then(async ({ loadTensorFlow }) => {
      parentPort.postMessage(await (async () => { ${script} })().catch(error => ({ code: error.code, message: error.message })))
    })`
  return new Promise((resolve, reject) => {
    const worker = new Worker(code, { eval: true })
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
