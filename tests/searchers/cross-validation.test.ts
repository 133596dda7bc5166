import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CrossValidation, RandomSearcher, splitFold } from '../../searchers/index.js'
import { describeSearcher } from '../../testing/searcher.js'
import { contextOf, makeTrial, requestOf, Scribe } from './scribe.js'

describeSearcher('cross-validation', options => new CrossValidation(new RandomSearcher(options), { folds: 3 }), {
  takesPoints: false,
  takesEvaluated: false,
})

describe('CrossValidation', () => {
  it('tries each config once for each fold, and gives the mean', () => {
    const scribe = new Scribe()
    const validation = new CrossValidation(scribe, { folds: 3 })
    validation.setUp(contextOf([{ metric: 'loss', mode: 'min' }]))
    expect(validation.suggest(requestOf(5))).toMatchObject({ repeat: { group: 1, index: 2, of: 3 } })
    for (const [index, value] of [1, 2, 6].entries()) validation.observe(makeTrial(index, { metrics: { loss: value } }))
    expect(scribe.observed).toMatchObject([{ index: 0, lastReport: { metrics: { loss: 3 } } }])
    expect(validation.total()).toBe(30)
  })

  it('fails a config one fold of which failed, unless told otherwise', () => {
    const statusWith = (minFolds: { minFolds?: number }) => {
      const scribe = new Scribe()
      const validation = new CrossValidation(scribe, { folds: 2, ...minFolds })
      validation.setUp(contextOf([{ metric: 'loss', mode: 'min' }]))
      validation.observe(makeTrial(0, { metrics: { loss: 1 } }))
      validation.observe(makeTrial(1, { status: 'error' }))
      return scribe.observed[0]?.status
    }
    expect(statusWith({})).toBe('error')
    expect(statusWith({ minFolds: 1 })).toBe('terminated')
  })

  it('stands in the header under its own name and options', () => {
    const { name, options } = new CrossValidation(new Scribe(), { folds: 5 })
    expect({ name, options }).toEqual({
      name: 'cross-validation',
      options: { folds: 5, minFolds: 5, aggregate: 'mean', searcher: { name: 'scribe', options: { quill: 1 } } },
    })
  })

  it.each([1, 0, 2.5])('refuses %d folds', folds => {
    expect(() => new CrossValidation(new Scribe(), { folds })).toThrowError(/^CrossValidation: folds is .*at least 2/)
  })
})

describe('splitFold', () => {
  const foldsOf = (length: number, of: number, options = {}) =>
    Array.from({ length: of }, (_, index) => splitFold(length, { index, of }, options))

  it('judges by each row once, learns from all others, and has folds of equal size', () => {
    const property = fc.property(fc.integer({ min: 2, max: 9 }), fc.nat(90), fc.nat(), (of, more, seed) => {
      const length = of + more
      const rows = Array.from({ length }, (_, row) => row)
      const folds = foldsOf(length, of, { seed })
      expect(folds.flatMap(({ validation }) => validation).sort((a, b) => a - b)).toEqual(rows)
      for (const { train, validation } of folds) {
        expect([...train, ...validation].sort((a, b) => a - b)).toEqual(rows)
        expect([Math.floor(length / of), Math.ceil(length / of)]).toContain(validation.length)
      }
    })
    fc.assert(property, { seed: 1, numRuns: 50 })
  })

  it('splits the same way each time, and another way for another seed', () => {
    expect(foldsOf(40, 4)).toEqual(foldsOf(40, 4))
    expect(foldsOf(40, 4, { seed: 1 })).not.toEqual(foldsOf(40, 4, { seed: 2 }))
    expect(splitFold(40, { index: 0, of: 4 }).validation).not.toEqual([0, 4, 8, 12, 16, 20, 24, 28, 32, 36])
  })

  it('gives each fold its share of every class', () => {
    const labels = Array.from({ length: 47 }, (_, row) => (row % 3 === 0 ? 'rare' : row % 7 === 0 ? 'rarer' : 'common'))
    for (const label of ['rare', 'rarer', 'common']) {
      const total = labels.filter(each => each === label).length
      const shares = foldsOf(47, 5, { labels }).map(
        ({ validation }) => validation.filter(row => labels[row] === label).length,
      )
      expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1)
      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(total)
    }
    const sizes = foldsOf(47, 5, { labels }).map(({ validation }) => validation.length)
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
  })

  it.each([
    ['no fold', () => splitFold(10, undefined), /context\.repeat/],
    ['too few rows', () => splitFold(3, { index: 0, of: 4 }), /at least one for each of the 4 folds/],
    ['too few labels', () => splitFold(5, { index: 0, of: 2 }, { labels: [1] }), /1 labels for 5 rows/],
  ])('refuses %s', (_, split, message) => {
    expect(split).toThrowError(message)
  })
})
