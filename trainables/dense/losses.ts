/**
 * The mean squared error of a batch's outputs, and its gradient.
 *
 * @param gradient - as long as the outputs; set
 */
export function squaredError(outputs: Float64Array, targets: Float64Array, gradient: Float64Array): number {
  const { length } = outputs
  let sum = 0
  for (let i = 0; i < length; i++) {
    const error = (outputs[i] ?? 0) - (targets[i] ?? 0)
    sum += error * error
    gradient[i] = (2 * error) / length
  }
  return sum / length
}

/**
 * The softmax cross-entropy of a batch's logits in nats, its gradient, and how many labels have the greatest logit.
 *
 * @param logits - unit-major [classes × count]
 * @param labels - [count]
 * @param gradient - as long as the logits; set
 */
export function softmaxCrossEntropy(
  logits: Float64Array,
  labels: ArrayLike<number>,
  gradient: Float64Array,
): { readonly loss: number; readonly correct: number } {
  const count = labels.length
  const { length } = logits
  let loss = 0
  let correct = 0
  for (let b = 0; b < count; b++) {
    let maximum = Number.NEGATIVE_INFINITY
    let best = -1
    for (let at = b; at < length; at += count) {
      const value = logits[at] ?? 0
      if (value > maximum) {
        maximum = value
        best = at
      }
    }
    let total = 0
    for (let at = b; at < length; at += count) total += Math.exp((logits[at] ?? 0) - maximum)
    for (let at = b; at < length; at += count) gradient[at] = Math.exp((logits[at] ?? 0) - maximum) / (total * count)
    const labelled = b + (labels[b] ?? 0) * count
    gradient[labelled] = (gradient[labelled] ?? 0) - 1 / count
    loss += Math.log(total) + maximum - (logits[labelled] ?? 0)
    if (best === labelled) correct++
  }
  return { loss: loss / count, correct }
}
