/** Castagnoli's polynomial, bits reversed. */
const polynomial = 0x82f63b78

const table = new Uint32Array(256)
for (let byte = 0; byte < 256; byte++) {
  let remainder = byte
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ polynomial : remainder >>> 1
  table[byte] = remainder
}

/**
 * The CRC-32C checksum (Castagnoli) of some bytes. `node:zlib` has only CRC-32, which is another.
 *
 * @returns an unsigned number of 32 bits
 * @see RFC 3720, appendix B.4
 */
export function crc32c(bytes: Uint8Array): number {
  let remainder = 0xffffffff
  for (const byte of bytes) remainder = (table[(remainder ^ byte) & 0xff] ?? 0) ^ (remainder >>> 8)
  return (remainder ^ 0xffffffff) >>> 0
}
