import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadArrays, saveArrays } from '../../trainables/kit/array-checkpoint.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'array-checkpoint-'))
})
afterEach(() => rm(folder, { recursive: true }))

const state = {
  progress: { epoch: 3, step: 120 },
  arrays: { weights: Float64Array.of(0.1 + 0.2, Number.NaN, -0), moments: Float64Array.of(1e-300) },
}

describe('a checkpoint of typed arrays', () => {
  it('gives back every bit, of diverged weights too', async () => {
    await saveArrays(state, folder)
    const arrays = { moments: new Float64Array(1), weights: new Float64Array(3) }
    expect(await loadArrays(arrays, folder)).toEqual({ epoch: 3, step: 120 })
    expect(arrays).toEqual(state.arrays)
  })

  it('holds views of a larger array as themselves', async () => {
    const whole = Float64Array.of(1, 2, 3, 4)
    await saveArrays({ progress: {}, arrays: { part: whole.subarray(1, 3) } }, folder)
    const part = new Float64Array(2)
    await loadArrays({ part }, folder)
    expect([...part]).toEqual([2, 3])
  })

  it.each([
    ['names that it does not have', { other: new Float64Array(3) }, /it has no other/],
    ['other lengths', { weights: new Float64Array(4) }, /its weights has 3 numbers instead of 4/],
  ])('refuses %s', async (_, arrays, message) => {
    await saveArrays(state, folder)
    await expect(loadArrays(arrays, folder)).rejects.toMatchObject({
      code: 'CHECKPOINT_FAILED',
      message: expect.stringMatching(message),
    })
  })

  it('says what is wrong with files that are cut short or of another release', async () => {
    await saveArrays(state, folder)
    const bytes = await readFile(join(folder, 'arrays.bin'))
    await writeFile(join(folder, 'arrays.bin'), bytes.subarray(0, 20))
    await expect(loadArrays(state.arrays, folder)).rejects.toThrow(/it holds 20 bytes instead of 32/)
    await writeFile(join(folder, 'state.json'), '{"version":2}')
    await expect(loadArrays(state.arrays, folder)).rejects.toThrow(/its version is 2, this release reads 1/)
  })
})
