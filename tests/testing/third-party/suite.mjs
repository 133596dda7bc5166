import { CONTINUE } from 'tunewright'
import { describeScheduler, describeSearcher } from 'tunewright/testing'
import { describe } from 'vitest'
import { broken, HillClimber } from './hill-climber.mjs'

const module = new URL('./hill-climber.mjs', import.meta.url)

describeSearcher('sound', options => new HillClimber(options), {
  trials: 15,
  objectives: 1,
  importable: { module, exportName: 'HillClimber' },
})

describeScheduler('sound', () => ({
  name: 'third',
  options: {},
  timeAttr: 'trainingIteration',
  setUp: () => undefined,
  onReport: (_, { iteration }) => (iteration === 3 ? { type: 'stop', reason: 'three are enough' } : CONTINUE),
}))

for (const [title, Searcher] of Object.entries(broken)) {
  describe(`broken: ${title}`, () => {
    const importable = title.includes('process') ? { module, exportName: 'HillClimber' } : undefined
    describeSearcher('it', options => new Searcher(options), { trials: 8, objectives: 1, importable })
  })
}
