/**
 * What did this study teach me? Tunes a make-believe network that fails in a corner of its space, prints what the study tells in plain sentences,
 * then tries what the model suggests, and writes all of it to a Markdown file.
 */
import { writeFileSync } from 'node:fs'
import { choice, loguniform, randint, sampleFrom, Tuner, uniform } from 'tunewright'
import { insights } from 'tunewright/analysis'

interface Config {
  readonly lr: number
  readonly layers: number
  readonly dropout: number
  readonly optimizer: { readonly name: string; readonly momentum?: number }
}

/** Its loss goes with the learning rate above all, grows better with each layer, and knows no dropout. */
function* train({ lr, layers, optimizer }: Config) {
  if (lr > 0.3) throw new Error('the weights are no longer finite')
  const momentum = optimizer.momentum ?? 0.9
  const floor = 0.1 + 0.2 * (Math.log10(lr) + 2) ** 2 + 0.05 * (8 - layers) + (momentum - 0.9) ** 2
  for (let epoch = 1; epoch <= 20; epoch++) yield { loss: floor + 1 / epoch, megabytes: 10 * layers }
}

const tuner = new Tuner(train, {
  paramSpace: {
    lr: loguniform(1e-5, 1),
    layers: randint(1, 9),
    dropout: uniform(0, 0.8),
    optimizer: choice([{ name: 'sgd', momentum: uniform(0, 0.99) }, { name: 'adam' }]),
    warmup: sampleFrom((config: { layers: number }) => 10 * config.layers),
  },
  tuneConfig: { metric: 'loss', mode: 'min', numSamples: 80, seed: 1 },
  runConfig: { storagePath: false, verbose: 0 },
})
const found = insights(await tuner.fit())
console.log(String(found))
writeFileSync('understand-a-study.md', `# What the study tells\n\n${found.toMarkdown()}`)

// is the model's advice any good? its first suggestion, tried
const [suggestion] = found.next.suggestions
if (suggestion !== undefined) {
  const reports = [...train(suggestion.config as unknown as Config)]
  const { mean, lower, upper } = suggestion.predicted
  console.log(
    `\nThe first suggestion was expected to come to ${mean.toFixed(3)} (${lower.toFixed(3)} to ${upper.toFixed(3)})`,
  )
  console.log(`and comes to ${reports.at(-1)?.loss.toFixed(3)}; the best trial came to ${found.best?.value.toFixed(3)}`)
}
