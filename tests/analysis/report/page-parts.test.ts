import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toTypeScript } from '../../../analysis/report/page/config-code.js'
import { parseFilter } from '../../../analysis/report/page/filter.js'
import type { TrialColumn } from '../../../analysis/report/page/trial-columns.js'
import { stripVTControlCharacters } from '../../../analysis/report/page/without-node.js'
import type { JsonValue } from '../../../src/json.js'

const losses = [0.5, 0.05, Number.NaN, 2]
const optimizers = ['adam', 'SGD', 'adam', undefined]
const columns: TrialColumn[] = [
  { key: 'val loss', label: 'val loss', kind: 'number', isAscending: true, value: i => losses[i], text: String },
  {
    key: 'net/optimizer',
    label: 'optimizer',
    kind: 'text',
    isAscending: true,
    value: i => optimizers[i],
    text: String,
  },
]

function wanted(text: string): number[] | string {
  const filter = parseFilter(text, columns, trial => `trial ${trial} ${optimizers[trial] ?? ''}`.toLowerCase())
  return 'fault' in filter ? filter.fault : [0, 1, 2, 3].filter(filter.test)
}

describe('the filter of trials', () => {
  it.each([
    ['', [0, 1, 2, 3]],
    ['"val loss"<0.1', [1]],
    ['"Val Loss" >= 0.5', [0, 3]],
    ['optimizer=sgd', [1]],
    ['net/optimizer!=adam', [1, 3]],
    ['optimizer~DA', [0, 2]],
    ['optimizer=adam "val loss"<1', [0]],
    ['adam', [0, 2]],
    ['"trial 3"', [3]],
    ['ADAM trial', [0, 2]],
    ['(.*', []],
  ])('%s', (text, trials) => {
    expect(wanted(text)).toEqual(trials)
  })

  it('says which columns there are', () => {
    expect(wanted('lr<1')).toBe('No column is called lr. There are: val loss, optimizer.')
  })
})

/** Values that JSON has. */
const plainData = fc.letrec<{ value: JsonValue }>(tie => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.double(),
    fc.string({ unit: 'binary' }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'class', '0', "a'b", '</script>')),
      tie('value'),
      {
        maxKeys: 4,
      },
    ),
  ),
})).value

describe('a config as code', () => {
  it('is written as people write it', () => {
    const config = { lr: 1e-3, net: { layers: [32, 16], 'drop-out': 0.5, name: "o'hara" }, none: null, worst: Infinity }
    expect(toTypeScript(config)).toBe(`{
  lr: 0.001,
  net: {
    layers: [32, 16],
    'drop-out': 0.5,
    name: 'o\\'hara',
  },
  none: null,
  worst: Number.POSITIVE_INFINITY,
}`)
  })

  it('is the same config when it is run, whatever stands in it', () => {
    fc.assert(
      fc.property(plainData, value => {
        const code = toTypeScript(value)
        expect(code).not.toMatch(/[^\n\P{Cc}]|[\p{Cf}\p{Zl}\p{Zp}]/u)
        expect(new Function(`return (${code})`)()).toEqual(value)
      }),
      { numRuns: 300 },
    )
  })
})

it('the page drops escape sequences of terminals, as Node does', () => {
  expect(stripVTControlCharacters('\u001b[31mred\u001b[0m \u001b[1;4mbold')).toBe('red bold')
})
