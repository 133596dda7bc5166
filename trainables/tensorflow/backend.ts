import { createRequire } from 'node:module'
import { dirname, sep } from 'node:path'
import util from 'node:util'
import { show, TuneError } from '../../src/errors.js'

/** The back ends that can compute, the fastest first; `cpu` is plain JavaScript, a hundred times slower, meant for comparisons. */
export const backendNames = ['tfjs-node-gpu', 'tfjs-node', 'wasm', 'cpu'] as const

/** The name of a back end. */
export type BackendName = (typeof backendNames)[number]

/** How to load TensorFlow.js. */
export interface TensorFlowOptions {
  /**
   * The back end to compute with. The environment variable `TUNEWRIGHT_BACKEND` overrides it.
   *
   * @defaultValue the first installed of `tfjs-node-gpu`, `tfjs-node` and `wasm`
   */
  readonly backend?: BackendName | undefined
}

/** The functions of `@tensorflow/tfjs-core`. */
export type TensorFlowCore = typeof import('@tensorflow/tfjs-core')

/** TensorFlow.js, ready to compute. */
export interface TensorFlow {
  /** Tensors, operations and gradients. */
  readonly tf: TensorFlowCore
  /** Keras-like layers and models. */
  readonly layers: typeof import('@tensorflow/tfjs-layers')
  /** The back end in use. */
  readonly backend: BackendName
}

let loading: { readonly requested: BackendName | undefined; readonly result: Promise<TensorFlow> } | undefined

/** The environment variable that overrides which back end is asked for. */
const variableName = 'TUNEWRIGHT_BACKEND'

/**
 * Loads TensorFlow.js, once a thread: the first call chooses the back end, later ones get the same. Says on stderr, once, which one it is and
 * what would be faster; in a trial that goes to its log.
 *
 * The WASM back end runs on one core and is given the training kernels that it lacks, and faster convolutions and matrix products. Its memory never
 * shrinks: a thread keeps what its greatest trial took, and later trials use it again.
 *
 * @throws TuneError `DEPENDENCY_MISSING` with what to install, or `INVALID_OPTION` when this thread already computes with another back end
 */
export async function loadTensorFlow(options?: TensorFlowOptions): Promise<TensorFlow> {
  // an empty variable counts as none
  const variable = process.env[variableName] || undefined
  if (variable !== undefined) assertBackendName(variable, variableName)
  if (options?.backend !== undefined) assertBackendName(options.backend, 'backend')
  const requested = variable ?? options?.backend
  if (loading === undefined) {
    const attempt = { requested, result: load(requested) }
    loading = attempt
    attempt.result.then(
      ({ backend }) => process.stderr.write(`${describeBackend(backend, variable !== undefined)}\n`),
      () => {
        // a failure isn't kept, so that another back end may be tried
        if (loading === attempt) loading = undefined
      },
    )
  }
  const loaded = await loading.result
  if (requested !== undefined && loaded.backend !== requested) {
    throw new TuneError(
      'INVALID_OPTION',
      `backend is ${show(requested)}, but this thread already computes with ${show(loaded.backend)}: use one back end a thread`,
    )
  }
  return loaded
}

function assertBackendName(name: string, source: string): asserts name is BackendName {
  if (backendNames.some(known => known === name)) return
  throw new TuneError('INVALID_OPTION', `${source} is ${show(name)}: it must be one of ${backendNames.join(', ')}`)
}

/** What each back end is, and what would be faster where. */
const descriptions: Readonly<Record<BackendName, readonly [what: string, faster?: string]>> = {
  'tfjs-node-gpu': ['libtensorflow on a CUDA GPU'],
  'tfjs-node': ['libtensorflow on all cores', 'Faster with a CUDA GPU: `npm install @tensorflow/tfjs-node-gpu`.'],
  wasm: [
    'WebAssembly on one core',
    'Faster with a CUDA GPU: `npm install @tensorflow/tfjs-node-gpu`; with cores to spare: `npm install @tensorflow/tfjs-node`.',
  ],
  cpu: [
    'plain JavaScript on one core',
    'About a hundred times faster: `npm install @tensorflow/tfjs-backend-wasm`, and ask for wasm.',
  ],
}

function describeBackend(name: BackendName, isOverridden: boolean): string {
  const [what, faster] = descriptions[name]
  const why = isOverridden ? `, as ${variableName} says` : ''
  return [`TensorFlow.js computes with ${name} (${what}${why}).`, faster].filter(Boolean).join(' ')
}

