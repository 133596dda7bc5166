import { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'

const source = new URL('../../trainables/tensorflow/backend.ts', import.meta.url)

/** Computes gradients through convolutions, pooling and a matrix product several times, in a fresh thread; a digest of each. */
function digestsInThread(times: number): Promise<string[]> {
  const code = `
    const { createHash } = require('node:crypto')
    const { parentPort } = require('node:worker_threads')
    process.stderr.write = () => true
    import(${JSON.stringify(import.meta.resolve('tsx/esm/api'))}).then(api => api.register()).then(() => import(${JSON.stringify(source.href)})).then(async ({ loadTensorFlow }) => {
      const { tf } = await loadTensorFlow({ backend: 'wasm' })
      const wave = shape => tf.reshape(tf.sin(tf.range(0, shape.reduce((a, b) => a * b, 1))), shape)
      const inputs = [[4, 16, 16, 1], [5, 5, 1, 8], [5, 5, 8, 16], [64, 10]].map(wave)
      const loss = (x, first, second, weights) => {
        const one = tf.relu(tf.maxPool(tf.conv2d(x, first, 1, 'same'), 2, 2, 'valid'))
        const two = tf.relu(tf.avgPool(tf.conv2d(one, second, 1, 'same'), 4, 4, 'valid'))
        return tf.mean(tf.square(tf.matMul(tf.reshape(two, [4, 64]), weights)))
      }
      const digest = () => {
        const hash = createHash('sha256')
        for (const gradient of tf.grads(loss)(inputs)) hash.update(gradient.dataSync())
        return hash.digest('hex')
      }
      parentPort.postMessage(Array.from({ length: ${times} }, digest))
    })`
  return new Promise((resolve, reject) => {
    const worker = new Worker(code, { eval: true })
    worker.once('message', message => worker.terminate().then(() => resolve(message), reject))
    worker.once('error', reject)
  })
}

it('the WASM kernels give the same bits in threads that compute at the same time, and each time', async () => {
  const digests = await Promise.all([digestsInThread(3), digestsInThread(3)])
  expect(new Set(digests.flat()).size).toBe(1)
  expect(digests.flat()).toHaveLength(6)
})
