import { describe, expect, it } from 'vitest'
import { type NumberRange, OptionChecks } from '../src/option-checks.js'

const checks = new OptionChecks('PackSearcher')

/** What a refusal says. */
function messageOf(check: () => void): string {
  try {
    check()
  } catch (error) {
    expect(error).toMatchObject({ code: 'INVALID_OPTION' })
    const { message } = error as Error
    expect(message).toMatch(/^PackSearcher: /)
    return message.slice('PackSearcher: '.length)
  }
  return 'accepted'
}

describe('the checks of options', () => {
  it.each<[unknown, number, number | undefined, string]>([
    [0, 1, undefined, 'n is 0; give an integer of at least 1'],
    [5, 0, 4, 'n is 5; give an integer from 0 to 4'],
    [1.5, 0, undefined, 'n is 1.5; give an integer of at least 0'],
    [Number.POSITIVE_INFINITY, 0, undefined, 'n is Infinity; give an integer of at least 0'],
    ['3', 0, undefined, 'n is "3"; give an integer of at least 0'],
    [0, 0, 4, 'accepted'],
    [4, 0, 4, 'accepted'],
  ])('say of the integer %s from %d to %s: %s', (value, least, most, message) => {
    expect(messageOf(() => checks.integer('n', value, least, most))).toBe(message)
  })

  it.each<[unknown, NumberRange, string]>([
    [-0.1, { least: 0, most: 1 }, 'x is -0.1; give a number from 0 to 1'],
    [1.1, { least: 0, most: 1 }, 'x is 1.1; give a number from 0 to 1'],
    [1, { least: 0, below: 1 }, 'x is 1; give a number of at least 0 and below 1'],
    [0, { above: 0, most: 1 }, 'x is 0; give a number above 0 and at most 1'],
    [Number.NaN, { above: 0 }, 'x is NaN; give a number above 0'],
    [Number.POSITIVE_INFINITY, { above: 0 }, 'x is Infinity; give a number above 0'],
    [null, { least: 0 }, 'x is null; give a number of at least 0'],
    [0.5, { above: 0, below: 1 }, 'accepted'],
    [1, { least: 0, most: 1 }, 'accepted'],
  ])('say of the number %s in %j: %s', (value, range, message) => {
    expect(messageOf(() => checks.number('x', value, range))).toBe(message)
  })

  it('name options that are misspelt, and those that there are', () => {
    const known = ['size', 'speed']
    expect(messageOf(() => checks.knows({ size: 1, sped: 2 }, known))).toBe(
      "there is no option 'sped'; the options are size, speed",
    )
    expect(messageOf(() => checks.knows({ speed: undefined }, known))).toBe('accepted')
  })

  it('take one of some words', () => {
    expect(messageOf(() => checks.word<string>('gait', 'fly', ['walk', 'trot', 'run']))).toBe(
      "gait is \"fly\"; give 'walk', 'trot' or 'run'",
    )
    expect(messageOf(() => checks.word<string>('gait', 'fly', ['walk']))).toBe('gait is "fly"; give \'walk\'')
    expect(messageOf(() => checks.word<string>('gait', 'run', ['walk', 'run']))).toBe('accepted')
  })

  it('take a name, and no empty one', () => {
    expect(messageOf(() => checks.name('metric', '', 'the name of a metric'))).toBe(
      'metric is ""; give the name of a metric',
    )
    expect(messageOf(() => checks.name('metric', 'loss', 'the name of a metric'))).toBe('accepted')
  })

  it('take true and false for flags, and nothing else', () => {
    expect(messageOf(() => checks.flag('batch', 1))).toBe('batch is 1; give true or false')
    expect(messageOf(() => checks.flag('batch', false))).toBe('accepted')
  })
})
