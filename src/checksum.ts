import { crc32 } from 'node:zlib'

/** `,"crc":"01234567"}` closes a sealed text. */
export const sealLength = 18

/** CRC-32, as eight hexadecimal digits. */
export function checksum(data: string | Uint8Array): string {
  return toHex(crc32(data))
}

/** Has the JSON text of an object that is not empty end in its own checksum: the CRC-32 of all that stands before it. */
export function seal(json: string): string {
  const body = json.slice(0, -1)
  return `${body},"crc":"${checksum(body)}"}`
}

/**
 * Looks whether a text is as it was when it was sealed.
 *
 * @returns what is wrong with it as a sentence's end, if something is
 */
export function sealFault(text: Buffer): string | undefined {
  if (text.length <= sealLength) return 'it is too short to be an entry'
  const end = text.length - sealLength
  const written = /^,"crc":"([0-9a-f]{8})"\}$/.exec(text.toString('latin1', end))?.[1]
  if (written === undefined) return 'it does not end in a checksum'
  return crc32(text.subarray(0, end)) === Number.parseInt(written, 16) ? undefined : `its checksum is not ${written}`
}

/** The checksum of data that comes in pieces. */
export class RunningChecksum {
  #value = 0

  add(data: Uint8Array): void {
    this.#value = crc32(data, this.#value)
  }

  toString(): string {
    return toHex(this.#value)
  }
}

function toHex(value: number): string {
  return value.toString(16).padStart(8, '0')
}
