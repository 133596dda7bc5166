import { show, TuneError } from '../../src/errors.js'

/** An array as an IDX file holds it. */
export interface IdxArray {
  /** Its size along each dimension. */
  readonly shape: readonly number[]
  /** Its numbers, row-major; a view of the file's bytes. */
  readonly values: Uint8Array
}

/**
 * Reads an IDX file of unsigned bytes.
 *
 * @param bytes - the whole file
 * @param name - what to call it in error messages
 * @param dimensions - how many dimensions it must have
 * @throws TuneError `STORAGE_UNAVAILABLE` when the header or the length is wrong
 * @see http://yann.lecun.com/exdb/mnist/ ("the IDX file format")
 */
export function parseIdx(bytes: Uint8Array, name: string, dimensions: number): IdxArray {
  const damaged = (what: string) =>
    new TuneError(
      'STORAGE_UNAVAILABLE',
      `${name} is damaged: ${what}. Get the file again, for example by reinstalling its package`,
    )
  const headerLength = 4 + 4 * dimensions
  if (bytes.length < headerLength) throw damaged(`it has ${bytes.length} bytes, its header alone takes ${headerLength}`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const magic = view.getUint32(0)
  const expected = 0x0800 + dimensions
  if (magic !== expected) throw damaged(`it starts with 0x${magic.toString(16)}, not with 0x${expected.toString(16)}`)
  const shape = Array.from({ length: dimensions }, (_, index) => view.getUint32(4 + 4 * index))
  const length = shape.reduce((product, size) => product * size, 1)
  if (bytes.length !== headerLength + length) {
    throw damaged(`it has ${bytes.length - headerLength} values, its header says ${show(shape)}`)
  }
  return { shape, values: bytes.subarray(headerLength) }
}
