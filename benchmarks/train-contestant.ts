import { fileURLToPath } from 'node:url'
import { Rng } from '../src/index.js'
import {
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

/** Filters of the two convolutions of the networks that are trained. */
export const networks = { '8-16': [8, 16], '32-64': [32, 64] } as const

/** One of {@link networks}. */
export type NetworkName = keyof typeof networks

/** What a contestant is asked for: so many training steps of a network. */
export interface Turn {
  readonly network: NetworkName
  readonly steps: number
}

/** What a turn took. */
export interface TurnTime {
  /** By the clock. */
  readonly seconds: number
  /** Of processor time, all threads of the process together: what others compute on the machine doesn't count. */
  readonly processorSeconds: number
}

/** Images a step. */
export const batchSize = 64

const mostSteps = 60

/** Makes a network and returns what takes training steps with it. */
async function stepsOf(name: NetworkName): Promise<(count: number) => void> {
  const { tf } = await loadTensorFlow()
  const { train } = await loadMnist()
  const selection = selectImages(train, 0, batchSize * mostSteps)
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
  return count => {
    let left = count
    for (const batch of batchesOf(selection, batchSize, mnistNormalization)) {
      if (left-- === 0) return
      trainStep(classifier, batch, train, options)
    }
  }
}

/** Computes with the back end that the command line names, says when it is ready, then takes the turns that it is sent. */
async function contest(): Promise<void> {
  const backend = backendNames.find(name => name === process.argv[2])
  if (backend === undefined) throw new Error(`there is no back end ${process.argv[2]}`)
  await loadTensorFlow({ backend })
  const run = { '8-16': await stepsOf('8-16'), '32-64': await stepsOf('32-64') }
  process.on('message', ({ network, steps }: Turn) => {
    const start = performance.now()
    const before = process.cpuUsage()
    run[network](steps)
    const used = process.cpuUsage(before)
    const seconds = (performance.now() - start) / 1000
    process.send?.({ seconds, processorSeconds: (used.user + used.system) / 1e6 } satisfies TurnTime)
  })
  process.send?.('ready')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await contest()
