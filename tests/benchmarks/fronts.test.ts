import { beforeEach, describe, expect, it, vi } from 'vitest'
import { bench } from '../../benchmarks/fronts.js'
import { type FrontProblem, frontProblems, openShareAfter } from '../../benchmarks/problems/fronts.js'
import { runStudy } from '../../benchmarks/problems/measure.js'
import { spaceOf } from '../../benchmarks/problems/problem.js'
import { dominatedVolume } from '../../benchmarks/problems/volume.js'
import { NSGA2Searcher, RandomSearcher } from '../../searchers/index.js'
import { type JsonObject, Rng, Space } from '../../src/index.js'
import { hypervolume } from '../../src/math/hypervolume.js'

function find(name: string): FrontProblem {
  const problem = frontProblems.find(candidate => candidate.name === name)
  if (problem) return problem
  throw new Error(`there is no problem ${name}`)
}

function at(point: readonly number[]): JsonObject {
  return Object.fromEntries(point.map((value, index) => [`x${index}`, value]))
}

/** 0.35, 0.05, 0.75, 0.45 and so on. */
function unevenPoint(dimension: number): number[] {
  return Array.from({ length: dimension }, (_, index) => ((7 * index + 3) % 10) / 10 + 0.05)
}

/** Where the shifted problems are best, but for the first coordinate. */
const shifts = [0.582623792125, 0.31524758425, 0.747871376375, 0.4804951685, 0.213118960625, 0.64574275275]
const lastShift = 0.378366544874

describe('the functions of several objectives', () => {
  // golden values: the same formulas in NumPy 2.4.6
  it.each([
    ['zdt1', unevenPoint(30), [0.35, 4.153248776660867]],
    ['zdt2', unevenPoint(30), [0.35, 5.524465929919716]],
    ['zdt3', unevenPoint(30), [0.35, 4.503248776660866]],
    ['zdt1-shifted', unevenPoint(8), [0.35, 4.391414680945601]],
    ['zdt2-shifted', unevenPoint(8), [0.35, 5.797407384178138]],
    ['zdt3-shifted', unevenPoint(8), [0.35, 4.741414680945602]],
    ['dtlz2', unevenPoint(12), [1.5512714606890252, 0.12208771170454528, 0.9535598806066067]],
  ])('%s has its values at a point', (name, point, values) => {
    const { evaluate, objectives } = find(name)
    expect(values).toHaveLength(objectives)
    const found = evaluate(at(point))
    for (const [index, value] of values.entries()) expect(found[index]).toBeCloseTo(value, 12)
  })

  it('mixed-front has its values at a config', () => {
    const config = { model: 'boosted', activation: 'tanh', width: 7, depth: 3, rate: 0.01, dropout: 0.4, momentum: 0.5 }
    const [error, cost] = find('mixed-front').evaluate(config)
    expect(error).toBeCloseTo(2.395459671743793, 12)
    expect(cost).toBeCloseTo(1.81125, 12)
  })
})

/** Configs along the front, as even as it takes. */
function frontOf(name: string): JsonObject[] {
  const steps = Array.from({ length: 4001 }, (_, step) => step / 4000)
  if (name === 'mixed-front') {
    const others = { activation: 'gelu', depth: 5, rate: 10 ** -1.2, momentum: 0.8 }
    return ['linear', 'forest', 'boosted', 'network', 'ensemble'].flatMap(model =>
      Array.from({ length: 20 }, (_, i) => ({ model, width: i + 1, dropout: (i + 1) / 40, ...others })),
    )
  }
  if (name === 'dtlz2') {
    const arc = steps.filter((_, step) => step % 100 === 0)
    return arc.flatMap(a => arc.map(b => at([a, b, ...new Array<number>(10).fill(0.5)])))
  }
  const rest = name.endsWith('-shifted') ? [...shifts, lastShift] : new Array<number>(29).fill(0)
  return steps.map(first => at([first, ...rest]))
}

