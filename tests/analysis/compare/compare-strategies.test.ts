import { existsSync, mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CompareOptions, type Comparison, compareStrategies, openComparison } from '../../../analysis/index.js'
import { ASHAScheduler } from '../../../schedulers/index.js'
import { GridSearcher, ParticleSwarmSearcher } from '../../../searchers/index.js'
import { uniform } from '../../../src/index.js'

let folder: string
let runs = 0

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunewright-compare-'))
  runs = 0
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

function* curve({ x }: { x: number }) {
  runs += 1
  for (let step = 1; step <= 4; step++) yield { loss: (x - 0.3) ** 2 + 1 / step }
}

const options: CompareOptions = {
  strategies: {
    random: () => ({}),
    asha: () => ({ scheduler: new ASHAScheduler({ maxT: 4, reductionFactor: 2 }) }),
    swarm: () => ({ searchAlg: new ParticleSwarmSearcher() }),
  },
  problems: {
    parabola: {
      trainable: curve,
      paramSpace: { x: uniform(0, 1) },
      simulation: { workers: 2, stepSeconds: 10 },
      optimum: 0.25,
    },
  },
  metric: 'loss',
  mode: 'min',
  repeats: 3,
  budget: { iterations: 40 },
  verbose: 0,
}
const alter = (changes: Partial<CompareOptions>): CompareOptions => ({ ...options, ...changes })

/** All that does not come from this machine's clock. */
function essence(comparison: Comparison) {
  const traces = comparison.traces.map(({ wallSeconds: _, ...trace }) => trace)
  const summaries = comparison.summaries.map(({ wallSeconds: _, ...summary }) => summary)
  return { traces, summaries, pairs: comparison.pairs, conclusions: comparison.conclusions }
}

