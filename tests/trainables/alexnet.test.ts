import { beforeAll, describe, expect, it } from 'vitest'
import { Rng } from '../../src/rng.js'
import {
  type AlexNetArchitecture,
  alexNet,
  buildAlexNet,
  inference,
  loadTensorFlow,
  Network,
  type TensorFlow,
} from '../../trainables/index.js'

let library: TensorFlow
beforeAll(async () => {
  library = await loadTensorFlow({ backend: 'wasm' })
})

const build = (architecture: AlexNetArchitecture, size: number, classes: number) => {
  const network = new Network(library.tf, { rng: Rng.from(1), initializer: 'heNormal' })
  return buildAlexNet(network, architecture, { height: size, width: size, channels: 3, classes })
}

/** AlexNet with a sixteenth of its filters and units. */
const narrow: AlexNetArchitecture = {
  ...alexNet,
  convolutions: alexNet.convolutions.map(each => ({ ...each, filters: each.filters / 16 })),
  denseUnits: [16, 16],
}

describe('AlexNet', () => {
  it('has the published number of parameters, counted without making them', () => {
    const before = library.tf.memory().numBytes
    // the figure that torchvision states for its weights
    expect(build(alexNet, 224, 1000).network.parameterCount).toBe(61_100_840)
    expect(library.tf.memory().numBytes).toBe(before)
  })

  it('gives an image one logit a class, and shows its convolutions on the way', () => {
    const { tf } = library
    const { network, layers } = build(narrow, 64, 7)
    const seen: string[] = []
    const observe = (name: string, { shape }: { readonly shape: readonly number[] }) => {
      seen.push(`${name} ${shape.slice(1).join('×')}`)
    }
    expect(tf.tidy(() => layers(tf.ones([2, 64, 64, 3]), { ...inference, observe }).shape)).toEqual([2, 7])
    expect(seen).toEqual([
      'convolution1 15×15×4',
      'convolution2 7×7×12',
      'convolution3 3×3×24',
      'convolution4 3×3×16',
      'convolution5 3×3×16',
    ])
    network.dispose()
  })

  it('refuses images that nothing is left of', () => {
    expect(() => build(alexNet, 62, 10)).toThrow(
      /images of 62 × 62 pixels are too small: after convolution5 none is left/,
    )
    expect(() => build(alexNet, 63, 10)).not.toThrow()
  })
})
