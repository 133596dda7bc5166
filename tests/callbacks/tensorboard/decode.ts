import { readFileSync } from 'node:fs'
import { crc32c } from '../../../src/callbacks/tensorboard/crc32c.js'

/** A field of a message: a number, or bytes that may be a message themselves. */
type Field = number | Buffer

/** Reads a message without knowing its type: the values of each field, in order. */
export function decodeMessage(bytes: Buffer): Map<number, Field[]> {
  const fields = new Map<number, Field[]>()
  let at = 0
  const varint = () => {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes.readUInt8(at++)
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
    }
  }
  while (at < bytes.length) {
    const key = varint()
    let value: Field
    switch (key % 8) {
      case 0:
        value = varint()
        break
      case 1:
        value = bytes.readDoubleLE(at)
        at += 8
        break
      case 2: {
        const length = varint()
        value = bytes.subarray(at, at + length)
        at += length
        break
      }
      case 5:
        value = bytes.readFloatLE(at)
        at += 4
        break
      default:
        throw new Error(`wire type ${key % 8} at ${at}`)
    }
    const field = Math.floor(key / 8)
    fields.set(field, [...(fields.get(field) ?? []), value])
  }
  return fields
}

/** What an event file says, in the words of TensorBoard's messages. */
export interface DecodedEvent {
  readonly wallTime: number
  readonly step: number
  readonly version?: string
  readonly values?: Record<string, unknown>
}

/** Reads a file of events and checks its framing and checksums. */
export function readEvents(path: string): DecodedEvent[] {
  const file = readFileSync(path)
  const events: DecodedEvent[] = []
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at))
    check(file.subarray(at, at + 8), file.readUInt32LE(at + 8))
    const data = file.subarray(at + 12, at + 12 + length)
    check(data, file.readUInt32LE(at + 12 + length))
    events.push(decodeEvent(data))
    at += 16 + length
  }
  return events
}

function check(data: Buffer, masked: number): void {
  // undoes the mask: minus the constant, then rotated left by 15 bits
  const rotated = (masked - 0xa282ead8) >>> 0
  if (((rotated << 15) | (rotated >>> 17)) >>> 0 !== crc32c(data)) throw new Error('a checksum is wrong')
}

function decodeEvent(data: Buffer): DecodedEvent {
  const event = decodeMessage(data)
  const [summary] = event.get(5) ?? []
  const [version] = event.get(3) ?? []
  return {
    wallTime: Number(event.get(1)?.[0] ?? 0),
    step: Number(event.get(2)?.[0] ?? 0),
    ...(Buffer.isBuffer(version) && { version: version.toString() }),
    ...(Buffer.isBuffer(summary) && { values: Object.fromEntries(children(summary, 1).map(decodeValue)) }),
  }
}

function decodeValue(value: Map<number, Field[]>): [string, unknown] {
  const tag = text(value, 1)
  const simple = value.get(2)?.[0]
  if (typeof simple === 'number') return [tag, simple]
  const plugin = child(child(value, 9), 1)
  if (text(plugin, 1) === 'text') return [tag, text(child(value, 8), 8)]
  const data = child(plugin, 2)
  if (data.has(3)) return [tag, decodeStart(child(data, 3))]
  if (data.has(4)) return [tag, { status: child(data, 4).get(1)?.[0], end: child(data, 4).get(2)?.[0] }]
  return [tag, decodeExperiment(child(data, 2))]
}

function decodeStart(info: Map<number, Field[]>) {
  const hparams = (info.get(1) ?? []).map(entry => {
    const fields = decodeMessage(bytes(entry))
    return [text(fields, 1), decodeProtoValue(child(fields, 2))]
  })
  return { hparams: Object.fromEntries(hparams), group: text(info, 4), start: info.get(5)?.[0] }
}

function decodeExperiment(experiment: Map<number, Field[]>) {
  return {
    name: text(experiment, 6),
    created: experiment.get(3)?.[0],
    parameters: (experiment.get(4) ?? []).map(each => {
      const info = decodeMessage(bytes(each))
      const interval = info.has(6) ? child(info, 6) : undefined
      const list = info.has(5) ? child(info, 5) : undefined
      return {
        name: text(info, 1),
        type: info.get(4)?.[0],
        ...(list && { values: (list.get(1) ?? []).map(value => decodeProtoValue(decodeMessage(bytes(value)))) }),
        ...(interval && { interval: [interval.get(1)?.[0], interval.get(2)?.[0]] }),
      }
    }),
    metrics: (experiment.get(5) ?? []).map(each => {
      const info = decodeMessage(bytes(each))
      return [text(child(info, 1), 2), text(info, 4)]
    }),
  }
}

function decodeProtoValue(value: Map<number, Field[]>): unknown {
  if (value.has(2)) return value.get(2)?.[0]
  return value.has(4) ? value.get(4)?.[0] === 1 : text(value, 3)
}

function bytes(field: Field | undefined): Buffer {
  return Buffer.isBuffer(field) ? field : Buffer.alloc(0)
}

function child(message: Map<number, Field[]>, field: number): Map<number, Field[]> {
  return decodeMessage(bytes(message.get(field)?.[0]))
}

function children(message: Buffer, field: number): Map<number, Field[]>[] {
  return (decodeMessage(message).get(field) ?? []).map(each => decodeMessage(bytes(each)))
}

function text(message: Map<number, Field[]>, field: number): string {
  return bytes(message.get(field)?.[0]).toString()
}
