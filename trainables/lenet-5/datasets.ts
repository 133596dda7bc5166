import { cifar10Normalization, loadCifar10 } from '../data/cifar10.js'
import type { ImageDataset } from '../data/dataset.js'
import type { Normalization } from '../data/images.js'
import { loadMnist, mnistNormalization } from '../data/mnist.js'

/** The data sets that {@link leNet5} learns. */
export const leNet5DatasetNames = ['mnist', 'cifar10'] as const

/** The name of one of {@link leNet5DatasetNames}. */
export type LeNet5Dataset = (typeof leNet5DatasetNames)[number]

/** Where images come from, how they are scaled, and how many there are to train on. */
export const leNet5Datasets: Readonly<
  Record<
    LeNet5Dataset,
    {
      readonly load: (directory: string | undefined) => Promise<ImageDataset>
      readonly normalization: Normalization
      readonly trainImages: number
    }
  >
> = {
  mnist: { load: loadMnist, normalization: mnistNormalization, trainImages: 60_000 },
  cifar10: { load: loadCifar10, normalization: cifar10Normalization, trainImages: 50_000 },
}
