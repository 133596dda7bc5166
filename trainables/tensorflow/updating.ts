import { fourLanes, type Lanes, oneLane } from './lanes.js'
import {
  type Code,
  countDown,
  f32,
  f32x4,
  i32,
  type Local,
  type ValueType,
  type WasmFunction,
  wasmFunction,
  when,
} from './wasm-assembler.js'

/** The optimizers whose updates are written as one loop. */
export const updateNames = [
  'sgd',
  'momentum',
  'nesterov',
  'adagrad',
  'rmsprop',
  'rmspropNesterov',
  'adadelta',
  'adam',
] as const

/** One of {@link updateNames}. */
export type UpdateName = (typeof updateNames)[number]

const parameters = {
  length: 'i32',
  parameter: 'i32',
  gradient: 'i32',
  first: 'i32',
  second: 'i32',
  rate: 'f32',
  momentum: 'f32',
  momentumRest: 'f32',
  decay: 'f32',
  decayRest: 'f32',
  epsilon: 'f32',
  l1: 'f32',
  l2: 'f32',
} as const

type Numbers = 'rate' | 'momentum' | 'momentumRest' | 'decay' | 'decayRest' | 'epsilon'

/** What a rule is written with: vectors. */
interface Terms extends Readonly<Record<Numbers, Code>> {
  readonly gradient: Code
  /** The slots; what a rule sets them to is stored. */
  readonly first: Local
  readonly second: Local
  /** Room for what is needed twice. */
  readonly change: Local
}

const { add, multiply, divide, squareRoot } = f32x4
const square = (value: Code): Code => multiply(value, value)

/** `old · decay + update`. */
const decayed = (slot: Local, decay: Code, update: Code): Code => slot.set(add(multiply(slot.get, decay), update))
const meanSquare = (t: Terms): Code => decayed(t.first, t.decay, multiply(square(t.gradient), t.decayRest))
const overRoot = (value: Code, squares: Local, t: Terms): Code => divide(value, add(squareRoot(squares.get), t.epsilon))

/**
 * Sets the slots, then says what to subtract from the parameter. Every operation is rounded in the order in which the optimizers' formulas have it, so
 * that the bits are those of the same formulas computed operation by operation.
 */
const rules: Readonly<Record<UpdateName, { readonly slots: number; write(t: Terms): { set: Code; step: Code } }>> = {
  sgd: { slots: 0, write: t => ({ set: [], step: multiply(t.gradient, t.rate) }) },
  momentum: {
    slots: 1,
    write: t => ({ set: decayed(t.first, t.momentum, t.gradient), step: multiply(t.first.get, t.rate) }),
  },
  nesterov: {
    slots: 1,
    write: t => ({
      set: decayed(t.first, t.momentum, t.gradient),
      step: multiply(add(t.gradient, multiply(t.first.get, t.momentum)), t.rate),
    }),
  },
  adagrad: {
    slots: 1,
    write: t => ({
      set: t.first.set(add(t.first.get, square(t.gradient))),
      step: multiply(overRoot(t.gradient, t.first, t), t.rate),
    }),
  },
  rmsprop: {
    slots: 1,
    write: t => ({ set: meanSquare(t), step: multiply(overRoot(t.gradient, t.first, t), t.rate) }),
  },
  rmspropNesterov: {
    slots: 2,
    write: t => ({
      set: [
        ...meanSquare(t),
        ...t.change.set(multiply(overRoot(t.gradient, t.first, t), t.rate)),
        ...decayed(t.second, t.momentum, t.change.get),
      ],
      step: add(t.change.get, multiply(t.second.get, t.momentum)),
    }),
  },
  adadelta: {
    slots: 2,
    write: t => ({
      set: [
        ...meanSquare(t),
        ...t.change.set(
          multiply(squareRoot(divide(add(t.second.get, t.epsilon), add(t.first.get, t.epsilon))), t.gradient),
        ),
        ...decayed(t.second, t.decay, multiply(square(t.change.get), t.decayRest)),
      ],
      step: multiply(t.change.get, t.rate),
    }),
  },
  adam: {
    slots: 2,
    write: t => ({
      set: [
        ...decayed(t.first, t.momentum, multiply(t.gradient, t.momentumRest)),
        ...decayed(t.second, t.decay, multiply(square(t.gradient), t.decayRest)),
      ],
      step: multiply(overRoot(t.first.get, t.second, t), t.rate),
    }),
  },
}

