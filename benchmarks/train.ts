import { fork } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Rng } from '../src/index.js'
import {
  type BackendName,
  backendNames,
  batchesOf,
  buildCnn,
  loadMnist,
  loadTensorFlow,
  mnistCnnSettings,
  mnistNormalization,
  Network,
  Optimizer,
  selectImages,
  trainStep,
} from '../trainables/index.js'

const networks = { '8-16': [8, 16], '32-64': [32, 64] } as const
type NetworkName = keyof typeof networks

const batchSize = 64
/** Repeats, and training steps in each; plain JavaScript is a hundred times slower. */
const effort: Readonly<
  Record<BackendName, { readonly repeats: number; readonly steps: number; readonly warmUp: number }>
> = {
  'tfjs-node-gpu': { repeats: 7, steps: 30, warmUp: 30 },
  'tfjs-node': { repeats: 7, steps: 20, warmUp: 10 },
  wasm: { repeats: 7, steps: 20, warmUp: 20 },
  cpu: { repeats: 1, steps: 1, warmUp: 0 },
}

/** Measures training steps of both networks, in turns, on one back end; images a second, the median of the repeats. */
async function measure(backend: BackendName): Promise<Record<string, number>> {
  const { tf } = await loadTensorFlow({ backend })
  const { train } = await loadMnist()
  const { repeats, steps, warmUp } = effort[backend]
  const selection = selectImages(train, 0, batchSize * Math.max(steps, warmUp))
  // the slow back end is only asked for the small network
  const names = (Object.keys(networks) as NetworkName[]).filter(name => backend !== 'cpu' || name === '8-16')
  const contestants = names.map(name => {
    const settings = mnistCnnSettings({ learningRate: 0.001, filters: networks[name], denseUnits: 0 })
    const network = new Network(tf, { rng: Rng.from(1), initializer: settings.initializer })
    const classifier = buildCnn(network, train, settings)
    const options = {
      optimizer: new Optimizer(tf, network.parameters, { name: 'adam', momentum: 0 }),
      learningRate: () => settings.learningRate,
      dropoutSeed: () => 0,
      penalties: { l1: 0, l2: 0 },
      signal: new AbortController().signal,
    }
    const run = (count: number): void => {
      let left = count
      for (const batch of batchesOf(selection, batchSize, mnistNormalization)) {
        if (left-- === 0) return
        trainStep(classifier, batch, train, options)
      }
    }
    run(warmUp)
    return { name, run, seconds: [] as number[] }
  })
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const { run, seconds } of contestants) {
      const start = performance.now()
      run(steps)
      seconds.push((performance.now() - start) / 1000)
    }
  }
  return Object.fromEntries(
    contestants.map(({ name, seconds }) => {
      const median = seconds.sort((a, b) => a - b)[Math.floor(seconds.length / 2)] ?? Number.NaN
      return [name, Math.round((batchSize * steps) / median)]
    }),
  )
}

/** Measures a back end in a process of its own. */
function measureApart(backend: BackendName): Promise<Record<string, number>> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [childFlag, backend])
    child.once('message', message => resolve(message as Record<string, number>))
    child.once('error', reject)
    child.once('exit', code => reject(new Error(`measuring ${backend} ended with exit code ${code}`)))
  })
}

function isInstalled(backend: BackendName): boolean {
  const name = backend.startsWith('tfjs') ? `@tensorflow/${backend}` : `@tensorflow/tfjs-backend-${backend}`
  try {
    createRequire(import.meta.url).resolve(name)
    return true
  } catch {
    return false
  }
}

/**
 * Measures how many images a second a training step of the MNIST network handles, with batches of 64, on each installed back end.
 * The WASM back end computes on one core.
 */
export async function bench({ json }: { json: boolean }): Promise<Record<string, unknown>> {
  const imagesPerSecond: Record<string, Record<string, number>> = {}
  for (const backend of backendNames.filter(isInstalled)) {
    const found = await measureApart(backend)
    imagesPerSecond[backend] = found
    const row = Object.entries(found).map(([name, speed]) => `${name}: ${speed} images/s`)
    process.stderr.write(`${backend.padEnd(14)} ${row.join('   ')}\n`)
  }
  const manifest = createRequire(import.meta.url).resolve('@tensorflow/tfjs-core/package.json')
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string }
  const result = {
    benchmark: 'train',
    batchSize,
    machine: { processor: cpus()[0]?.model ?? 'unknown', cores: cpus().length },
    versions: { node: process.version, tfjs: version },
    imagesPerSecond,
  }
  if (!json) process.stderr.write(`${result.machine.processor}, Node.js ${process.version}, TensorFlow.js ${version}\n`)
  return result
}

const childFlag = '--measure-back-end'
const [, , flag, backend] = process.argv
if (flag === childFlag) {
  const known = backendNames.find(name => name === backend)
  if (known === undefined) throw new Error(`there is no back end ${backend}`)
  const found = await measure(known)
  process.send?.(found, undefined, undefined, () => process.disconnect())
}
