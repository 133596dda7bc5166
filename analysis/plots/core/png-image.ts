import { crc32, deflateSync } from 'node:zlib'

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/**
 * Writes a grey image as PNG, each pixel as a square of so many.
 *
 * @param grey - row-major [height × width], from 0 (black) to 255 (white)
 * @returns a `data:` URL
 */
export function greyImage(grey: Uint8Array, width: number, height: number, zoom: number): string {
  const [columns, rows] = [width * zoom, height * zoom]
  const raw = Buffer.alloc((columns + 1) * rows)
  for (let y = 0; y < rows; y++) {
    const from = Math.floor(y / zoom) * width
    // each row begins with its filter, 0 for none
    for (let x = 0; x < columns; x++) raw[y * (columns + 1) + 1 + x] = grey[from + Math.floor(x / zoom)] ?? 0
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(columns, 0)
  header.writeUInt32BE(rows, 4)
  // 8 bits a pixel, grey
  header[8] = 8
  const file = [
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(raw, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]
  return `data:image/png;base64,${Buffer.concat(file).toString('base64')}`
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(content.length)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}
