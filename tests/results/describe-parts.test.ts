import { expect, it } from 'vitest'
import { describePart, describeSpace } from '../../src/results/describe-parts.js'

it('a space is described by paths and domains', () => {
  const space = {
    object: {
      lr: { domain: 'loguniform', lower: 0.1, upper: 1 },
      net: {
        object: { width: { domain: 'choice', values: [{ constant: 16 }, { object: { deep: { constant: true } } }] } },
      },
    },
  }
  expect(describeSpace(space)).toEqual([
    ['lr', 'loguniform(0.1, 1)'],
    ['net/width', 'choice(16, {deep: true})'],
  ])
})

it('a strategy is described by its options, but for those that are empty, on one line that holds no control sequence', () => {
  const options = { maxT: 27, grace: null, none: {}, 'a\nb': '\u001b[31mred', long: 'x'.repeat(100) }
  expect(describePart({ name: 'asha\u0007', options })).toBe(`asha (maxT 27, a b red, long ${'x'.repeat(59)}…)`)
  expect(describePart({ name: 'fifo', options: {} })).toBe('fifo')
})
