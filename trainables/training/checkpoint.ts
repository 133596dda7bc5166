import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Variable } from '@tensorflow/tfjs-core'
import { show, TuneError } from '../../src/errors.js'
import type { TensorFlowCore } from '../tensorflow/backend.js'
import type { Network } from './network.js'
import type { Optimizer } from './optimizers/optimizer.js'
import type { NamedArray, NamedArrays } from './weights.js'

/** Everything that training goes on from. */
export interface TrainingState {
  /** Its parameters are saved and loaded. */
  readonly network: Network
  /** So are its step count and moments. */
  readonly optimizer: Optimizer
}

interface Manifest {
  readonly version: 1
  readonly epoch: number
  readonly step: number
  /** In the order of their numbers in the other file. */
  readonly tensors: readonly { readonly name: string; readonly shape: readonly number[] }[]
}

const manifestFile = 'training.json'
const numbersFile = 'weights.bin'

/** Lists all variables by name; parameters and slots can't share one, as slots have a colon in theirs. */
function variablesOf({ network, optimizer }: TrainingState): ReadonlyMap<string, Variable> {
  return new Map([...network.parameters.map(({ name, variable }) => [name, variable] as const), ...optimizer.slots])
}

/**
 * Writes weights, the optimizer's slots and the position in the run: `training.json`, and `weights.bin` with little-endian 32-bit floats.
 *
 * @param epoch - how many epochs are done
 */
export async function saveTraining(state: TrainingState, epoch: number, directory: string): Promise<void> {
  const variables = [...variablesOf(state)]
  const tensors = variables.map(([name, { shape }]) => ({ name, shape }))
  const manifest: Manifest = { version: 1, epoch, step: state.optimizer.step, tensors }
  const chunks = variables.map(([, variable]) => {
    const values = variable.dataSync<'float32'>()
    return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  })
  await writeFile(join(directory, numbersFile), chunks)
  await writeFile(join(directory, manifestFile), JSON.stringify(manifest))
}

/**
 * Reads the numbers of a checkpoint that {@link saveTraining} wrote: the network's parameters, and the optimizer's slots. For a network that starts
 * with what another run has learnt; see `assignWeights`.
 *
 * @throws TuneError `CHECKPOINT_FAILED` when the files are damaged
 */
export async function readCheckpointWeights(directory: string): Promise<NamedArrays> {
  return (await readState(directory)).arrays
}

/**
 * Reads what {@link saveTraining} wrote into a network and an optimizer of the same sizes. Slots that the optimizer doesn't have are left out,
 * and those that the checkpoint doesn't have start anew, so that a trial may go on with another optimizer.
 *
 * @returns how many epochs are done
 * @throws TuneError `CHECKPOINT_FAILED` when the files are damaged or belong to another network
 */
export async function loadTraining(tf: TensorFlowCore, state: TrainingState, directory: string): Promise<number> {
  const { manifest, arrays } = await readState(directory)
  const shapeMatters = (name: string, shape: readonly number[], found: NamedArray): void => {
    if (found.shape.join() === shape.join()) return
    throw failed(
      directory,
      `its ${name} is ${show(found.shape)}, this network's is ${show(shape)}: keep the network's sizes out of what changes`,
    )
  }
  for (const parameter of state.network.parameters) {
    const found = arrays.get(parameter.name)
    if (found === undefined) throw failed(directory, `it has no ${parameter.name}, which this network needs`)
    shapeMatters(parameter.name, parameter.shape, found)
    parameter.write(found.values)
  }
  for (const [name, variable] of state.optimizer.slots) {
    const found = arrays.get(name)
    if (found === undefined) continue
    shapeMatters(name, variable.shape, found)
    tf.tidy(() => variable.assign(tf.tensor(found.values, variable.shape)))
  }
  state.optimizer.step = manifest.step
  return manifest.epoch
}

function failed(directory: string, what: string, cause?: unknown): TuneError {
  return new TuneError('CHECKPOINT_FAILED', `the checkpoint ${directory} can't be used: ${what}`, { cause })
}

async function readState(directory: string): Promise<{ readonly manifest: Manifest; readonly arrays: NamedArrays }> {
  let manifest: Manifest
  let bytes: Uint8Array
  try {
    manifest = JSON.parse(await readFile(join(directory, manifestFile), 'utf8'))
    bytes = await readFile(join(directory, numbersFile))
  } catch (cause) {
    throw failed(directory, cause instanceof Error ? cause.message : String(cause), cause)
  }
  if (manifest.version !== 1) throw failed(directory, `its version is ${show(manifest.version)}, this release reads 1`)
  // copied, so that the numbers are aligned
  const numbers = new Float32Array(bytes.slice().buffer)
  const arrays = new Map<string, NamedArray>()
  let position = 0
  for (const { name, shape } of manifest.tensors) {
    const length = shape.reduce((product, size) => product * size, 1)
    arrays.set(name, { shape, values: numbers.subarray(position, position + length) })
    position += length
  }
  if (position !== numbers.length) throw failed(directory, `it holds ${numbers.length} numbers instead of ${position}`)
  return { manifest, arrays }
}
