import { crc32c } from './crc32c.js'
import { ProtoWriter } from './proto-writer.js'

/** When an event happened, for all of its records. */
export interface Moment {
  /** Wall-clock time in milliseconds since 1970-01-01 UTC. */
  readonly timestampMs: number
  /** The training step. */
  readonly step: number
}

/** Numbers of `DataType`. */
const dataType = { float: 1, string: 7 } as const

/** The tensor that a summary has of which only the metadata counts: no floats, as TensorBoard's own writers put it. */
const nullTensor = new ProtoWriter()
  .varint(1, dataType.float)
  .message(2, new ProtoWriter().message(2, new ProtoWriter()))
  .finish()

const scalarShape = new ProtoWriter()

/** The largest finite float of 32 bits. */
const maxFloat = 3.4028234663852886e38

/** The record that every event file begins with. */
export function versionRecord(timestampMs: number): Buffer {
  return toRecord(new ProtoWriter().double(1, timestampMs / 1000).string(3, 'brain.Event:2'))
}

/** A record of summary values. @param values - each an encoded `Summary.Value` */
export function summaryRecord({ timestampMs, step }: Moment, values: readonly Uint8Array[]): Buffer {
  const summary = new ProtoWriter()
  for (const value of values) summary.bytes(1, value)
  const event = new ProtoWriter().double(1, timestampMs / 1000)
  if (step > 0) event.varint(2, step)
  return toRecord(event.message(5, summary))
}

/** A number to be drawn, as a float of 32 bits; finite ones stay finite. */
export function scalarValue(tag: string, value: number): Uint8Array {
  const kept = Number.isFinite(value) ? Math.min(maxFloat, Math.max(-maxFloat, value)) : value
  return new ProtoWriter().string(1, tag).float(2, kept).finish()
}

/** A text, which TensorBoard shows as Markdown. */
export function textValue(tag: string, markdown: string): Uint8Array {
  const tensor = new ProtoWriter().varint(1, dataType.string).message(2, scalarShape).string(8, markdown)
  const metadata = new ProtoWriter().message(1, new ProtoWriter().string(1, 'text'))
  return new ProtoWriter().string(1, tag).message(8, tensor).message(9, metadata).finish()
}

/** What a plug-in of TensorBoard keeps in a summary's metadata. @param content - its own message */
export function pluginValue(tag: string, plugin: string, content: ProtoWriter): Uint8Array {
  const metadata = new ProtoWriter().message(1, new ProtoWriter().string(1, plugin).message(2, content))
  return new ProtoWriter().string(1, tag).bytes(8, nullTensor).message(9, metadata).finish()
}

/** Frames an `Event` as a TFRecord: its length (64 bits), the masked checksum of that, itself, its own masked checksum. */
function toRecord(event: ProtoWriter): Buffer {
  const data = event.finish()
  const record = Buffer.allocUnsafe(data.length + 16)
  record.writeUInt32LE(data.length, 0)
  record.writeUInt32LE(0, 4)
  record.writeUInt32LE(maskedCrc(record.subarray(0, 8)), 8)
  record.set(data, 12)
  record.writeUInt32LE(maskedCrc(data), 12 + data.length)
  return record
}

/** A checksum that is kept beside its data is masked, so that checksums of data that holds checksums stay sound. */
function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c(bytes)
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}