/** One parameter's update; see {@link UpdatingFunctions}. */
function update(name: UpdateName): WasmFunction {
  const { slots, write } = rules[name]
  return wasmFunction(`update-${name}`, parameters, (p, declare) => {
    const vector = (value: Local): { readonly local: Local; readonly set: Code } => {
      const local = declare('v128')
      return { local, set: local.set(f32x4.splat(value.get)) }
    }
    const names = ['rate', 'momentum', 'momentumRest', 'decay', 'decayRest', 'epsilon'] as const
    const numbers = names.map(key => ({ key, ...vector(p[key]) }))
    const terms = Object.fromEntries(numbers.map(({ key, local }) => [key, local.get])) as Record<Numbers, Code>
    const gradient = declare('v128')
    const parameter = declare('v128')
    const [first, second, change] = [declare('v128'), declare('v128'), declare('v128')] as const
    const penalties = penalize(p, declare, gradient, parameter)
    const { set, step } = write({ ...terms, gradient: gradient.get, first, second, change })
    const count = declare('i32')
    const kept = [
      { at: p.first, value: first },
      { at: p.second, value: second },
    ].slice(0, slots)
    const some = ({ load, store, bytes }: Lanes): Code => [
      ...parameter.set(load(p.parameter.get, 0)),
      ...gradient.set(load(p.gradient.get, 0)),
      ...kept.flatMap(({ at, value }) => value.set(load(at.get, 0))),
      ...penalties.code,
      ...set,
      ...kept.flatMap(({ at, value }) => store(at.get, 0, value.get)),
      ...store(p.parameter.get, 0, f32x4.subtract(parameter.get, step)),
      ...[p.parameter, p.gradient, ...kept.map(({ at }) => at)].flatMap(at => at.increase(i32.constant(bytes))),
    ]
    return [
      ...numbers.flatMap(number => number.set),
      ...penalties.prologue,
      ...count.set(i32.shiftRight(p.length.get, i32.constant(2))),
      ...countDown(count, some(fourLanes)),
      ...count.set(i32.and(p.length.get, i32.constant(3))),
      ...countDown(count, some(oneLane)),
    ]
  })
}

/** Adds `l1 · sign(parameter) + l2 · parameter` to the gradient, each where it isn't 0. */
function penalize(
  p: { readonly l1: Local; readonly l2: Local },
  declare: (type: ValueType) => Local,
  gradient: Local,
  parameter: Local,
): { readonly prologue: Code; readonly code: Code } {
  const l1 = declare('v128')
  const l2 = declare('v128')
  const zero = f32x4.splat(f32.constant(0))
  const sign = f32x4.subtract(
    f32x4.and(f32x4.greaterThan(parameter.get, zero), l1.get),
    f32x4.and(f32x4.lessThan(parameter.get, zero), l1.get),
  )
  return {
    prologue: [...l1.set(f32x4.splat(p.l1.get)), ...l2.set(f32x4.splat(p.l2.get))],
    code: [
      ...when(f32.greaterThan(p.l1.get, f32.constant(0)), gradient.set(add(gradient.get, sign))),
      ...when(
        f32.greaterThan(p.l2.get, f32.constant(0)),
        gradient.set(add(gradient.get, multiply(parameter.get, l2.get))),
      ),
    ],
  }
}

/** The functions of the optimizers, in module order. */
export const updatingFunctions: readonly WasmFunction[] = updateNames.map(update)

/**
 * Takes one step on `length` numbers in one pass, in place. Addresses are in bytes; `first` and `second` are the slots, those that there are.
 * `rate` is the learning rate (for Adam with the bias correction), `…Rest` one minus the number before it, `l2` what a number is multiplied by.
 */
export type UpdatingFunction = (
  length: number,
  parameter: number,
  gradient: number,
  first: number,
  second: number,
  rate: number,
  momentum: number,
  momentumRest: number,
  decay: number,
  decayRest: number,
  epsilon: number,
  l1: number,
  l2: number,
) => void

/** What the functions look like from outside. */
export type UpdatingFunctions = Readonly<Record<`update-${UpdateName}`, UpdatingFunction>>
