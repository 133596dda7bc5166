/** The languages that a starter is written in. */
export type StarterLanguage = 'ts' | 'js'

/** The program that makes the study. */
export function studyProgram(language: StarterLanguage): string {
  return `// Makes the study and runs it: npm start. After Ctrl-C it goes on where it was: npm run resume.
import { parseArgs } from 'node:util'
import { choice, loguniform, qrandint, Tuner, uniform } from 'tunewright'
import { ASHAScheduler } from 'tunewright/schedulers'
import { TPESearcher } from 'tunewright/searchers'
import network from './train.js'

// \`tunewright resume --script study.${language}\` passes --resume and the folder of the study that is to go on
const { values: options } = parseArgs({ options: { resume: { type: 'string' } } })

const study = {
  // what is tried: numbers from a range, one of several values, or constants
  paramSpace: {
    learningRate: loguniform(1e-3, 1),
    momentum: uniform(0, 0.95),
    hidden: qrandint(2, 24, 2),
    activation: choice(['tanh', 'relu']),
    epochs: 27,
  },
  tuneConfig: {
    metric: 'accuracy',
    mode: 'max',
    numSamples: 60,
    // proposes configs from what the trials so far came to
    searchAlg: new TPESearcher(),
    // stops the worse two thirds of the trials after 3 epochs, and again after 9
    scheduler: new ASHAScheduler({ maxT: 27, gracePeriod: 3, reductionFactor: 3 }),
    seed: 1,
  },
  runConfig: { checkpointConfig: { checkpointFrequency: 3, numToKeep: 1 } },
}${language === 'ts' ? ' as const' : ''}

const tuner =
  options.resume === undefined ? new Tuner(network, study) : Tuner.restore(options.resume, network, study)
const grid = await tuner.fit()

if (grid.outcome?.type === 'interrupted') {
  console.log('\\nGo on with: npm run resume')
  process.exitCode = 130
} else {
  const best = grid.getBestResult({ scope: 'all' })
  console.log(\`\\nBest config, of trial \${best.trialIndex}:\`, best.config)
  console.log('\\nLook at it: npm run report')
}
`
}

/** The module of what is tuned. */
export function trainProgram(language: StarterLanguage): string {
  const typed = (text: string) => (language === 'ts' ? text : '')
  return `// What is tuned: a small neural network that tells two moons apart. Put your own training in its place.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { defineTrainable, Rng, report${typed(', type TrialContext')} } from 'tunewright'
${typed(types)}
/** Two half moons of points that reach into one another; the same ones for each trial. */
function moons(count${typed(': number')}, stream${typed(': string')}) {
  const rng = Rng.from(1).fork(stream)
  return Array.from({ length: count }, (_, i) => {
    const label = i % 2
    const angle = Math.PI * rng.uniform()
    const x = (label === 0 ? Math.cos(angle) : 1 - Math.cos(angle)) + 0.2 * rng.normal()
    const y = (label === 0 ? Math.sin(angle) : 0.5 - Math.sin(angle)) + 0.2 * rng.normal()
    return { x, y, label }
  })
}

const training = moons(10_000, 'training')
const validation = moons(4_000, 'validation')

/** Trains a network. Each epoch yields a report, after which the scheduler may stop the trial. */
async function* trainNetwork(config${typed(': Config')}, context${typed(': TrialContext')}) {
  const { learningRate, momentum, hidden, activation, epochs } = config
  const activate = activation === 'tanh' ? Math.tanh : (z${typed(': number')}) => Math.max(0, z)
  // the derivative, by what came out
  const slope = activation === 'tanh' ? (a${typed(': number')}) => 1 - a * a : (a${typed(': number')}) => (a > 0 ? 1 : 0)

  // four weights for each hidden neuron (of x, of y, its offset, in the output), then the output's offset
  const start = context.rng.fork('weights')
  const count = 4 * hidden + 1
  let state${typed(': State')} = {
    epoch: 0,
    weights: Array.from({ length: count }, () => 0.5 * start.normal()),
    velocities: Array.from({ length: count }, () => 0),
  }
  // a trial that was interrupted goes on from its last checkpoint
  if (context.checkpoint) state = JSON.parse(await readFile(join(context.checkpoint.directory, 'state.json'), 'utf8'))
  const { weights, velocities } = state
  const activities = new Float64Array(hidden)

  function predict(x${typed(': number')}, y${typed(': number')}) {
    let z = weights[count - 1]
    for (let i = 0; i < hidden; i++) {
      activities[i] = activate(weights[4 * i] * x + weights[4 * i + 1] * y + weights[4 * i + 2])
      z += weights[4 * i + 3] * activities[i]
    }
    return 1 / (1 + Math.exp(-z))
  }

  function move(k${typed(': number')}, gradient${typed(': number')}) {
    velocities[k] = momentum * velocities[k] - learningRate * gradient
    weights[k] += velocities[k]
  }

  while (state.epoch < epochs) {
    // forked by epoch, so that a trial that goes on draws what it would have drawn
    const rng = context.rng.fork('epoch', state.epoch)
    for (let step = 0; step < training.length; step++) {
      const { x, y, label } = training[Math.floor(rng.uniform() * training.length)]
      const miss = predict(x, y) - label
      for (let i = 0; i < hidden; i++) {
        const back = miss * weights[4 * i + 3] * slope(activities[i])
        move(4 * i, back * x)
        move(4 * i + 1, back * y)
        move(4 * i + 2, back)
        move(4 * i + 3, miss * activities[i])
      }
      move(count - 1, miss)
    }
    state.epoch += 1
    const right = validation.filter(({ x, y, label }) => Math.round(predict(x, y)) === label)
    yield report(
      { accuracy: right.length / validation.length },
      // called only when a checkpoint is needed, with an empty folder for it
      { checkpoint: directory => writeFile(join(directory, 'state.json'), JSON.stringify(state)) },
    )
  }
}

export default defineTrainable(import.meta.url, trainNetwork)
`
}

const types = `
/** What a trial is given: study.ts has a range for each. */
interface Config {
  readonly learningRate: number
  readonly momentum: number
  /** How many neurons the hidden layer has. */
  readonly hidden: number
  readonly activation: 'tanh' | 'relu'
  readonly epochs: number
}

/** What a checkpoint holds. */
interface State {
  epoch: number
  readonly weights: number[]
  readonly velocities: number[]
}
`
