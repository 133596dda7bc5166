import { beforeAll, describe, expect, it } from 'vitest'
import * as searchers from '../../searchers/index.js'
import type { JsonObject } from '../../src/json.js'
import type { Searcher, Suggestion } from '../../src/searcher.js'
import { Space } from '../../src/space/index.js'
import { type CutStudy, suggestElsewhere } from '../../testing/other-process.js'
import { SearchDrill } from '../../testing/search-drill.js'
import { mixed } from '../../testing/search-outcomes.js'
import { kindsOfSpaces } from '../../testing/search-spaces.js'

type SearcherClass = new (options: JsonObject) => Searcher

const classes = Object.entries(searchers).filter(([name]) => name.endsWith('Searcher')) as [string, SearcherClass][]
const module = new URL('../../searchers/index.ts', import.meta.url)

/** Studies of each searcher in each kind of space, cut off before their last suggestion. */
const studies = classes.flatMap(([exportName, Class]) => {
  const options: JsonObject = Class === searchers.GridSearcher ? { pointsPerDimension: 3 } : {}
  const common = { numSamples: 16, trials: 16, places: 4, ends: 'at random', seed: 1, secondsPerReport: 1 } as const
  const plan: CutStudy['plan'] = { objectives: [{ metric: 'loss', mode: 'min' }], ...common }
  return Object.entries(kindsOfSpaces).map(([kind, definition]) => {
    const space = Space.of(definition)
    const { events } = new SearchDrill(new Class(options), { ...plan, space, outcome: mixed(space) }).run()
    const cut = events.findLastIndex(({ type }) => type === 'suggestion')
    const last = events[cut]
    const study: CutStudy = { searcher: { module, exportName, options }, kind, plan, events: events.slice(0, cut) }
    return { study, next: last?.type === 'suggestion' ? last.suggestion : undefined }
  })
})

describe('a study that is gone on with in another process', () => {
  let elsewhere: readonly Suggestion[] = []
  beforeAll(async () => {
    elsewhere = await suggestElsewhere(studies.map(({ study }) => study))
  }, 60_000)

  it.each(classes)('has the same next suggestion of a %s', exportName => {
    const own = [...studies.entries()].filter(([, { study }]) => study.searcher.exportName === exportName)
    expect(own.map(([i]) => elsewhere[i])).toEqual(own.map(([, { next }]) => next))
    expect(own).toHaveLength(Object.keys(kindsOfSpaces).length)
  })
})
