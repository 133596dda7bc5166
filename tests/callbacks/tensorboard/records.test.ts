import { describe, expect, it } from 'vitest'
import { crc32c } from '../../../src/callbacks/tensorboard/crc32c.js'
import {
  scalarValue,
  summaryRecord,
  textValue,
  versionRecord,
} from '../../../src/callbacks/tensorboard/event-records.js'
import { ProtoWriter } from '../../../src/callbacks/tensorboard/proto-writer.js'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

describe('the CRC-32C checksum', () => {
  // RFC 3720, B.4, whose bytes are those of the checksum from the lowest to the highest
  it.each([
    ['32 zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 bytes of ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['32 bytes that rise', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ['32 bytes that fall', Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
    [
      'an iSCSI read command',
      Buffer.from(
        '01c000000000000000000000000000001400000000000400000000140000001828000000000000000200000000000000',
        'hex',
      ),
      0xd9963a56,
    ],
  ])('of %s is that of RFC 3720', (_, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected)
  })

  it('of the digits is the check value of the CRC catalogues', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283)
  })
})

describe('a protocol buffer message', () => {
  it('has the bytes of the examples in the guide to encoding', () => {
    // field 1 = 150; field 2 = "testing"; field 3 = a message whose field 1 is 150
    expect(hex(new ProtoWriter().varint(1, 150).finish())).toBe('089601')
    expect(hex(new ProtoWriter().string(2, 'testing').finish())).toBe('120774657374696e67')
    expect(hex(new ProtoWriter().message(3, new ProtoWriter().varint(1, 150)).finish())).toBe('1a03089601')
  })

  it('keeps whole numbers up to 2⁵³ − 1', () => {
    // seven times seven bits, and four more: 0xff seven times, 0x0f
    expect(hex(new ProtoWriter().varint(1, Number.MAX_SAFE_INTEGER).finish())).toBe('08ffffffffffffff0f')
    expect(hex(new ProtoWriter().varint(1, 0).finish())).toBe('0800')
  })

  it('grows with what it holds', () => {
    const long = 'ä'.repeat(1000)
    expect(Buffer.from(new ProtoWriter().varint(1, 1).string(2, long).finish()).toString()).toBe(
      `\b\u0001\u0012\ufffd\u000f${long}`,
    )
  })
})

describe('a record', () => {
  it('is framed as a TFRecord', () => {
    // 24 bytes: field 1 (double, 1.0), field 3 (13 bytes). Checksums were worked out bit by bit, apart from this code, in Python
    expect(hex(versionRecord(1000))).toBe(
      `1800000000000000a37f4b2209000000000000f03f1a0d${hex(Buffer.from('brain.Event:2'))}86bf577a`,
    )
  })

  it('of a scalar has its time, step, tag and float', () => {
    const record = summaryRecord({ timestampMs: 1500, step: 300 }, [scalarValue('loss', 0.5)])
    // 1: double 1.5; 2: varint 300 = ac 02; 5: summary of 13 bytes { 1: value of 11 bytes { 1: "loss", 2: float 0.5 } }
    expect(hex(record.subarray(12, -4))).toBe('09000000000000f83f10ac022a0d0a0b0a046c6f7373150000003f')
  })

  it('of a text has a tensor of one string, and says that it is a text', () => {
    // 1: tag; 8: tensor { 1: DT_STRING = 7, 2: no dimensions, 8: the text }; 9: metadata { 1: plugin { 1: "text" } }
    expect(hex(textValue('a', 'b'))).toBe('0a01614207080712004201624a080a060a0474657874')
  })

  it('keeps what is not finite, and what is finite stays so', () => {
    const float = (value: number) => Buffer.from(scalarValue('', value)).readFloatLE(3)
    expect([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300, -1e300].map(float)).toEqual([
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      3.4028234663852886e38,
      -3.4028234663852886e38,
    ])
  })
})