describe('compareStrategies', () => {
  it('gives each study its budget, and those of one block the same seed', async () => {
    const { traces } = await compareStrategies(options)
    expect(traces.map(({ strategy, repeat }) => `${strategy} ${repeat}`).slice(0, 4)).toEqual([
      'random 0',
      'asha 0',
      'swarm 0',
      'random 1',
    ])
    expect(traces.every(({ best }) => best.length === 40)).toBe(true)
    expect(new Set(traces.map(({ repeat, seed }) => `${repeat} ${seed}`)).size).toBe(3)
    // ten trials of four steps of ten seconds on two workers
    expect(traces[0]?.seconds.at(-1)).toBe(200)
  })

  it('finds the same whether studies are kept or not, and runs none twice', async () => {
    const inMemory = await compareStrategies(options)
    const kept = await compareStrategies(alter({ path: folder }))
    expect(essence(kept)).toEqual(essence(inMemory))
    runs = 0
    expect(essence(await compareStrategies(alter({ path: folder })))).toEqual(essence(inMemory))
    expect(runs).toBe(0)
    expect(readdirSync(join(folder, 'parabola', 'asha')).sort()).toEqual(['repeat_000', 'repeat_001', 'repeat_002'])
  })

  it('is read back from its folder without the code of its strategies', async () => {
    const budget = { iterations: 40, trials: 9, seconds: 1000 }
    const kept = await compareStrategies(alter({ path: folder, repeats: 2, budget }))
    const opened = openComparison(folder, { optima: { parabola: 0.25 } })
    const inOrder = (pairs: Comparison['pairs']) => pairs.map(({ wins, ties, losses }) => wins + ties + losses)
    expect(opened.design).toMatchObject({ budget, repeats: 2, strategies: ['asha', 'random', 'swarm'] })
    expect(new Set(opened.summaries.map(({ final }) => final.median))).toEqual(
      new Set(kept.summaries.map(({ final }) => final.median)),
    )
    expect(inOrder(opened.pairs)).toEqual(inOrder(kept.pairs))
    expect(opened.traces[0]?.seconds).toEqual(kept.traces.find(({ strategy }) => strategy === 'asha')?.seconds)
    expect(() => openComparison(join(folder, 'parabola'))).toThrow('holds no comparison')
    expect(() => openComparison(folder, { metric: 'time' })).toThrow(
      `openComparison: the metric is "time" and the mode null: give { metric: 'loss', mode: 'min' }`,
    )
  })

  it('goes on where it was cut off, and further than it was made for', async () => {
    const stopped = alter({
      path: folder,
      onProgress: ({ done }) => {
        if (done === 4) throw new Error('enough')
      },
    })
    await expect(compareStrategies(stopped)).rejects.toThrow('enough')
    // as a crash leaves a study: a journal without its end
    const journal = join(folder, 'parabola', 'swarm', 'repeat_000', 'journal.jsonl')
    truncateSync(journal, 2000)
    const wider = alter({ repeats: 4, strategies: { ...options.strategies, other: () => ({}) } })
    const resumed = await compareStrategies({ ...wider, path: folder })
    expect(essence(resumed)).toEqual(essence(await compareStrategies(wider)))
  })

  it('goes on with a study in real time that was cut off', async () => {
    const problems = { parabola: { trainable: curve, paramSpace: { x: uniform(0, 1) } } }
    const whole = await compareStrategies(alter({ problems, repeats: 1 }))
    const path = folder
    await compareStrategies(alter({ problems, repeats: 1, path }))
    truncateSync(join(path, 'parabola', 'random', 'repeat_000', 'journal.jsonl'), 4000)
    const finals = ({ traces }: Comparison) => traces.map(({ best }) => best)
    expect(finals(await compareStrategies(alter({ problems, repeats: 1, path })))).toEqual(finals(whole))
    expect(finals(whole).map(best => best.length)).toEqual([40, 40, 40])
  })

  it('ends with what it has when it is interrupted, and goes on from there', async () => {
    let isInterrupted = false
    function* impatient(config: { x: number }) {
      for (const report of curve(config)) {
        if (!isInterrupted && runs === 25) {
          isInterrupted = true
          process.emit('SIGINT')
        }
        yield report
      }
    }
    const problems = { parabola: { trainable: impatient, paramSpace: { x: uniform(0, 1) } } }
    const cut = await compareStrategies(alter({ problems, path: folder }))
    expect(cut.traces.length).toBeLessThan(9)
    expect(cut.conclusions).toContainEqual(expect.stringContaining('run the comparison again to finish them'))
    const whole = await compareStrategies(alter({ problems, path: folder }))
    expect(whole.blocks.length).toBe(3)
  })

  it('refuses to mix studies that were made otherwise', async () => {
    await compareStrategies(alter({ path: folder, repeats: 1 }))
    const changes: Partial<CompareOptions>[] = [
      { budget: { iterations: 50 } },
      { seed: 1 },
      { strategies: { ...options.strategies, random: () => ({ searchAlg: new ParticleSwarmSearcher() }) } },
    ]
    for (const change of changes)
      await expect(compareStrategies(alter({ path: folder, repeats: 1, ...change }))).rejects.toThrow(
        /^the study of "random" on "parabola", repeat 0: the study 'repeat_000' was made with another /,
      )
  })

  it('counts trials, of a grid too, and virtual seconds', async () => {
    const strategies = {
      random: () => ({}),
      grid: () => ({ searchAlg: new GridSearcher({ pointsPerDimension: 5 }) }),
    }
    const byTrials = await compareStrategies(alter({ strategies, repeats: 1, budget: 7 }))
    expect(byTrials.traces.map(({ bestOfFirst }) => bestOfFirst.length)).toEqual([7, 7])
    const byTime = await compareStrategies(alter({ repeats: 1, budget: { seconds: 100 } }))
    // on two workers, to the first report at that time
    expect(byTime.traces.map(({ best }) => best.length)).toEqual([19, 19, 19])
  })

  it('makes each problem anew where it is given as a function', async () => {
    const seen: string[] = []
    const made = options.problems.parabola
    if (typeof made !== 'object') throw new Error('unreachable')
    await compareStrategies(
      alter({
        repeats: 1,
        problems: {
          parabola: study => {
            seen.push(study.strategy)
            return made
          },
        },
      }),
    )
    expect(seen).toEqual(['random', 'asha', 'swarm'])
  })

  it('keeps nothing on disk without a path', async () => {
    await compareStrategies(alter({ repeats: 1 }))
    expect(existsSync('tunewright-results/parabola')).toBe(false)
  })

  it.each<[Partial<CompareOptions>, string]>([
    [{ strategies: { one: () => ({}) } }, 'compareStrategies: strategies is ["one"]: give at least two, by name'],
    [{ problems: {} }, 'compareStrategies: problems is []: give at least one, by name'],
    [{ repeats: 0 }, 'compareStrategies: repeats is 0: give an integer from 1'],
    [{ budget: {} }, 'compareStrategies: budget is {}: give trials, iterations or seconds that each study may spend'],
    [{ budget: 1.5 }, 'compareStrategies: budget.trials is 1.5: give an integer from 1'],
    [{ alpha: 5 }, 'compareStrategies: alpha is 5: give a level between 0 and 1'],
    [{ path: '.', problems: { 'a/b': { trainable: curve, paramSpace: {} } } }, 'would lead to another folder'],
    [{ repeat: 3 } as Partial<CompareOptions>, 'compareStrategies: an option is "repeat": give one of strategies,'],
  ])('refuses %o', async (changes, message) => {
    await expect(compareStrategies(alter(changes))).rejects.toThrow(message)
  })
})