async function load(requested: BackendName | undefined): Promise<TensorFlow> {
  const core: TensorFlowCore = await importPackage(
    '@tensorflow/tfjs-core',
    '@tensorflow/tfjs-core @tensorflow/tfjs-layers @tensorflow/tfjs-backend-wasm',
  )
  // no banners, and no checks of each operation's result
  core.env().set('PROD', true)
  // the layers register the gradients, which the core leaves out
  const layers = await importPackage<typeof import('@tensorflow/tfjs-layers')>(
    '@tensorflow/tfjs-layers',
    '@tensorflow/tfjs-layers',
  )
  const backend = await activate(core, requested)
  return { tf: core, layers, backend }
}

async function activate(tf: TensorFlowCore, requested: BackendName | undefined): Promise<BackendName> {
  if (requested !== undefined) {
    await starters[requested](tf)
    return requested
  }
  for (const name of ['tfjs-node-gpu', 'tfjs-node'] as const) {
    if (!isInstalled(`@tensorflow/${name}`)) continue
    try {
      await starters[name](tf)
      return name
    } catch (error) {
      process.emitWarning(
        `@tensorflow/${name} is installed but can't be loaded, the next back end is used: ${String(error)}`,
      )
    }
  }
  await startWasm(tf)
  return 'wasm'
}

const starters: Record<BackendName, (tf: TensorFlowCore) => Promise<void>> = {
  'tfjs-node-gpu': tf => startNative(tf, 'tfjs-node-gpu'),
  'tfjs-node': tf => startNative(tf, 'tfjs-node'),
  wasm: startWasm,
  cpu: startCpu,
}

async function startNative(tf: TensorFlowCore, name: 'tfjs-node' | 'tfjs-node-gpu'): Promise<void> {
  // tfjs-node 4.22 calls what Node.js 23 removed (tensorflow/tfjs#8609)
  const legacy: { isNullOrUndefined?: (value: unknown) => boolean } = util
  legacy.isNullOrUndefined ??= value => value === null || value === undefined
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'
  await importPackage(`@tensorflow/${name}`, `@tensorflow/${name}`)
  await setBackend(tf, 'tensorflow')
}

async function startCpu(tf: TensorFlowCore): Promise<void> {
  await importPackage('@tensorflow/tfjs-backend-cpu', '@tensorflow/tfjs-backend-cpu')
  await setBackend(tf, 'cpu')
}

async function startWasm(tf: TensorFlowCore): Promise<void> {
  const name = '@tensorflow/tfjs-backend-wasm'
  const wasm = await importPackage<typeof import('@tensorflow/tfjs-backend-wasm')>(name, name)
  wasm.setWasmPaths(dirname(createRequire(import.meta.url).resolve(name)) + sep)
  wasm.setThreadsCount(1)
  // Emscripten's start-up code rethrows what the process doesn't catch, from listeners that would hide the executor's own
  const events = ['uncaughtException', 'unhandledRejection'] as const
  const before = new Map(
    events.map(event => [event, new Set<unknown>(process.listeners(event as 'uncaughtException'))]),
  )
  await setBackend(tf, 'wasm')
  for (const event of events) {
    for (const listener of process.listeners(event as 'uncaughtException')) {
      if (!before.get(event)?.has(listener)) process.removeListener(event, listener)
    }
  }
  const { registerWasmKernels } = await import('./wasm-kernels.js')
  await registerWasmKernels(tf, tf.backend() as InstanceType<typeof wasm.BackendWasm>)
}

async function setBackend(tf: TensorFlowCore, name: string): Promise<void> {
  const isReady = await tf.setBackend(name)
  if (!isReady)
    throw new TuneError('DEPENDENCY_MISSING', `TensorFlow.js can't start its back end ${show(name)} on this machine`)
  await tf.ready()
}

function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name)
    return true
  } catch {
    return false
  }
}

async function importPackage<T>(name: string, install: string): Promise<T> {
  try {
    return (await import(name)) as T
  } catch (cause) {
    const reason = isInstalled(name)
      ? `can't be loaded (${cause instanceof Error ? cause.message : String(cause)})`
      : 'is not installed'
    throw new TuneError('DEPENDENCY_MISSING', `${name} ${reason}: run \`npm install ${install}\``, { cause })
  }
}