describe('the dominated volume', () => {
  it('is that of boxes up to the reference point', () => {
    expect(dominatedVolume([], [1, 1])).toBe(0)
    expect(dominatedVolume([[4]], [7])).toBe(3)
    // two boxes of 4 × 1 and 1 × 4 that share 1 × 1, one inside, one outside
    expect(
      dominatedVolume(
        [
          [1, 4],
          [4, 1],
          [4, 4],
          [0, 5],
        ],
        [5, 5],
      ),
    ).toBe(7)
    expect(dominatedVolume([[1, 2, 3]], [2, 4, 6])).toBe(6)
  })

  it.each([1, 2, 3, 4])('of %d objectives is what the engine computes', objectives => {
    const rng = Rng.from('volumes').fork('objectives', objectives)
    const points = Array.from({ length: 60 }, () => Array.from({ length: objectives }, () => rng.integer(0, 12)))
    const reference = new Array<number>(objectives).fill(10)
    const volume = hypervolume(Float64Array.from(points.flat()), points.length, Float64Array.from(reference))
    expect(dominatedVolume(points, reference)).toBe(volume)
  })
})

describe('the volume under a front', () => {
  it.each(frontProblems)('of $name is what its points dominate', problem => {
    const values = frontOf(problem.name).map(problem.evaluate)
    const open = openShareAfter(problem, values, values.length)
    // a surface takes more points than a curve
    expect(open).toBeLessThan(problem.name === 'dtlz2' ? 0.005 : 2e-4)
    expect(open).toBeGreaterThan(-1e-9)
  })

  it.each(frontProblems)('of $name is not reached by random configs', problem => {
    const space = Space.of(spaceOf(problem.parameters))
    const stream = Rng.from(problem.name)
    const values = Array.from({ length: 300 }, (_, i) => problem.evaluate(space.sample(stream.fork('config', i))))
    const open = [1, 30, 300].map(count => openShareAfter(problem, values, count))
    expect(open).toEqual(open.toSorted((a, b) => b - a))
    expect(open[2]).toBeGreaterThan(0)
    expect(open[2]).toBeLessThan(0.6)
  })
})

describe('a measured study of several objectives', () => {
  it('gives a list of values for each config, the same ones with the same seed', () => {
    const run = () => runStudy(find('dtlz2'), new RandomSearcher(), { seed: 3, evaluations: 5 }).values
    expect(run().map(values => values.length)).toEqual([3, 3, 3, 3, 3])
    expect(run()).toEqual(run())
  })

  it('tells the searcher of all objectives', () => {
    const problem = find('zdt1-shifted')
    const openShare = (searcher: NSGA2Searcher | RandomSearcher) =>
      openShareAfter(problem, runStudy(problem, searcher, { seed: 0, evaluations: 200 }).values, 200)
    expect(openShare(new NSGA2Searcher())).toBeLessThan(0.8 * openShare(new RandomSearcher()))
  })
})

describe('the benchmark of fronts', () => {
  beforeEach(() => {
    // its progress
    vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  })

  it('gives its figures by problem and searcher', async () => {
    const figures = await bench({ json: true, problems: 'zdt2-shifted', seeds: '2', evaluations: '110' })
    const number = expect.any(Number)
    const each = { mean: { 100: number, 110: number }, median: { 100: number, 110: number }, msPerSuggestion: number }
    expect(figures).toEqual({ 'zdt2-shifted': { random: each, tpe: each, nsga2: each } })
  })

  it.each([
    [{ problems: 'zdt9' }, /there is no problem zdt9; name some of zdt1, zdt2, /],
    [{ evaluations: 'many' }, /--evaluations is many; give an integer of at least 1/],
  ])('says what is wrong with %j', async (options, message) => {
    await expect(bench({ json: true, ...options })).rejects.toThrow(message)
  })
})
