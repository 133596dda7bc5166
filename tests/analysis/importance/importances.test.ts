import { describe, expect, it } from 'vitest'
import { fanova, marginalVariance, varianceOfTree } from '../../../analysis/importance/fanova.js'
import { growTree } from '../../../analysis/importance/forest.js'
import { pedAnova } from '../../../analysis/importance/ped-anova.js'
import { effectsOf, importancesOf } from '../../../analysis/index.js'
import { choice, loguniform, randint, Simulation, type TuneConfig, Tuner, uniform } from '../../../src/index.js'
import { Rng } from '../../../src/rng.js'

/** Trials over six parameters, one of which is there with `sgd` only; made likewise in Python. */
function evidence(count: number) {
  const index = Array.from({ length: count }, (_, i) => i)
  const x = index.map(i => ((i * 37) % count) / (count - 1))
  // of a logarithmic range from 1e-4 to 1
  const rate = index.map(i => 1 - ((i * 53 + 7) % count) / (count - 1))
  const units = index.map(i => ((i * i * 7) % 9) / 8)
  const activation = index.map(i => Math.floor((i * 11) / 3) % 3)
  const optimizer = index.map(i => ((i * 29) % 5 < 3 ? 0 : 1))
  const momentum = index.map(i => (optimizer[i] === 0 ? ((i * 17) % count) / (count - 1) : Number.NaN))
  const at = (values: readonly number[], i: number) => values[i] ?? 0
  const losses = Float64Array.from(index, i => {
    const plain = (at(x, i) - 0.3) ** 2 + 0.2 * (4 * at(rate, i) - 2) ** 2 + 0.01 * (1 + 8 * at(units, i))
    const penalty = at(activation, i) === 0 ? 0.1 : 0
    return plain + penalty + (optimizer[i] === 0 ? 0.5 * (at(momentum, i) - 0.8) ** 2 : 0)
  })
  const column = (name: string, values: readonly number[], categories = 0, size = Number.POSITIVE_INFINITY) => ({
    name,
    categories,
    size,
    values: Float64Array.from(values),
  })
  const columns = [
    column('x', x),
    column('rate', rate),
    column('units', units, 0, 9),
    column('activation', activation, 3),
    column('optimizer', optimizer, 2),
    column('momentum', momentum),
  ]
  return { columns, losses }
}

describe('PED-ANOVA', () => {
  // Optuna's PedAnovaImportanceEvaluator(target_quantile=…).evaluate on the same trials
  it.each([
    [
      0.1,
      [
        0.004474528764181794, 0.01012639570444164, 0.0022904740967164498, 0.0017023769616070106, 0.0015048138460651331,
        0.0014602804957351474,
      ],
    ],
    [
      0.25,
      [
        0.02162836057097423, 0.04857787110887933, 0.009678197838186074, 0.0015786912288144705, 0.001956033122800441,
        0.004798291026113481,
      ],
    ],
  ])('is that of Optuna for the best %d, conditional parameters included', (quantile, expected) => {
    const found = pedAnova(evidence(80), { quantile })
    for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 9)
  })
})

