import { show, TuneError } from '../../src/errors.js'
import { type BodyAndHead, bodyAndHead } from '../image-models/body-and-head.js'
import { basicBlock, bottleneckBlock, normalizedConvolution } from '../training/layers/blocks.js'
import { residual } from '../training/layers/combine.js'
import { type Layer, observe, sequence } from '../training/layers/layer.js'
import type { BatchNormalizationOptions } from '../training/layers/normalization.js'
import type { Network } from '../training/network.js'
import type { ResidualArchitecture } from './architecture.js'
import { paddingShortcut } from './padding-shortcut.js'

/** That of the published networks. */
const normalization: BatchNormalizationOptions = { momentum: 0.9, epsilon: 1e-5 }

/**
 * Makes a residual network's layers: `stem`, `stage1/block1`, …, the mean over the image, and `output`. Shows to whoever watches a pass
 * what comes out of `stem` (before pooling) and of each stage, `stage1` and so on.
 *
 * Nothing is drawn before a parameter is first used, so that sixty million of them are counted at no cost.
 *
 * @param images - how many colours they have, and how many classes are told apart; their height and width may be any
 * @throws TuneError `INVALID_CONFIG` for an architecture that can't be
 * @see He et al., "Deep Residual Learning for Image Recognition", 2016
 */
export function buildResidualNetwork(
  network: Network,
  architecture: ResidualArchitecture,
  images: { readonly channels: number; readonly classes: number },
): BodyAndHead {
  checkArchitecture(architecture)
  const { stem, block, blocks, channels } = architecture
  const [first = 0] = channels
  const layers: Layer[] = [
    normalizedConvolution(network, 'stem', {
      ...{ filterSize: stem.filterSize, stride: stem.stride, inputs: images.channels, outputs: first },
      normalization,
    }),
    observe('stem'),
  ]
  if (stem.isPooled) layers.push(network.maxPool(3, { stride: 2, pad: 1 }))
  let inputs = first
  for (const [index, count] of blocks.entries()) {
    const inner = channels[index] ?? 0
    for (let number = 1; number <= count; number++) {
      const stride = index > 0 && number === 1 ? 2 : 1
      const name = `stage${index + 1}/block${number}`
      layers.push(tidied(network, blockOf(network, name, architecture, { inputs, channels: inner, stride })))
      inputs = block === 'bottleneck' ? 4 * inner : inner
    }
    layers.push(observe(`stage${index + 1}`))
  }
  layers.push(network.globalAveragePool())
  const head = network.dense('output', { inputs, outputs: images.classes, bias: true })
  return bodyAndHead(network, sequence(...layers), head)
}

/** A layer that frees what it computes on its way, but for what a gradient needs. */
function tidied({ tf }: Network, layer: Layer): Layer {
  return (x, pass) => tf.tidy(() => layer(x, pass))
}

function blockOf(
  network: Network,
  name: string,
  { block, shortcut }: ResidualArchitecture,
  sizes: { readonly inputs: number; readonly channels: number; readonly stride: number },
): Layer {
  if (block === 'bottleneck') return bottleneckBlock(network, name, { ...sizes, normalization })
  const { inputs, channels, stride } = sizes
  const changes = stride !== 1 || inputs !== channels
  if (shortcut === 'projection' || !changes) return basicBlock(network, name, { ...sizes, normalization })
  const part = { filterSize: 3, outputs: channels, normalization }
  const branch = sequence(
    normalizedConvolution(network, `${name}/first`, { ...part, inputs, stride }),
    normalizedConvolution(network, `${name}/second`, { ...part, inputs: channels, relu: false }),
  )
  const around = paddingShortcut(network, { inputs, outputs: channels, stride })
  return sequence(residual(network, branch, around), network.relu())
}

/** @throws TuneError `INVALID_CONFIG` that names what is wrong */
function checkArchitecture({ stem, block, blocks, channels, shortcut }: ResidualArchitecture): void {
  const check = (isRight: boolean, name: string, value: unknown, expected: string): void => {
    if (!isRight) throw new TuneError('INVALID_CONFIG', `${name} is ${show(value)}: it must be ${expected}`)
  }
  const isCount = (value: number): boolean => Number.isInteger(value) && value >= 1
  check(stem.filterSize % 2 === 1 && isCount(stem.filterSize), 'stem.filterSize', stem.filterSize, 'odd, 1 or more')
  check(isCount(stem.stride), 'stem.stride', stem.stride, 'an integer, 1 or more')
  check(blocks.length > 0 && blocks.every(isCount), 'blocks', blocks, 'one or more integers, each 1 or more')
  const areChannels = channels.length === blocks.length && channels.every(isCount)
  check(areChannels, 'channels', channels, `${blocks.length} integers, one a stage, each 1 or more`)
  if (shortcut === 'projection') return
  check(block === 'basic', 'shortcut', shortcut, 'projection for bottleneck blocks')
  const areRising = channels.every((count, index) => count >= (channels[index - 1] ?? 0))
  check(areRising, 'channels', channels, 'no fewer from stage to stage where shortcuts are padded')
}
