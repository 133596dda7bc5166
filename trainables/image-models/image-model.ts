import { show, TuneError } from '../../src/errors.js'
import { buildAlexNet } from '../alexnet/alexnet.js'
import { type AlexNetArchitecture, alexNet } from '../alexnet/architecture.js'
import { cifarResidual, type ResidualArchitecture, resnet18, resnet152 } from '../residual/architecture.js'
import { buildResidualNetwork } from '../residual/residual-network.js'
import type { Network } from '../training/network.js'
import type { ImageSizes } from '../training/train.js'
import type { BodyAndHead } from './body-and-head.js'

/** A network for images as plain data. */
export type ImageModel = ResidualArchitecture | AlexNetArchitecture

/** Published networks, by name. */
export const imageModels = { resnet18, resnet152, resnet20: cifarResidual(3), alexNet } as const satisfies Readonly<
  Record<string, ImageModel>
>

/** The name of a published network. */
export type ImageModelName = keyof typeof imageModels

/**
 * Looks up a network by its name, or takes it as it is.
 *
 * @throws TuneError `INVALID_CONFIG` when there is none of that name
 */
export function imageModel(model: ImageModelName | ImageModel): ImageModel {
  if (typeof model === 'object' && (model.kind === 'residual' || model.kind === 'alexnet')) return model
  if (typeof model === 'string' && Object.hasOwn(imageModels, model)) return imageModels[model]
  throw new TuneError(
    'INVALID_CONFIG',
    `model is ${show(model)}: it must be one of ${Object.keys(imageModels).join(', ')}, or an architecture`,
  )
}

/** Makes the layers of any of them; the last, `output`, gives the classes. */
export function buildImageModel(
  network: Network,
  model: ImageModelName | ImageModel,
  images: ImageSizes & { readonly classes: number },
): BodyAndHead {
  const architecture = imageModel(model)
  switch (architecture.kind) {
    case 'residual':
      return buildResidualNetwork(network, architecture, images)
    case 'alexnet':
      return buildAlexNet(network, architecture, images)
  }
}