describe('fANOVA', () => {
  it('marginalizes a tree exactly', () => {
    const rng = Rng.from('tree')
    const features = [
      { categories: 0, values: Float64Array.from({ length: 60 }, () => rng.uniform()) },
      { categories: 4, values: Float64Array.from({ length: 60 }, () => rng.integer(0, 4)) },
    ]
    const leaves = growTree(
      features,
      Float64Array.from({ length: 60 }, () => rng.normal()),
      rng,
    )
    // the same by looking the tree up at each point of a fine grid
    const points = 4096
    const table = Array.from({ length: 4 }, (_, category) =>
      Float64Array.from({ length: points }, (_, i) => {
        const x = (i + 0.5) / points
        const inside = leaves.filter(
          ({ lower, upper, categories }) =>
            x > (lower[0] ?? 0) && x <= (upper[0] ?? 1) && categories[1]?.[category] === 1,
        )
        expect(inside.length).toBe(1)
        return inside[0]?.value ?? 0
      }),
    )
    const varianceOf = (values: readonly number[]) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length
      return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
    }
    const alongNumber = Array.from({ length: points }, (_, i) => table.reduce((sum, row) => sum + (row[i] ?? 0) / 4, 0))
    const alongCategories = table.map(row => row.reduce((sum, value) => sum + value, 0) / points)
    expect(varianceOfTree(leaves)).toBeCloseTo(varianceOf(table.flatMap(row => [...row])), 2)
    expect(marginalVariance(leaves, 0, 0)).toBeCloseTo(varianceOf(alongNumber), 2)
    expect(marginalVariance(leaves, 1, 4)).toBeCloseTo(varianceOf(alongCategories), 2)
  })

  it('finds the shares of a sum of parameters, and nothing in one that does nothing', () => {
    const rng = Rng.from('sum')
    const draw = (name: string) => ({
      name,
      categories: 0,
      size: Number.POSITIVE_INFINITY,
      values: Float64Array.from({ length: 400 }, () => rng.uniform()),
    })
    const columns = [draw('a'), draw('b'), draw('c')]
    const [a, b] = columns.map(({ values }) => values)
    const losses = Float64Array.from({ length: 400 }, (_, i) => 2 * (a?.[i] ?? 0) + (b?.[i] ?? 0))
    const [first = 0, second = 0, third = 0] = fanova({ columns, losses }, { rng, trees: 16 })
    // 4 / 5 and 1 / 5
    expect(first).toBeCloseTo(0.8, 1)
    expect(second).toBeCloseTo(0.2, 1)
    expect(third).toBeLessThan(0.01)
    expect(first + second + third).toBeLessThanOrEqual(1)
  })

  it('comes near to Optuna’s, whose forest is another', () => {
    const { columns } = evidence(160)
    const [x, rate, units, activation] = columns.map(({ values }) => values)
    const losses = Float64Array.from(
      { length: 160 },
      (_, i) =>
        ((x?.[i] ?? 0) - 0.3) ** 2 +
        0.2 * (4 * (rate?.[i] ?? 0) - 2) ** 2 +
        0.01 * (1 + 8 * (units?.[i] ?? 0)) +
        (activation?.[i] === 0 ? 0.1 : 0),
    )
    const found = fanova({ columns: columns.slice(0, 5), losses }, { rng: Rng.from(1), trees: 32 })
    // Optuna's FanovaImportanceEvaluator over scikit-learn's forest, mean of three seeds
    for (const [i, expected] of [0.1919, 0.6659, 0.0164, 0.0068, 0.0006].entries())
      expect(Math.abs((found[i] ?? 0) - expected)).toBeLessThan(0.04)
  })

  it('gives a parameter that is not always there its part', () => {
    const { columns } = evidence(160)
    const momentum = columns[5]?.values ?? new Float64Array()
    // half of what the whole varies by: between 0 and 1 where it is there, ½ elsewhere
    const losses = momentum.map(value => (Number.isNaN(value) ? 0.5 : value))
    const shares = fanova({ columns, losses }, { rng: Rng.from(1), trees: 16 })
    expect(shares[5]).toBeGreaterThan(0.6)
    expect(Math.max(...shares.slice(0, 5))).toBeLessThan(0.1)
  })

  it('finds nothing where all losses are the same', () => {
    const { columns, losses } = evidence(20)
    expect(fanova({ columns, losses: losses.fill(1) }, { rng: Rng.from(1), trees: 4 })).toEqual([0, 0, 0, 0, 0, 0])
  })
})

describe('the importances of a study', () => {
  const run = async (tuneConfig: TuneConfig, sign: number) =>
    new Tuner(
      ({ lr, units, net }: { lr: number; units: number; net: { kind: string; depth?: number } }) => ({
        score: sign * (Math.log10(lr) ** 2 + 0.001 * units + 0.1 * (net.depth ?? 0)),
      }),
      {
        paramSpace: {
          lr: loguniform(1e-4, 1),
          units: randint(1, 9),
          net: choice([{ kind: 'flat' }, { kind: 'deep', depth: uniform(0, 1) }]),
        },
        tuneConfig: { metric: 'score', numSamples: 120, seed: 1, ...tuneConfig },
        runConfig: { executor: new Simulation({ workers: 4 }).executor, storagePath: false, verbose: 0 },
      },
    ).fit()

  it('are told by name, the most important first, in either mode', async () => {
    const grid = await run({ mode: 'min' }, 1)
    const found = importancesOf(grid, { metric: 'score', mode: 'min', trees: 16 })
    expect(found.map(({ name }) => name).sort()).toEqual(['lr', 'net/depth', 'net/kind', 'units'])
    expect(found[0]?.name).toBe('lr')
    expect(found[0]?.value).toBeGreaterThan(0.9)
    const flipped = importancesOf(await run({ mode: 'max' }, -1), { metric: 'score', mode: 'max', trees: 16 })
    expect(flipped.map(({ name }) => name)).toEqual(found.map(({ name }) => name))
    const ped = importancesOf(grid, { metric: 'score', mode: 'min', method: 'ped-anova' })
    expect(ped[0]?.name).toBe('lr')
    expect(ped.reduce((sum, { value }) => sum + value, 0)).toBeCloseTo(1, 12)
  })

  it('go with effects: where the metric is good, and how it goes with each parameter', async () => {
    const effects = effectsOf(await run({ mode: 'max' }, -1), { metric: 'score', mode: 'max', trees: 16, points: 5 })
    const of = (path: string) => effects.find(({ name }) => name === path)
    const rate = of('lr')
    expect(rate?.rankCorrelation).toBeGreaterThan(0.95)
    expect(rate?.points.length).toBe(5)
    for (const { at, mean } of rate?.points ?? [])
      expect(Math.abs(mean + Math.log10(Number(at)) ** 2)).toBeLessThan(0.8)
    expect(of('net/kind')).toMatchObject({ rankCorrelation: undefined, points: [{ at: 'deep' }, { at: 'flat' }] })
    expect(of('net/depth')?.trials).toBeLessThan(80)
  })

  it('are the same each time, and refuse what can’t be', async () => {
    const grid = await run({ mode: 'min' }, 1)
    const of = () => importancesOf(grid, { metric: 'score', mode: 'min', trees: 4 })
    expect(of()).toEqual(of())
    expect(() => importancesOf(grid, { metric: 'score', mode: 'min', trees: 0 })).toThrow(
      'importancesOf: trees is 0: give an integer from 1',
    )
  })
})
