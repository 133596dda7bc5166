import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { median } from 'simple-statistics'
import { type BackendName, backendNames } from '../trainables/index.js'
import { batchSize, type NetworkName, networks, type Turn, type TurnTime } from './train-contestant.js'

export const options = { repeats: { type: 'string' } } as const

/** Training steps a turn, a few tenths of a second; the first turns warm up and don't count. */
const steps: Readonly<Record<NetworkName, number>> = { '8-16': 60, '32-64': 15 }
const warmUpTurns = 2

/** Plain JavaScript is a thousand times slower: it takes one step of the small network. */
const isSlow = (backend: BackendName): boolean => backend === 'cpu'

/** Speeds are compared with these, where they are installed. */
const yardsticks: readonly BackendName[] = ['tfjs-node']

/** A back end in a process of its own. */
interface Contestant {
  readonly backend: BackendName
  readonly child: ChildProcess
}

/** What a back end's turns came to, by network. */
type Times = Readonly<Record<NetworkName, TurnTime[]>>

/** Native libraries compute on one thread, as WebAssembly does. */
const oneThread = {
  TF_NUM_INTRAOP_THREADS: '1',
  TF_NUM_INTEROP_THREADS: '1',
  OMP_NUM_THREADS: '1',
  TF_CPP_MIN_LOG_LEVEL: '2',
}

async function enter(backend: BackendName): Promise<Contestant> {
  const program = fileURLToPath(new URL('./train-contestant.js', import.meta.url))
  const child = fork(program, [backend], {
    env: { ...process.env, ...oneThread, TUNEWRIGHT_BACKEND: backend },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  await answerOf({ backend, child })
  return { backend, child }
}

async function answerOf({ backend, child }: Contestant): Promise<unknown> {
  const ended = new AbortController()
  const early = once(child, 'exit', { signal: ended.signal }).then(([code]) => {
    throw new Error(`the back end ${backend} ended with exit code ${code}`)
  })
  try {
    const [message] = await Promise.race([once(child, 'message'), early])
    return message
  } finally {
    early.catch(() => undefined)
    ended.abort()
  }
}

async function takeTurn(contestant: Contestant, turn: Turn): Promise<TurnTime> {
  const answer = answerOf(contestant)
  contestant.child.send(turn)
  return (await answer) as TurnTime
}

/** Lets the back ends take turns, so that what else the machine does slows all of them alike. */
async function measure(contestants: readonly Contestant[], repeats: number): Promise<ReadonlyMap<BackendName, Times>> {
  const times = new Map<BackendName, Times>(contestants.map(({ backend }) => [backend, { '8-16': [], '32-64': [] }]))
  for (let repeat = -warmUpTurns; repeat < repeats; repeat++) {
    for (const network of Object.keys(networks) as NetworkName[]) {
      for (const contestant of contestants) {
        const { backend } = contestant
        if (isSlow(backend) && (network !== '8-16' || repeat !== 0)) continue
        const time = await takeTurn(contestant, { network, steps: isSlow(backend) ? 1 : steps[network] })
        if (repeat >= 0) times.get(backend)?.[network].push(time)
      }
    }
  }
  return times
}

/** Images a second: the median of the turns. */
function speedOf(backend: BackendName, times: Times, clock: keyof TurnTime): Record<string, number> {
  const measured = (Object.keys(networks) as NetworkName[]).filter(network => times[network].length > 0)
  const images = (network: NetworkName): number => batchSize * (isSlow(backend) ? 1 : steps[network])
  return Object.fromEntries(
    measured.map(network => [network, Math.round(median(times[network].map(time => images(network) / time[clock])))]),
  )
}

/** How many times as fast one back end is as another, in processor time: the median over turns that followed one another. */
function ratioOf(times: Times, yardstick: Times): Record<string, number> {
  return Object.fromEntries(
    (Object.keys(networks) as NetworkName[]).map(network => {
      const ratios = times[network].map(
        ({ processorSeconds }, index) => (yardstick[network][index]?.processorSeconds ?? Number.NaN) / processorSeconds,
      )
      return [network, Number(median(ratios).toFixed(2))]
    }),
  )
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
 * Measures how many images a second a training step of the MNIST network handles, with batches of 64, on each installed back end, on one
 * core. Figures in processor time leave out what else the machine does.
 */
export async function bench({ json, repeats = '9' }: { json: boolean; repeats?: string }) {
  const notInstalled = backendNames.filter(backend => !isInstalled(backend))
  const contestants: Contestant[] = []
  const failed: Record<string, string> = {}
  for (const backend of backendNames.filter(isInstalled)) {
    try {
      contestants.push(await enter(backend))
    } catch (error) {
      failed[backend] = error instanceof Error ? error.message : String(error)
    }
  }
  const times = await measure(contestants, Number(repeats))
  for (const { child } of contestants) child.disconnect()
  const imagesPerSecond: Record<string, Record<string, number>> = {}
  const imagesPerProcessorSecond: Record<string, Record<string, number>> = {}
  const ratios: Record<string, Record<string, number>> = {}
  for (const [backend, turns] of times) {
    imagesPerSecond[backend] = speedOf(backend, turns, 'seconds')
    imagesPerProcessorSecond[backend] = speedOf(backend, turns, 'processorSeconds')
    for (const yardstick of yardsticks) {
      const others = times.get(yardstick)
      if (others === undefined || backend === yardstick || isSlow(backend)) continue
      ratios[`${backend} / ${yardstick}`] = ratioOf(turns, others)
    }
    const row = Object.entries(imagesPerProcessorSecond[backend] ?? {}).map(([name, speed]) => `${name}: ${speed}`)
    process.stderr.write(`${backend.padEnd(14)} ${row.join('   ')} images a second of processor time\n`)
  }
  for (const backend of notInstalled) process.stderr.write(`${backend.padEnd(14)} is not installed\n`)
  const manifest = createRequire(import.meta.url).resolve('@tensorflow/tfjs-core/package.json')
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string }
  const result = {
    benchmark: 'train',
    batchSize,
    machine: { processor: cpus()[0]?.model ?? 'unknown', cores: cpus().length },
    versions: { node: process.version, tfjs: version },
    imagesPerSecond,
    imagesPerProcessorSecond,
    ratios,
    notInstalled,
    failed,
  }
  if (!json) process.stderr.write(`${result.machine.processor}, Node.js ${process.version}, TensorFlow.js ${version}\n`)
  return result
}
