import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { show, TuneError } from '../../src/errors.js'

/** What a training in typed arrays goes on from. */
export interface ArrayState {
  /** Where it stands: how many epochs are done, how many steps. */
  readonly progress: Readonly<Record<string, number>>
  /** What it has learnt and what its optimizer keeps, by name. */
  readonly arrays: Readonly<Record<string, Float64Array>>
}

interface Manifest {
  readonly version: 1
  readonly progress: Readonly<Record<string, number>>
  /** In the order of their numbers in the other file. */
  readonly arrays: readonly { readonly name: string; readonly length: number }[]
}

const manifestFile = 'state.json'
const numbersFile = 'arrays.bin'

/** Writes a state: `state.json`, and `arrays.bin` with little-endian 64-bit floats, so that not a bit is lost. */
export async function saveArrays({ progress, arrays }: ArrayState, directory: string): Promise<void> {
  const lengths = Object.entries(arrays).map(([name, { length }]) => ({ name, length }))
  const manifest: Manifest = { version: 1, progress, arrays: lengths }
  const chunks = Object.values(arrays).map(values => {
    return new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice()
  })
  await writeFile(join(directory, numbersFile), chunks)
  await writeFile(join(directory, manifestFile), JSON.stringify(manifest))
}

/**
 * Reads what {@link saveArrays} wrote into arrays of the same names and lengths.
 *
 * @returns the progress
 * @throws TuneError `CHECKPOINT_FAILED` when the files are damaged or belong to other sizes
 */
export async function loadArrays(arrays: ArrayState['arrays'], directory: string): Promise<ArrayState['progress']> {
  const failed = (what: string, cause?: unknown) =>
    new TuneError('CHECKPOINT_FAILED', `the checkpoint ${directory} can't be used: ${what}`, { cause })
  let manifest: Manifest
  let bytes: Uint8Array
  try {
    manifest = JSON.parse(await readFile(join(directory, manifestFile), 'utf8'))
    bytes = await readFile(join(directory, numbersFile))
  } catch (cause) {
    throw failed(cause instanceof Error ? cause.message : String(cause), cause)
  }
  if (manifest.version !== 1) throw failed(`its version is ${show(manifest.version)}, this release reads 1`)
  const expected = manifest.arrays.reduce((sum, { length }) => sum + length, 0) * Float64Array.BYTES_PER_ELEMENT
  if (bytes.length !== expected) throw failed(`it holds ${bytes.length} bytes instead of ${expected}`)
  // copied, so that the numbers are aligned
  const numbers = new Float64Array(bytes.slice().buffer)
  const saved = new Map<string, Float64Array>()
  let position = 0
  for (const { name, length } of manifest.arrays) {
    saved.set(name, numbers.subarray(position, position + length))
    position += length
  }
  for (const [name, values] of Object.entries(arrays)) {
    const found = saved.get(name)
    if (found === undefined) throw failed(`it has no ${name}`)
    if (found.length !== values.length)
      throw failed(`its ${name} has ${found.length} numbers instead of ${values.length}`)
    values.set(found)
  }
  return manifest.progress
}
