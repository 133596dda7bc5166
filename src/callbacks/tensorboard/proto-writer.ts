/** How a field's value is laid out, in the three low bits of its key. */
const wireType = { varint: 0, fixed64: 1, delimited: 2, fixed32: 5 } as const

/**
 * Writes a protocol buffer message field by field. Each method adds one field, and returns the writer; defaults are written, too, where
 * they are asked for.
 *
 * @see the Protocol Buffers guide to encoding
 */
export class ProtoWriter {
  #bytes = Buffer.allocUnsafe(96)
  #length = 0

  /** Adds an integer (`int32`, `int64`, `bool`, an enumeration), from 0 to 2⁵³ − 1. */
  varint(field: number, value: number): this {
    this.#key(field, wireType.varint)
    this.#varint(value)
    return this
  }

  double(field: number, value: number): this {
    this.#key(field, wireType.fixed64)
    this.#grow(8)
    this.#length = this.#bytes.writeDoubleLE(value, this.#length)
    return this
  }

  float(field: number, value: number): this {
    this.#key(field, wireType.fixed32)
    this.#grow(4)
    this.#length = this.#bytes.writeFloatLE(value, this.#length)
    return this
  }

  /** Adds `bytes`, or a message that is encoded already. */
  bytes(field: number, value: Uint8Array): this {
    this.#key(field, wireType.delimited)
    this.#varint(value.length)
    this.#grow(value.length)
    this.#bytes.set(value, this.#length)
    this.#length += value.length
    return this
  }

  /** Adds a text as UTF-8; half of a surrogate pair becomes U+FFFD. */
  string(field: number, value: string): this {
    return this.bytes(field, Buffer.from(value))
  }

  message(field: number, value: ProtoWriter): this {
    return this.bytes(field, value.finish())
  }

  /** The message so far. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  #key(field: number, type: number): void {
    this.#varint(field * 8 + type)
  }

  /** Seven bits a byte, the lowest first. */
  #varint(value: number): void {
    this.#grow(10)
    let rest = value
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80
      rest = Math.floor(rest / 0x80)
    }
    this.#bytes[this.#length++] = rest
  }

  #grow(room: number): void {
    if (this.#length + room <= this.#bytes.length) return
    const wider = Buffer.allocUnsafe(2 * (this.#length + room))
    wider.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = wider
  }
}
