import { InlineExecutor } from '../../src/executors/inline.js'
import { loadTrainable } from '../../src/trainable/load.js'
import { describeExecutor } from '../contract/executor.js'

const moduleUrl = new URL('../fixtures/counter.mjs', import.meta.url).href

describeExecutor('inline', async (options, exportName) => {
  return new InlineExecutor({ ...options, definition: await loadTrainable({ moduleUrl, exportName }) })
})
