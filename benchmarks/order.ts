import { median } from 'simple-statistics'
import { ASHAScheduler, FIFOScheduler } from '../schedulers/index.js'
import { Rng, type Scheduler, Simulation, Tuner, uniform } from '../src/index.js'

/** What a study of this benchmark is made with. */
interface Setting {
  readonly scheduler: 'fifo' | 'asha'
  /** Whether each iteration has a duration of its own, or all of a trial have the same. */
  readonly varies: 'step' | 'trial'
  /** The standard deviation of the logarithm of the durations. */
  readonly sigma: number
  readonly workers: number
  readonly openPerWorker: number
}

interface Row extends Setting {
  /** How much longer logical order takes than arrival order does, for the same number of iterations. */
  readonly makespanRatio: number
  /** The share of the workers' time that goes into trials in logical order, and in arrival order. */
  readonly utilisation: number
  readonly arrivalUtilisation: number
}

const iterations = 27
const schedulers: Record<Setting['scheduler'], () => Scheduler> = {
  fifo: () => new FIFOScheduler(),
  asha: () => new ASHAScheduler({ maxT: iterations, reductionFactor: 3, variant: 'promotion' }),
}

export const options = { seeds: { type: 'string' } } as const

/**
 * What `npm run bench -- order` measures: what it costs to commit in logical order, as the makespan of studies in virtual time against that in
 * arrival order, for iterations whose durations are log-normal.
 */
export async function bench({ json, seeds: wanted = '3' }: { json: boolean; seeds?: string }) {
  const seeds = Array.from({ length: Number(wanted) }, (_, seed) => seed)
  const rows: Row[] = []
  for (const setting of listSettings()) {
    const measured: Pick<Row, 'makespanRatio' | 'utilisation' | 'arrivalUtilisation'>[] = []
    for (const seed of seeds) {
      const logical = await measure(setting, 'logical', seed)
      const arrival = await measure(setting, 'arrival', seed)
      measured.push({
        makespanRatio: logical.secondsPerIteration / arrival.secondsPerIteration,
        utilisation: logical.utilisation,
        arrivalUtilisation: arrival.utilisation,
      })
    }
    const middle = (key: keyof (typeof measured)[number]) => Number(median(measured.map(each => each[key])).toFixed(3))
    rows.push({
      ...setting,
      makespanRatio: middle('makespanRatio'),
      utilisation: middle('utilisation'),
      arrivalUtilisation: middle('arrivalUtilisation'),
    })
    process.stderr.write('.')
  }
  process.stderr.write('\n')
  return json ? { rows } : drawTable(rows)
}

function listSettings(): Setting[] {
  const settings: Setting[] = []
  for (const scheduler of ['fifo', 'asha'] as const)
    for (const varies of ['step', 'trial'] as const)
      for (const sigma of [0.25, 0.5, 1])
        for (const workers of [2, 4, 8, 16, 32, 64])
          for (const openPerWorker of [1, 2, 4]) settings.push({ scheduler, varies, sigma, workers, openPerWorker })
  return settings
}

async function measure(
  { scheduler, varies, sigma, workers, openPerWorker }: Setting,
  order: 'logical' | 'arrival',
  seed: number,
) {
  const rng = Rng.from(seed).fork('durations')
  const ofTrial = new Map<number, Rng>()
  const draw = (trialIndex: number) => {
    const stream = ofTrial.get(trialIndex) ?? rng.fork(trialIndex)
    ofTrial.set(trialIndex, stream)
    return stream
  }
  const pace = new Map<number, number>()
  const machine = new Simulation({
    workers,
    stepSeconds: ({ trialIndex }) => {
      const held = varies === 'trial' ? pace.get(trialIndex) : undefined
      // of mean 1
      const seconds = held ?? Math.exp(sigma * draw(trialIndex).normal() - sigma ** 2 / 2)
      pace.set(trialIndex, seconds)
      return seconds
    },
  })
  const grid = await new Tuner(curve, {
    paramSpace: { height: uniform(0, 1) },
    tuneConfig: {
      metric: 'loss',
      mode: 'min',
      numSamples: Math.max(160, 40 * workers),
      maxConcurrentTrials: openPerWorker * workers,
      seed,
      order,
      scheduler: schedulers[scheduler](),
    },
    runConfig: { executor: machine.executor, storagePath: false, verbose: 0 },
  }).fit()
  const made = [...grid].reduce((sum, { metrics }) => sum + metrics.trainingIteration, 0)
  return { secondsPerIteration: machine.seconds / made, utilisation: machine.utilisation }
}

function* curve({ height }: { height: number }) {
  for (let iteration = 1; iteration <= iterations; iteration++) yield { loss: height + 1 / iteration }
}

function drawTable(rows: readonly Row[]): string {
  const lines = rows
    .filter(({ workers }) => workers === 4 || workers === 16 || workers === 64)
    .map(({ scheduler, varies, sigma, workers, openPerWorker, makespanRatio, utilisation, arrivalUtilisation }) =>
      [
        scheduler,
        varies,
        sigma,
        workers,
        `${openPerWorker}×`,
        makespanRatio.toFixed(2),
        utilisation.toFixed(2),
        arrivalUtilisation.toFixed(2),
      ]
        .map(cell => String(cell).padStart(8))
        .join(''),
    )
  const header = ['', 'varies', 'sigma', 'workers', 'open', 'ratio', 'util', 'arrival']
    .map(cell => cell.padStart(8))
    .join('')
  return [header, ...lines].join('\n')
}
