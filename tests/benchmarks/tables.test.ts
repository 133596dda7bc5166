import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultTableFolder, selectProblems } from '../../benchmarks/problems/catalogue.js'
import { regretOf, spaceOf } from '../../benchmarks/problems/problem.js'
import { listTables, loadTable } from '../../benchmarks/problems/tables.js'
import { Rng, Space } from '../../src/index.js'

const description = {
  mode: 'max',
  parameters: [
    { name: 'kind', values: ['a', 'b'], ordered: false },
    { name: 'rate', values: [0.1, 0.2, 0.4], ordered: true },
  ],
  configurations: 6,
}

describe('a table of measured configs', () => {
  let folder: string

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tunewright-tables-'))
    writeTable('small', [1, 2, 3, 4, 0.5, 0.25])
  })

  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  function writeTable(name: string, values: readonly number[]): void {
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(description))
    writeFileSync(join(folder, `${name}.f32`), new Uint8Array(Float32Array.from(values).buffer))
  }

  it('is looked up with the last parameter fastest', () => {
    const { evaluate } = loadTable(folder, 'small')
    const cells = ['a', 'b'].flatMap(kind => [0, 1, 2].map(rate => evaluate({ kind, rate })))
    expect(cells).toEqual([1, 2, 3, 4, 0.5, 0.25])
  })

  it('takes ordered parameters as the index of their value, the others as a choice', () => {
    const { parameters } = loadTable(folder, 'small')
    expect(parameters).toEqual({
      kind: { type: 'choice', values: ['a', 'b'] },
      rate: { type: 'integer', low: 0, high: 2 },
    })
    const space = Space.of(spaceOf(parameters))
    const rates = Array.from({ length: 60 }, (_, i) => space.sample(Rng.from(i)).rate)
    expect(new Set(rates)).toEqual(new Set([0, 1, 2]))
  })

  it('has no regret at its best config, in its own mode', () => {
    const problem = loadTable(folder, 'small')
    expect(regretOf(problem, problem.evaluate({ kind: 'b', rate: 0 }))).toBe(0)
    expect(regretOf(problem, problem.evaluate({ kind: 'a', rate: 0 }))).toBe(3)
  })

  it('is refused when configs are missing', () => {
    writeTable('short', [1, 2, 3])
    expect(() => loadTable(folder, 'short')).toThrow('the table short holds 3 values, not one for each of 6 configs')
  })

  it('is found by its name and with its group, and leaves nothing where there is no folder', () => {
    expect(selectProblems(['small'], folder).map(({ name }) => name)).toEqual(['small'])
    expect(selectProblems(['branin', 'tables', 'small'], folder).map(({ name }) => name)).toEqual(['branin', 'small'])
    expect(selectProblems(['tables'], join(folder, 'none'))).toEqual([])
    expect(() => selectProblems(['brain'], folder)).toThrow(/there is no problem brain; name some of branin, .*small/)
  })
})

describe.skipIf(listTables(defaultTableFolder).length === 0)('the tables beside the repository', () => {
  it.each(listTables(defaultTableFolder))('%s takes every config of its space', name => {
    const problem = loadTable(defaultTableFolder, name)
    const space = Space.of(spaceOf(problem.parameters))
    const regrets = Array.from({ length: 300 }, (_, i) =>
      regretOf(problem, problem.evaluate(space.sample(Rng.from(i)))),
    )
    expect(regrets.filter(regret => !(regret >= 0))).toEqual([])
  })
})
