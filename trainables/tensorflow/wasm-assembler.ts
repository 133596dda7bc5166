/**
 * A minimal WebAssembly assembler: just the instructions that the training kernels are written in. An expression is the bytes that
 * leave its value on the stack, so instructions nest as calls do: `f32x4.add(x.get, y.get)`.
 *
 * @see https://webassembly.github.io/spec/core/binary/
 */
export type Code = readonly number[]

/** The value types that kernels use. */
export type ValueType = 'i32' | 'f32' | 'v128'

const typeBytes: Record<ValueType, number> = { i32: 0x7f, f32: 0x7d, v128: 0x7b }
const emptyBlock = 0x40

/** A parameter or local variable of the function being written. */
export interface Local {
  readonly type: ValueType
  readonly get: Code
  set(value: Code): Code
  /** `local += value`, for i32. */
  increase(value: Code): Code
}

/** One exported function. */
export interface WasmFunction {
  readonly name: string
  readonly parameters: readonly ValueType[]
  readonly locals: readonly ValueType[]
  readonly body: Code
}

function unsigned(value: number): number[] {
  const bytes: number[] = []
  let rest = value >>> 0
  do {
    const low = rest & 0x7f
    rest >>>= 7
    bytes.push(rest === 0 ? low : low | 0x80)
  } while (rest !== 0)
  return bytes
}

function signed(value: number): number[] {
  const bytes: number[] = []
  let rest = value | 0
  for (;;) {
    const low = rest & 0x7f
    rest >>= 7
    if ((rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)) return [...bytes, low]
    bytes.push(low | 0x80)
  }
}

const binary =
  (...opcode: number[]) =>
  (left: Code, right: Code): Code => [...left, ...right, ...opcode]
// alignment 2^2: every address is a multiple of four bytes
const load =
  (...opcode: number[]) =>
  (address: Code, offset: number): Code => [...address, ...opcode, 2, ...unsigned(offset)]
const store =
  (...opcode: number[]) =>
  (address: Code, offset: number, value: Code): Code => [...address, ...value, ...opcode, 2, ...unsigned(offset)]
const simd = (opcode: number): number[] => [0xfd, ...unsigned(opcode)]

export const i32 = {
  constant: (value: number): Code => [0x41, ...signed(value)],
  add: binary(0x6a),
  subtract: binary(0x6b),
  multiply: binary(0x6c),
  and: binary(0x71),
  /** Shifts in copies of the sign. */
  shiftRight: binary(0x75),
  equals: binary(0x46),
  lessThan: binary(0x48),
  atLeast: binary(0x4e),
}

export const f32 = {
  constant: (value: number): Code => [0x43, ...new Uint8Array(Float32Array.of(value).buffer)],
  load: load(0x2a),
  store: store(0x38),
  add: binary(0x92),
  subtract: binary(0x93),
  multiply: binary(0x94),
  divide: binary(0x95),
  squareRoot: (value: Code): Code => [...value, 0x91],
  greaterThan: binary(0x5e),
}

export const f32x4 = {
  load: load(...simd(0)),
  /** Loads one number into all four lanes. */
  loadSplat: load(...simd(9)),
  store: store(...simd(11)),
  /** Loads one number; the other lanes are 0. */
  loadFirst: load(...simd(92)),
  /** Stores the first lane. */
  storeFirst: (address: Code, offset: number, value: Code): Code => [
    ...address,
    ...value,
    ...simd(90),
    2,
    ...unsigned(offset),
    0,
  ],
  splat: (value: Code): Code => [...value, ...simd(19)],
  add: binary(...simd(228)),
  subtract: binary(...simd(229)),
  multiply: binary(...simd(230)),
  divide: binary(...simd(231)),
  squareRoot: (value: Code): Code => [...value, ...simd(227)],
  /** All ones in the lanes where left > right, else all zeros. */
  greaterThan: binary(...simd(68)),
  lessThan: binary(...simd(67)),
  equals: binary(...simd(65)),
  /** The greater lane by lane; NaN where either is NaN. */
  maximum: binary(...simd(233)),
  and: binary(...simd(78)),
  /** left and not right. */
  andNot: binary(...simd(79)),
  or: binary(...simd(80)),
}

/** Runs the body as long as the condition holds. */
export function whileLoop(condition: Code, body: Code): Code {
  // block { loop { if (!condition) break; body; continue } }
  return [0x02, emptyBlock, 0x03, emptyBlock, ...condition, 0x45, 0x0d, 1, ...body, 0x0c, 0, 0x0b, 0x0b]
}

/** Runs the body `counter` times, counting the local down to zero. */
export function countDown(counter: Local, body: Code): Code {
  const next = [...counter.set(i32.subtract(counter.get, i32.constant(1))), ...counter.get, 0x0d, 0]
  return when(counter.get, [0x03, emptyBlock, ...body, ...next, 0x0b])
}

/** Runs the body, or else the other, depending on a condition. */
export function when(condition: Code, body: Code, otherwise: Code = []): Code {
  const rest = otherwise.length > 0 ? [0x05, ...otherwise] : []
  return [...condition, 0x04, emptyBlock, ...body, ...rest, 0x0b]
}

/** Calls the function at that index of the module. */
export function call(index: number, ...values: readonly Code[]): Code {
  return [...values.flat(), 0x10, ...unsigned(index)]
}

/** Writes a function: the parameters come by name, further locals are declared as they are needed. */
export function wasmFunction<const P extends Readonly<Record<string, ValueType>>>(
  name: string,
  parameters: P,
  write: (parameters: { readonly [K in keyof P]: Local }, declare: (type: ValueType) => Local) => Code,
): WasmFunction {
  const types = Object.values<ValueType>(parameters)
  const locals: ValueType[] = []
  const named = Object.fromEntries(
    Object.entries<ValueType>(parameters).map(([key, type], index) => [key, local(index, type)]),
  ) as { [K in keyof P]: Local }
  const body = write(named, type => local(types.length + locals.push(type) - 1, type))
  return { name, parameters: types, locals, body }
}

function local(index: number, type: ValueType): Local {
  const get = [0x20, ...unsigned(index)]
  const set = (value: Code): Code => [...value, 0x21, ...unsigned(index)]
  return { type, get, set, increase: value => set(i32.add(get, value)) }
}

const vector = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()]
const text = (value: string): Code => vector([...new TextEncoder().encode(value)].map(byte => [byte]))
const section = (id: number, content: Code): Code => [id, ...unsigned(content.length), ...content]

/** Assembles a module whose functions return nothing and which imports its memory as `host.memory`. */
export function assembleModule(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const signatures = functions.map(({ parameters }) => [0x60, ...vector(parameters.map(type => [typeBytes[type]])), 0])
  const memory = [...text('host'), ...text('memory'), 0x02, 0x00, 0x01]
  const exported = functions.map(({ name }, index) => [...text(name), 0x00, ...unsigned(index)])
  const bodies = functions.map(({ locals, body }) => {
    const code = [...vector(locals.map(type => [1, typeBytes[type]])), ...body, 0x0b]
    return [...unsigned(code.length), ...code]
  })
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, vector(signatures)),
    ...section(2, vector([memory])),
    ...section(3, vector(functions.map((_, index) => unsigned(index)))),
    ...section(7, vector(exported)),
    ...section(10, vector(bodies)),
  ])
}
