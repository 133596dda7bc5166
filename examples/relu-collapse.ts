/**
 * How often does a deep and narrow network collapse to a constant? Ten hidden layers of two units learn |x| on [−√3, √3], with ReLU and leaky ReLU, from
 * Xavier's and He's initial weights, 1,000 times each. Published for ReLU: over 90 %.
 *
 * Takes about 3 minutes on 2 cores, with `--quick` (20 times each) a few seconds. Writes pictures to `--out FOLDER`; `--seed N` draws other networks.
 *
 * @see Lu, Su and Karniadakis 2018, "Collapse of Deep and Narrow Neural Nets"
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gridSearch, Tuner } from 'tunewright'
import { barChart, binomialInterval, lineChart } from 'tunewright/analysis'
import { collapseOutcomes, reluCollapseTrainable } from 'tunewright/trainables'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    out: { type: 'string', default: 'tunewright-results/relu-collapse' },
    seed: { type: 'string', default: '1' },
    runs: { type: 'string' },
  },
})
const runs = Number(options.runs ?? (options.quick ? 20 : 1_000))
const activations = { relu: 'ReLU', leakyRelu: 'leaky ReLU' } as const
const initializers = { glorotNormal: 'Xavier', heNormal: 'He' } as const

const percent = (share: number) => `${(100 * share).toFixed(1)} %`
const line = (...cells: readonly string[]) =>
  console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(20) : cell.padStart(i === 2 ? 18 : 11))).join(''))

const grid = await new Tuner(reluCollapseTrainable, {
  paramSpace: {
    activation: gridSearch(Object.keys(activations) as (keyof typeof activations)[]),
    initializer: gridSearch(Object.keys(initializers) as (keyof typeof initializers)[]),
    epochs: options.quick ? 20 : 100,
  },
  tuneConfig: { metric: 'rmse', mode: 'min', numSamples: runs, seed: Number(options.seed) },
  runConfig: { storagePath: false, verbose: 0 },
}).fit()

const groups = Object.entries(activations).flatMap(([activation, activationName]) =>
  Object.entries(initializers).map(([initializer, initializerName]) => {
    const own = grid
      .reported()
      .filter(({ config }) => config.activation === activation && config.initializer === initializer)
      .map(({ metrics }) => metrics)
    const shares = collapseOutcomes.map(outcome => own.filter(each => each.outcome === outcome).length / own.length)
    const collapsed = own.filter(({ outcome }) => outcome === 'constant').length
    const dead = own.filter(({ isBornDead }) => isBornDead).length / own.length
    return { name: `${activationName}, ${initializerName}`, activation, own, shares, collapsed, dead }
  }),
)
const shareOf = (shares: readonly number[], outcome: (typeof collapseOutcomes)[number]) =>
  shares[collapseOutcomes.indexOf(outcome)] ?? 0

console.log(`Of ${runs} networks each:`)
line('', 'constant', '95 % interval', 'born dead', 'half', 'learnt', 'other')
for (const { name, own, shares, collapsed, dead } of groups) {
  const { lower, upper } = binomialInterval(collapsed, own.length)
  const others = (['half', 'learnt', 'other'] as const).map(outcome => percent(shareOf(shares, outcome)))
  line(name, percent(collapsed / own.length), `${percent(lower)} – ${percent(upper)}`, percent(dead), ...others)
}

// of the networks that came to the same, the middle one by error
const legend = { learnt: 'learnt', half: 'half collapsed', constant: 'collapsed', other: 'other' }
const end = Math.sqrt(3)
const typical = collapseOutcomes.flatMap(outcome => {
  const found = groups.flatMap(({ own }) => own.filter(each => each.outcome === outcome))
  const y = found.toSorted((a, b) => a.rmse - b.rmse)[found.length >> 1]?.curve
  return y ? [{ name: legend[outcome], y, x: y.map((_, i) => end * ((2 * i) / (y.length - 1) - 1)) }] : []
})
const intervals = groups.map(({ collapsed, own }) => binomialInterval(collapsed, own.length))
const names = groups.map(({ name }) => name)
const plots = {
  collapse: barChart(
    names,
    [
      {
        name: 'collapsed',
        values: groups.map(({ collapsed, own }) => collapsed / own.length),
        lower: intervals.map(({ lower }) => lower),
        upper: intervals.map(({ upper }) => upper),
      },
    ],
    {
      title: 'Networks that collapse to a constant',
      subtitle: `${runs} runs each, 10 hidden layers of 2 units; whiskers are 95 % intervals`,
      value: { name: 'share of runs', min: 0 },
    },
  ),
  outcomes: barChart(
    names,
    collapseOutcomes.map((outcome, i) => ({ name: outcome, values: groups.map(({ shares }) => shares[i] ?? 0) })),
    { title: 'What becomes of the networks', value: { name: 'share of runs', min: 0 } },
  ),
  functions: lineChart([{ name: '|x|', x: [-end, 0, end], y: [end, 0, end] }, ...typical], {
    title: 'What typical networks have learnt',
    x: { name: 'x' },
    y: { name: 'output', scale: 'linear' },
  }),
}
for (const [name, plot] of Object.entries(plots))
  for (const extension of ['svg', 'png']) await plot.save(join(options.out, `${name}.${extension}`))
console.log(`${Object.keys(plots).length} pictures: ${options.out}`)
