import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core'
import type { TensorFlowCore } from './backend.js'

/** Einstein summation out of transposed products and sums, in the order that tfjs-core plans. */
export function einsum(tf: TensorFlowCore, equation: string, inputs: readonly Tensor[]): TensorInfo {
  return tf.tidy(() => {
    const { allDims, summedDims, idDims } = tf.backend_util.decodeEinsumEquation(equation, inputs.length)
    tf.backend_util.checkEinsumDimSizes(allDims.length, idDims, [...inputs])
    const { path, steps } = tf.backend_util.getEinsumComputePath(summedDims, idDims)
    let product: Tensor | undefined
    let remaining = allDims.length
    for (const [index, terms] of steps.entries()) {
      for (const term of terms) {
        const input = inputs[term]
        if (input === undefined) throw new Error(`einsum ${equation}: there is no input ${term}`)
        const { permutationIndices, expandDims } = tf.backend_util.getEinsumPermutation(remaining, idDims[term] ?? [])
        const transposed = tf.transpose(input, permutationIndices)
        const shape = [...transposed.shape]
        for (const dimension of expandDims) shape.splice(dimension, 0, 1)
        const factor = tf.reshape(transposed, shape)
        product = product === undefined ? factor : tf.mul(factor, product)
      }
      const summed = path[index] ?? -1
      if (index < steps.length - 1) {
        if (summed >= 0 && product !== undefined) product = tf.sum(product, summed - (allDims.length - remaining))
        remaining--
      }
    }
    if (product === undefined) throw new Error(`einsum ${equation}: there is nothing to multiply`)
    return product
  })
}
