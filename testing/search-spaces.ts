import fc from 'fast-check'
import {
  choice,
  lograndint,
  loguniform,
  qlograndint,
  qloguniform,
  qrandint,
  qrandn,
  quniform,
  randint,
  randn,
  type SpaceDefinition,
  sampleFrom,
  uniform,
} from '../src/space/index.js'

const twenty = (domain: (i: number) => SpaceDefinition[string]) =>
  Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`p${i}`, domain(i)]))

/** Spaces of each kind that a searcher has to cope with. */
export const kindsOfSpaces: Readonly<Record<string, SpaceDefinition>> = {
  'all sorts of parameters': {
    lr: loguniform(1e-5, 1e-1),
    dropout: quniform(0, 0.5, 0.1),
    layers: randint(1, 5),
    shift: randn(0, 1),
    activation: choice(['relu', 'tanh', 'gelu']),
    optimizer: choice([{ name: 'sgd', momentum: uniform(0, 1) }, { name: 'adam' }]),
  },
  floats: { x: uniform(-5, 10), y: uniform(0, 15) },
  logarithms: { lr: loguniform(1e-5, 1e-1), decay: qloguniform(0.25, 4, 0.25) },
  integers: {
    layers: randint(1, 5),
    units: lograndint(4, 33),
    batch: qrandint(8, 64, 8),
    width: qlograndint(8, 64, 8),
  },
  'quantised floats': { dropout: quniform(0, 0.5, 0.1), x: uniform(0, 1) },
  'normal numbers': { x: randn(3, 2), y: qrandn(0, 1, 0.5) },
  choices: { activation: choice(['relu', 'tanh', 'gelu']), bias: choice([true, false]), n: choice([1, 4, 16]) },
  conditions: {
    lr: loguniform(1e-4, 1e-1),
    optimizer: choice([
      { name: 'sgd', momentum: uniform(0, 1), nesterov: choice([true, false]) },
      { name: 'adam', beta: uniform(0.8, 1), schedule: choice(['none', { decay: uniform(0, 1) }]) },
    ]),
  },
  nesting: { model: { layers: [{ units: randint(1, 4) }, { units: 3 }], rate: uniform(0, 1) }, epochs: 10, note: null },
  'domains of one value': { a: choice(['only']), n: randint(3, 4), b: choice([{ c: choice([null]) }]) },
  'constants alone': { epochs: 10 },
  'computed values': { x: uniform(0, 1), y: sampleFrom((config: { x: number }, rng) => config.x + rng.uniform()) },
}

/** Sixty parameters. */
export const wideSpace: SpaceDefinition = {
  floats: twenty(i => (i % 2 === 0 ? uniform(-1, 1) : loguniform(1e-3, 1))),
  integers: twenty(i => randint(0, 2 + i)),
  choices: twenty(i => choice(i % 2 === 0 ? [true, false] : ['a', 'b', 'c'])),
}

/** Six configs in all. */
export const smallSpace: SpaceDefinition = { a: choice([1, 2]), b: choice(['x', 'y', 'z']) }

const parameter: fc.Arbitrary<SpaceDefinition[string]> = fc.oneof(
  fc
    .tuple(fc.integer({ min: -100, max: 100 }), fc.integer({ min: 1, max: 50 }))
    .map(([low, span]) => uniform(low, low + span)),
  fc.integer({ min: 1, max: 6 }).map(decades => loguniform(1e-6, 1e-6 * 10 ** decades)),
  fc
    .tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: 1, max: 4 }))
    .map(([low, span]) => randint(low, low + span)),
  fc.integer({ min: 2, max: 5 }).map(upper => lograndint(1, upper)),
  fc.integer({ min: 1, max: 4 }).map(steps => quniform(-0.1 * steps, 0.1 * steps, 0.1)),
  fc.constantFrom<SpaceDefinition[string]>(randn(1, 0.5), qrandn(0, 2, 0.25)),
  fc.constantFrom<SpaceDefinition[string]>(null, true, 'text', 3.5),
)

/** Small spaces of all sorts: nested, conditional, with constants. */
export const anySpace: fc.Arbitrary<SpaceDefinition> = fc.letrec<{
  object: SpaceDefinition
  node: SpaceDefinition[string]
}>(tie => ({
  object: fc.dictionary(fc.stringMatching(/^[a-c]{1,2}$/), tie('node'), { minKeys: 1, maxKeys: 3 }),
  node: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    parameter,
    tie('object'),
    fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((values): SpaceDefinition[string] => choice(values)),
  ),
})).object
