import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatTable } from '../../src/results/table.js'
import {
  cut,
  displayWidth,
  formatBytes,
  formatDuration,
  formatNumber,
  formatValue,
  sanitize,
} from '../../src/results/text.js'

it('writes numbers with four significant digits', () => {
  const numbers = [
    0,
    1,
    -3,
    123456,
    12345678,
    0.1 + 0.2,
    0.98412,
    99.999,
    12345.678,
    1.5e-5,
    -2e-9,
    1e300,
    1 / 0,
    -1 / 0,
  ]
  expect([...numbers, Number.NaN].map(formatNumber)).toEqual([
    ...[
      '0',
      '1',
      '-3',
      '123456',
      '1.235e7',
      '0.3',
      '0.9841',
      '100',
      '12346',
      '1.5e-5',
      '-2e-9',
      '1e300',
      'inf',
      '-inf',
    ],
    'NaN',
  ])
})

it('writes durations and values', () => {
  expect([0.421, 12.34, 65, 3725, 183_600, Number.POSITIVE_INFINITY].map(formatDuration)).toEqual([
    '0.42s',
    '12.3s',
    '1m 05s',
    '1h 02m',
    '2d 03h',
    '—',
  ])
  expect([0, 999, 1000, 3_420_000, 99_960, 999_600, 12e9, 5e18].map(formatBytes)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '3.4 MB',
    '100 kB',
    '1.0 MB',
    '12 GB',
    '5000 PB',
  ])
  expect(formatValue({ a: [1, 0.123456, 'x'], b: null, c: true })).toBe('{a: [1, 0.1235, x], b: null, c: true}')
})

it('lets nothing through that a terminal would act on', () => {
  expect(sanitize('\u001b[31mred\u001b[0m\nnext\u0007\u202Eevil\u009b2J\t<b>')).toBe('red nextevil <b>')
  fc.assert(
    fc.property(fc.array(fc.nat(0xffff)), units => {
      const text = String.fromCharCode(...units)
      expect(sanitize(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
    }),
  )
})

it('never cuts wider than it is told, wide characters counted as two', () => {
  expect([displayWidth('日本'), cut('日本語', 5), cut('e\u0301tude', 3)]).toEqual([4, '日本…', 'e\u0301t…'])
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(12), (text, width) => {
      expect(displayWidth(cut(sanitize(text), width))).toBeLessThanOrEqual(width)
    }),
  )
})

it('sets a table that fits any width', () => {
  const rows = fc.array(fc.record({ name: fc.string({ unit: 'grapheme' }), value: fc.double() }), { maxLength: 5 })
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 60 }), (list, width) => {
      const lines = formatTable<{ name: string; value: number }>(
        [
          { header: 'name', cell: ({ name }) => sanitize(name), minWidth: 4 },
          { header: 'value', cell: ({ value }) => formatNumber(value), align: 'decimal', dispensable: 1 },
        ],
        list,
        width,
      )
      expect(lines).toHaveLength(list.length + 1)
      expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(width)
    }),
  )
})

it('leaves columns out before it cuts a number, and cuts texts before that', () => {
  const columns = [
    { header: 'name', cell: (row: { name: string; value: number }) => row.name, minWidth: 5 },
    { header: 'value', cell: (row: { name: string; value: number }) => String(row.value), align: 'decimal' as const },
    { header: 'twice', cell: (row: { name: string; value: number }) => String(2 * row.value), dispensable: 1 },
  ]
  const rows = [
    { name: 'a long name', value: 0.125 },
    { name: 'short', value: 10 },
  ]
  expect([30, 20, 13, 12].map(width => formatTable(columns, rows, width))).toEqual([
    ['name          value  twice', 'a long name   0.125  0.25', 'short        10      20'],
    ['name    value  twice', 'a lo…   0.125  0.25', 'short  10      20'],
    ['name    value', 'a lo…   0.125', 'short  10'],
    ['name', 'a lo…', 'short'],
  ])
})
